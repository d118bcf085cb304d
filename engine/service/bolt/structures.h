// Values that PackStream writes as structures: entities, temporal values, points, vectors.
#pragma once

#include "base/result.h"
#include "nexus/value.h"
#include "service/bolt/dialect.h"
#include "service/bolt/pack_writer.h"

namespace nexus::service::bolt {

constexpr std::uint8_t kVectorTag = 'V';  // Of a structure whose two fields are bytes.

// Requires: entities are full, not references.
void write_value(PackWriter& out, const Value& value, const Dialect& dialect);  // May refuse(): a vector before 6.0.

// A structure that arrived as a parameter. InvalidRequest when its shape is wrong,
// InvalidArgumentType for an entity, InvalidArgument for an impossible date, time or point.
Result<Value> value_of_structure(std::uint8_t tag, const List& fields, const Dialect& dialect);

}  // namespace nexus::service::bolt
