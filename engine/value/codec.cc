#include "value/codec.h"

#include <algorithm>

#include "value/vector.h"

namespace nexus {
namespace {

enum class Tag : std::uint8_t {
  Null,
  False,
  True,
  Integer,
  Float,
  String,
  List,
  Map,
  Date,
  LocalTime,
  Time,
  LocalDateTime,
  DateTime,
  Duration,
  Point2d,
  Point3d,
  Vector,
};

constexpr std::int64_t kDayNanoseconds = 86'400'000'000'000;
constexpr std::int64_t kEpochDaysMax = 366'000'000'000;  // Beyond the years ±999,999,999 by a little.
constexpr std::int64_t kEpochSecondsMax = (kEpochDaysMax + 1) * 86'400;
constexpr std::int32_t kOffsetSecondsMax = 18 * 3600;

Error corrupt(const char* what) { return Error{ErrorCode::Corruption, std::string("a stored value has ") + what}; }

void put(ByteWriter& out, Tag tag) { out.u8(static_cast<std::uint8_t>(tag)); }

void encode_date_time(ByteWriter& out, const DateTime& when) {
  put(out, Tag::DateTime);
  out.signed_varint(when.epoch_seconds);
  out.varint(when.nanoseconds);
  out.signed_varint(when.offset_seconds);
  out.text(when.zone);
}

void encode_duration(ByteWriter& out, const Duration& span) {
  put(out, Tag::Duration);
  out.signed_varint(span.months);
  out.signed_varint(span.days);
  out.signed_varint(span.seconds);
  out.varint(static_cast<std::uint64_t>(span.nanoseconds));
}

void encode_point(ByteWriter& out, const Point& point) {
  put(out, point.has_z() ? Tag::Point3d : Tag::Point2d);
  out.varint(point.srid);
  out.f64(point.x);
  out.f64(point.y);
  if (point.has_z()) out.f64(point.z);
}

void encode_vector(ByteWriter& out, const Vector& vector) {
  put(out, Tag::Vector);
  out.u8(static_cast<std::uint8_t>(vector.type));
  out.text(vector.bytes);
}

void encode_time(ByteWriter& out, Time time) {
  put(out, Tag::Time);
  out.varint(static_cast<std::uint64_t>(time.nanoseconds));
  out.signed_varint(time.offset_seconds);
}

void encode_local_date_time(ByteWriter& out, LocalDateTime when) {
  put(out, Tag::LocalDateTime);
  out.signed_varint(when.epoch_seconds);
  out.varint(when.nanoseconds);
}

Result<Value> decode(ByteReader& in, std::uint32_t levels_left);

Result<Value> decode_list(ByteReader& in, std::uint32_t levels_left) {
  if (levels_left == 0) return corrupt("too many nested lists");
  NX_TRY(const std::size_t count, in.count());
  List items;
  // Why not all at once: a Value is larger than the byte that may stand for it.
  items.reserve(std::min<std::size_t>(count, 64));
  for (std::size_t i = 0; i < count; ++i) {
    NX_TRY(Value item, decode(in, levels_left - 1));
    items.push_back(std::move(item));
  }
  return Value::list(std::move(items));
}

Result<Value> decode_map(ByteReader& in, std::uint32_t levels_left) {
  if (levels_left == 0) return corrupt("too many nested maps");
  NX_TRY(const std::size_t count, in.count(2));
  Map entries;
  entries.reserve(std::min<std::size_t>(count, 64));
  for (std::size_t i = 0; i < count; ++i) {
    NX_TRY(const std::string_view key, in.text());
    if (!entries.empty() && key <= entries.back().first) return corrupt("map keys out of order");
    NX_TRY(Value item, decode(in, levels_left - 1));
    entries.emplace_back(std::string(key), std::move(item));
  }
  return Value::map(std::move(entries));
}

Result<std::int64_t> decode_within(ByteReader& in, std::int64_t magnitude_max) {
  NX_TRY(const std::int64_t value, in.signed_varint());
  if (value < -magnitude_max || value > magnitude_max) return corrupt("a date outside the calendar");
  return value;
}

Result<std::int64_t> decode_below(ByteReader& in, std::int64_t limit) {
  NX_TRY(const std::uint64_t value, in.varint());
  if (value >= static_cast<std::uint64_t>(limit)) return corrupt("a time of day that does not exist");
  return static_cast<std::int64_t>(value);
}

Result<std::int32_t> decode_offset(ByteReader& in) {
  NX_TRY(const std::int64_t value, in.signed_varint());
  if (value < -kOffsetSecondsMax || value > kOffsetSecondsMax) return corrupt("a zone offset beyond 18 hours");
  return static_cast<std::int32_t>(value);
}

Result<Value> decode_time(ByteReader& in) {
  NX_TRY(const std::int64_t nanoseconds, decode_below(in, kDayNanoseconds));
  NX_TRY(const std::int32_t offset, decode_offset(in));
  return Value::time({nanoseconds, offset});
}

Result<LocalDateTime> decode_instant(ByteReader& in) {
  NX_TRY(const std::int64_t seconds, decode_within(in, kEpochSecondsMax));
  NX_TRY(const std::int64_t nanoseconds, decode_below(in, 1'000'000'000));
  return LocalDateTime{seconds, static_cast<std::uint32_t>(nanoseconds)};
}

Result<Value> decode_date_time(ByteReader& in) {
  NX_TRY(const LocalDateTime instant, decode_instant(in));
  NX_TRY(const std::int32_t offset, decode_offset(in));
  NX_TRY(const std::string_view zone, in.text());
  return Value::date_time({instant.epoch_seconds, instant.nanoseconds, offset, std::string(zone)});
}

Result<Value> decode_duration(ByteReader& in) {
  Duration span;
  NX_TRY(span.months, in.signed_varint());
  NX_TRY(span.days, in.signed_varint());
  NX_TRY(span.seconds, in.signed_varint());
  NX_TRY(const std::int64_t nanoseconds, decode_below(in, 1'000'000'000));
  span.nanoseconds = static_cast<std::int32_t>(nanoseconds);
  return Value::duration(span);
}

Result<Value> decode_point(ByteReader& in, bool has_z) {
  Point point;
  NX_TRY(point.srid, in.varint32());
  const bool known = has_z ? point.srid == 4979 || point.srid == 9157 : point.srid == 4326 || point.srid == 7203;
  if (!known) return corrupt("an unknown coordinate system");
  NX_TRY(point.x, in.f64());
  NX_TRY(point.y, in.f64());
  if (has_z) NX_TRY_DO([&]() -> Result<> {
    NX_TRY(point.z, in.f64());
    return Done{};
  }());
  return Value::point(point);
}

Result<Value> decode_vector(ByteReader& in) {
  NX_TRY(const std::uint8_t type, in.u8());
  NX_TRY(const std::string_view bytes, in.text());
  if (type >= kCoordinateTypes) return corrupt("an unknown coordinate type");
  Vector vector{static_cast<CoordinateType>(type), std::string(bytes)};
  if (!is_valid(vector)) return corrupt("a vector that cannot be");
  return Value::vector(std::move(vector));
}

Result<Value> decode(ByteReader& in, std::uint32_t levels_left) {
  NX_TRY(const std::uint8_t byte, in.u8());
  if (byte > static_cast<std::uint8_t>(Tag::Vector)) return corrupt("an unknown type tag");
  switch (static_cast<Tag>(byte)) {
    case Tag::Null: return Value::null();
    case Tag::False: return Value::boolean(false);
    case Tag::True: return Value::boolean(true);
    case Tag::Integer: {
      NX_TRY(const std::int64_t value, in.signed_varint());
      return Value::integer(value);
    }
    case Tag::Float: {
      NX_TRY(const double value, in.f64());
      return Value::real(value);
    }
    case Tag::String: {
      NX_TRY(const std::string_view text, in.text());
      return Value::string(text);
    }
    case Tag::List: return decode_list(in, levels_left);
    case Tag::Map: return decode_map(in, levels_left);
    case Tag::Date: {
      NX_TRY(const std::int64_t days, decode_within(in, kEpochDaysMax));
      return Value::date({days});
    }
    case Tag::LocalTime: {
      NX_TRY(const std::int64_t nanoseconds, decode_below(in, kDayNanoseconds));
      return Value::local_time({nanoseconds});
    }
    case Tag::Time: return decode_time(in);
    case Tag::LocalDateTime: {
      NX_TRY(const LocalDateTime when, decode_instant(in));
      return Value::local_date_time(when);
    }
    case Tag::DateTime: return decode_date_time(in);
    case Tag::Duration: return decode_duration(in);
    case Tag::Point2d: return decode_point(in, false);
    case Tag::Point3d: return decode_point(in, true);
    case Tag::Vector: return decode_vector(in);
  }
  return corrupt("an unknown type tag");
}

void encode(ByteWriter& out, const Value& value) {
  switch (value.type()) {
    case Type::Null: return put(out, Tag::Null);
    case Type::Boolean: return put(out, value.boolean() ? Tag::True : Tag::False);
    case Type::Integer: return put(out, Tag::Integer), out.signed_varint(value.integer());
    case Type::Float: return put(out, Tag::Float), out.f64(value.real());
    case Type::String: return put(out, Tag::String), out.text(value.string());
    case Type::List:
      put(out, Tag::List);
      out.varint(value.list().size());
      for (const Value& item : value.list()) encode(out, item);
      return;
    case Type::Map:
      put(out, Tag::Map);
      out.varint(value.map().size());
      for (const auto& [key, item] : value.map()) {
        out.text(key);
        encode(out, item);
      }
      return;
    case Type::Date: return put(out, Tag::Date), out.signed_varint(value.date().epoch_days);
    case Type::LocalTime:
      return put(out, Tag::LocalTime), out.varint(static_cast<std::uint64_t>(value.local_time().nanoseconds));
    case Type::Time: return encode_time(out, value.time());
    case Type::LocalDateTime: return encode_local_date_time(out, value.local_date_time());
    case Type::DateTime: return encode_date_time(out, value.date_time());
    case Type::Duration: return encode_duration(out, value.duration());
    case Type::Point: return encode_point(out, value.point());
    case Type::Vector: return encode_vector(out, value.vector());
    case Type::Node:
    case Type::Relationship:
    case Type::Path: break;
  }
  NX_CHECK(!"entities and paths have no binary form");
}

}  // namespace

void encode_value(ByteWriter& out, const Value& value) {
  NX_CHECK(value.depth() <= kEncodedDepthMax);
  encode(out, value);
}

Result<Value> decode_value(ByteReader& in) { return decode(in, kEncodedDepthMax); }

}  // namespace nexus
