// Random transactions against a naive model: every read of every open snapshot must agree.
#include <map>
#include <memory>
#include <set>

#include "base/hash.h"
#include "storage/store.h"
#include "tests/support/catch.h"

using namespace nexus;
using namespace nexus::storage;

namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() { return mix64(++state_ * 0x9E3779B97F4A7C15u); }
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

class TestRandom : public Random {
 public:
  std::uint64_t next() override { return mix64(++state_); }

 private:
  std::uint64_t state_ = 7;
};

struct ModelNode {
  std::set<TokenId> labels;
  std::map<TokenId, std::int64_t> properties;
};
struct ModelRelationship {
  TokenId type;
  NodeId start, end;
  std::map<TokenId, std::int64_t> properties;
};
struct Model {
  std::map<NodeId, ModelNode> nodes;
  std::map<RelationshipId, ModelRelationship> relationships;
};

constexpr TokenId kLabels = 5, kTypes = 3, kKeys = 4;

std::map<TokenId, std::int64_t> plain(std::span<const Property> properties) {
  std::map<TokenId, std::int64_t> result;
  for (const Property& property : properties) {
    REQUIRE((result.empty() || result.rbegin()->first < property.key));
    result[property.key] = property.value.integer();
  }
  return result;
}

void compare_neighbours(const Transaction& tx, const Model& model, NodeId node) {
  for (const Direction direction : {Direction::Outgoing, Direction::Incoming, Direction::Both}) {
    for (TokenId type = 0; type <= kTypes; ++type) {
      std::vector<TokenId> types;
      if (type < kTypes) types.push_back(type);
      std::set<std::pair<RelationshipId, NodeId>> expected;
      for (const auto& [id, relationship] : model.relationships) {
        if (type < kTypes && relationship.type != type) continue;
        if (direction != Direction::Incoming && relationship.start == node) expected.insert({id, relationship.end});
        if (direction != Direction::Outgoing && relationship.end == node) expected.insert({id, relationship.start});
      }
      std::vector<Neighbor> found;
      tx.expand(node, direction, types, found);
      std::set<std::pair<RelationshipId, NodeId>> actual;
      for (const Neighbor& neighbor : found) actual.insert({neighbor.relationship, neighbor.node});
      REQUIRE(actual == expected);
      REQUIRE(found.size() == expected.size());
      REQUIRE(tx.degree(node, direction, types) == expected.size());
      if (expected.empty()) continue;
      const NodeId other = expected.begin()->second;
      std::vector<Neighbor> into;
      tx.expand_into(node, direction, types, other, into);
      std::size_t wanted = 0;
      for (const auto& pair : expected) wanted += pair.second == other ? 1 : 0;
      REQUIRE(into.size() == wanted);
    }
  }
}

void compare(const Transaction& tx, const Model& model, bool deep) {
  REQUIRE(tx.node_count() == model.nodes.size());
  REQUIRE(tx.relationship_count() == model.relationships.size());
  std::vector<NodeId> nodes;
  NodeId batch[7];
  ScanPosition position;
  while (const std::size_t count = tx.scan_nodes(position, batch)) nodes.insert(nodes.end(), batch, batch + count);
  REQUIRE(nodes.size() == model.nodes.size());
  std::size_t index = 0;
  for (const auto& [id, node] : model.nodes) {
    REQUIRE(nodes[index++] == id);
    const auto labels = tx.labels(id);
    REQUIRE(std::set<TokenId>(labels.begin(), labels.end()) == node.labels);
    REQUIRE(plain(tx.node_properties(id)) == node.properties);
    if (deep) compare_neighbours(tx, model, id);
  }
  for (TokenId label = 0; label < kLabels; ++label) {
    std::vector<NodeId> expected;
    for (const auto& [id, node] : model.nodes) {
      if (node.labels.count(label) != 0) expected.push_back(id);
    }
    std::vector<NodeId> found;
    ScanPosition at;
    while (const std::size_t count = tx.scan_label(label, at, batch)) found.insert(found.end(), batch, batch + count);
    REQUIRE(found == expected);
    REQUIRE(tx.node_count(label) == expected.size());
  }
  std::vector<RelationshipId> relationships;
  ScanPosition at;
  while (const std::size_t count = tx.scan_relationships(at, batch)) {
    relationships.insert(relationships.end(), batch, batch + count);
  }
  REQUIRE(relationships.size() == model.relationships.size());
  index = 0;
  for (const auto& [id, relationship] : model.relationships) {
    REQUIRE(relationships[index++] == id);
    const auto record = tx.relationship(id);
    REQUIRE(record.has_value());
    REQUIRE(record->type == relationship.type);
    REQUIRE(record->start == relationship.start);
    REQUIRE(record->end == relationship.end);
    REQUIRE(plain(tx.relationship_properties(id)) == relationship.properties);
  }
}

template <class Map>
typename Map::key_type pick(Dice& dice, const Map& map) {
  auto at = map.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(dice.below(map.size())));
  return at->first;
}

