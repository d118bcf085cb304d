#include "instance/system_store.h"

#include <array>

#include "instance/database_name.h"

namespace nexus::instance {
namespace {

using storage::NodeId;
using storage::Property;
using storage::TokenKind;
using storage::Transaction;

constexpr std::int64_t kFormatVersion = 1;
constexpr std::size_t kScanRows = 256;
constexpr std::string_view kDatabaseLabel = "Database";
constexpr std::string_view kDroppedLabel = "Dropped";

Value text(std::string_view value) { return Value::string(value); }
Value integer(std::uint64_t value) { return Value::integer(static_cast<std::int64_t>(value)); }
Value time_or_null(std::int64_t value) { return value == 0 ? Value::null() : Value::integer(value); }
Value text_or_null(std::string_view value) { return value.empty() ? Value::null() : text(value); }

Result<> set(Transaction& transaction, NodeId node, std::string_view key, Value value) {
  NX_TRY(const auto token, transaction.intern(TokenKind::Key, key));
  return transaction.set_node_property(node, token, std::move(value));
}

Result<NodeId> create(Transaction& transaction, std::string_view label,
                      const std::vector<std::pair<std::string, Value>>& values) {
  NX_TRY(const auto label_token, transaction.intern(TokenKind::Label, label));
  std::vector<Property> properties;
  for (const auto& [key, value] : values) {
    if (value.is_null()) continue;
    NX_TRY(const auto token, transaction.intern(TokenKind::Key, key));
    properties.push_back({token, value});
  }
  const storage::TokenId labels[] = {label_token};
  return transaction.create_node(std::span{labels}, std::move(properties));
}

// Reads the properties of one node by name.
class NodeReader {
 public:
  NodeReader(const Transaction& transaction, NodeId node) : transaction_(transaction), node_(node) {}
  Value value(std::string_view key) const {
    const auto token = transaction_.find_token(TokenKind::Key, key);
    return token ? transaction_.node_property(node_, *token) : Value::null();
  }
  std::string string(std::string_view key) const {
    const Value found = value(key);
    return found.is(Type::String) ? std::string(found.string()) : std::string();
  }
  std::int64_t integer(std::string_view key) const {
    const Value found = value(key);
    return found.is(Type::Integer) ? found.integer() : 0;
  }
  std::uint64_t count(std::string_view key) const { return static_cast<std::uint64_t>(integer(key)); }

