// The bytes between JavaScript and the engine: one Value each way, entities included.
//
// Byte table (little-endian; `n` is a varint count or length):
//   0 null · 1 false · 2 true · 3 integer i64 · 4 float f64 · 5 string n utf8 · 6 list n items
//   7 map n (string, value)… · 8 node {id, elementId, n labels, properties}
//   9 relationship {id, elementId, type, start, end, startElementId, endElementId, properties}
//   10 path n nodes…, n relationships… · 11 temporal or duration: type name, text
//   12 point srid u32, f64 x y z · 13 vector: coordinate type u8, n bytes of coordinates
// The same table is in package/wire.js.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "nexus/value.h"

namespace nexus::wasm {

void write_value(ByteWriter& out, const Value& value);
void write_text(ByteWriter& out, std::string_view text);
void write_list_head(ByteWriter& out, std::size_t items);  // The items follow.

// A map as it is written, without being made before. Requires: as many entries as were announced.
class MapWriter {
 public:
  MapWriter(ByteWriter& out, std::size_t entries);

  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::uint64_t value);
  void boolean(std::string_view key, bool value);
  ByteWriter& entry(std::string_view key);  // For its value.

 private:
  ByteWriter* out_;
};

// What JavaScript sends: no entities, at most 64 levels. InvalidRequest otherwise.
Result<Value> read_value(ByteReader& in);

}  // namespace nexus::wasm
