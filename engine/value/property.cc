#include "value/property.h"

#include <string>

#include "value/text.h"

namespace nexus {
namespace {

bool is_scalar(Type type) {
  switch (type) {
    case Type::Boolean:
    case Type::Integer:
    case Type::Float:
    case Type::String:
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime:
    case Type::DateTime:
    case Type::Duration:
    case Type::Point:
    case Type::Vector: return true;
    case Type::Null:
    case Type::List:
    case Type::Map:
    case Type::Node:
    case Type::Relationship:
    case Type::Path: break;
  }
  return false;
}

// Why the value cannot be stored, empty when it can.
std::string objection(const Value& value) {
  if (is_scalar(value.type())) return {};
  if (!value.is(Type::List)) return std::string(type_name(value.type()));
  const List& items = value.list();
  for (const Value& item : items) {
    if (!is_scalar(item.type()) || item.is(Type::Vector)) return "a list that contains " + std::string(type_name(item.type()));
    const bool same_kind = item.type() == items[0].type() || (item.is_number() && items[0].is_number());
    if (!same_kind) {
      return "a list that mixes " + std::string(type_name(items[0].type())) + " and " +
             std::string(type_name(item.type()));
    }
  }
  return {};
}

}  // namespace

bool is_property_value(const Value& value) { return objection(value).empty(); }

Result<> check_property_value(std::string_view key, const Value& value) {
  const std::string why = objection(value);
  if (why.empty()) return Done{};
  return Error{ErrorCode::InvalidPropertyType, "property " + quote_identifier(key) + " cannot hold " + why};
}

}  // namespace nexus
