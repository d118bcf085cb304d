// Rows as columns: what a large result crosses as. One batch is
//
//   rows u32, columns u32, then for each column, beginning at a multiple of 8 bytes:
//   kind u8 (and 7 bytes of padding), then by kind
//     1 integers   i64 × rows
//     2 floats     f64 × rows
//     3 strings    UTF-16 length u32 × rows, bytes u32, all of them as UTF-8
//     4 booleans   u8 × rows
//     0 anything   a value of wire.h × rows
//
// A column has kind 1 to 4 only when every cell of the batch is of that type. Numbers are
// aligned, so that JavaScript reads them as typed arrays. The same layout is in package/columns.js.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "nexus/value.h"

namespace nexus::wasm {

// `cells`: row after row. Requires: `width` divides their number.
void write_columns(ByteWriter& out, const std::vector<Value>& cells, std::size_t width);

}  // namespace nexus::wasm
