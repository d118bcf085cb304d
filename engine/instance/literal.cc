#include "instance/literal.h"

#include <algorithm>

#include "base/match.h"
#include "instance/database_name.h"

namespace nexus::instance {
namespace {

Result<Value> parameter_value(const std::string& name, const Map& parameters, Position position) {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [&](const MapEntry& entry) { return entry.first == name; });
  if (found == parameters.end()) return Error(ErrorCode::MissingParameter, "Expected parameter(s): " + name, position);
  return found->second;
}

Result<Value> list_value(const syntax::ListLiteral& list, const Map& parameters) {
  List items;
  for (const syntax::Expression& item : list.items) {
    NX_TRY(Value value, literal_value(item, parameters));
    items.push_back(std::move(value));
  }
  return Value::list(std::move(items));
}

Result<Value> map_value(const syntax::MapLiteral& map, const Map& parameters) {
  Map entries;
  for (const syntax::MapEntry& entry : map.entries) {
    NX_TRY(Value value, literal_value(entry.value, parameters));
    entries.emplace_back(entry.key, std::move(value));
  }
  return Value::map(make_map(std::move(entries)));
}

}  // namespace

Result<std::string> name_value(const syntax::SymbolicName& name, const Map& parameters) {
  if (!name.parameter) return name.text();
  NX_TRY(const Value value, parameter_value(*name.parameter, parameters, name.position));
  if (value.is(Type::String)) return std::string(value.string());
  return Error(ErrorCode::InvalidArgumentType,
               "Expected parameter $" + *name.parameter + " to be a STRING, but it is " +
                   std::string(type_name(value.type())) + ".",
               name.position);
}

Result<std::string> graph_name(const syntax::GraphReference& graph, const Map& parameters) {
  switch (graph.kind) {
    case syntax::GraphReference::Kind::Name: return name_value(graph.name, parameters);
    case syntax::GraphReference::Kind::ByElementId:
      return Error(ErrorCode::NotImplemented, "USE graph.byElementId() is not implemented.", graph.argument->position);
    case syntax::GraphReference::Kind::ByName: break;
  }
  NX_TRY(const Value value, literal_value(*graph.argument, parameters));
  if (value.is(Type::String)) return std::string(value.string());
  return Error(ErrorCode::InvalidArgumentType, "The argument of graph.byName() must be a STRING.",
               graph.argument->position);
}

Result<Value> literal_value(const syntax::Expression& expression, const Map& parameters) {
  using Outcome = Result<Value>;
  return std::visit(
      [&](const auto& node) -> Outcome {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, syntax::NullLiteral>) return Value::null();
        if constexpr (std::is_same_v<Node, syntax::BooleanLiteral>) return Value::boolean(node.value);
        if constexpr (std::is_same_v<Node, syntax::IntegerLiteral>) return Value::integer(node.value);
        if constexpr (std::is_same_v<Node, syntax::FloatLiteral>) return Value::real(node.value);
        if constexpr (std::is_same_v<Node, syntax::StringLiteral>) return Value::string(node.value);
        if constexpr (std::is_same_v<Node, syntax::ListLiteral>) return list_value(node, parameters);
        if constexpr (std::is_same_v<Node, syntax::MapLiteral>) return map_value(node, parameters);
        if constexpr (std::is_same_v<Node, syntax::Parameter>)
          return parameter_value(node.name, parameters, expression.position);
        return Error(ErrorCode::NonConstantExpression, "Only a literal or a parameter is allowed here.",
                     expression.position);
      },
      expression.node);
}

}  // namespace nexus::instance
