// Vectors: making and reading their coordinates, and the types they are of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "nexus/value.h"

namespace nexus {

constexpr std::size_t kVectorDimensionMax = 4096;
constexpr std::uint8_t kCoordinateTypes = static_cast<std::uint8_t>(CoordinateType::Float64) + 1;

// "INTEGER8", …; the widest are INTEGER and FLOAT.
std::string_view coordinate_name(CoordinateType type);
// Any spelling (INT8, INTEGER64, …), in upper case.
std::optional<CoordinateType> coordinate_type(std::string_view name);
std::size_t coordinate_bytes(CoordinateType type);

inline std::size_t dimension(const Vector& vector) { return vector.bytes.size() / coordinate_bytes(vector.type); }
// An INTEGER or a FLOAT. Requires: at < dimension().
// Why out of line: it is in the loops of all that vectors do, and its copies would fill the WebAssembly module.
[[gnu::noinline]] Value coordinate(const Vector& vector, std::size_t at);
List coordinates(const Vector& vector);
// The shortest text that reads back as the same coordinate.
void append_coordinate(std::string& out, const Vector& vector, std::size_t at);
// Floats become integers by truncation. False, and nothing added, when the number does not fit or is not finite.
bool add_coordinate(Vector& vector, const Value& number);
// Whole, finite coordinates, not too few and not too many: for vectors whose bytes came from outside.
bool is_valid(const Vector& vector);
// Between little endian, as kept here, and big endian, as Bolt has it.
void reverse_coordinates(Vector& vector);

// A type of vectors; zero stands for any.
struct VectorType {
  std::uint8_t coordinates = 0;  // 1 + the CoordinateType.
  std::uint16_t dimension = 0;
  bool operator==(const VectorType&) const = default;
  bool is_any() const { return coordinates == 0 && dimension == 0; }
  bool has(const Vector& vector) const;
};
VectorType type_of(const Vector& vector);
// "VECTOR<FLOAT32 NOT NULL>(3)"
std::string to_text(const VectorType& type);

}  // namespace nexus
