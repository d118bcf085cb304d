#include "value/text.h"

#include "base/number.h"
#include "base/utf8.h"
#include "value/temporal/temporal.h"
#include "value/vector.h"

namespace nexus {
namespace {

bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Letters as far as their block tells: punctuation, symbols and emoji need backticks.
bool is_name_start(char32_t c) {
  if (c < 0x80) return is_ascii_letter(c);
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c == 0xD7 || c == 0xF7 || c == kReplacementCharacter) return false;
  return !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F) && !(c >= 0xE000 && c <= 0xF8FF) &&
         !(c >= 0xFF00 && c <= 0xFF20) && c < 0x1F000;
}

bool is_plain_identifier(std::string_view name) {
  if (name.empty()) return false;
  for (bool first = true; !name.empty(); first = false) {
    const CodePoint point = first_code_point(name);
    if (!is_name_start(point.value) && (first || point.value < '0' || point.value > '9')) return false;
    name.remove_prefix(point.bytes);
  }
  return true;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    switch (c) {
      case '\'': out += "\\'"; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += c;
    }
  }
  out += '\'';
}

void append_identifier(std::string& out, std::string_view name) {
  if (is_plain_identifier(name)) {
    out += name;
    return;
  }
  out += '`';
  for (const char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  out += '`';
}

void append_map(std::string& out, const Map& map) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : map) {
    if (!first) out += ", ";
    first = false;
    append_identifier(out, key);
    out += ": ";
    append_text(out, value);
  }
  out += '}';
}

void append_list(std::string& out, const List& list) {
  out += '[';
  bool first = true;
  for (const Value& item : list) {
    if (!first) out += ", ";
    first = false;
    append_text(out, item);
  }
  out += ']';
}

void append_node(std::string& out, const Value& node) {
  out += '(';
  if (node.is_reference()) {
    out += '#';
    out += std::to_string(node.entity_id());
  } else {
    const NodeData& data = node.node();
    for (const std::string& label : data.labels) {
      out += ':';
      append_identifier(out, label);
    }
    if (!data.properties.empty()) {
      if (!data.labels.empty()) out += ' ';
      append_map(out, data.properties);
    }
  }
  out += ')';
}

void append_relationship(std::string& out, const Value& relationship) {
  out += '[';
  if (relationship.is_reference()) {
    out += '#';
    out += std::to_string(relationship.entity_id());
  } else {
    const RelationshipData& data = relationship.relationship();
    out += ':';
    append_identifier(out, data.type);
    if (!data.properties.empty()) {
      out += ' ';
      append_map(out, data.properties);
    }
  }
  out += ']';
}

void append_path(std::string& out, const PathData& path) {
  out += '<';
  append_node(out, path.nodes[0]);
  for (std::size_t i = 0; i < path.relationships.size(); ++i) {
    const Value& joint = path.relationships[i];
    // Only a full relationship knows its direction; a loop counts as forward.
    const bool is_known = !joint.is_reference();
    const bool forward = is_known && joint.relationship().start == path.nodes[i].entity_id();
    out += is_known && !forward ? "<-" : "-";
    append_relationship(out, joint);
    out += forward ? "->" : "-";
    append_node(out, path.nodes[i + 1]);
  }
  out += '>';
}

void append_point(std::string& out, const Point& point) {
  out += "point({srid: ";
  out += std::to_string(point.srid);
  out += ", x: ";
  append_double(out, point.x);
  out += ", y: ";
  append_double(out, point.y);
  if (point.has_z()) {
    out += ", z: ";
    append_double(out, point.z);
  }
  out += "})";
}

// As the function that makes it is called.
void append_vector(std::string& out, const Vector& vector) {
  out += "vector([";
  for (std::size_t at = 0; at < dimension(vector); ++at) {
    if (at != 0) out += ", ";
    append_coordinate(out, vector, at);
  }
  out += "], " + std::to_string(dimension(vector)) + ", ";
  out += coordinate_name(vector.type);
  out += ')';
}

}  // namespace

void append_text(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::Null: out += "null"; return;
    case Type::Boolean: out += value.boolean() ? "true" : "false"; return;
    case Type::Integer: out += std::to_string(value.integer()); return;
    case Type::Float: return append_double(out, value.real());
    case Type::String: return append_quoted(out, value.string());
    case Type::List: return append_list(out, value.list());
    case Type::Map: return append_map(out, value.map());
    case Type::Node: return append_node(out, value);
    case Type::Relationship: return append_relationship(out, value);
    case Type::Path: return append_path(out, value.path());
    case Type::Date: return append_quoted(out, format_date(value.date()));
    case Type::LocalTime: return append_quoted(out, format_local_time(value.local_time()));
    case Type::Time: return append_quoted(out, format_time(value.time()));
    case Type::LocalDateTime: return append_quoted(out, format_local_date_time(value.local_date_time()));
    case Type::DateTime: return append_quoted(out, format_date_time(value.date_time()));
    case Type::Duration: return append_quoted(out, format_duration(value.duration()));
    case Type::Point: return append_point(out, value.point());
    case Type::Vector: return append_vector(out, value.vector());
  }
}

std::string to_text(const Value& value) {
  std::string out;
  append_text(out, value);
  return out;
}

std::string quote_string(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

std::string quote_identifier(std::string_view name) {
  std::string out;
  append_identifier(out, name);
  return out;
}

}  // namespace nexus
