#include "nexus/instance.h"

#include <algorithm>
#include <iterator>

#include "instance/database_name.h"
#include "instance/query_pipeline.h"
#include "instance/session_impl.h"
#include "instance/system/dropped_databases.h"
#include "instance/system/show_aliases.h"
#include "instance/system/show_databases.h"
#include "instance/system/show_settings.h"
#include "instance/system/show_transactions.h"

namespace nexus {
namespace instance {
namespace {

constexpr std::string_view kLockName = "instance.lock";

class InstanceImpl final : public Instance {
 public:
  InstanceImpl(InstanceSettings settings, Components components) : core_(std::move(settings), components) {}

  Result<> start() {
    NX_TRY(lock_, core_.environment.components.vfs.lock(kLockName));
    procedure::add_builtin(core_.procedures);
    NX_TRY(core_.manager, DatabaseManager::open(core_.environment));
    add_procedures();
    return Done{};
  }

  // Those that know who calls them.
  void add_procedures() {
    procedure::Registry& registry = core_.procedures;
    system::add_show_databases(registry, core_.environment.settings.address);
    system::add_dropped_databases(registry);
    system::add_show_aliases(registry);
    system::add_show_transactions(registry, core_.manager, core_.environment);
    system::add_show_settings(registry, core_.environment.settings);
    if (const AccessControl* access = core_.manager->access()) access->add_procedures(registry);
    plan::ProcedureSignature signature;
    signature.name = "tx.getMetaData";
    signature.description = "Answers what the client has said about its transaction.";
    signature.outputs.push_back({"metadata", function::types(Type::Map), "MAP"});
    signature.is_system_allowed = true;
    registry.add(std::move(signature), [](exec::ProcedureContext& context, List) {
      std::vector<List> rows{{Value::map(caller_of(context).metadata)}};
      return exec::StreamResult(std::make_unique<exec::ListStream>(std::move(rows)));
    });
  }

  Result<std::unique_ptr<Session>> open_session(Identity identity, std::string_view database) override {
    // Why not more: with a password that must change one may still change it.
    if (identity.user.empty()) NX_TRY_DO(core_.manager->authorize(identity, 0, "Opening a session"));
    std::string name = database.empty() ? core_.manager->home_database(identity) : fold_database_name(database);
    return std::unique_ptr<Session>(std::make_unique<SessionImpl>(core_, std::move(identity), std::move(name)));
  }

  Result<Identity> authenticate(std::string_view user, std::string_view password) override {
    if (AccessControl* access = core_.manager->access()) return access->authenticate(user, password);
    return Error(ErrorCode::NotImplemented, "This instance has no users.");
  }
  void note_login(std::string_view user) override {
    if (AccessControl* access = core_.manager->access()) access->note_login(user);
  }
  bool must_change_password(const Identity& identity) override {
    const AccessControl* access = core_.manager->access();
    return access != nullptr && access->must_change_password(identity);
  }
  std::string home_database(const Identity& identity) override { return core_.manager->home_database(identity); }

  std::string default_database() const override { return core_.manager->default_database(); }
  std::vector<DatabaseInfo> databases(const Identity& identity, const DatabaseFilter& filter) override {
    return core_.manager->list(identity, filter);
  }
  Result<DatabaseInfo> database(const Identity& identity, std::string_view name) override {
    return core_.manager->info(identity, name);
  }
  std::vector<DroppedDatabaseInfo> dropped_databases(const Identity& identity) override {
    return core_.manager->dropped(identity);
  }
  Result<std::unique_ptr<DumpStream>> dump(const Identity& identity, std::string_view name) override {
    return core_.manager->dump(identity, name);
  }
  Result<DatabaseInfo> restore(const Identity& identity, std::string_view name, ByteSource& bytes) override {
    NX_TRY_DO(core_.manager->restore(identity, name, bytes));
    return core_.manager->info(identity, name);
  }
  Result<> check_writable() override { return core_.manager->check_writable(); }
  const InstanceSettings& settings() const override { return core_.environment.settings; }
  procedure::Registry& procedures() override { return core_.procedures; }
  void unload_idle(std::int64_t idle_ns) override { core_.manager->unload_idle(idle_ns); }
  Result<> close() override { return core_.manager->close(); }
  // The files of a Vfs are durable when a commit is acknowledged.
  bool is_durable(std::uint64_t) const override { return true; }

 private:
  Core core_;
  std::unique_ptr<FileLock> lock_;
};

}  // namespace
}  // namespace instance

Result<std::unique_ptr<Instance>> Instance::open(InstanceSettings settings, Components components) {
  auto made = std::make_unique<instance::InstanceImpl>(std::move(settings), components);
  NX_TRY_DO(made->start());
  return std::unique_ptr<Instance>(std::move(made));
}

Result<bool> Cursor::next_cells(std::vector<Value>& cells) {
  std::vector<List> rows;
  NX_TRY(const bool more, next(rows));
  for (List& row : rows) std::move(row.begin(), row.end(), std::back_inserter(cells));
  return more;
}

Result<Table> collect(Cursor& cursor) {
  Table table;
  table.columns = cursor.columns();
  while (true) {
    NX_TRY(const bool more, cursor.next(table.rows));
    if (!more) break;
  }
  table.summary = cursor.summary();
  return table;
}

Result<Table> query(Session& session, std::string_view text, const Map& parameters, const RunOptions& options) {
  NX_TRY(const std::unique_ptr<Cursor> cursor, session.run(text, parameters, options));
  return collect(*cursor);
}

}  // namespace nexus
