#include "value/vector.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"

namespace nexus {
namespace {

// By CoordinateType, the name first.
constexpr struct {
  std::uint8_t bytes;
  std::string_view names[4];
} kTypes[] = {{1, {"INTEGER8", "INT8"}},
              {2, {"INTEGER16", "INT16"}},
              {4, {"INTEGER32", "INT32"}},
              {8, {"INTEGER", "INT", "INTEGER64", "INT64"}},
              {4, {"FLOAT32"}},
              {8, {"FLOAT", "FLOAT64"}}};

std::uint64_t word_of(const Vector& vector, std::size_t at) {
  const std::size_t bytes = coordinate_bytes(vector.type);
  std::uint64_t word = 0;
  for (std::size_t i = bytes; i-- > 0;) {
    word = word << 8 | static_cast<std::uint8_t>(vector.bytes[at * bytes + i]);
  }
  return word;
}

float float_of(std::uint64_t word) {
  const auto bits = static_cast<std::uint32_t>(word);
  float real;
  std::memcpy(&real, &bits, sizeof real);
  return real;
}

}  // namespace

std::string_view coordinate_name(CoordinateType type) { return kTypes[static_cast<std::size_t>(type)].names[0]; }
std::size_t coordinate_bytes(CoordinateType type) { return kTypes[static_cast<std::size_t>(type)].bytes; }

std::optional<CoordinateType> coordinate_type(std::string_view name) {
  for (std::uint8_t type = 0; type < kCoordinateTypes && !name.empty(); ++type) {
    for (const std::string_view spelling : kTypes[type].names) {
      if (name == spelling) return static_cast<CoordinateType>(type);
    }
  }
  return std::nullopt;
}

Value coordinate(const Vector& vector, std::size_t at) {
  const std::uint64_t word = word_of(vector, at);
  if (vector.type == CoordinateType::Float32) return Value::real(static_cast<double>(float_of(word)));
  if (vector.type == CoordinateType::Float64) {
    double real;
    std::memcpy(&real, &word, sizeof real);
    return Value::real(real);
  }
  const std::size_t unused = 64 - 8 * coordinate_bytes(vector.type);
  return Value::integer(static_cast<std::int64_t>(word << unused) >> unused);
}

List coordinates(const Vector& vector) {
  List list;
  list.reserve(dimension(vector));
  for (std::size_t at = 0; at < dimension(vector); ++at) list.push_back(coordinate(vector, at));
  return list;
}

void append_coordinate(std::string& out, const Vector& vector, std::size_t at) {
  const Value number = coordinate(vector, at);
  if (number.is(Type::Integer)) {
    out += std::to_string(number.integer());
  } else {
    append_double(out, vector.type == CoordinateType::Float32 ? shortest_of_float(float_of(word_of(vector, at)))
                                                              : number.real());
  }
}

bool add_coordinate(Vector& vector, const Value& number) {
  const std::size_t bytes = coordinate_bytes(vector.type);
  std::uint64_t word = 0;
  if (vector.type >= CoordinateType::Float32) {
    const double real = number.number();
    const auto narrow = static_cast<float>(real);
    if (!std::isfinite(bytes == 4 ? static_cast<double>(narrow) : real)) return false;
    if (bytes == 4) {
      std::uint32_t bits;
      std::memcpy(&bits, &narrow, sizeof bits);
      word = bits;
    } else {
      std::memcpy(&word, &real, sizeof word);
    }
  } else {
    constexpr double kLimit = 9223372036854775808.0;
    if (number.is(Type::Float) && !(number.real() >= -kLimit && number.real() < kLimit)) return false;
    const std::int64_t integer =
        number.is(Type::Float) ? static_cast<std::int64_t>(number.real()) : number.integer();
    const std::int64_t beyond = bytes == 8 ? 0 : integer >> (8 * bytes - 1);
    if (beyond != 0 && beyond != -1) return false;
    word = static_cast<std::uint64_t>(integer);
  }
  for (std::size_t i = 0; i < bytes; ++i, word >>= 8) vector.bytes += static_cast<char>(word);
  return true;
}

bool is_valid(const Vector& vector) {
  const std::size_t count = dimension(vector);
  if (vector.bytes.size() % coordinate_bytes(vector.type) != 0 || count == 0 || count > kVectorDimensionMax) {
    return false;
  }
  for (std::size_t at = 0; at < count; ++at) {
    if (!std::isfinite(coordinate(vector, at).number())) return false;
  }
  return true;
}

void reverse_coordinates(Vector& vector) {
  const std::size_t bytes = coordinate_bytes(vector.type);
  for (auto at = vector.bytes.begin(); at != vector.bytes.end(); at += static_cast<std::ptrdiff_t>(bytes)) {
    std::reverse(at, at + static_cast<std::ptrdiff_t>(bytes));
  }
}

bool VectorType::has(const Vector& vector) const {
  const VectorType exact = type_of(vector);
  return (coordinates == 0 || coordinates == exact.coordinates) && (dimension == 0 || dimension == exact.dimension);
}

VectorType type_of(const Vector& vector) {
  return {static_cast<std::uint8_t>(static_cast<std::uint8_t>(vector.type) + 1),
          static_cast<std::uint16_t>(dimension(vector))};
}

std::string to_text(const VectorType& type) {
  std::string text = "VECTOR";
  if (type.coordinates != 0) {
    text += "<";
    text += coordinate_name(static_cast<CoordinateType>(type.coordinates - 1));
    text += " NOT NULL>";
  }
  if (type.dimension != 0) text += "(" + std::to_string(type.dimension) + ")";
  return text;
}

}  // namespace nexus
