#include "nexus/value.h"

#include <algorithm>
#include <iterator>

namespace nexus {
namespace {

using value_internal::Object;

template <class T>
struct Holder final : Object {
  explicit Holder(T held) : value(std::move(held)) {}
  T value;
};

template <class T>
const T& held(const Object* object) {
  return static_cast<const Holder<T>*>(object)->value;
}

template <class T>
void destroy_as(const Object* object) {
  delete static_cast<const Holder<T>*>(object);
}

std::size_t map_bytes(const Map& map) {
  std::size_t bytes = map.capacity() * sizeof(MapEntry);
  for (const auto& [key, value] : map) {
    if (key.size() > 15) bytes += key.capacity();
    bytes += value.heap_bytes();
  }
  return bytes;
}

std::size_t list_bytes(const List& list) {
  std::size_t bytes = list.capacity() * sizeof(Value);
  for (const Value& item : list) bytes += item.heap_bytes();
  return bytes;
}

}  // namespace

namespace {

std::uint32_t depth_around(std::uint32_t deepest, const Value& item) { return std::max(deepest, item.depth() + 1); }

// Why: destructors recurse, and a value that nests deeper than anything should must
// still not overflow the stack. Empties lists and maps from the outside in.
void move_items_out(Type type, const Object* object, List& pending) {
  // Nobody else holds the object: its last reference is the one being dropped.
  if (type == Type::List) {
    auto& items = const_cast<List&>(held<List>(object));
    std::move(items.begin(), items.end(), std::back_inserter(pending));
    items.clear();
  } else if (type == Type::Map) {
    auto& entries = const_cast<Map&>(held<Map>(object));
    for (MapEntry& entry : entries) pending.push_back(std::move(entry.second));
    entries.clear();
  }
}

}  // namespace

void value_internal::destroy(Type type, const Object* object) {
  if (object->depth > Value::kDepthMax) {
    List pending;
    move_items_out(type, object, pending);
    while (!pending.empty()) {
      const Value dying = std::move(pending.back());
      pending.pop_back();
      if (dying.depth() > 0 && dying.object()->references.load(std::memory_order_acquire) == 1) {
        move_items_out(dying.type(), dying.object(), pending);
      }
    }
  }
  switch (type) {
    case Type::String: return destroy_as<std::string>(object);
    case Type::List: return destroy_as<List>(object);
    case Type::Map: return destroy_as<Map>(object);
    case Type::Node: return destroy_as<NodeData>(object);
    case Type::Relationship: return destroy_as<RelationshipData>(object);
    case Type::Path: return destroy_as<PathData>(object);
    case Type::DateTime: return destroy_as<DateTime>(object);
    case Type::Duration: return destroy_as<Duration>(object);
    case Type::Point: return destroy_as<Point>(object);
    case Type::Vector: return destroy_as<Vector>(object);
    case Type::Null:
    case Type::Boolean:
    case Type::Integer:
    case Type::Float:
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime: break;
  }
  NX_CHECK(!"a value of this type has no heap form");
}

void Value::drop() {
  const Object* dying = object();
  if (dying->references.fetch_sub(1, std::memory_order_acq_rel) == 1) value_internal::destroy(type(), dying);
}

Value Value::heap(Type type, const Object* object) {
  Value made;
  made.raw_[0] = static_cast<unsigned char>(type);
  made.raw_[1] = kHeap;
  std::memcpy(made.raw_ + 8, &object, sizeof object);
  return made;
}

Value Value::real(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, 8);
  return scalar(Type::Float, bits);
}

double Value::real() const {
  NX_DCHECK(is(Type::Float));
  const std::uint64_t bits = word();
  double value;
  std::memcpy(&value, &bits, 8);
  return value;
}

Value Value::string(std::string_view text) {
  if (text.size() > kInlineStringBytesMax) return heap(Type::String, new Holder<std::string>(std::string(text)));
  Value made;
  made.raw_[0] = static_cast<unsigned char>(Type::String);
  made.raw_[1] = static_cast<unsigned char>(text.size());
  if (!text.empty()) std::memcpy(made.raw_ + 2, text.data(), text.size());
  return made;
}

std::string_view Value::string() const {
  NX_DCHECK(is(Type::String));
  if (is_heap()) return held<std::string>(object());
  return {reinterpret_cast<const char*>(raw_ + 2), raw_[1]};
}

Value Value::list(List items) {
  std::uint32_t depth = 1;
  for (const Value& item : items) depth = depth_around(depth, item);
  auto* object = new Holder<List>(std::move(items));
  object->depth = depth;
  return heap(Type::List, object);
}

Value Value::map(Map entries) {
  std::uint32_t depth = 1;
  for (const MapEntry& entry : entries) depth = depth_around(depth, entry.second);
  auto* object = new Holder<Map>(std::move(entries));
  object->depth = depth;
  return heap(Type::Map, object);
}

Value Value::node(NodeData data) { return heap(Type::Node, new Holder<NodeData>(std::move(data))); }
Value Value::relationship(RelationshipData data) {
  return heap(Type::Relationship, new Holder<RelationshipData>(std::move(data)));
}
Value Value::path(PathData data) {
  NX_CHECK(data.nodes.size() == data.relationships.size() + 1);
  return heap(Type::Path, new Holder<PathData>(std::move(data)));
}
Value Value::date_time(DateTime value) { return heap(Type::DateTime, new Holder<DateTime>(std::move(value))); }
Value Value::duration(Duration value) { return heap(Type::Duration, new Holder<Duration>(value)); }
Value Value::point(Point value) { return heap(Type::Point, new Holder<Point>(value)); }
Value Value::vector(Vector value) { return heap(Type::Vector, new Holder<Vector>(std::move(value))); }

