#include "base/number.h"
#include "service/json.h"
#include "value/temporal/temporal.h"
#include "value/vector.h"

namespace nexus::service {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void append_escaped(std::string& out, unsigned char byte) {
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (byte >= 0x20) {
    out += static_cast<char>(byte);
    return;
  }
  out += "\\u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

bool is_finite(double value) { return value - value == 0.0; }

void append_float(std::string& out, double value) {
  if (!is_finite(value)) return append_json_string(out, format_double(value));
  append_double(out, value);
}

// "SRID=7203;POINT (1.0 2.0)"
std::string point_text(const Point& point) {
  std::string text = "SRID=" + std::to_string(point.srid) + (point.has_z() ? ";POINT Z (" : ";POINT (");
  append_double(text, point.x);
  append_double(text += ' ', point.y);
  if (point.has_z()) append_double(text += ' ', point.z);
  return text + ")";
}

// Its coordinates as texts, or as the numbers they are.
void append_coordinates(std::string& out, const Vector& vector, bool as_texts) {
  out += '[';
  for (std::size_t at = 0; at < dimension(vector); ++at) {
    if (at != 0) out += ',';
    if (as_texts) out += '"';
    append_coordinate(out, vector, at);
    if (as_texts) out += '"';
  }
  out += ']';
}

using Append = void (*)(std::string&, const Value&);

void append_list(std::string& out, const List& items, Append append) {
  out += '[';
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (at != 0) out += ',';
    append(out, items[at]);
  }
  out += ']';
}

void append_map(std::string& out, const Map& map, Append append) {
  out += '{';
  for (std::size_t at = 0; at < map.size(); ++at) {
    if (at != 0) out += ',';
    append_json_string(out, map[at].first);
    out += ':';
    append(out, map[at].second);
  }
  out += '}';
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
}

void append_labels(std::string& out, const std::vector<std::string>& labels) {
  out += '[';
  for (std::size_t at = 0; at < labels.size(); ++at) {
    if (at != 0) out += ',';
    append_json_string(out, labels[at]);
  }
  out += ']';
}

void append_node(std::string& out, const NodeData& node) {
  append_member(out += '{', "elementId", node.element_id);
  append_labels(out += ",\"labels\":", node.labels);
  append_map(out += ",\"properties\":", node.properties, append_json);
  out += '}';
}

void append_relationship(std::string& out, const RelationshipData& relationship) {
  append_member(out += '{', "elementId", relationship.element_id);
  append_member(out += ',', "startNodeElementId", relationship.start_element_id);
  append_member(out += ',', "endNodeElementId", relationship.end_element_id);
  append_member(out += ',', "type", relationship.type);
  append_map(out += ",\"properties\":", relationship.properties, append_json);
  out += '}';
}

void append_path(std::string& out, const PathData& path, Append append) {
  out += '[';
  for (std::size_t at = 0; at < path.nodes.size(); ++at) {
    if (at != 0) {
      append(out += ',', path.relationships[at - 1]);
      out += ',';
    }
    append(out, path.nodes[at]);
  }
  out += ']';
}

void open_typed(std::string& out, std::string_view type) {
  append_member(out += '{', "$type", type);
  out += ",\"_value\":";
}

void append_typed_text(std::string& out, std::string_view type, std::string_view text) {
  open_typed(out, type);
  append_json_string(out, text);
  out += '}';
}

void append_typed_node(std::string& out, const NodeData& node) {
  open_typed(out, "Node");
  append_member(out += '{', "_element_id", node.element_id);
  append_labels(out += ",\"_labels\":", node.labels);
  append_map(out += ",\"_properties\":", node.properties, append_typed_json);
  out += "}}";
}

void append_typed_relationship(std::string& out, const RelationshipData& relationship) {
  open_typed(out, "Relationship");
  append_member(out += '{', "_element_id", relationship.element_id);
  append_member(out += ',', "_start_node_element_id", relationship.start_element_id);
  append_member(out += ',', "_end_node_element_id", relationship.end_element_id);
  append_member(out += ',', "_type", relationship.type);
  append_map(out += ",\"_properties\":", relationship.properties, append_typed_json);
  out += "}}";
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) append_escaped(out, static_cast<unsigned char>(c));
  out += '"';
}

void append_json(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::Null: out += "null"; return;
    case Type::Boolean: out += value.boolean() ? "true" : "false"; return;
    case Type::Integer: out += std::to_string(value.integer()); return;
    case Type::Float: return append_float(out, value.real());
    case Type::String: return append_json_string(out, value.string());
    case Type::List: return append_list(out, value.list(), append_json);
    case Type::Map: return append_map(out, value.map(), append_json);
    case Type::Node: return append_node(out, value.node());
    case Type::Relationship: return append_relationship(out, value.relationship());
    case Type::Path: return append_path(out, value.path(), append_json);
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime:
    case Type::DateTime:
    case Type::Duration: return append_json_string(out, format_temporal(value));
    case Type::Point: return append_json_string(out, point_text(value.point()));
    case Type::Vector: return append_coordinates(out, value.vector(), false);
  }
}

void append_typed_json(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::Null: out += R"({"$type":"Null","_value":null})"; return;
    case Type::Boolean:
      open_typed(out, "Boolean");
      out += value.boolean() ? "true}" : "false}";
      return;
    case Type::Integer: return append_typed_text(out, "Integer", std::to_string(value.integer()));
    case Type::Float: return append_typed_text(out, "Float", format_double(value.real()));
    case Type::String: return append_typed_text(out, "String", value.string());
    case Type::List:
      open_typed(out, "List");
      append_list(out, value.list(), append_typed_json);
      out += '}';
      return;
    case Type::Map:
      open_typed(out, "Map");
      append_map(out, value.map(), append_typed_json);
      out += '}';
      return;
    case Type::Node: return append_typed_node(out, value.node());
    case Type::Relationship: return append_typed_relationship(out, value.relationship());
    case Type::Path:
      open_typed(out, "Path");
      append_path(out, value.path(), append_typed_json);
      out += '}';
      return;
    case Type::Date: return append_typed_text(out, "Date", format_temporal(value));
    case Type::LocalTime: return append_typed_text(out, "LocalTime", format_temporal(value));
    case Type::Time: return append_typed_text(out, "Time", format_temporal(value));
    case Type::LocalDateTime: return append_typed_text(out, "LocalDateTime", format_temporal(value));
    case Type::DateTime:
      return append_typed_text(out, value.date_time().zone.empty() ? "OffsetDateTime" : "ZonedDateTime",
                               format_temporal(value));
    case Type::Duration: return append_typed_text(out, "Duration", format_temporal(value));
    case Type::Point: return append_typed_text(out, "Point", point_text(value.point()));
    case Type::Vector:
      open_typed(out, "Vector");
      append_member(out += '{', "coordinatesType",
                    std::string(coordinate_name(value.vector().type)) +
                        (coordinate_bytes(value.vector().type) == 8 ? "64" : ""));
      append_coordinates(out += ",\"coordinates\":", value.vector(), true);
      out += "}}";
      return;
  }
}

}  // namespace nexus::service
