// Value: one Cypher value, 16 bytes, cheap to copy.
//
// Small things live inside (null, boolean, integer, float, strings up to 14 bytes, date,
// local time, time, local datetime, entity ids); the rest is an immutable heap object with
// an atomic reference count, shared by copies (ADR 0003).
//
// Invariant: a heap object is never changed once a Value holds it.
// Invariant: a Map's entries are sorted by key (bytewise) and keys are unique.
// Threads: copies may be used on different threads; one Value object may not be written concurrently.
//
// Entities come in two forms. Inside a running query a Node or Relationship is a bare id
// (is_reference()); a result that leaves the engine holds the full NodeData/RelationshipData.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"

namespace nexus {

enum class Type : std::uint8_t {
  Null,
  Boolean,
  Integer,
  Float,
  String,
  List,
  Map,
  Node,
  Relationship,
  Path,
  Date,
  LocalTime,
  Time,
  LocalDateTime,
  DateTime,
  Duration,
  Point,
  Vector,
};
constexpr Type kTypeLast = Type::Vector;

// "INTEGER", "ZONED DATETIME": the names Cypher uses in error messages and valueType().
std::string_view type_name(Type type);

class Value;
using List = std::vector<Value>;
using MapEntry = std::pair<std::string, Value>;
using Map = std::vector<MapEntry>;  // Sorted by key, unique keys: see make_map().

struct NodeData;
struct RelationshipData;
struct PathData;

// Days since 1970-01-01 in the proleptic Gregorian calendar; years -999,999,999..999,999,999.
struct Date {
  std::int64_t epoch_days = 0;
  bool operator==(const Date&) const = default;
};
struct LocalTime {
  std::int64_t nanoseconds = 0;  // Since midnight.
  bool operator==(const LocalTime&) const = default;
};
struct Time {
  std::int64_t nanoseconds = 0;     // Local wall clock, since midnight.
  std::int32_t offset_seconds = 0;  // East of UTC, within ±18 h.
  bool operator==(const Time&) const = default;
};
struct LocalDateTime {
  std::int64_t epoch_seconds = 0;  // Of the wall clock, as if it were UTC.
  std::uint32_t nanoseconds = 0;   // 0..999,999,999
  bool operator==(const LocalDateTime&) const = default;
};
struct DateTime {
  std::int64_t epoch_seconds = 0;   // UTC.
  std::uint32_t nanoseconds = 0;    // 0..999,999,999
  std::int32_t offset_seconds = 0;  // In force at this instant.
  std::string zone;                 // IANA name, empty when only an offset is known.
  bool operator==(const DateTime&) const = default;
};
struct Duration {
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;  // 0..999,999,999, also when seconds is negative.
  bool operator==(const Duration&) const = default;
};
struct Point {
  std::uint32_t srid = 7203;  // 4326 WGS-84, 4979 WGS-84 3D, 7203 Cartesian, 9157 Cartesian 3D.
  double x = 0, y = 0, z = 0;
  bool has_z() const { return srid == 4979 || srid == 9157; }
  bool operator==(const Point&) const = default;
};

// What a vector's coordinates are, in the order vectors sort by; the numbers of docs/format/value.md.
enum class CoordinateType : std::uint8_t { Integer8, Integer16, Integer32, Integer64, Float32, Float64 };
// 1..4096 finite numbers of one type; value/vector.h makes and reads them.
struct Vector {
  CoordinateType type = CoordinateType::Float64;
  std::string bytes;  // The coordinates one after the other, little endian.
};

namespace value_internal {
struct Object {  // Base of the heap forms; which one is decided by the Value's type.
  mutable std::atomic<std::uint32_t> references{1};
  std::uint32_t depth = 0;  // See Value::depth().
};
void destroy(Type type, const Object* object);
}  // namespace value_internal

class Value {
 public:
  static constexpr std::size_t kInlineStringBytesMax = 14;
  // Whoever builds lists or maps around values of unknown depth refuses to go deeper.
  static constexpr std::uint32_t kDepthMax = 500;

  Value() noexcept { std::memset(raw_, 0, sizeof raw_); }
  Value(const Value& other) noexcept {
    std::memcpy(raw_, other.raw_, sizeof raw_);
    if (is_heap()) object()->references.fetch_add(1, std::memory_order_relaxed);
  }
  Value(Value&& other) noexcept {
    std::memcpy(raw_, other.raw_, sizeof raw_);
    std::memset(other.raw_, 0, sizeof raw_);
  }
  Value& operator=(const Value& other) noexcept {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    Value moved(std::move(other));
    swap(moved);
    return *this;
  }
  ~Value() {
    if (is_heap()) drop();
  }
  void swap(Value& other) noexcept {
    unsigned char saved[16];
    std::memcpy(saved, raw_, 16);
    std::memcpy(raw_, other.raw_, 16);
    std::memcpy(other.raw_, saved, 16);
  }

