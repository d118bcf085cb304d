// What a node or relationship says about itself: id(), elementId(), labels(), type(),
// properties(), keys(), startNode(), endNode().
#include "function/families.h"

namespace nexus::function {
namespace {

Result<Value> id(CallContext&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(arguments[0].entity_id()));
}

Result<Value> element_id(CallContext& context, Arguments arguments) {
  const std::uint64_t entity = arguments[0].entity_id();
  return Value::string(arguments[0].is(Type::Node) ? context.graph.node_element_id(entity)
                                                   : context.graph.relationship_element_id(entity));
}

Result<Value> labels(CallContext& context, Arguments arguments) {
  NX_TRY(const std::vector<std::string> names, context.graph.labels(arguments[0].entity_id()));
  List items;
  items.reserve(names.size());
  for (const std::string& name : names) items.push_back(Value::string(name));
  return Value::list(std::move(items));
}

Result<Value> type(CallContext& context, Arguments arguments) {
  NX_TRY(const std::string name, context.graph.relationship_type(arguments[0].entity_id()));
  return Value::string(name);
}

Result<Map> properties_of(CallContext& context, const Value& holder) {
  if (holder.is(Type::Map)) return holder.map();
  return holder.is(Type::Node) ? context.graph.node_properties(holder.entity_id())
                               : context.graph.relationship_properties(holder.entity_id());
}

Result<Value> properties(CallContext& context, Arguments arguments) {
  if (arguments[0].is(Type::Map)) return arguments[0];
  NX_TRY(Map map, properties_of(context, arguments[0]));
  return Value::map(std::move(map));
}

Result<Value> keys(CallContext& context, Arguments arguments) {
  NX_TRY(const Map map, properties_of(context, arguments[0]));
  List names;
  names.reserve(map.size());
  for (const MapEntry& entry : map) names.push_back(Value::string(entry.first));
  return Value::list(std::move(names));
}

Result<Value> start_node(CallContext& context, Arguments arguments) {
  NX_TRY(const GraphView::Ends ends, context.graph.relationship_ends(arguments[0].entity_id()));
  return Value::node(ends.start);
}

Result<Value> end_node(CallContext& context, Arguments arguments) {
  NX_TRY(const GraphView::Ends ends, context.graph.relationship_ends(arguments[0].entity_id()));
  return Value::node(ends.end);
}

constexpr Parameter kEntityParameter[] = {{"entity", kEntity}};
constexpr Parameter kNodeParameter[] = {{"node", types(Type::Node)}};
constexpr Parameter kRelationshipParameter[] = {{"relationship", types(Type::Relationship)}};
constexpr Parameter kHolderParameter[] = {{"holder", kEntity | types(Type::Map)}};

constexpr Example kIdExamples[] = {{"id(null)", "null"}};
constexpr Example kElementIdExamples[] = {{"elementId(null)", "null"}};
constexpr Example kLabelsExamples[] = {{"labels(null)", "null"}};
constexpr Example kTypeExamples[] = {{"type(null)", "null"}};
constexpr Example kStartExamples[] = {{"startNode(null)", "null"}};
constexpr Example kEndExamples[] = {{"endNode(null)", "null"}};
constexpr Example kPropertiesExamples[] = {
    {"properties({name: 'Zoë', age: 7})", "{age: 7, name: 'Zoë'}"},
    {"properties({})", "{}"},
    {"properties(null)", "null"},
};
constexpr Example kKeysExamples[] = {
    {"keys({b: 1, a: null})", "['a', 'b']"},
    {"keys({`größe`: 1})", "['größe']"},
    {"keys({})", "[]"},
    {"keys(null)", "null"},
};

constexpr ScalarFunction kFunctions[] = {
    {"id", "entity", kEntityParameter, types(Type::Integer),
     "Returns the number of a node or relationship; it may be given to another entity after a deletion.", kIdExamples,
     id},
    {"elementId", "entity", kEntityParameter, types(Type::String),
     "Returns the text that identifies a node or relationship across databases.", kElementIdExamples, element_id},
    {"labels", "entity", kNodeParameter, types(Type::List), "Returns the labels of a node.", kLabelsExamples, labels},
    {"type", "entity", kRelationshipParameter, types(Type::String), "Returns the type of a relationship.",
     kTypeExamples, type},
    {"properties", "entity", kHolderParameter, types(Type::Map),
     "Returns all properties of a node or relationship as a map; a map is returned as it is.", kPropertiesExamples,
     properties},
    {"keys", "entity", kHolderParameter, types(Type::List),
     "Returns the names of all properties of a node or relationship, or the keys of a map.", kKeysExamples, keys},
    {"startNode", "entity", kRelationshipParameter, types(Type::Node),
     "Returns the node at which a relationship starts.", kStartExamples, start_node},
    {"endNode", "entity", kRelationshipParameter, types(Type::Node), "Returns the node at which a relationship ends.",
     kEndExamples, end_node},
};

}  // namespace

std::span<const ScalarFunction> entity_functions() { return kFunctions; }

}  // namespace nexus::function
