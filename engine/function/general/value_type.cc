// valueType(): the most exact type of a value, as Cypher writes types.
#include <algorithm>

#include "function/families.h"
#include "value/vector.h"

namespace nexus::function {
namespace {

// Where a type stands in a union: BOOLEAN | STRING | INTEGER | FLOAT | …
int position(Type type) {
  switch (type) {
    case Type::Null: return 0;
    case Type::Boolean: return 1;
    case Type::String: return 2;
    case Type::Integer: return 3;
    case Type::Float: return 4;
    case Type::Date: return 5;
    case Type::LocalTime: return 6;
    case Type::Time: return 7;
    case Type::LocalDateTime: return 8;
    case Type::DateTime: return 9;
    case Type::Duration: return 10;
    case Type::Point: return 11;
    case Type::Vector: return 12;
    case Type::Node: return 13;
    case Type::Relationship: return 14;
    case Type::Map: return 15;
    case Type::List: return 16;
    case Type::Path: return 17;
  }
  return 18;
}

std::string describe(const Value& value);

std::string describe_elements(const List& list) {
  if (list.empty()) return "NOTHING";
  std::vector<std::pair<int, std::string>> kinds;
  bool has_null = false;
  for (const Value& item : list) {
    if (item.is_null()) {
      has_null = true;
      continue;
    }
    std::pair<int, std::string> kind{position(item.type()), describe(item)};
    const auto at = std::lower_bound(kinds.begin(), kinds.end(), kind);
    if (at == kinds.end() || *at != kind) kinds.insert(at, std::move(kind));
  }
  if (kinds.empty()) return "NULL";
  std::string text;
  for (const auto& [order, name] : kinds) {
    if (!text.empty()) text += " | ";
    text += name;
    if (!has_null) text += " NOT NULL";
  }
  return text;
}

std::string describe(const Value& value) {
  if (value.is(Type::List)) return "LIST<" + describe_elements(value.list()) + ">";
  if (value.is(Type::Vector)) return to_text(type_of(value.vector()));
  return std::string(type_name(value.type()));
}

Result<Value> value_type(CallContext&, Arguments arguments) {
  const Value& value = arguments[0];
  return Value::string(value.is_null() ? "NULL" : describe(value) + " NOT NULL");
}

constexpr Parameter kParameters[] = {{"input"}};
constexpr Example kExamples[] = {
    {"valueType(1)", "'INTEGER NOT NULL'"},
    {"valueType('ö')", "'STRING NOT NULL'"},
    {"valueType([])", "'LIST<NOTHING> NOT NULL'"},
    {"valueType([1, 'a', 2])", "'LIST<STRING NOT NULL | INTEGER NOT NULL> NOT NULL'"},
    {"valueType([1, null])", "'LIST<INTEGER> NOT NULL'"},
    {"valueType([[1.0]])", "'LIST<LIST<FLOAT NOT NULL> NOT NULL> NOT NULL'"},
    {"valueType(vector([1, 2], 2, FLOAT32))", "'VECTOR<FLOAT32 NOT NULL>(2) NOT NULL'"},
    {"valueType(null)", "'NULL'"},
};
constexpr ScalarFunction kFunctions[] = {
    {.name = "valueType", .category = "general", .parameters = kParameters, .returns = types(Type::String),
     .summary = "Returns the most exact type of a value.", .examples = kExamples, .call = value_type,
     .null_in_null_out = false},
};

}  // namespace

std::span<const ScalarFunction> value_type_functions() { return kFunctions; }

}  // namespace nexus::function
