// Instance: many isolated databases behind one door.
//
// It owns the system database (an ordinary crash-safe database whose rows are the other
// databases) and hands out sessions. It reads files only below the Vfs it was given:
// system/ and db/<uuid>/. A database's own Vfs is rooted at its folder, so it cannot spell
// another's path.
//
// Invariant: an idle database holds no thread, no file descriptor and no timer; it opens by
// itself when a statement needs it.
// Threads: all members may be called concurrently. Sessions and cursors end before the instance.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/components.h"
#include "base/result.h"
#include "nexus/session.h"
#include "nexus/vfs.h"

namespace nexus {

namespace procedure {
class Registry;
}

struct InstanceSettings {
  std::string default_database = "neo4j";   // Created at the first start only.
  std::string address = "localhost:7687";   // Shown by SHOW DATABASES.
  std::uint64_t databases_max = 20'000;
  std::uint64_t memory_bytes_max = 0;       // 0: no limit of its own.
  std::uint64_t query_memory_bytes_max = std::uint64_t{1} << 30;
  std::uint64_t query_timeout_ms = 0;       // 0: none.
  std::uint64_t query_text_bytes_max = std::uint64_t{1} << 20;
  std::uint64_t result_rows_max = 0;        // 0: none.
  std::uint64_t stop_grace_ms = 10'000;     // How long STOP and DROP wait for running transactions.
  std::uint64_t trash_seconds = 7 * 24 * 3'600;  // How long UNDROP DATABASE finds what was dropped; 0: never.
  std::uint64_t open_databases_max = 1'024; // Beyond it the least recently used idle ones are unloaded.
  std::uint32_t batch_rows = 1'024;
  bool optimize = true;
  bool sync_commits = true;                 // False: acknowledge before the log is synced.
  bool single_threaded = false;             // The host has one thread: what would have to wait ends at once.
};

// How passwords are kept: slow on purpose. Implemented by hosts that can authenticate; see nexus/access.h.
// Threads: all members may be called concurrently.
class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  // Printable text that holds salt and cost besides the hash.
  virtual Result<std::string> hash(std::string_view password) = 0;
  // Whether matches() can say yes to it: made by hash(), or a form taken over from elsewhere.
  virtual bool is_hash(std::string_view text) const = 0;
  virtual Result<bool> matches(std::string_view password, std::string_view hash) = 0;
  // Fast, keyed by what only this process knows: to recognise a password that has matched before.
  virtual std::string fingerprint(std::string_view password) = 0;
};

namespace instance {
class AccessControl;
}
using AccessControlMaker = std::unique_ptr<instance::AccessControl> (*)(PasswordHasher& passwords);

// Borrowed; must outlive the instance.
struct Components {
  Vfs& vfs;
  Clock& clock;
  Random& random;
  Scheduler& scheduler;
  Log& log;
  Vfs* import_files = nullptr;  // Where LOAD CSV reads; null: nowhere.
  // Both or none. Without them there are no users and roles, and who asks may do everything.
  PasswordHasher* passwords = nullptr;
  AccessControlMaker access_control = nullptr;  // &make_access_control of nexus/access.h.
};

// One row of SHOW DATABASES, typed, for the REST API and the shell.
struct DatabaseInfo {
  std::string name;
  std::string uuid;
  std::string type;  // "system", "standard", "composite"
  std::vector<std::string> aliases;
  std::vector<std::string> constituents;  // Of a composite database.
  std::string access;            // "read-write", "read-only"
  std::string requested_status;  // "online", "offline"
  std::string current_status;    // multidb.md §5
  std::string status_message;
  bool is_default = false;
  bool is_home = false;
  bool is_temporary = false;
  std::optional<std::int64_t> expires_nanoseconds;  // Of a temporary one with a TTL; wall clock.
  std::string parent;  // Name of the database it was copied from, if any.
  std::int64_t created_nanoseconds = 0;
  std::optional<std::int64_t> started_nanoseconds;
  std::optional<std::int64_t> stopped_nanoseconds;
  // Known without opening it; kept in the registry at unload, live when open.
  std::uint64_t node_count = 0;
  std::uint64_t relationship_count = 0;
  std::uint64_t store_bytes = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t last_transaction = 0;
  Map options;
};

