#include "tests/sim/storage_scenario.h"

#include <algorithm>

#include "tests/sim/graph_fingerprint.h"

namespace nexus::sim {
namespace {

using namespace nexus::storage;

constexpr int kSteps = 18;

Value some_value(Dice& dice) {
  switch (dice.below(5)) {
    case 0: return Value::integer(static_cast<std::int64_t>(dice.next()));
    case 1: return Value::real(static_cast<double>(dice.below(1000)) / 8);
    case 2: return Value::boolean(dice.one_in(2));
    case 3: return Value::string(std::string(dice.below(dice.one_in(4) ? 3000 : 30), 'x'));
  }
  return Value::list({Value::integer(1), Value::integer(static_cast<std::int64_t>(dice.below(100)))});
}

NodeId some_node(Dice& dice, const Transaction& tx) {
  NodeId nodes[64];
  ScanPosition position;
  const std::size_t count = tx.scan_nodes(position, nodes);
  return nodes[dice.below(count)];
}

std::vector<Property> some_properties(Dice& dice, Transaction& tx) {
  std::vector<Property> properties;
  for (std::uint64_t i = dice.below(3); i > 0; --i) {
    properties.push_back({*tx.intern(TokenKind::Key, "key" + std::to_string(dice.below(6))), some_value(dice)});
  }
  return properties;
}

}  // namespace

StorageScenario::StorageScenario(std::uint64_t seed) : dice_(seed), random_(seed + 1) {
  const std::uint64_t count = 2 + dice_.below(2);
  for (std::uint64_t i = 0; i < count; ++i) {
    Database database;
    database.folder = "db/" + std::to_string(i);
    database.options.uuid[0] = static_cast<std::uint8_t>(i + 1);
    database.options.sync = dice_.one_in(4) ? SyncMode::Async : SyncMode::Commit;
    databases_.push_back(std::move(database));
  }
}

bool StorageScenario::open(Database& database, Vfs& vfs) {
  database.vfs = std::make_unique<vfs::PrefixVfs>(vfs, database.folder);
  auto opened = Store::open(database.options, {&random_, nullptr, nullptr}, *database.vfs);
  if (!opened) return false;
  database.store = std::move(*opened);
  if (database.possible.empty()) database.possible.push_back(graph_fingerprint(*database.store->begin_read()));
  return true;
}

void StorageScenario::close(Database& database) {
  if (database.store == nullptr) return;
  if (database.store->close()) database.possible.erase(database.possible.begin(), database.possible.end() - 1);
  database.store.reset();
}

void StorageScenario::run(Vfs& vfs) {
  bool works = true;
  for (Database& database : databases_) works = works && open(database, vfs);
  for (int i = 0; works && i < kSteps; ++i) works = step(databases_[dice_.below(databases_.size())], vfs);
  for (Database& database : databases_) close(database);
}

bool StorageScenario::step(Database& database, Vfs& vfs) {
  const std::uint64_t action = dice_.below(12);
  if (action == 0) return database.store->compact().has_value();
  if (action == 1) {
    close(database);
    return open(database, vfs);
  }
  if (action == 2) {
    if (!database.store->sync()) return false;
    database.possible.erase(database.possible.begin(), database.possible.end() - 1);
    return true;
  }
  return transact(database);
}

bool StorageScenario::transact(Database& database) {
  auto begun = dice_.one_in(4) ? database.store->begin_explicit() : database.store->begin_write();
  if (!begun) return false;
  Transaction& tx = **begun;
  std::vector<NodeId> created;
  if (dice_.one_in(6)) {
    change_schema(tx);
  } else {
    for (std::uint64_t i = 1 + dice_.below(8); i > 0; --i) write(tx, created);
  }
  for (const NodeId node : created) {
    if (database.given.count(node) != 0) broken_ = "a node id was given twice";
  }
  if (!tx.has_writes() || dice_.one_in(6)) {
    tx.rollback();
    return true;
  }
  const std::uint64_t after = graph_fingerprint(tx);
  auto committed = tx.commit();
  if (!committed && committed.error().code == ErrorCode::PresenceViolation) return true;
  if (!committed) {
    if (committed.error().code == ErrorCode::CommitOutcomeUnknown) database.possible.push_back(after);
    return false;
  }
  if (database.options.sync == SyncMode::Commit) {
    database.possible.clear();
    database.given.insert(created.begin(), created.end());
  }
  database.possible.push_back(after);
  return true;
}

void StorageScenario::write(Transaction& tx, std::vector<NodeId>& created) {
  const std::uint64_t action = dice_.below(9);
  if (action < 3 || tx.node_count() == 0) {
    std::vector<TokenId> labels;
    for (std::uint64_t i = dice_.below(3); i > 0; --i) {
      labels.push_back(*tx.intern(TokenKind::Label, "Label" + std::to_string(dice_.below(4))));
    }
    created.push_back(*tx.create_node(labels, some_properties(dice_, tx)));
    return;
  }
  const NodeId node = some_node(dice_, tx);
  const TokenId label = *tx.intern(TokenKind::Label, "Label" + std::to_string(dice_.below(4)));
  const TokenId key = *tx.intern(TokenKind::Key, "key" + std::to_string(dice_.below(6)));
  const TokenId type = *tx.intern(TokenKind::Type, "TYPE" + std::to_string(dice_.below(3)));
  std::vector<Neighbor> neighbours;
  tx.expand(node, Direction::Both, {}, neighbours);
  switch (action) {
    case 3:
    case 4: (void)*tx.create_relationship(type, node, some_node(dice_, tx), some_properties(dice_, tx)); break;
    case 5: (void)*tx.set_node_property(node, key, dice_.one_in(3) ? Value::null() : some_value(dice_)); break;
    case 6: (void)*(dice_.one_in(2) ? tx.add_label(node, label) : tx.remove_label(node, label)); break;
    case 7:
      for (const Neighbor& neighbour : neighbours) (void)*tx.delete_relationship(neighbour.relationship);
      (void)*tx.delete_node(node);
      break;
    default:
      if (neighbours.empty()) return;
      (void)*tx.set_relationship_property(neighbours[0].relationship, key, some_value(dice_));
  }
}

// An index or a constraint comes or goes. One that the data violates is refused, which changes nothing.
void StorageScenario::change_schema(Transaction& tx) {
  const auto rules = tx.schema().rules();
  if (rules.size() > 3 || (!rules.empty() && dice_.one_in(3))) {
    (void)*tx.drop_rule(rules[dice_.below(rules.size())].id);
    return;
  }
  SchemaRule rule;
  rule.name = "rule" + std::to_string(dice_.next());
  rule.kind = dice_.one_in(6) ? RuleKind::Exists : RuleKind::RangeIndex;
  rule.entity = dice_.one_in(4) ? EntityKind::Relationship : EntityKind::Node;
  const bool is_node = rule.entity == EntityKind::Node;
  rule.token = is_node ? *tx.intern(TokenKind::Label, "Label" + std::to_string(dice_.below(4)))
                       : *tx.intern(TokenKind::Type, "TYPE" + std::to_string(dice_.below(3)));
  rule.keys.push_back(*tx.intern(TokenKind::Key, "key" + std::to_string(dice_.below(3))));
  if (rule.kind == RuleKind::RangeIndex && dice_.one_in(3)) rule.keys.push_back(*tx.intern(TokenKind::Key, "key5"));
  (void)tx.define_rule(std::move(rule));
}

void StorageScenario::recover(Vfs& vfs) {
  for (Database& database : databases_) {
    (void)open(database, vfs);
    database.store.reset();
  }
}

std::string StorageScenario::verify(Vfs& vfs) {
  for (Database& database : databases_) {
    const std::string wrong = broken_.empty() ? verify_database(database, vfs) : broken_;
    if (!wrong.empty()) return "database " + database.folder + ": " + wrong;
  }
  return {};
}

std::string StorageScenario::verify_database(Database& database, Vfs& vfs) {
  const bool was_used = !database.possible.empty();
  database.vfs = std::make_unique<vfs::PrefixVfs>(vfs, database.folder);
  auto opened = Store::open(database.options, {&random_, nullptr, nullptr}, *database.vfs);
  if (!opened) return "it does not open: " + opened.error().message;
  database.store = std::move(*opened);
  const std::uint64_t found = graph_fingerprint(*database.store->begin_read());
  const auto& possible = database.possible;
  if (was_used && std::find(possible.begin(), possible.end(), found) == possible.end()) {
    return "it holds neither what was acknowledged nor one whole attempt more";
  }
  if (std::string wrong = check_graph(*database.store->begin_read()); !wrong.empty()) return wrong;
  database.possible = {found};
  for (int i = 0; i < 2; ++i) {
    if (!transact(database)) return "it does not take a commit after recovery";
  }
  if (!broken_.empty()) return broken_;
  const std::uint64_t last = database.possible.back();
  close(database);
  if (!open(database, vfs)) return "it does not open after a clean close";
  const std::uint64_t again = graph_fingerprint(*database.store->begin_read());
  database.store.reset();
  return again == last ? std::string() : "it changed between a clean close and the next opening";
}

}  // namespace nexus::sim
