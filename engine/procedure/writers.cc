// Procedures that write: labels, types and keys may be computed there, which CREATE and MERGE had not always.
//
// Invariant: what they write is counted and checked as if a clause had written it.
#include <algorithm>
#include <array>

#include "exec/executor.h"
#include "procedure/registry.h"
#include "procedure/signature.h"
#include "storage/index_key.h"
#include "value/compare.h"

namespace nexus::procedure {
namespace {

using storage::NodeId;
using storage::Property;
using storage::RelationshipId;
using storage::TokenId;
using storage::TokenKind;
using Properties = std::vector<Property>;

Error bad(const char* what) { return Error{ErrorCode::InvalidArgument, what}; }

Result<std::vector<TokenId>> intern_labels(exec::ProcedureContext& context, const Value& names) {
  std::vector<TokenId> labels;
  if (names.is_null()) return labels;
  for (const Value& name : names.list()) {
    if (!name.is(Type::String) || name.string().empty()) return bad("labels are strings that are not empty");
    NX_TRY(const TokenId label, context.transaction.intern(TokenKind::Label, name.string()));
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
  }
  return labels;
}

Result<TokenId> intern_type(exec::ProcedureContext& context, const Value& name) {
  if (name.is_null() || name.string().empty()) return bad("a relationship type is a string that is not empty");
  return context.transaction.intern(TokenKind::Type, name.string());
}

enum class Nulls : std::uint8_t { AreLeftOut, AreKept, AreRefused };

Result<Properties> intern_properties(exec::ProcedureContext& context, const Value& map, Nulls nulls) {
  Properties properties;
  if (map.is_null()) return properties;
  for (const auto& [key, value] : map.map()) {
    if (value.is_null() && nulls == Nulls::AreLeftOut) continue;
    if (value.is_null() && nulls == Nulls::AreRefused) {
      return Error{ErrorCode::MergeReadOwnWrites, "cannot merge on a null value of the property `" + key + "`"};
    }
    NX_TRY(const TokenId token, context.transaction.intern(TokenKind::Key, key));
    properties.push_back({token, value});
  }
  return properties;
}

// Those of `second` win.
Properties joined(Properties first, const Properties& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Result<NodeId> create_node(exec::ProcedureContext& context, std::span<const TokenId> labels, Properties properties) {
  context.counters.properties_set += properties.size();
  context.counters.labels_added += labels.size();
  ++context.counters.nodes_created;
  return context.transaction.create_node(labels, std::move(properties));
}

Result<RelationshipId> create_relationship(exec::ProcedureContext& context, TokenId type, const Value& start,
                                           const Value& end, Properties properties) {
  context.counters.properties_set += properties.size();
  ++context.counters.relationships_created;
  return context.transaction.create_relationship(type, start.entity_id(), end.entity_id(), std::move(properties));
}

Result<> set_properties(exec::ProcedureContext& context, const Value& entity, const Properties& properties) {
  for (const Property& property : properties) {
    NX_TRY_DO(entity.is(Type::Node)
                  ? context.transaction.set_node_property(entity.entity_id(), property.key, property.value)
                  : context.transaction.set_relationship_property(entity.entity_id(), property.key, property.value));
    ++context.counters.properties_set;
  }
  return Done{};
}

class NodeSearch {
 public:
  NodeSearch(exec::ProcedureContext& context, const std::vector<TokenId>& labels, const Properties& properties)
      : context_(context), labels_(labels), properties_(properties) {}

  Result<std::vector<NodeId>> run() {
    const storage::SchemaRule* rule = nullptr;
    std::vector<Value> values;
    for (const TokenId label : labels_) {
      if (rule == nullptr) rule = index_of(label, values);
    }
    if (rule != nullptr) {
      const storage::IndexRange range = storage::index_exact(values);
      storage::IndexKey position = range.first;
      return collect([&](std::span<std::uint64_t> out) {
        return context_.transaction.scan_index(rule->id, range, position, out);
      });
    }
    storage::ScanPosition position;
    if (labels_.empty()) return collect([&](std::span<NodeId> out) { return context_.transaction.scan_nodes(position, out); });
    const TokenId rarest = *std::min_element(labels_.begin(), labels_.end(), [&](TokenId a, TokenId b) {
      return context_.transaction.node_count(a) < context_.transaction.node_count(b);
    });
    return collect([&](std::span<NodeId> out) { return context_.transaction.scan_label(rarest, position, out); });
  }

 private:
  // An index of the label whose keys are all among the properties; fills in their values.
  const storage::SchemaRule* index_of(TokenId label, std::vector<Value>& values) const {
    const storage::Schema& schema = context_.transaction.schema();
    for (const std::uint32_t at : schema.about(storage::EntityKind::Node, label)) {
      const storage::SchemaRule& rule = schema.rules()[at];
      if (!rule.is_range()) continue;
      values.clear();
      for (const TokenId key : rule.keys) {
        const auto found = std::find_if(properties_.begin(), properties_.end(),
                                        [&](const Property& property) { return property.key == key; });
        if (found == properties_.end()) break;
        values.push_back(found->value);
      }
      if (values.size() == rule.keys.size()) return &rule;
    }
    return nullptr;
  }

  template <class Scan>
  Result<std::vector<NodeId>> collect(Scan scan) const {
    std::vector<NodeId> found;
    std::array<std::uint64_t, 256> ids;
    while (const std::size_t count = scan(ids)) {
      NX_TRY_DO(context_.cancellation.check(context_.clock));
      for (std::size_t i = 0; i < count; ++i) {
        if (matches(ids[i])) found.push_back(ids[i]);
      }
    }
    return found;
  }

  bool matches(NodeId node) const {
    const storage::Transaction& transaction = context_.transaction;
    const auto has = [&](TokenId label) { return transaction.has_label(node, label); };
    const auto holds = [&](const Property& property) {
      return equals(transaction.node_property(node, property.key), property.value) == Ternary::True;
    };
    return std::all_of(labels_.begin(), labels_.end(), has) &&
           std::all_of(properties_.begin(), properties_.end(), holds);
  }

  exec::ProcedureContext& context_;
  const std::vector<TokenId>& labels_;
  const Properties& properties_;
};

exec::StreamResult rows_of(const std::vector<Value>& entities) {
  std::vector<List> rows;
  for (const Value& entity : entities) rows.push_back({entity});
  return stream_of(std::move(rows));
}

exec::StreamResult merge_node(exec::ProcedureContext& context, List arguments) {
  NX_TRY(const std::vector<TokenId> labels, intern_labels(context, arguments[0]));
  NX_TRY(const Properties identity, intern_properties(context, arguments[1], Nulls::AreRefused));
  NX_TRY(const std::vector<NodeId> found, NodeSearch(context, labels, identity).run());
  std::vector<Value> nodes;
  if (found.empty()) {
    NX_TRY(const Properties more, intern_properties(context, arguments[2], Nulls::AreLeftOut));
    NX_TRY(const NodeId made, create_node(context, labels, joined(identity, more)));
    nodes.push_back(Value::node(made));
    return rows_of(nodes);
  }
  NX_TRY(const Properties changes, intern_properties(context, arguments[3], Nulls::AreKept));
  for (const NodeId node : found) {
    nodes.push_back(Value::node(node));
    NX_TRY_DO(set_properties(context, nodes.back(), changes));
  }
  return rows_of(nodes);
}

Result<> check_ends(const Value& start, const Value& end) {
  if (start.is_null() || end.is_null()) return bad("a relationship needs a start node and an end node");
  return Done{};
}

exec::StreamResult merge_relationship(exec::ProcedureContext& context, List arguments) {
  const Value& start = arguments[0];
  const Value& end = arguments[4];
  NX_TRY_DO(check_ends(start, end));
  NX_TRY(const TokenId type, intern_type(context, arguments[1]));
  NX_TRY(const Properties identity, intern_properties(context, arguments[2], Nulls::AreRefused));
  std::vector<storage::Neighbor> between;
  context.transaction.expand_into(start.entity_id(), storage::Direction::Outgoing, std::array{type}, end.entity_id(),
                                  between);
  std::vector<Value> found;
  for (const storage::Neighbor& neighbor : between) {
    const auto holds = [&](const Property& property) {
      return equals(context.transaction.relationship_property(neighbor.relationship, property.key), property.value) ==
             Ternary::True;
    };
    if (std::all_of(identity.begin(), identity.end(), holds)) found.push_back(Value::relationship(neighbor.relationship));
  }
  if (found.empty()) {
    NX_TRY(const Properties more, intern_properties(context, arguments[3], Nulls::AreLeftOut));
    NX_TRY(const RelationshipId made, create_relationship(context, type, start, end, joined(identity, more)));
    found.push_back(Value::relationship(made));
    return rows_of(found);
  }
  NX_TRY(const Properties changes, intern_properties(context, arguments[5], Nulls::AreKept));
  for (const Value& relationship : found) NX_TRY_DO(set_properties(context, relationship, changes));
  return rows_of(found);
}

exec::StreamResult new_node(exec::ProcedureContext& context, List arguments) {
  NX_TRY(const std::vector<TokenId> labels, intern_labels(context, arguments[0]));
  NX_TRY(Properties properties, intern_properties(context, arguments[1], Nulls::AreLeftOut));
  NX_TRY(const NodeId made, create_node(context, labels, std::move(properties)));
  return rows_of({Value::node(made)});
}

exec::StreamResult new_relationship(exec::ProcedureContext& context, List arguments) {
  NX_TRY_DO(check_ends(arguments[0], arguments[3]));
  NX_TRY(const TokenId type, intern_type(context, arguments[1]));
  NX_TRY(Properties properties, intern_properties(context, arguments[2], Nulls::AreLeftOut));
  NX_TRY(const RelationshipId made,
         create_relationship(context, type, arguments[0], arguments[3], std::move(properties)));
  return rows_of({Value::relationship(made)});
}

// Nodes, ids of nodes, element ids, or a list of these.
Result<std::vector<Value>> nodes_of(const exec::ProcedureContext& context, const Value& given) {
  std::vector<Value> nodes;
  if (given.is(Type::List)) {
    for (const Value& item : given.list()) {
      if (item.is(Type::List)) return bad("a list of nodes holds no lists");
      NX_TRY(const std::vector<Value> more, nodes_of(context, item));
      nodes.insert(nodes.end(), more.begin(), more.end());
    }
    return nodes;
  }
  if (given.is_null()) return nodes;
  if (given.is(Type::Node)) nodes.push_back(Value::node(given.entity_id()));
  if (given.is(Type::Integer)) nodes.push_back(Value::node(static_cast<std::uint64_t>(given.integer())));
  if (given.is(Type::String)) {
    if (const auto id = context.graph.node_of_element_id(given.string())) nodes.push_back(Value::node(*id));
  }
  if (nodes.empty() || !context.transaction.has_node(nodes[0].entity_id())) {
    return Error{ErrorCode::EntityNotFound, "this is no node, nor the id of one"};
  }
  return nodes;
}

exec::StreamResult add_labels(exec::ProcedureContext& context, List arguments) {
  NX_TRY(const std::vector<Value> nodes, nodes_of(context, arguments[0]));
  NX_TRY(const std::vector<TokenId> labels, intern_labels(context, arguments[1]));
  for (const Value& node : nodes) {
    for (const TokenId label : labels) {
      if (context.transaction.has_label(node.entity_id(), label)) continue;
      NX_TRY_DO(context.transaction.add_label(node.entity_id(), label));
      ++context.counters.labels_added;
    }
  }
  return rows_of(nodes);
}

exec::StreamResult set_vector(exec::ProcedureContext& context, List arguments) {
  const Value& entity = arguments[0];
  if (entity.is_null() || arguments[1].is_null()) return bad("a vector is set on an entity, under a key");
  NX_TRY(const TokenId key, context.transaction.intern(TokenKind::Key, arguments[1].string()));
  Value vector = arguments[2];
  if (vector.is(Type::List)) {
    List numbers;
    for (const Value& item : vector.list()) {
      if (!item.is_number()) return bad("a vector is a list of numbers");
      numbers.push_back(Value::real(item.number()));
    }
    if (numbers.empty()) return bad("a vector has at least one number");
    vector = Value::list(std::move(numbers));
  }
  NX_TRY_DO(set_properties(context, entity, {{key, std::move(vector)}}));
  return stream_of({});
}

plan::ProcedureSignature writer(std::string name, std::string description, Fields inputs, std::vector<Value> defaults,
                                Fields outputs) {
  auto made = signature(std::move(name), std::move(description), std::move(inputs), std::move(defaults), std::move(outputs));
  made.writes = true;
  return made;
}

}  // namespace

void add_writers(Registry& registry) {
  const auto labels = list_field("labels", "LIST<STRING>");
  const Value none = Value::map({});
  registry.add(writer("apoc.merge.node", "The nodes with these labels and properties, or a new one.",
                      {labels, map_field("identProps"), map_field("onCreateProps"), map_field("onMatchProps")},
                      {none, none}, {node_field("node")}),
               merge_node);
  registry.add(writer("apoc.merge.relationship", "The relationships between two nodes with these properties, or a new one.",
                      {node_field("startNode"), string_field("relType"), map_field("identProps"),
                       map_field("onCreateProps"), node_field("endNode"), map_field("onMatchProps")},
                      {none}, {relationship_field("rel")}),
               merge_relationship);
  registry.add(writer("apoc.create.node", "A new node with computed labels.", {labels, map_field("props")}, {},
                      {node_field("node")}),
               new_node);
  registry.add(writer("apoc.create.relationship", "A new relationship with a computed type.",
                      {node_field("from"), string_field("relType"), map_field("props"), node_field("to")}, {},
                      {relationship_field("rel")}),
               new_relationship);
  const plan::ProcedureSignature::Field nodes{"nodes", function::kAny, "ANY"};
  registry.add(writer("apoc.create.addLabels", "Adds computed labels to nodes, given as such or by id.", {nodes, labels}, {},
                      {node_field("node")}),
               add_labels);
  const auto key = string_field("key");
  const plan::ProcedureSignature::Field vector{"vector", function::types(Type::List, Type::Vector),
                                               "LIST<FLOAT> | VECTOR"};
  registry.add(writer("db.create.setNodeVectorProperty", "Sets a vector, or a list of floats, as a property of a node.",
                      {node_field("node"), key, vector}, {}, {}),
               set_vector);
  registry.add(writer("db.create.setRelationshipVectorProperty", "Sets a vector, or a list of floats, as a property of a relationship.",
                      {relationship_field("relationship"), key, vector}, {}, {}),
               set_vector);
}

}  // namespace nexus::procedure