struct DatabaseFilter {
  std::string prefix;
  std::string status;  // current_status; empty: any.
  std::string after;   // Name; the page starts behind it.
  std::size_t limit = 0;
};

// A dropped database whose data can still be had back (UNDROP DATABASE).
struct DroppedDatabaseInfo {
  std::string name;
  std::string uuid;
  std::int64_t dropped_nanoseconds = 0;
  std::int64_t expires_nanoseconds = 0;
  std::uint64_t node_count = 0;
  std::uint64_t relationship_count = 0;
  std::uint64_t store_bytes = 0;
};

// The file of a dump, piece by piece: what was committed when it began. Ends before the instance.
class DumpStream {
 public:
  virtual ~DumpStream() = default;
  // Appends the next bytes; false when there were no more. DatabaseUnavailable when the database stops.
  virtual Result<bool> next(Bytes& out) = 0;
};

class Instance {
 public:
  // Opens or creates. Cost: reads the system database only, whatever the number of databases.
  static Result<std::unique_ptr<Instance>> open(InstanceSettings settings, Components components);
  virtual ~Instance() = default;

  // `database` empty: the user's home database, else the default. The name is looked up by the
  // first statement that needs it: a session may begin on a database that it will start or
  // create. Session::use() checks at once.
  virtual Result<std::unique_ptr<Session>> open_session(Identity identity, std::string_view database = {}) = 0;

  // Who has this name and password. Unauthorized, also for a suspended user; TooManyLogins after three
  // failures in a row, for five seconds; NotImplemented without access control.
  // Cost: a hash the first time, then a fingerprint.
  virtual Result<Identity> authenticate(std::string_view user, std::string_view password) = 0;
  // The host has let in somebody of that name by itself: the failures before are no longer in a row.
  virtual void note_login(std::string_view user) = 0;
  // Whether that user must change the password before anything else (CredentialsExpired).
  virtual bool must_change_password(const Identity& identity) = 0;
  // Where its sessions begin; the default database unless the user has another one.
  virtual std::string home_database(const Identity& identity) = 0;

  virtual std::string default_database() const = 0;
  // Sorted by name; only what `identity` may see.
  virtual std::vector<DatabaseInfo> databases(const Identity& identity, const DatabaseFilter& filter = {}) = 0;
  // Resolves aliases.
  virtual Result<DatabaseInfo> database(const Identity& identity, std::string_view name) = 0;

  // Sorted by the time of the drop.
  virtual std::vector<DroppedDatabaseInfo> dropped_databases(const Identity& identity) = 0;

  // One database as one checksummed file (docs/format/dump.md), while it is being used.
  virtual Result<std::unique_ptr<DumpStream>> dump(const Identity& identity, std::string_view name) = 0;
  // A new database from such a file: wholly there when it returns, else not at all. DatabaseExists;
  // Corruption or FormatTooNew when the file is damaged or of a later version.
  virtual Result<DatabaseInfo> restore(const Identity& identity, std::string_view name, ByteSource& bytes) = 0;

  // A 1-byte durable write to the system database: whether the instance can really write.
  virtual Result<> check_writable() = 0;
  virtual const InstanceSettings& settings() const = 0;
  // CALL-able procedures; hosts and tests may add some before the first session.
  virtual procedure::Registry& procedures() = 0;

  // Unloads idle databases unused for `idle_ns`; hosts call it now and then.
  virtual void unload_idle(std::int64_t idle_ns) = 0;
  // Refuses new statements, waits for the running ones (settings.stop_grace_ms), closes.
  virtual Result<> close() = 0;

  // Asynchronous hosts: whether the commit behind Summary::commit_ticket is durable.
  virtual bool is_durable(std::uint64_t commit_ticket) const = 0;
};

}  // namespace nexus