  // Makers, one per type. There are no converting constructors: an int that becomes a
  // Boolean by accident is a wrong answer.
  static Value null() { return Value(); }
  static Value boolean(bool value) { return scalar(Type::Boolean, value ? 1 : 0); }
  static Value integer(std::int64_t value) { return scalar(Type::Integer, static_cast<std::uint64_t>(value)); }
  static Value real(double value);
  static Value string(std::string_view text);
  static Value list(List items);
  static Value map(Map entries);  // Requires: sorted, unique keys (make_map() sorts).
  static Value node(std::uint64_t id) { return scalar(Type::Node, id); }
  static Value node(NodeData data);
  static Value relationship(std::uint64_t id) { return scalar(Type::Relationship, id); }
  static Value relationship(RelationshipData data);
  static Value path(PathData data);
  static Value date(Date value) { return scalar(Type::Date, static_cast<std::uint64_t>(value.epoch_days)); }
  static Value local_time(LocalTime value) { return scalar(Type::LocalTime, static_cast<std::uint64_t>(value.nanoseconds)); }
  static Value time(Time value);
  static Value local_date_time(LocalDateTime value);
  static Value date_time(DateTime value);
  static Value duration(Duration value);
  static Value point(Point value);
  static Value vector(Vector value);  // Requires: is_valid() of value/vector.h.

  Type type() const { return static_cast<Type>(raw_[0]); }
  bool is_null() const { return raw_[0] == 0; }
  bool is(Type wanted) const { return type() == wanted; }
  bool is_number() const { return is(Type::Integer) || is(Type::Float); }
  bool is_true() const { return is(Type::Boolean) && word() != 0; }
  bool is_temporal() const { return type() >= Type::Date && type() <= Type::DateTime; }

  // Readers. Requires: the type matches.
  bool boolean() const { return NX_DCHECK(is(Type::Boolean)), word() != 0; }
  std::int64_t integer() const { return NX_DCHECK(is(Type::Integer)), static_cast<std::int64_t>(word()); }
  double real() const;
  // Integer or Float, as a double.
  double number() const { return is(Type::Integer) ? static_cast<double>(integer()) : real(); }
  // Points into this Value when the string is short: never keep it longer than the Value.
  std::string_view string() const;
  const List& list() const;
  const Map& map() const;
  // Node and Relationship.
  std::uint64_t entity_id() const;
  bool is_reference() const { return !is_heap(); }  // A bare entity id.
  const NodeData& node() const;                     // Requires: !is_reference().
  const RelationshipData& relationship() const;     // Requires: !is_reference().
  const PathData& path() const;
  Date date() const { return NX_DCHECK(is(Type::Date)), Date{static_cast<std::int64_t>(word())}; }
  LocalTime local_time() const { return NX_DCHECK(is(Type::LocalTime)), LocalTime{static_cast<std::int64_t>(word())}; }
  Time time() const;
  LocalDateTime local_date_time() const;
  const DateTime& date_time() const;
  const Duration& duration() const;
  const Point& point() const;
  const Vector& vector() const;

  // Levels of lists and maps: 0 for a number, 1 for [1], 2 for [[1]]. Cost: O(1).
  std::uint32_t depth() const { return is_heap() ? object()->depth : 0; }

  // The entry of a Map, or nullptr. Cost: O(log n).
  const Value* find(std::string_view key) const;

  // Bytes held on the heap by this value alone, shared objects counted in full; for budgets.
  std::size_t heap_bytes() const;

 private:
  static constexpr unsigned char kHeap = 0xFF;

  static Value scalar(Type type, std::uint64_t word) {
    Value made;
    made.raw_[0] = static_cast<unsigned char>(type);
    std::memcpy(made.raw_ + 8, &word, 8);
    return made;
  }
  static Value heap(Type type, const value_internal::Object* object);
  friend void value_internal::destroy(Type type, const value_internal::Object* object);

  bool is_heap() const { return raw_[1] == kHeap; }
  std::uint64_t word() const {
    std::uint64_t word;
    std::memcpy(&word, raw_ + 8, 8);
    return word;
  }
  const value_internal::Object* object() const {
    const value_internal::Object* pointer;
    std::memcpy(&pointer, raw_ + 8, sizeof pointer);
    return pointer;
  }
  void drop();

  // Byte 0: type. Byte 1: length of an inline string, or kHeap. Bytes 2..15: an inline
  // string, or bytes 4..7 a 32-bit extra and 8..15 a word or a pointer.
  alignas(8) unsigned char raw_[16];
};

static_assert(sizeof(Value) == 16);

struct NodeData {
  std::uint64_t id = 0;
  std::string element_id;
  std::vector<std::string> labels;
  Map properties;
};

struct RelationshipData {
  std::uint64_t id = 0;
  std::string element_id;
  std::string type;
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::string start_element_id;
  std::string end_element_id;
  Map properties;
};

// nodes.size() == relationships.size() + 1; relationship i joins nodes i and i + 1, in
// either direction.
struct PathData {
  List nodes;
  List relationships;
};

// Sorts by key; of equal keys the last one wins.
Map make_map(Map entries);

}  // namespace nexus
