#include "columns.h"

#include <cstring>

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
    case Type::Point:
    case Type::Vector: return kAnything;
  }
  return kAnything;
}

// One column of cells that lie row after row.
struct Column {
  const Value* first;
  std::size_t rows;
  std::size_t width;

  const Value& operator[](std::size_t row) const { return first[row * width]; }
};

Kind kind_of_column(const Column& cells) {
  if (cells.rows == 0) return kAnything;
  const Type type = cells[0].type();
  for (std::size_t row = 1; row < cells.rows; ++row) {
    if (cells[row].type() != type) return kAnything;
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

// All numbers of a column at once, as this machine has them: WebAssembly is little endian.
template <class Number, class Read>
void write_numbers(ByteWriter& out, const Column& cells, Read read) {
  std::uint8_t* to = out.room(cells.rows * sizeof(Number));
  for (std::size_t row = 0; row < cells.rows; ++row, to += sizeof(Number)) {
    const Number number = read(cells[row]);
    std::memcpy(to, &number, sizeof number);
  }
}

void write_strings(ByteWriter& out, const Column& cells) {
  std::size_t bytes = 0;
  write_numbers<std::uint32_t>(out, cells, [&bytes](const Value& cell) {
    bytes += cell.string().size();
    return utf16_units(cell.string());
  });
  out.u32(static_cast<std::uint32_t>(bytes));
  std::uint8_t* to = out.room(bytes);
  for (std::size_t row = 0; row < cells.rows; ++row) {
    const std::string_view text = cells[row].string();
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    to += text.size();
  }
}

void write_column(ByteWriter& out, const Column& cells) {
  const Kind kind = kind_of_column(cells);
  pad(out);
  out.u8(kind);
  pad(out);
  switch (kind) {
    case kIntegers: return write_numbers<std::int64_t>(out, cells, [](const Value& cell) { return cell.integer(); });
    case kFloats: return write_numbers<double>(out, cells, [](const Value& cell) { return cell.real(); });
    case kStrings: return write_strings(out, cells);
    case kBooleans: return write_numbers<std::uint8_t>(out, cells, [](const Value& cell) -> std::uint8_t { return cell.boolean() ? 1 : 0; });
    case kAnything:
      for (std::size_t row = 0; row < cells.rows; ++row) write_value(out, cells[row]);
  }
}

}  // namespace

void write_columns(ByteWriter& out, const std::vector<Value>& cells, std::size_t width) {
  const std::size_t rows = width == 0 ? 0 : cells.size() / width;
  out.reserve(out.size() + 16 + cells.size() * 10);
  out.u32(static_cast<std::uint32_t>(rows));
  out.u32(static_cast<std::uint32_t>(width));
  for (std::size_t column = 0; column < width; ++column) write_column(out, {cells.data() + column, rows, width});
}

}  // namespace nexus::wasm
