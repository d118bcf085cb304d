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

#include "base/bytes.h"
#include "base/result.h"
#include "nexus/value.h"

namespace nexus::wasm {

void write_value(ByteWriter& out, const Value& value);
// What JavaScript sends: no entities, at most 64 levels. InvalidRequest otherwise.
Result<Value> read_value(ByteReader& in);

}  // namespace nexus::wasm
