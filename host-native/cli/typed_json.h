// Answers of a server as values: JSON in which every value names its type.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::host {

// {"$type": "Integer", "_value": "1"} → 1, entities included; IoError for anything else.
Result<Value> decode_typed(const boost::json::value& json);
// The other way, for parameters: plain JSON where that loses nothing. Entities cannot be sent.
void append_parameter(std::string& out, const Value& value);

// The string under `key`; empty when there is none.
std::string text_of(const boost::json::object& object, const char* key);

}  // namespace nexus::host
