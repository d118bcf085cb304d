#include "host-native/cli/typed_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/number.h"
#include "service/json.h"

namespace nexus::host {
namespace {

namespace json = boost::json;

Error unexpected() { return Error{ErrorCode::IoError, "the server's answer holds a value in no known form"}; }

Result<Map> decode_map(const json::value* members) {
  if (members == nullptr || !members->is_object()) return unexpected();
  Map map;
  for (const auto& member : members->get_object()) {
    NX_TRY(auto value, decode_typed(member.value()));
    map.emplace_back(std::string(member.key().data(), member.key().size()), std::move(value));
  }
  return make_map(std::move(map));
}

Result<List> decode_list(const json::value& items) {
  if (!items.is_array()) return unexpected();
  List list;
  for (const auto& item : items.get_array()) {
    NX_TRY(auto value, decode_typed(item));
    list.push_back(std::move(value));
  }
  return list;
}

// "4:<uuid>:17" ends in the id.
std::uint64_t id_of(const std::string& element_id) {
  const auto id = parse_integer(std::string_view(element_id).substr(element_id.rfind(':') + 1));
  return id && *id >= 0 ? static_cast<std::uint64_t>(*id) : 0;
}

Result<Value> decode_node(const json::object& object) {
  NodeData node;
  node.element_id = text_of(object, "_element_id");
  node.id = id_of(node.element_id);
  const json::value* labels = object.if_contains("_labels");
  if (labels == nullptr || !labels->is_array()) return unexpected();
  for (const auto& label : labels->get_array()) {
    if (!label.is_string()) return unexpected();
    node.labels.emplace_back(label.get_string().c_str());
  }
  NX_TRY(node.properties, decode_map(object.if_contains("_properties")));
  return Value::node(std::move(node));
}

Result<Value> decode_relationship(const json::object& object) {
  RelationshipData relationship;
  relationship.element_id = text_of(object, "_element_id");
  relationship.id = id_of(relationship.element_id);
  relationship.type = text_of(object, "_type");
  relationship.start_element_id = text_of(object, "_start_node_element_id");
  relationship.end_element_id = text_of(object, "_end_node_element_id");
  relationship.start = id_of(relationship.start_element_id);
  relationship.end = id_of(relationship.end_element_id);
  NX_TRY(relationship.properties, decode_map(object.if_contains("_properties")));
  return Value::relationship(std::move(relationship));
}

Result<Value> decode_path(const json::value& items) {
  NX_TRY(List list, decode_list(items));
  PathData path;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is(i % 2 == 0 ? Type::Node : Type::Relationship)) return unexpected();
    (i % 2 == 0 ? path.nodes : path.relationships).push_back(std::move(list[i]));
  }
  if (path.nodes.size() != path.relationships.size() + 1) return unexpected();
  return Value::path(std::move(path));
}

// "SRID=7203;POINT (1.0 2.0)"
Result<Value> decode_point(std::string_view text) {
  const auto semicolon = text.find(';');
  const auto open = text.find('(');
  const auto close = text.find(')');
  if (!text.starts_with("SRID=") || semicolon > open || close == std::string_view::npos) return unexpected();
  Point point;
  const auto srid = parse_integer(text.substr(5, semicolon - 5));
  if (!srid) return unexpected();
  point.srid = static_cast<std::uint32_t>(*srid);
  std::string_view numbers = text.substr(open + 1, close - open - 1);
  for (double* coordinate : {&point.x, &point.y, &point.z}) {
    if (numbers.empty()) break;
    const auto number = parse_double(numbers.substr(0, numbers.find(' ')));
    if (!number) return unexpected();
    *coordinate = *number;
    numbers.remove_prefix(std::min(numbers.size(), numbers.find(' ') == std::string_view::npos ? numbers.size() : numbers.find(' ') + 1));
  }
  return Value::point(point);
}

}  // namespace

Result<Value> decode_typed(const json::value& value) {
  if (!value.is_object()) return unexpected();
  const json::object& object = value.get_object();
  const std::string type = text_of(object, "$type");
  const json::value* inner = object.if_contains("_value");
  if (type.empty() || inner == nullptr) return unexpected();
  if (type == "List") {
    NX_TRY(List list, decode_list(*inner));
    return Value::list(std::move(list));
  }
  if (type == "Map") {
    NX_TRY(Map map, decode_map(inner));
    return Value::map(std::move(map));
  }
  if (type == "Path") return decode_path(*inner);
  if (type == "Node" && inner->is_object()) return decode_node(inner->get_object());
  if (type == "Relationship" && inner->is_object()) return decode_relationship(inner->get_object());
  if (type == "Point" && inner->is_string()) return decode_point(inner->get_string().c_str());
  // Numbers, strings and temporal values: read as the server reads parameters.
  return service::parse_json(json::serialize(value));
}

void append_parameter(std::string& out, const Value& value) {
  if (value.is(Type::List)) {
    out += '[';
    bool is_first = true;
    for (const Value& item : value.list()) {
      if (!std::exchange(is_first, false)) out += ',';
      append_parameter(out, item);
    }
    out += ']';
  } else if (value.is(Type::Map)) {
    out += '{';
    bool is_first = true;
    for (const auto& [key, member] : value.map()) {
      if (!std::exchange(is_first, false)) out += ',';
      service::append_json_string(out, key);
      append_parameter(out += ':', member);
    }
    out += '}';
  } else if (value.is(Type::Null) || value.is(Type::Boolean) || value.is(Type::Integer) || value.is(Type::String)) {
    service::append_json(out, value);
  } else {
    service::append_typed_json(out, value);
  }
}

std::string text_of(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str(), value->get_string().size()) : "";
}

}  // namespace nexus::host
