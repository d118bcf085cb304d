// AccessControl: the one place that decides whether somebody may do something.
//
// It is asked when a session opens or switches, when a statement starts and at each look-up of a
// database by name. Rights belong to the uuid, so that a new database under an old name inherits
// nothing. An identity that the host vouches for is never asked about.
//
// Its rows are in the system database beside those of the databases, so that a transaction there
// can create a database, a role and a user for it together. The instance has none unless its host
// gives it one (nexus/access.h); then there are no users, and administration of them says so.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "instance/uuid.h"
#include "nexus/session.h"
#include "procedure/registry.h"
#include "syntax/ast.h"

namespace nexus::instance {

class DatabaseManager;
class SystemStore;

// One bit each: what can be allowed on its own.
using Rights = std::uint64_t;
namespace right {
// On a database.
constexpr Rights kAccess = Rights{1} << 0;
constexpr Rights kStart = Rights{1} << 1;
constexpr Rights kStop = Rights{1} << 2;
constexpr Rights kCreateIndex = Rights{1} << 3;
constexpr Rights kDropIndex = Rights{1} << 4;
constexpr Rights kShowIndex = Rights{1} << 5;
constexpr Rights kCreateConstraint = Rights{1} << 6;
constexpr Rights kDropConstraint = Rights{1} << 7;
constexpr Rights kShowConstraint = Rights{1} << 8;
constexpr Rights kNewLabel = Rights{1} << 9;
constexpr Rights kNewType = Rights{1} << 10;
constexpr Rights kNewKey = Rights{1} << 11;
constexpr Rights kShowTransaction = Rights{1} << 12;
constexpr Rights kTerminateTransaction = Rights{1} << 13;
// On its graph.
constexpr Rights kMatch = Rights{1} << 14;
constexpr Rights kCreate = Rights{1} << 15;
constexpr Rights kDelete = Rights{1} << 16;
constexpr Rights kSetLabel = Rights{1} << 17;
constexpr Rights kRemoveLabel = Rights{1} << 18;
constexpr Rights kSetProperty = Rights{1} << 19;
// On the instance.
constexpr Rights kCreateRole = Rights{1} << 20;
constexpr Rights kRenameRole = Rights{1} << 21;
constexpr Rights kDropRole = Rights{1} << 22;
constexpr Rights kAssignRole = Rights{1} << 23;
constexpr Rights kRemoveRole = Rights{1} << 24;
constexpr Rights kShowRole = Rights{1} << 25;
constexpr Rights kCreateUser = Rights{1} << 26;
constexpr Rights kRenameUser = Rights{1} << 27;
constexpr Rights kDropUser = Rights{1} << 28;
constexpr Rights kShowUser = Rights{1} << 29;
constexpr Rights kSetPassword = Rights{1} << 30;
constexpr Rights kSetUserStatus = Rights{1} << 31;
constexpr Rights kSetUserHome = Rights{1} << 32;
constexpr Rights kCreateDatabase = Rights{1} << 33;
constexpr Rights kDropDatabase = Rights{1} << 34;
constexpr Rights kAlterDatabase = Rights{1} << 35;
constexpr Rights kSetDatabaseAccess = Rights{1} << 36;
constexpr Rights kCreateComposite = Rights{1} << 37;
constexpr Rights kDropComposite = Rights{1} << 38;
constexpr Rights kCreateAlias = Rights{1} << 39;
constexpr Rights kDropAlias = Rights{1} << 40;
constexpr Rights kAlterAlias = Rights{1} << 41;
constexpr Rights kShowAlias = Rights{1} << 42;
constexpr Rights kShowPrivilege = Rights{1} << 43;
constexpr Rights kAssignPrivilege = Rights{1} << 44;
constexpr Rights kRemovePrivilege = Rights{1} << 45;
constexpr Rights kShowSetting = Rights{1} << 46;
constexpr Rights kLoad = Rights{1} << 47;
constexpr int kCount = 48;

constexpr Rights kNewNames = kNewLabel | kNewType | kNewKey;
constexpr Rights kWrite = kCreate | kDelete | kSetLabel | kRemoveLabel | kSetProperty;
}  // namespace right

// What rights are asked about: a database, or, with zeros, the instance.
struct Place {
  DatabaseUuid uuid{};
  bool is_home = false;  // Of the one who asks.
};

class AccessControl {
 public:
  virtual ~AccessControl() = default;

  // Reads its rows; at the first start it writes those of the built-in roles.
  virtual Result<> open(SystemStore& store, Random& random, Clock& clock) = 0;
  // One that reads as this one does now and keeps what it is to write in `store`, a draft.
  virtual std::unique_ptr<AccessControl> draft(SystemStore& store) = 0;
  // What `draft` has become; `created` are the nodes of its steps. Requires: the draft was written.
  virtual void adopt(AccessControl& draft, const std::vector<std::uint64_t>& created) = 0;

  virtual Result<Identity> authenticate(std::string_view user, std::string_view password) = 0;
  virtual void note_login(std::string_view user) = 0;
  virtual bool must_change_password(const Identity& identity) const = 0;

  // Forbidden unless the user has all of `rights` there; `what` begins the message: "Creating a database".
  // Unauthorized when the user is gone or suspended, CredentialsExpired when the password must change.
  virtual Result<> check(const Identity& identity, const Place& place, Rights rights, std::string_view what) const = 0;
  // Which of `rights` the user has there.
  virtual Rights among(const Identity& identity, const Place& place, Rights rights) const = 0;
  // "user 'ada' with roles [reader, PUBLIC]", for messages.
  virtual std::string describe(const Identity& identity) const = 0;
  // Empty: the default database.
  virtual std::string home_database(const Identity& identity) const = 0;

  // A command about users, roles or privileges; how many rows changed. NotImplemented for any other.
  virtual Result<std::uint64_t> administer(const syntax::Statement& statement, DatabaseManager& manager,
                                           const Identity& identity, const Map& parameters) = 0;
  // SHOW USERS, SHOW ROLES, SHOW PRIVILEGES, …, as whoever calls them may see them.
  virtual void add_procedures(procedure::Registry& registry) const = 0;
};

// Whether the statement is AccessControl's to administer.
bool is_about_access(const syntax::Statement& statement);

}  // namespace nexus::instance
