#include "columns.h"

#include "wire.h"

namespace nexus::wasm {
namespace {

enum Kind : std::uint8_t { kAnything = 0, kIntegers = 1, kFloats = 2, kStrings = 3, kBooleans = 4 };

Kind kind_of(Type type) {
  switch (type) {
    case Type::Integer: return kIntegers;
    case Type::Float: return kFloats;
    case Type::String: return kStrings;
    case Type::Boolean: return kBooleans;
    case Type::Null:
    case Type::List:
    case Type::Map:
    case Type::Node:
    case Type::Relationship:
    case Type::Path:
    case Type::Date:
    case Type::LocalTime:
    case Type::Time:
    case Type::LocalDateTime:
    case Type::DateTime:
    case Type::Duration:
    case Type::Point: return kAnything;
  }
  return kAnything;
}

Kind kind_of_column(const std::vector<List>& rows, std::size_t column) {
  if (rows.empty()) return kAnything;
  const Type type = rows.front()[column].type();
  for (const List& row : rows) {
    if (row[column].type() != type) return kAnything;
  }
  return kind_of(type);
}

// Every code point is one unit, those beyond the basic plane (four bytes) are two.
std::uint32_t utf16_units(std::string_view text) {
  std::uint32_t units = 0;
  for (const char character : text) {
    const auto byte = static_cast<std::uint8_t>(character);
    units += (byte & 0xC0) != 0x80 ? 1U : 0U;
    units += byte >= 0xF0 ? 1U : 0U;
  }
  return units;
}

void pad(ByteWriter& out) {
  constexpr std::uint8_t kZeros[8] = {};
  out.raw({kZeros, (8 - out.size() % 8) % 8});
}

void write_strings(ByteWriter& out, const std::vector<List>& rows, std::size_t column) {
  std::size_t bytes = 0;
  for (const List& row : rows) {
    const std::string_view text = row[column].string();
    out.u32(utf16_units(text));
    bytes += text.size();
  }
  out.u32(static_cast<std::uint32_t>(bytes));
  for (const List& row : rows) out.raw(as_bytes(row[column].string()));
}

void write_column(ByteWriter& out, const std::vector<List>& rows, std::size_t column) {
  const Kind kind = kind_of_column(rows, column);
  pad(out);
  out.u8(kind);
  pad(out);
  if (kind == kStrings) return write_strings(out, rows, column);
  for (const List& row : rows) {
    const Value& cell = row[column];
    switch (kind) {
      case kIntegers: out.u64(static_cast<std::uint64_t>(cell.integer())); break;
      case kFloats: out.f64(cell.real()); break;
      case kBooleans: out.u8(cell.boolean() ? 1 : 0); break;
      case kAnything:
      case kStrings: write_value(out, cell); break;
    }
  }
}

}  // namespace

void write_columns(ByteWriter& out, const std::vector<List>& rows, std::size_t width) {
  out.reserve(out.size() + 16 + rows.size() * width * 10);
  out.u32(static_cast<std::uint32_t>(rows.size()));
  out.u32(static_cast<std::uint32_t>(width));
  for (std::size_t column = 0; column < width; ++column) write_column(out, rows, column);
}

}  // namespace nexus::wasm