Value Value::time(Time value) {
  Value made = scalar(Type::Time, static_cast<std::uint64_t>(value.nanoseconds));
  std::memcpy(made.raw_ + 4, &value.offset_seconds, 4);
  return made;
}

Time Value::time() const {
  NX_DCHECK(is(Type::Time));
  Time value{static_cast<std::int64_t>(word()), 0};
  std::memcpy(&value.offset_seconds, raw_ + 4, 4);
  return value;
}

Value Value::local_date_time(LocalDateTime value) {
  Value made = scalar(Type::LocalDateTime, static_cast<std::uint64_t>(value.epoch_seconds));
  std::memcpy(made.raw_ + 4, &value.nanoseconds, 4);
  return made;
}

LocalDateTime Value::local_date_time() const {
  NX_DCHECK(is(Type::LocalDateTime));
  LocalDateTime value{static_cast<std::int64_t>(word()), 0};
  std::memcpy(&value.nanoseconds, raw_ + 4, 4);
  return value;
}

const List& Value::list() const { return NX_DCHECK(is(Type::List)), held<List>(object()); }
const Map& Value::map() const { return NX_DCHECK(is(Type::Map)), held<Map>(object()); }
const PathData& Value::path() const { return NX_DCHECK(is(Type::Path)), held<PathData>(object()); }
const DateTime& Value::date_time() const { return NX_DCHECK(is(Type::DateTime)), held<DateTime>(object()); }
const Duration& Value::duration() const { return NX_DCHECK(is(Type::Duration)), held<Duration>(object()); }
const Point& Value::point() const { return NX_DCHECK(is(Type::Point)), held<Point>(object()); }
const Vector& Value::vector() const { return NX_DCHECK(is(Type::Vector)), held<Vector>(object()); }

const NodeData& Value::node() const {
  NX_CHECK(is(Type::Node) && is_heap());
  return held<NodeData>(object());
}

const RelationshipData& Value::relationship() const {
  NX_CHECK(is(Type::Relationship) && is_heap());
  return held<RelationshipData>(object());
}

std::uint64_t Value::entity_id() const {
  NX_DCHECK(is(Type::Node) || is(Type::Relationship));
  if (!is_heap()) return word();
  return is(Type::Node) ? node().id : relationship().id;
}

const Value* Value::find(std::string_view key) const {
  const Map& entries = map();
  const auto at = std::lower_bound(entries.begin(), entries.end(), key,
                                   [](const MapEntry& entry, std::string_view wanted) { return entry.first < wanted; });
  return at != entries.end() && at->first == key ? &at->second : nullptr;
}

std::size_t Value::heap_bytes() const {
  if (!is_heap()) return 0;
  constexpr std::size_t kAllocation = 24;  // The count, the allocator's header and rounding.
  switch (type()) {
    case Type::String: return kAllocation + sizeof(std::string) + string().size();
    case Type::List: return kAllocation + sizeof(List) + list_bytes(list());
    case Type::Map: return kAllocation + sizeof(Map) + map_bytes(map());
    case Type::Node: return kAllocation + sizeof(NodeData) + map_bytes(node().properties);
    case Type::Relationship: return kAllocation + sizeof(RelationshipData) + map_bytes(relationship().properties);
    case Type::Path:
      return kAllocation + sizeof(PathData) + list_bytes(path().nodes) + list_bytes(path().relationships);
    case Type::DateTime: return kAllocation + sizeof(DateTime);
    case Type::Duration: return kAllocation + sizeof(Duration);
    case Type::Point: return kAllocation + sizeof(Point);
    case Type::Vector: return kAllocation + sizeof(Vector) + vector().bytes.size();
    case Type::Null:
    case Type::Boolean:
    case Type::Integer:
    case Type::Float:
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime: break;
  }
  return 0;
}

Map make_map(Map entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const MapEntry& left, const MapEntry& right) { return left.first < right.first; });
  Map unique;
  unique.reserve(entries.size());
  for (MapEntry& entry : entries) {
    if (!unique.empty() && unique.back().first == entry.first) {
      unique.back().second = std::move(entry.second);
    } else {
      unique.push_back(std::move(entry));
    }
  }
  return unique;
}

std::string_view type_name(Type type) {
  switch (type) {
    case Type::Null: return "NULL";
    case Type::Boolean: return "BOOLEAN";
    case Type::Integer: return "INTEGER";
    case Type::Float: return "FLOAT";
    case Type::String: return "STRING";
    case Type::List: return "LIST";
    case Type::Map: return "MAP";
    case Type::Node: return "NODE";
    case Type::Relationship: return "RELATIONSHIP";
    case Type::Path: return "PATH";
    case Type::Date: return "DATE";
    case Type::LocalTime: return "LOCAL TIME";
    case Type::Time: return "ZONED TIME";
    case Type::LocalDateTime: return "LOCAL DATETIME";
    case Type::DateTime: return "ZONED DATETIME";
    case Type::Duration: return "DURATION";
    case Type::Point: return "POINT";
    case Type::Vector: return "VECTOR";
  }
  return "ANY";
}

}  // namespace nexus
