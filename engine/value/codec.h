// The binary form of property values: compact, self-describing, the same on disk, in dumps
// and in WebAssembly. The byte table is docs/format/value.md.
//
// Null, Boolean, Integer, Float, String, List (nested up to 64 deep), Map, temporal values,
// Duration, Point and Vector; entities and paths have no binary form (Requires).
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "nexus/value.h"

namespace nexus {

constexpr std::uint32_t kEncodedDepthMax = 64;

// Requires: no entity or path inside, value.depth() <= kEncodedDepthMax.
void encode_value(ByteWriter& out, const Value& value);
// Corruption when the bytes are not a value; never reads past the reader, never allocates
// more than the bytes that are there can justify.
Result<Value> decode_value(ByteReader& in);

}  // namespace nexus
