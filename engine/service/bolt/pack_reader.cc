#include "service/bolt/pack_reader.h"

#include <cstring>

#include "base/utf8.h"
#include "service/bolt/framing.h"
#include "service/bolt/structures.h"

namespace nexus::service::bolt {
namespace {

}  // namespace

Result<std::uint64_t> PackReader::big_endian(unsigned size) {
  if (bytes_.size() - at_ < size) return violation("a message ends in the middle of a value");
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) value = value << 8 | bytes_[at_++];
  return value;
}

Result<std::size_t> PackReader::count(unsigned size) {
  NX_TRY(const std::uint64_t value, big_endian(size));
  if (value > bytes_.size() - at_) return violation("a message announces more than it holds");
  return static_cast<std::size_t>(value);
}

// Each value is a byte or more.
Result<> PackReader::announce(std::size_t values) {
  if (announced_ + values > bytes_.size() - at_) return violation("a message announces more than it holds");
  if (values_ + values > limits_.values_max) {
    return violation("a message holds more than " + std::to_string(limits_.values_max) + " values");
  }
  announced_ += values;
  values_ += values;
  return Done{};
}

Result<ByteView> PackReader::raw(std::size_t size) {
  if (bytes_.size() - at_ < size) return violation("a message ends in the middle of a value");
  const ByteView view = bytes_.subspan(at_, size);
  at_ += size;
  return view;
}

Result<std::uint8_t> PackReader::structure(std::size_t& fields) {
  NX_TRY(const std::uint64_t marker, big_endian(1));
  if (marker < 0xB0 || marker > 0xBF) return violation("a message is not a structure");
  fields = marker & 0x0F;
  NX_TRY(const std::uint64_t tag, big_endian(1));
  return static_cast<std::uint8_t>(tag);
}

Result<Value> PackReader::value() {
  NX_TRY_DO(announce(1));
  return read(0);
}

Value PackReader::refuse(Error error) {
  if (!refusal_) refusal_ = std::move(error);
  return Value::null();
}

Result<Value> PackReader::read(std::uint32_t depth) {
  if (depth > limits_.depth_max) {
    return violation("values are nested deeper than " + std::to_string(limits_.depth_max) + " levels");
  }
  --announced_;
  NX_TRY(const std::uint64_t first, big_endian(1));
  const auto marker = static_cast<std::uint8_t>(first);
  if (marker <= 0x7F || marker >= 0xF0) return Value::integer(static_cast<std::int8_t>(marker));
  const std::size_t tiny = marker & 0x0F;
  switch (marker & 0xF0) {
    case 0x80: return string(tiny);
    case 0x90: return list(tiny, depth);
    case 0xA0: return dictionary(tiny, depth);
    case 0xB0: return structured(tiny, depth);
    default: return read_sized(marker, depth);
  }
}

Result<Value> PackReader::read_sized(std::uint8_t marker, std::uint32_t depth) {
  const auto sized = [&](unsigned size, auto read_rest) -> Result<Value> {
    NX_TRY(const std::size_t items, count(size));
    return read_rest(items);
  };
  const auto as_bytes_value = [this](std::size_t size) { return bytes(size); };
  const auto as_string = [this](std::size_t size) { return string(size); };
  const auto as_list = [this, depth](std::size_t size) { return list(size, depth); };
  const auto as_dictionary = [this, depth](std::size_t size) { return dictionary(size, depth); };
  switch (marker) {
    case 0xC0: return Value::null();
    case 0xC1: return real();
    case 0xC2: return Value::boolean(false);
    case 0xC3: return Value::boolean(true);
    case 0xC8: return integer(1);
    case 0xC9: return integer(2);
    case 0xCA: return integer(4);
    case 0xCB: return integer(8);
    case 0xCC: return sized(1, as_bytes_value);
    case 0xCD: return sized(2, as_bytes_value);
    case 0xCE: return sized(4, as_bytes_value);
    case 0xD0: return sized(1, as_string);
    case 0xD1: return sized(2, as_string);
    case 0xD2: return sized(4, as_string);
    case 0xD4: return sized(1, as_list);
    case 0xD5: return sized(2, as_list);
    case 0xD6: return sized(4, as_list);
    case 0xD8: return sized(1, as_dictionary);
    case 0xD9: return sized(2, as_dictionary);
    case 0xDA: return sized(4, as_dictionary);
    default: return violation("a message holds a reserved marker");
  }
}

Result<Value> PackReader::integer(unsigned size) {
  NX_TRY(const std::uint64_t bits, big_endian(size));
  const unsigned unused = 64 - 8 * size;
  return Value::integer(static_cast<std::int64_t>(bits << unused) >> unused);
}

Result<Value> PackReader::real() {
  NX_TRY(const std::uint64_t bits, big_endian(8));
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return Value::real(value);
}

Result<Value> PackReader::string(std::size_t size) {
  NX_TRY(const ByteView view, raw(size));
  if (!is_utf8(as_text(view))) return violation("a string is not UTF-8");
  return Value::string(as_text(view));
}

Result<Value> PackReader::bytes(std::size_t size) {
  NX_TRY(const ByteView read, raw(size));
  if (in_vector_) return Value::string(as_text(read));
  return refuse(Error{ErrorCode::NotImplemented, "Byte arrays are not supported as parameters; use a list or a string."});
}

Result<Value> PackReader::list(std::size_t size, std::uint32_t depth) {
  NX_TRY_DO(announce(size));
  List items;
  items.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    NX_TRY(Value item, read(depth + 1));
    items.push_back(std::move(item));
  }
  return Value::list(std::move(items));
}

Result<Value> PackReader::dictionary(std::size_t size, std::uint32_t depth) {
  NX_TRY_DO(announce(2 * size));
  Map entries;
  entries.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    NX_TRY(const Value key, read(depth + 1));
    if (!key.is(Type::String)) return violation("a dictionary's key is not a string");
    NX_TRY(Value entry, read(depth + 1));
    entries.emplace_back(std::string(key.string()), std::move(entry));
  }
  return Value::map(make_map(std::move(entries)));
}

Result<Value> PackReader::structured(std::size_t fields, std::uint32_t depth) {
  NX_TRY(const std::uint64_t tag, big_endian(1));
  NX_TRY_DO(announce(fields));
  List items;
  for (std::size_t i = 0; i < fields; ++i) {
    in_vector_ = tag == kVectorTag && dialect_.has_vectors();
    NX_TRY(Value item, read(depth + 1));
    items.push_back(std::move(item));
  }
  in_vector_ = false;
  auto made = value_of_structure(static_cast<std::uint8_t>(tag), items, dialect_);
  if (made) return made;
  if (made.error().code == ErrorCode::InvalidRequest) return made;
  return refuse(std::move(made.error()));
}

}  // namespace nexus::service::bolt
