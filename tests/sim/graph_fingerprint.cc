#include "tests/sim/graph_fingerprint.h"

#include <vector>

#include "base/hash.h"
#include "value/codec.h"

namespace nexus::sim {
namespace {

using namespace nexus::storage;

std::vector<NodeId> all_nodes(const Transaction& tx) {
  std::vector<NodeId> nodes(tx.node_count() + 16);
  ScanPosition position;
  nodes.resize(tx.scan_nodes(position, nodes));
  return nodes;
}

std::vector<RelationshipId> all_relationships(const Transaction& tx) {
  std::vector<RelationshipId> relationships(tx.relationship_count() + 16);
  ScanPosition position;
  relationships.resize(tx.scan_relationships(position, relationships));
  return relationships;
}

std::uint64_t hash_properties(const Transaction& tx, std::span<const Property> properties) {
  std::uint64_t hash = properties.size();
  for (const Property& property : properties) {
    ByteWriter bytes;
    encode_value(bytes, property.value);
    // A sum, because the order follows the token numbers.
    hash += hash_bytes(bytes.view(), hash_text(tx.token_name(TokenKind::Key, property.key)));
  }
  return hash;
}

// An entity is in an index when it has the label or type and the first key, and is found by its values.
std::string check_index(const Transaction& tx, const SchemaRule& rule) {
  const bool is_node = rule.entity == EntityKind::Node;
  std::uint64_t expected = 0;
  for (const std::uint64_t id : is_node ? all_nodes(tx) : all_relationships(tx)) {
    if (is_node ? !tx.has_label(id, rule.token) : tx.relationship(id)->type != rule.token) continue;
    std::vector<Value> values;
    for (const TokenId key : rule.keys) {
      values.push_back(is_node ? tx.node_property(id, key) : tx.relationship_property(id, key));
    }
    if (values[0].is_null()) continue;
    ++expected;
    const IndexRange range = index_exact(values);
    IndexKey position = index_key(values, id);
    std::uint64_t found[1];
    if (tx.scan_index(rule.id, range, position, found) != 1 || found[0] != id) return "an index misses an entity";
  }
  return tx.index_count(rule.id) == expected ? std::string() : "an index has entries too many";
}

}  // namespace

std::uint64_t graph_fingerprint(const Transaction& tx) {
  std::uint64_t hash = 1;
  for (const NodeId node : all_nodes(tx)) {
    std::uint64_t labels = 0;
    for (const TokenId label : tx.labels(node)) labels += hash_text(tx.token_name(TokenKind::Label, label));
    hash = hash_combine(hash_combine(hash_combine(hash, node), labels), hash_properties(tx, tx.node_properties(node)));
  }
  for (const RelationshipId id : all_relationships(tx)) {
    const auto record = tx.relationship(id);
    hash = hash_combine(hash_combine(hash, id), hash_text(tx.token_name(TokenKind::Type, record->type)));
    hash = hash_combine(hash_combine(hash, record->start), record->end);
    hash = hash_combine(hash, hash_properties(tx, tx.relationship_properties(id)));
  }
  std::uint64_t rules = 0;
  for (const SchemaRule& rule : tx.schema().rules()) {
    const TokenKind kind = rule.entity == EntityKind::Node ? TokenKind::Label : TokenKind::Type;
    std::uint64_t own = hash_text(rule.name, static_cast<std::uint64_t>(rule.kind));
    own = hash_combine(own, hash_text(tx.token_name(kind, rule.token)));
    for (const TokenId key : rule.keys) own = hash_combine(own, hash_text(tx.token_name(TokenKind::Key, key)));
    rules += own;
  }
  return hash_combine(hash, rules);
}

std::string check_graph(const Transaction& tx) {
  const auto nodes = all_nodes(tx);
  const auto relationships = all_relationships(tx);
  if (nodes.size() != tx.node_count()) return "the node count is wrong";
  if (relationships.size() != tx.relationship_count()) return "the relationship count is wrong";
  std::vector<std::uint64_t> by_label(tx.token_count(TokenKind::Label));
  std::uint64_t steps = 0;
  for (const NodeId node : nodes) {
    for (const TokenId label : tx.labels(node)) ++by_label[label];
    std::vector<Neighbor> out;
    tx.expand(node, Direction::Outgoing, {}, out);
    steps += out.size();
    for (const Neighbor& neighbor : out) {
      const auto record = tx.relationship(neighbor.relationship);
      if (!record || record->start != node || record->end != neighbor.node || record->type != neighbor.type) {
        return "a node has a relationship that is not its own";
      }
      std::vector<Neighbor> back;
      tx.expand_into(neighbor.node, Direction::Incoming, {&neighbor.type, 1}, node, back);
      bool is_there = false;
      for (const Neighbor& other : back) is_there = is_there || other.relationship == neighbor.relationship;
      if (!is_there) return "a relationship is missing at its end";
    }
  }
  if (steps != relationships.size()) return "a relationship is missing at its start";
  for (TokenId label = 0; label < by_label.size(); ++label) {
    if (tx.node_count(label) != by_label[label]) return "a label's count is wrong";
  }
  for (const SchemaRule& rule : tx.schema().rules()) {
    if (!rule.has_tree()) continue;
    if (std::string wrong = check_index(tx, rule); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace nexus::sim