std::vector<Property> some_properties(Dice& dice, std::map<TokenId, std::int64_t>& model) {
  std::vector<Property> properties;
  for (std::uint64_t i = dice.below(4); i > 0; --i) {
    const auto key = static_cast<TokenId>(dice.below(kKeys));
    const auto value = static_cast<std::int64_t>(dice.below(1000));
    properties.push_back({key, Value::integer(value)});
    model[key] = value;
  }
  return properties;
}

void mutate(Dice& dice, Transaction& tx, Model& model) {
  const auto action = dice.below(10);
  if (action < 3 || model.nodes.empty()) {
    ModelNode node;
    std::vector<TokenId> labels;
    for (std::uint64_t i = dice.below(3); i > 0; --i) {
      labels.push_back(static_cast<TokenId>(dice.below(kLabels)));
      node.labels.insert(labels.back());
    }
    const auto id = tx.create_node(labels, some_properties(dice, node.properties));
    REQUIRE(id.has_value());
    REQUIRE(model.nodes.emplace(*id, node).second);
    return;
  }
  const NodeId node = pick(dice, model.nodes);
  if (action < 6) {
    ModelRelationship made{static_cast<TokenId>(dice.below(kTypes)), node, pick(dice, model.nodes), {}};
    const auto id = tx.create_relationship(made.type, made.start, made.end, some_properties(dice, made.properties));
    REQUIRE(id.has_value());
    REQUIRE(model.relationships.emplace(*id, made).second);
    return;
  }
  const auto key = static_cast<TokenId>(dice.below(kKeys));
  const auto number = static_cast<std::int64_t>(dice.below(1000));
  const bool removes = dice.one_in(3);
  const auto label = static_cast<TokenId>(dice.below(kLabels));
  if (action == 6) {
    REQUIRE(tx.set_node_property(node, key, removes ? Value::null() : Value::integer(number)).has_value());
    if (removes) model.nodes[node].properties.erase(key);
    if (!removes) model.nodes[node].properties[key] = number;
  } else if (action == 7) {
    REQUIRE((removes ? tx.remove_label(node, label) : tx.add_label(node, label)).has_value());
    if (removes) model.nodes[node].labels.erase(label);
    if (!removes) model.nodes[node].labels.insert(label);
  } else if (action == 8) {
    bool connected = false;
    for (const auto& entry : model.relationships) {
      connected = connected || entry.second.start == node || entry.second.end == node;
    }
    const auto done = tx.delete_node(node);
    REQUIRE(done.has_value() != connected);
    if (!connected) model.nodes.erase(node);
  } else if (!model.relationships.empty()) {
    const RelationshipId relationship = pick(dice, model.relationships);
    if (dice.one_in(2)) {
      REQUIRE(tx.delete_relationship(relationship).has_value());
      model.relationships.erase(relationship);
    } else {
      REQUIRE(tx.set_relationship_property(relationship, key, Value::integer(number)).has_value());
      model.relationships[relationship].properties[key] = number;
    }
  }
}

void intern_all(Store& store) {
  auto tx = store.begin_write();
  REQUIRE(tx.has_value());
  for (TokenId i = 0; i < kLabels; ++i) REQUIRE(*(*tx)->intern(TokenKind::Label, "L" + std::to_string(i)) == i);
  for (TokenId i = 0; i < kTypes; ++i) REQUIRE(*(*tx)->intern(TokenKind::Type, "T" + std::to_string(i)) == i);
  for (TokenId i = 0; i < kKeys; ++i) REQUIRE(*(*tx)->intern(TokenKind::Key, "k" + std::to_string(i)) == i);
}

}  // namespace

TEST_CASE("random transactions agree with a naive model in every open snapshot") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Dice dice(seed);
    TestRandom random;
    MemoryBudget budget(0);
    {
      auto opened = Store::open_in_memory({&random, nullptr, &budget});
      REQUIRE(opened.has_value());
      Store& store = **opened;
      intern_all(store);
      Model committed;
      std::vector<std::pair<std::unique_ptr<Transaction>, Model>> snapshots;
      for (int round = 0; round < 60; ++round) {
        Model working = committed;
        const bool is_explicit = dice.one_in(3);
        auto begun = is_explicit ? store.begin_explicit() : store.begin_write();
        REQUIRE(begun.has_value());
        for (std::uint64_t i = dice.below(25); i > 0; --i) mutate(dice, **begun, working);
        compare(**begun, working, round % 10 == 0);
        if (dice.one_in(4)) {
          (*begun)->rollback();
        } else {
          REQUIRE((*begun)->commit().has_value());
          committed = working;
        }
        if (dice.one_in(3)) snapshots.emplace_back(store.begin_read(), committed);
        if (snapshots.size() > 4) snapshots.erase(snapshots.begin() + static_cast<std::ptrdiff_t>(dice.below(5)));
        for (const auto& [snapshot, model] : snapshots) compare(*snapshot, model, false);
        compare(*store.begin_read(), committed, round % 7 == 0);
      }
      snapshots.clear();
    }
    CHECK(budget.used_bytes() == 0);
  }
}
