// JSON and values: what a request's body means and how a result looks.
//
// Reading is strict: duplicate keys, numbers beyond the range, more than 64 levels and
// anything after the document are errors. Integers are exact 64 bits, a number with point
// or exponent is a Float read to the last digit (not by Boost.JSON, which rounds wrongly).
//
// Writing has two forms. Plain: numbers as JSON numbers, temporal values and points as text,
// NaN and infinities as strings. Typed: every value as {"$type": …, "_value": …}, which loses
// nothing; the names are those of Neo4j's Query API.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::service {

constexpr std::size_t kJsonDepthMax = 64;

// The whole text as one value; typed members ({"$type", "_value"}) become what they name.
// Errors: InvalidRequest, with the byte offset in the sentence.
Result<Value> parse_json(std::string_view text);

void append_json_string(std::string& out, std::string_view text);
void append_json(std::string& out, const Value& value);
void append_typed_json(std::string& out, const Value& value);

}  // namespace nexus::service