 private:
  const Transaction& transaction_;
  NodeId node_;
};

std::vector<NodeId> nodes_with(const Transaction& transaction, std::string_view label) {
  std::vector<NodeId> nodes;
  const auto token = transaction.find_token(TokenKind::Label, label);
  if (!token) return nodes;
  std::array<NodeId, kScanRows> batch;
  storage::ScanPosition position;
  while (const std::size_t count = transaction.scan_label(*token, position, batch)) {
    nodes.insert(nodes.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return nodes;
}

std::vector<SystemStore::Change> values_of(const StoredDatabase& row) {
  return {{"name", text(row.name)},
          {"uuid", text(uuid_text(row.uuid))},
          {"composite", row.is_composite ? Value::boolean(true) : Value::null()},
          {"access", text(row.is_read_only ? "read-only" : "read-write")},
          {"requestedStatus", text(row.is_offline ? "offline" : "online")},
          {"createdNanoseconds", Value::integer(row.created)},
          {"startedNanoseconds", time_or_null(row.started)},
          {"stoppedNanoseconds", time_or_null(row.stopped)},
          {"parent", text_or_null(row.parent)}};
}

std::vector<SystemStore::Change> values_of_new(const StoredDatabase& row) {
  std::vector<SystemStore::Change> values = values_of(row);
  for_each_option(row.options, [&](std::string_view key, Value value) { values.emplace_back(key, std::move(value)); });
  // Of a copy or a restored dump: known before it is opened.
  if (!(row.counts == DatabaseCounts{})) SystemStore::append_counts(values, row.counts);
  return values;
}

using Step = SystemStore::Step;
using Steps = SystemStore::Steps;

Step created(std::string_view label, std::span<const SystemStore::Change> values) {
  return {Step::Kind::Create, 0, label, {}, {values.begin(), values.end()}};
}

Step deleted(NodeId node) { return {Step::Kind::Delete, node, {}, {}, {}}; }

Step changed(NodeId node, std::span<const SystemStore::Change> changes) {
  return {Step::Kind::Set, node, {}, {}, {changes.begin(), changes.end()}};
}

void append_removal(Steps& steps, const SystemStore::Removal& removal) {
  if (!removal.kept) return steps.push_back(deleted(removal.node));
  std::vector<SystemStore::Change> changes{{"droppedNanoseconds", Value::integer(removal.kept->dropped)}};
  SystemStore::append_counts(changes, removal.kept->counts);
  steps.push_back({Step::Kind::Relabel, removal.node, kDatabaseLabel, kDroppedLabel, {}});
  steps.push_back(changed(removal.node, changes));
}

Result<> perform_step(Transaction& transaction, const Step& step, std::vector<NodeId>& made) {
  const NodeId node = step.node < SystemStore::kDraftNodes ? step.node : made[step.node - SystemStore::kDraftNodes];
  switch (step.kind) {
    case Step::Kind::Create: {
      NX_TRY(const NodeId fresh, create(transaction, step.label, step.values));
      made.push_back(fresh);
      return Done{};
    }
    case Step::Kind::Delete: return transaction.delete_node(node);
    case Step::Kind::Relabel: {
      NX_TRY(const auto removed, transaction.intern(TokenKind::Label, step.label));
      NX_TRY(const auto added, transaction.intern(TokenKind::Label, step.new_label));
      NX_TRY_DO(transaction.remove_label(node, removed));
      return transaction.add_label(node, added);
    }
    case Step::Kind::Set: break;
  }
  for (const auto& [key, value] : step.values) NX_TRY_DO(set(transaction, node, key, value));
  return Done{};
}

Result<std::vector<NodeId>> perform_all(storage::Store& store, const Steps& steps) {
  std::vector<NodeId> made;
  NX_TRY(auto transaction, store.begin_write());
  for (const Step& step : steps) NX_TRY_DO(perform_step(*transaction, step, made));
  NX_TRY_DO(transaction->commit());
  return made;
}

Result<StoredDatabase> read_row(const Transaction& transaction, NodeId node) {
  const NodeReader reader(transaction, node);
  StoredDatabase row;
  row.node = node;
  row.name = reader.string("name");
  const auto uuid = parse_uuid(reader.string("uuid"));
  if (!uuid || !check_database_name(row.name)) {
    return Error(ErrorCode::Corruption, "Row " + std::to_string(node) + " of the system database names no database.");
  }
  row.uuid = *uuid;
  row.is_composite = reader.value("composite").is(Type::Boolean);
  row.is_read_only = reader.string("access") == "read-only";
  row.is_offline = reader.string("requestedStatus") == "offline";
  row.created = reader.integer("createdNanoseconds");
  row.started = reader.integer("startedNanoseconds");
  row.stopped = reader.integer("stoppedNanoseconds");
  row.dropped = reader.integer("droppedNanoseconds");
  row.counts = {reader.count("nodeCount"), reader.count("relationshipCount"), reader.count("storeBytes"),
                reader.count("lastTransaction")};
  row.parent = reader.string("parent");
  Result<> read = Done{};
  for_each_option({}, [&](std::string_view key, Value) {
    if (read) read = set_option(row.options, key, reader.value(key));
  });
  if (!read) return Error(ErrorCode::Corruption, "Database '" + row.name + "': " + read.error().message);
  return row;
}

Result<std::vector<StoredDatabase>> read_rows(const Transaction& transaction, std::string_view label) {
  std::vector<StoredDatabase> rows;
  for (const NodeId node : nodes_with(transaction, label)) {
    NX_TRY(StoredDatabase row, read_row(transaction, node));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

SystemStore::SystemStore(Environment& environment, std::unique_ptr<Vfs> vfs)
    : environment_(environment), vfs_(std::move(vfs)), memory_(0, &environment.memory) {}

Result<std::unique_ptr<SystemStore>> SystemStore::open(Environment& environment, std::unique_ptr<Vfs> vfs,
                                                       const std::optional<DatabaseUuid>& default_uuid) {
  std::unique_ptr<SystemStore> made(new SystemStore(environment, std::move(vfs)));
  storage::StoreOptions options;
  options.uuid = kSystemUuid;
  options.single_threaded = environment.settings.single_threaded;
  const Components& components = environment.components;
  NX_TRY(made->store_,
         storage::Store::open(options, {&components.random, &components.clock, &made->memory_}, *made->vfs_));
  NX_TRY_DO(made->read_instance(default_uuid));
  return made;
}

Result<> SystemStore::read_instance(const std::optional<DatabaseUuid>& default_uuid) {
  std::vector<NodeId> nodes;
  {
    const auto transaction = store_->begin_read();
    nodes = nodes_with(*transaction, "Instance");
    if (nodes.size() == 1) {
      const NodeReader reader(*transaction, nodes[0]);
      if (reader.integer("formatVersion") != kFormatVersion) {
        return Error(ErrorCode::FormatTooNew, "The system database was written by a newer version.");
      }
      instance_node_ = nodes[0];
      default_database_ = reader.string("defaultDatabase");
      server_id_ = reader.string("serverId");
      return Done{};
    }
    if (nodes.size() > 1 || transaction->node_count() != 0) {
      return Error(ErrorCode::Corruption, "The system database has no row about the instance itself.");
    }
  }
  return create_instance(default_uuid);
}

Result<> SystemStore::create_instance(const std::optional<DatabaseUuid>& default_uuid) {
  NX_TRY(default_database_, check_database_name(environment_.settings.default_database));
  StoredDatabase row;
  row.name = default_database_;
  row.uuid = default_uuid ? *default_uuid : make_uuid(environment_.components.random);
  row.created = environment_.wall();
  server_id_ = uuid_text(make_uuid(environment_.components.random));
  const Change values[] = {{"formatVersion", Value::integer(kFormatVersion)},
                           {"serverId", text(server_id_)},
                           {"defaultDatabase", text(default_database_)}};
  NX_TRY(const std::vector<NodeId> nodes,
         perform_all(*store_, {created("Instance", values), created(kDatabaseLabel, values_of_new(row))}));
  instance_node_ = nodes[0];
  return Done{};
}

std::unique_ptr<SystemStore> SystemStore::draft(SystemStore& base) {
  std::unique_ptr<SystemStore> made(new SystemStore(base.environment_, nullptr));
  made->base_ = &base;
  made->instance_node_ = base.instance_node_;
  made->default_database_ = base.default_database();
  made->server_id_ = base.server_id_;
  return made;
}

Result<NodeId> SystemStore::perform(Steps steps) {
  NX_TRY(const std::vector<NodeId> made, apply(std::move(steps)));
  return made.empty() ? NodeId{0} : made.back();
}

Result<std::vector<NodeId>> SystemStore::apply(Steps steps) {
  if (base_ == nullptr) return perform_all(*store_, steps);
  std::vector<NodeId> made;
  for (Step& step : steps) {
    if (step.kind == Step::Kind::Create) made.push_back(kDraftNodes + drafted_++);
    steps_.push_back(std::move(step));
  }
  return made;
}

Result<std::vector<NodeId>> SystemStore::write(const SystemStore& draft) { return perform_all(*store_, draft.steps_); }

void SystemStore::follow(const SystemStore& draft) {
  std::string chosen = draft.default_database();
  const std::lock_guard guard(default_mutex_);
  default_database_ = std::move(chosen);
}

Result<std::vector<StoredDatabase>> SystemStore::read() { return read_rows(*store_->begin_read(), kDatabaseLabel); }

Result<std::vector<StoredDatabase>> SystemStore::read_trash() { return read_rows(*store_->begin_read(), kDroppedLabel); }

Result<NodeId> SystemStore::insert(const StoredDatabase& row, const std::optional<Removal>& replaced) {
  Steps steps;
  if (replaced) append_removal(steps, *replaced);
  steps.push_back(created(kDatabaseLabel, values_of_new(row)));
  return perform(std::move(steps));
}

Result<> SystemStore::remove(const Removal& removal, std::span<const NodeId> others) {
  Steps steps;
  if (removal.node != 0) append_removal(steps, removal);
  for (const NodeId node : others) steps.push_back(deleted(node));
  NX_TRY_DO(perform(std::move(steps)));
  return Done{};
}

Result<> SystemStore::restore(NodeId node, std::string_view name) {
  const Change changes[] = {
      {"droppedNanoseconds", Value::null()}, {"name", text(name)}, {"requestedStatus", text("online")}};
  NX_TRY_DO(perform({{Step::Kind::Relabel, node, kDroppedLabel, kDatabaseLabel, {}}, changed(node, changes)}));
  return Done{};
}

Result<> SystemStore::erase(std::span<const NodeId> nodes) { return remove({}, nodes); }

Result<> SystemStore::update(NodeId node, std::span<const Change> changes) {
  NX_TRY_DO(perform({changed(node, changes)}));
  return Done{};
}

std::vector<SystemStore::Record> SystemStore::records(std::string_view label) const {
  const auto transaction = store_->begin_read();
  std::vector<Record> found;
  for (const NodeId node : nodes_with(*transaction, label)) {
    Record record{node, {}};
    for (const Property& property : transaction->node_properties(node)) {
      record.values.emplace_back(transaction->token_name(TokenKind::Key, property.key), property.value);
    }
    found.push_back(std::move(record));
  }
  return found;
}

Result<NodeId> SystemStore::insert_record(std::string_view label, std::span<const Change> values,
                                          std::optional<NodeId> replaced) {
  Steps steps;
  if (replaced) steps.push_back(deleted(*replaced));
  steps.push_back(created(label, values));
  return perform(std::move(steps));
}

std::string SystemStore::default_database() const {
  const std::lock_guard guard(default_mutex_);
  return default_database_;
}

Result<> SystemStore::set_default_database(const std::string& name) {
  const Change changes[] = {{"defaultDatabase", text(name)}};
  NX_TRY_DO(update(instance_node_, std::span{changes}));
  const std::lock_guard guard(default_mutex_);
  default_database_ = name;
  return Done{};
}

void SystemStore::append_counts(std::vector<Change>& changes, const DatabaseCounts& counts) {
  changes.emplace_back("nodeCount", integer(counts.nodes));
  changes.emplace_back("relationshipCount", integer(counts.relationships));
  changes.emplace_back("storeBytes", integer(counts.store_bytes));
  changes.emplace_back("lastTransaction", integer(counts.last_transaction));
}

Result<> SystemStore::update_counts(std::span<const std::pair<NodeId, DatabaseCounts>> counts) {
  if (counts.empty()) return Done{};
  NX_TRY(auto transaction, store_->begin_write());
  std::vector<Change> changes;
  for (const auto& [node, count] : counts) {
    if (!transaction->has_node(node)) continue;  // Dropped meanwhile.
    changes.clear();
    append_counts(changes, count);
    for (const auto& [key, value] : changes) NX_TRY_DO(set(*transaction, node, key, value));
  }
  NX_TRY_DO(transaction->commit());
  return Done{};
}

Result<> SystemStore::touch() {
  const Change changes[] = {{"checkedNanoseconds", Value::integer(environment_.wall())}};
  return update(instance_node_, std::span{changes});
}

void SystemStore::compact_if_useful() {
  if (!store_->wants_compaction()) return;
  if (const auto compacted = store_->compact(); !compacted) {
    environment_.components.log.write(LogLevel::Warning,
                                      "compacting the system database: " + compacted.error().message);
  }
}

DatabaseState SystemStore::state() {
  if (base_ != nullptr) return base_->state();
  DatabaseState state;
  state.kind = DatabaseState::Kind::Open;
  const auto transaction = store_->begin_read();
  state.counts = {transaction->node_count(), transaction->relationship_count(), store_->store_bytes(),
                  store_->last_committed()};
  state.memory_bytes = memory_.used_bytes();
  state.is_damaged = store_->has_failed();
  if (state.is_damaged) state.failure = "Writing to its files failed: nothing can be administered until a restart.";
  return state;
}

Result<> SystemStore::close() { return store_->close(); }

}  // namespace nexus::instance
