// apoc.any.*: the properties of whatever has some: a node, a relationship, a map, or an entity of a drawn schema.
#include "function/apoc/families.h"

namespace nexus::function {
namespace {

Result<Map> properties_of(CallContext& context, const Value& holder) {
  if (holder.is(Type::Map)) return holder.map();
  // Entities that no database has carry their properties with them.
  if (holder.is(Type::Node)) {
    if (!holder.is_reference()) return holder.node().properties;
    return context.graph.node_properties(holder.entity_id());
  }
  if (!holder.is_reference()) return holder.relationship().properties;
  return context.graph.relationship_properties(holder.entity_id());
}

Result<Value> property(CallContext& context, Arguments arguments) {
  NX_TRY(const Map entries, properties_of(context, arguments[0]));
  for (const MapEntry& entry : entries) {
    if (entry.first == arguments[1].string()) return entry.second;
  }
  return Value::null();
}

Result<Value> properties(CallContext& context, Arguments arguments) {
  NX_TRY(Map entries, properties_of(context, arguments[0]));
  return Value::map(std::move(entries));
}

constexpr TypeSet kHolder = kEntity | types(Type::Map);
constexpr Parameter kPropertyParameters[] = {{"thing", kHolder}, {"key", types(Type::String)}};
constexpr Parameter kPropertiesParameters[] = {{"thing", kHolder}};
constexpr Example kPropertyExamples[] = {
    {"apoc.any.property({a: 1, b: 2}, 'b')", "2"},
    {"apoc.any.property({a: 1}, 'c')", "null"},
    {"apoc.any.property(null, 'c')", "null"},
};
constexpr Example kPropertiesExamples[] = {
    {"apoc.any.properties({b: 2, a: 1})", "{a: 1, b: 2}"},
    {"apoc.any.properties(null)", "null"},
};

constexpr ScalarFunction kFunctions[] = {
    {"apoc.any.property", "apoc", kPropertyParameters, kAny, "Returns a property of a node, a relationship or a map.",
     kPropertyExamples, property},
    {"apoc.any.properties", "apoc", kPropertiesParameters, types(Type::Map),
     "Returns all properties of a node, a relationship or a map.", kPropertiesExamples, properties},
};

}  // namespace

std::span<const ScalarFunction> apoc_any_functions() { return kFunctions; }

}  // namespace nexus::function
