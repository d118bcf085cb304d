#include "service/bolt/structures.h"

#include <algorithm>
#include <unordered_map>

#include "value/temporal/time_zone.h"
#include "value/vector.h"

namespace nexus::service::bolt {
namespace {

enum Tag : std::uint8_t {
  kNode = 'N',
  kRelationship = 'R',
  kUnboundRelationship = 'r',
  kPath = 'P',
  kDate = 'D',
  kTime = 'T',
  kLocalTime = 't',
  kDateTime = 'I',
  kDateTimeZoneId = 'i',
  kLegacyDateTime = 'F',
  kLegacyDateTimeZoneId = 'f',
  kLocalDateTime = 'd',
  kDuration = 'E',
  kPoint2d = 'X',
  kPoint3d = 'Y',
};

constexpr std::int64_t kDayNanoseconds = 86'400'000'000'000;
constexpr std::int64_t kSecondNanoseconds = 1'000'000'000;
// The years -999,999,999 to 999,999,999.
constexpr std::int64_t kEpochDaysMin = -365'243'219'162;
constexpr std::int64_t kEpochDaysMax = 365'241'780'471;

std::int64_t id_of(std::uint64_t id) { return static_cast<std::int64_t>(id); }

void write_map(PackWriter& out, const Map& map, const Dialect& dialect) {
  out.dictionary(map.size());
  for (const auto& [key, value] : map) {
    out.string(key);
    write_value(out, value, dialect);
  }
}

void write_node(PackWriter& out, const NodeData& node, const Dialect& dialect) {
  out.structure(dialect.has_element_ids() ? 4 : 3, kNode);
  out.integer(id_of(node.id));
  out.list(node.labels.size());
  for (const std::string& label : node.labels) out.string(label);
  write_map(out, node.properties, dialect);
  if (dialect.has_element_ids()) out.string(node.element_id);
}

void write_relationship(PackWriter& out, const RelationshipData& relationship, const Dialect& dialect) {
  out.structure(dialect.has_element_ids() ? 8 : 5, kRelationship);
  out.integer(id_of(relationship.id));
  out.integer(id_of(relationship.start));
  out.integer(id_of(relationship.end));
  out.string(relationship.type);
  write_map(out, relationship.properties, dialect);
  if (!dialect.has_element_ids()) return;
  out.string(relationship.element_id);
  out.string(relationship.start_element_id);
  out.string(relationship.end_element_id);
}

void write_unbound(PackWriter& out, const RelationshipData& relationship, const Dialect& dialect) {
  out.structure(dialect.has_element_ids() ? 4 : 3, kUnboundRelationship);
  out.integer(id_of(relationship.id));
  out.string(relationship.type);
  write_map(out, relationship.properties, dialect);
  if (dialect.has_element_ids()) out.string(relationship.element_id);
}

// Each entity of a path once, and where it stands in that list.
struct Unique {
  std::vector<const Value*> items;
  std::unordered_map<std::uint64_t, std::size_t> positions;

  std::size_t add(const Value& entity) {
    const auto [at, is_new] = positions.emplace(entity.entity_id(), items.size());
    if (is_new) items.push_back(&entity);
    return at->second;
  }
};

void write_path(PackWriter& out, const PathData& path, const Dialect& dialect) {
  Unique nodes;
  Unique relationships;
  std::vector<std::int64_t> steps;
  nodes.add(path.nodes.front());
  for (std::size_t at = 0; at < path.relationships.size(); ++at) {
    const RelationshipData& relationship = path.relationships[at].relationship();
    const auto index = static_cast<std::int64_t>(relationships.add(path.relationships[at])) + 1;
    const bool is_forward = relationship.start == path.nodes[at].entity_id();
    steps.push_back(is_forward ? index : -index);
    steps.push_back(static_cast<std::int64_t>(nodes.add(path.nodes[at + 1])));
  }
  out.structure(3, kPath);
  out.list(nodes.items.size());
  for (const Value* node : nodes.items) write_node(out, node->node(), dialect);
  out.list(relationships.items.size());
  for (const Value* relationship : relationships.items) write_unbound(out, relationship->relationship(), dialect);
  out.list(steps.size());
  for (const std::int64_t step : steps) out.integer(step);
}

void write_date_time(PackWriter& out, const DateTime& when, const Dialect& dialect) {
  const bool is_named = !when.zone.empty();
  if (dialect.has_utc()) {
    out.structure(3, is_named ? kDateTimeZoneId : kDateTime);
    out.integer(when.epoch_seconds);
  } else {
    out.structure(3, is_named ? kLegacyDateTimeZoneId : kLegacyDateTime);
    out.integer(when.epoch_seconds + when.offset_seconds);
  }
  out.integer(when.nanoseconds);
  if (is_named) out.string(when.zone);
  else out.integer(when.offset_seconds);
}

void write_time(PackWriter& out, const Time& time) {
  out.structure(2, kTime);
  out.integer(time.nanoseconds);
  out.integer(time.offset_seconds);
}

void write_local_date_time(PackWriter& out, const LocalDateTime& when) {
  out.structure(2, kLocalDateTime);
  out.integer(when.epoch_seconds);
  out.integer(when.nanoseconds);
}

void write_duration(PackWriter& out, const Duration& span) {
  out.structure(4, kDuration);
  out.integer(span.months);
  out.integer(span.days);
  out.integer(span.seconds);
  out.integer(span.nanoseconds);
}

void write_point(PackWriter& out, const Point& point) {
  out.structure(point.has_z() ? 4 : 3, point.has_z() ? kPoint3d : kPoint2d);
  out.integer(point.srid);
  out.real(point.x);
  out.real(point.y);
  if (point.has_z()) out.real(point.z);
}

// By CoordinateType: the marker that PackStream puts before one such number.
constexpr std::string_view kCoordinateMarkers = "\xC8\xC9\xCA\xCB\xC6\xC1";

void write_vector(PackWriter& out, Vector vector, const Dialect& dialect) {
  if (!dialect.has_vectors()) return out.refuse();
  out.structure(2, kVectorTag);
  out.bytes(kCoordinateMarkers.substr(static_cast<std::size_t>(vector.type), 1));
  reverse_coordinates(vector);
  out.bytes(vector.bytes);
}

// Reading.

Error malformed() { return Error{ErrorCode::InvalidRequest, "a structure has the wrong fields"}; }
Error impossible(std::string what) { return Error{ErrorCode::InvalidArgument, "A parameter is not " + std::move(what) + "."}; }

// The fields of one structure, taken one after the other.
class Fields {
 public:
  Fields(const List& fields, std::size_t wanted) : fields_(fields), is_right_(fields.size() == wanted) {}

