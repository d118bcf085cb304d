#include "exec/hydrate.h"

#include <algorithm>

namespace nexus::exec {

namespace {

bool holds_entities(const Value& value) {
  if (value.is(Type::List)) {
    return std::any_of(value.list().begin(), value.list().end(), holds_entities);
  }
  if (value.is(Type::Map)) {
    return std::any_of(value.map().begin(), value.map().end(),
                       [](const MapEntry& entry) { return holds_entities(entry.second); });
  }
  return value.is(Type::Node) || value.is(Type::Relationship) || value.is(Type::Path);
}

Value hydrate_node(const Graph& graph, std::uint64_t id) {
  NodeData data;
  data.id = id;
  data.element_id = graph.node_element_id(id);
  if (graph.is_node(id)) {
    data.labels = *graph.labels(id);
    data.properties = *graph.node_properties(id);
  }
  return Value::node(std::move(data));
}

Value hydrate_relationship(const Graph& graph, std::uint64_t id) {
  RelationshipData data;
  data.id = id;
  data.element_id = graph.relationship_element_id(id);
  if (const auto record = graph.record(id)) {
    data.type = graph.transaction().token_name(storage::TokenKind::Type, record->type);
    data.start = record->start;
    data.end = record->end;
    data.start_element_id = graph.node_element_id(record->start);
    data.end_element_id = graph.node_element_id(record->end);
  }
  if (graph.is_relationship(id)) data.properties = *graph.relationship_properties(id);
  return Value::relationship(std::move(data));
}

List hydrate_all(const Graph& graph, const List& values) {
  List hydrated;
  hydrated.reserve(values.size());
  for (const Value& value : values) hydrated.push_back(hydrate(graph, value));
  return hydrated;
}

}  // namespace

Value hydrate_entities(const Graph& graph, const Value& value) {
  if (!holds_entities(value)) return value;
  if (value.is(Type::List)) return Value::list(hydrate_all(graph, value.list()));
  if (value.is(Type::Map)) {
    Map entries;
    for (const auto& entry : value.map()) entries.emplace_back(entry.first, hydrate(graph, entry.second));
    return Value::map(std::move(entries));
  }
  if (value.is(Type::Path)) {
    return Value::path({hydrate_all(graph, value.path().nodes), hydrate_all(graph, value.path().relationships)});
  }
  if (!value.is_reference()) return value;
  if (value.is(Type::Node)) return hydrate_node(graph, value.entity_id());
  return hydrate_relationship(graph, value.entity_id());
}

}  // namespace nexus::exec
