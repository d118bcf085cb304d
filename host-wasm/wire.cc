#include "wire.h"

#include "value/temporal/temporal.h"
#include "value/vector.h"

namespace nexus::wasm {
namespace {

constexpr unsigned kDepthMax = 64;

void write_map(ByteWriter& out, const Map& map) {
  out.u8(7);
  out.varint(map.size());
  for (const auto& [key, value] : map) {
    out.text(key);
    write_value(out, value);
  }
}

void write_list(ByteWriter& out, const List& items) {
  out.varint(items.size());
  for (const Value& item : items) write_value(out, item);
}

void write_node(ByteWriter& out, const NodeData& node) {
  out.u8(8);
  out.u64(node.id);
  out.text(node.element_id);
  out.varint(node.labels.size());
  for (const std::string& label : node.labels) out.text(label);
  write_map(out, node.properties);
}

void write_relationship(ByteWriter& out, const RelationshipData& relationship) {
  out.u8(9);
  out.u64(relationship.id);
  out.text(relationship.element_id);
  out.text(relationship.type);
  out.u64(relationship.start);
  out.u64(relationship.end);
  out.text(relationship.start_element_id);
  out.text(relationship.end_element_id);
  write_map(out, relationship.properties);
}

void write_point(ByteWriter& out, const Point& point) {
  out.u8(12);
  out.u32(point.srid);
  out.f64(point.x);
  out.f64(point.y);
  out.f64(point.z);
}

Result<Value> read_nested(ByteReader& in, unsigned depth);

Result<Value> read_list(ByteReader& in, unsigned depth) {
  NX_TRY(const std::size_t count, in.count());
  List items;
  items.reserve(count);
  for (std::size_t at = 0; at < count; ++at) {
    NX_TRY(Value item, read_nested(in, depth + 1));
    items.push_back(std::move(item));
  }
  return Value::list(std::move(items));
}

Result<Value> read_map(ByteReader& in, unsigned depth) {
  NX_TRY(const std::size_t count, in.count(2));
  Map entries;
  entries.reserve(count);
  for (std::size_t at = 0; at < count; ++at) {
    NX_TRY(const std::string_view key, in.text());
    NX_TRY(Value value, read_nested(in, depth + 1));
    entries.emplace_back(std::string(key), std::move(value));
  }
  return Value::map(make_map(std::move(entries)));
}

Result<Value> read_temporal(ByteReader& in) {
  NX_TRY(const std::string_view type, in.text());
  NX_TRY(const std::string_view text, in.text());
  if (type == "DATE") {
    NX_TRY(const Date date, parse_date(text));
    return Value::date(date);
  }
  if (type == "LOCAL TIME") {
    NX_TRY(const LocalTime time, parse_local_time(text));
    return Value::local_time(time);
  }
  if (type == "ZONED TIME") {
    NX_TRY(const Time time, parse_time(text));
    return Value::time(time);
  }
  if (type == "LOCAL DATETIME") {
    NX_TRY(const LocalDateTime local, parse_local_date_time(text));
    return Value::local_date_time(local);
  }
  if (type == "ZONED DATETIME") {
    NX_TRY(DateTime date_time, parse_date_time(text));
    return Value::date_time(std::move(date_time));
  }
  if (type == "DURATION") {
    NX_TRY(const Duration duration, parse_duration(text));
    return Value::duration(duration);
  }
  return Error{ErrorCode::InvalidRequest, "there is no temporal type " + std::string(type)};
}

Result<Value> read_vector(ByteReader& in) {
  NX_TRY(const std::uint8_t type, in.u8());
  NX_TRY(const std::string_view bytes, in.text());
  if (type >= kCoordinateTypes) return Error{ErrorCode::InvalidRequest, "there is no such type of coordinates"};
  Vector vector{static_cast<CoordinateType>(type), std::string(bytes)};
  if (!is_valid(vector)) return Error{ErrorCode::InvalidArgument, "A vector has 1 to 4096 finite coordinates."};
  return Value::vector(std::move(vector));
}

Result<Value> read_point(ByteReader& in) {
  Point point;
  NX_TRY(point.srid, in.u32());
  NX_TRY(point.x, in.f64());
  NX_TRY(point.y, in.f64());
  NX_TRY(point.z, in.f64());
  if (point.srid != 4326 && point.srid != 4979 && point.srid != 7203 && point.srid != 9157) {
    return Error{ErrorCode::InvalidRequest, "there is no coordinate system " + std::to_string(point.srid)};
  }
  return Value::point(point);
}

Result<Value> read_nested(ByteReader& in, unsigned depth) {
  if (depth > kDepthMax) return Error{ErrorCode::InvalidRequest, "a parameter nests deeper than 64 levels"};
  NX_TRY(const std::uint8_t tag, in.u8());
  switch (tag) {
    case 0: return Value::null();
    case 1: return Value::boolean(false);
    case 2: return Value::boolean(true);
    case 3: {
      NX_TRY(const std::uint64_t word, in.u64());
      return Value::integer(static_cast<std::int64_t>(word));
    }
    case 4: {
      NX_TRY(const double real, in.f64());
      return Value::real(real);
    }
    case 5: {
      NX_TRY(const std::string_view text, in.text());
      return Value::string(text);
    }
    case 6: return read_list(in, depth);
    case 7: return read_map(in, depth);
    case 11: return read_temporal(in);
    case 12: return read_point(in);
    case 13: return read_vector(in);
    default: return Error{ErrorCode::InvalidRequest, "there is no parameter type " + std::to_string(tag)};
  }
}

}  // namespace

void write_value(ByteWriter& out, const Value& value) {
  switch (value.type()) {
    case Type::Null: return out.u8(0);
    case Type::Boolean: return out.u8(value.boolean() ? 2 : 1);
    case Type::Integer: return out.u8(3), out.u64(static_cast<std::uint64_t>(value.integer()));
    case Type::Float: return out.u8(4), out.f64(value.real());
    case Type::String: return out.u8(5), out.text(value.string());
    case Type::List: return out.u8(6), write_list(out, value.list());
    case Type::Map: return write_map(out, value.map());
    case Type::Node: return write_node(out, value.node());
    case Type::Relationship: return write_relationship(out, value.relationship());
    case Type::Path:
      out.u8(10);
      write_list(out, value.path().nodes);
      return write_list(out, value.path().relationships);
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime:
    case Type::DateTime:
    case Type::Duration:
      out.u8(11);
      out.text(type_name(value.type()));
      return out.text(format_temporal(value));
    case Type::Point: return write_point(out, value.point());
    case Type::Vector:
      out.u8(13);
      out.u8(static_cast<std::uint8_t>(value.vector().type));
      return out.text(value.vector().bytes);
  }
}

Result<Value> read_value(ByteReader& in) { return read_nested(in, 0); }

void write_text(ByteWriter& out, std::string_view text) {
  out.u8(5);
  out.text(text);
}

void write_list_head(ByteWriter& out, std::size_t items) {
  out.u8(6);
  out.varint(items);
}

MapWriter::MapWriter(ByteWriter& out, std::size_t entries) : out_(&out) {
  out.u8(7);
  out.varint(entries);
}

ByteWriter& MapWriter::entry(std::string_view key) {
  out_->text(key);
  return *out_;
}

void MapWriter::text(std::string_view key, std::string_view value) { write_text(entry(key), value); }

void MapWriter::number(std::string_view key, std::uint64_t value) {
  ByteWriter& out = entry(key);
  out.u8(3);
  out.u64(value);
}

void MapWriter::boolean(std::string_view key, bool value) { entry(key).u8(value ? 2 : 1); }

}  // namespace nexus::wasm