  std::int64_t integer() {
    const Value* field = next(Type::Integer);
    return field == nullptr ? 0 : field->integer();
  }
  double real() {
    const Value* field = next(Type::Float);
    return field == nullptr ? 0 : field->real();
  }
  std::string string() {
    const Value* field = next(Type::String);
    return field == nullptr ? std::string() : std::string(field->string());
  }
  bool is_right() const { return is_right_; }

 private:
  const Value* next(Type wanted) {
    is_right_ = is_right_ && at_ < fields_.size() && fields_[at_].is(wanted);
    return is_right_ ? &fields_[at_++] : nullptr;
  }

  const List& fields_;
  std::size_t at_ = 0;
  bool is_right_;
};

bool is_time_of_day(std::int64_t nanoseconds) { return nanoseconds >= 0 && nanoseconds < kDayNanoseconds; }
bool is_fraction(std::int64_t nanoseconds) { return nanoseconds >= 0 && nanoseconds < kSecondNanoseconds; }
bool is_offset(std::int64_t seconds) {
  return seconds >= -temporal::kZoneOffsetMax && seconds <= temporal::kZoneOffsetMax;
}
bool is_second(std::int64_t seconds) {
  return seconds >= kEpochDaysMin * 86'400 && seconds < (kEpochDaysMax + 1) * 86'400;
}

Result<Value> read_date(const List& list) {
  Fields fields(list, 1);
  const std::int64_t days = fields.integer();
  if (!fields.is_right()) return malformed();
  if (days < kEpochDaysMin || days > kEpochDaysMax) return impossible("a date that can be stored");
  return Value::date({days});
}

Result<Value> read_time(const List& list) {
  Fields fields(list, 2);
  const std::int64_t nanoseconds = fields.integer();
  const std::int64_t offset = fields.integer();
  if (!fields.is_right()) return malformed();
  if (!is_time_of_day(nanoseconds) || !is_offset(offset)) return impossible("a time of day");
  return Value::time({nanoseconds, static_cast<std::int32_t>(offset)});
}

Result<Value> read_local_time(const List& list) {
  Fields fields(list, 1);
  const std::int64_t nanoseconds = fields.integer();
  if (!fields.is_right()) return malformed();
  if (!is_time_of_day(nanoseconds)) return impossible("a time of day");
  return Value::local_time({nanoseconds});
}

Result<Value> read_local_date_time(const List& list) {
  Fields fields(list, 2);
  const std::int64_t seconds = fields.integer();
  const std::int64_t nanoseconds = fields.integer();
  if (!fields.is_right()) return malformed();
  if (!is_second(seconds) || !is_fraction(nanoseconds)) return impossible("a date and time that can be stored");
  return Value::local_date_time({seconds, static_cast<std::uint32_t>(nanoseconds)});
}

Result<Value> read_date_time(const List& list, bool is_named, bool is_utc) {
  Fields fields(list, 3);
  const std::int64_t seconds = fields.integer();
  const std::int64_t nanoseconds = fields.integer();
  temporal::Zone zone;
  std::int64_t offset = 0;
  if (is_named) zone.name = fields.string();
  else offset = fields.integer();
  if (!fields.is_right()) return malformed();
  if (!is_second(seconds) || !is_fraction(nanoseconds) || !is_offset(offset)) {
    return impossible("a date and time that can be stored");
  }
  if (is_named && !temporal::zone_exists(zone.name)) return impossible("in a time zone that this server knows");
  zone.offset_seconds = static_cast<std::int32_t>(offset);
  const auto fraction = static_cast<std::uint32_t>(nanoseconds);
  NX_TRY(DateTime when, is_utc ? temporal::at_instant(seconds, fraction, zone)
                               : temporal::at_local({seconds, fraction}, zone));
  return Value::date_time(std::move(when));
}

// Clients write negative parts either way: -1 s as (-1, 0), -0.5 s as (-1, 500000000) or (0, -500000000).
Result<Value> read_duration(const List& list) {
  Fields fields(list, 4);
  Duration span;
  span.months = fields.integer();
  span.days = fields.integer();
  span.seconds = fields.integer();
  std::int64_t nanoseconds = fields.integer();
  if (!fields.is_right()) return malformed();
  std::int64_t carry = nanoseconds / kSecondNanoseconds;
  nanoseconds %= kSecondNanoseconds;
  if (nanoseconds < 0) {
    nanoseconds += kSecondNanoseconds;
    --carry;
  }
  if (__builtin_add_overflow(span.seconds, carry, &span.seconds)) return impossible("a duration that can be stored");
  span.nanoseconds = static_cast<std::int32_t>(nanoseconds);
  return Value::duration(span);
}

Result<Value> read_point(const List& list, bool has_z) {
  Fields fields(list, has_z ? 4 : 3);
  const std::int64_t srid = fields.integer();
  Point point;
  point.x = fields.real();
  point.y = fields.real();
  if (has_z) point.z = fields.real();
  if (!fields.is_right()) return malformed();
  const bool is_known = has_z ? srid == 4979 || srid == 9157 : srid == 4326 || srid == 7203;
  if (!is_known) return impossible("a point in a coordinate system that this server knows");
  point.srid = static_cast<std::uint32_t>(srid);
  return Value::point(point);
}

Result<Value> read_vector(const List& list) {
  Fields fields(list, 2);
  const std::string marker = fields.string();
  Vector vector{CoordinateType::Integer8, fields.string()};
  const std::size_t type = marker.size() == 1 ? kCoordinateMarkers.find(marker) : std::string_view::npos;
  if (!fields.is_right() || type == std::string_view::npos) return malformed();
  vector.type = static_cast<CoordinateType>(type);
  if (vector.bytes.size() % coordinate_bytes(vector.type) == 0) reverse_coordinates(vector);
  if (!is_valid(vector)) return impossible("a vector of 1 to 4096 finite coordinates");
  return Value::vector(std::move(vector));
}

}  // namespace

void write_value(PackWriter& out, const Value& value, const Dialect& dialect) {
  switch (value.type()) {
    case Type::Null: return out.null();
    case Type::Boolean: return out.boolean(value.boolean());
    case Type::Integer: return out.integer(value.integer());
    case Type::Float: return out.real(value.real());
    case Type::String: return out.string(value.string());
    case Type::List:
      out.list(value.list().size());
      for (const Value& item : value.list()) write_value(out, item, dialect);
      return;
    case Type::Map: return write_map(out, value.map(), dialect);
    case Type::Node: return write_node(out, value.node(), dialect);
    case Type::Relationship: return write_relationship(out, value.relationship(), dialect);
    case Type::Path: return write_path(out, value.path(), dialect);
    case Type::Date:
      out.structure(1, kDate);
      return out.integer(value.date().epoch_days);
    case Type::LocalTime:
      out.structure(1, kLocalTime);
      return out.integer(value.local_time().nanoseconds);
    case Type::Time: return write_time(out, value.time());
    case Type::LocalDateTime: return write_local_date_time(out, value.local_date_time());
    case Type::DateTime: return write_date_time(out, value.date_time(), dialect);
    case Type::Duration: return write_duration(out, value.duration());
    case Type::Point: return write_point(out, value.point());
    case Type::Vector: return write_vector(out, value.vector(), dialect);
  }
}

Result<Value> value_of_structure(std::uint8_t tag, const List& fields, const Dialect& dialect) {
  switch (tag) {
    case kNode:
    case kRelationship:
    case kUnboundRelationship:
    case kPath: return Error{ErrorCode::InvalidArgumentType, "Nodes, relationships and paths cannot be parameters."};
    case kDate: return read_date(fields);
    case kTime: return read_time(fields);
    case kLocalTime: return read_local_time(fields);
    case kLocalDateTime: return read_local_date_time(fields);
    case kDuration: return read_duration(fields);
    case kPoint2d: return read_point(fields, false);
    case kPoint3d: return read_point(fields, true);
    default: break;
  }
  if (tag == kVectorTag && dialect.has_vectors()) return read_vector(fields);
  const bool is_named = tag == kDateTimeZoneId || tag == kLegacyDateTimeZoneId;
  if (dialect.has_utc() && (tag == kDateTime || tag == kDateTimeZoneId)) return read_date_time(fields, is_named, true);
  if (!dialect.has_utc() && (tag == kLegacyDateTime || tag == kLegacyDateTimeZoneId)) {
    return read_date_time(fields, is_named, false);
  }
  return Error{ErrorCode::InvalidRequest, "a structure has a tag that this version of the protocol does not know"};
}

}  // namespace nexus::service::bolt
