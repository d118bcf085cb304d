// Short ways to write a procedure's signature and its rows.
#pragma once

#include <string>
#include <vector>

#include "exec/procedure_source.h"

namespace nexus::procedure {

inline plan::ProcedureSignature::Field string_field(std::string name) {
  return {std::move(name), function::types(Type::String), "STRING"};
}
inline plan::ProcedureSignature::Field boolean_field(std::string name) {
  return {std::move(name), function::types(Type::Boolean), "BOOLEAN"};
}
inline plan::ProcedureSignature::Field integer_field(std::string name) {
  return {std::move(name), function::types(Type::Integer), "INTEGER"};
}
inline plan::ProcedureSignature::Field map_field(std::string name) {
  return {std::move(name), function::types(Type::Map), "MAP"};
}
inline plan::ProcedureSignature::Field node_field(std::string name) {
  return {std::move(name), function::types(Type::Node), "NODE"};
}
inline plan::ProcedureSignature::Field relationship_field(std::string name) {
  return {std::move(name), function::types(Type::Relationship), "RELATIONSHIP"};
}
inline plan::ProcedureSignature::Field list_field(std::string name, std::string type_text) {
  return {std::move(name), function::types(Type::List), std::move(type_text)};
}

using Fields = std::vector<plan::ProcedureSignature::Field>;

// `defaults` are those of the last inputs.
inline plan::ProcedureSignature signature(std::string name, std::string description, Fields inputs,
                                          std::vector<Value> defaults, Fields outputs) {
  plan::ProcedureSignature made;
  made.name = std::move(name);
  made.description = std::move(description);
  made.inputs = std::move(inputs);
  made.defaults = std::move(defaults);
  made.outputs = std::move(outputs);
  return made;
}
// Without inputs.
inline plan::ProcedureSignature signature(std::string name, std::string description, Fields outputs) {
  return signature(std::move(name), std::move(description), {}, {}, std::move(outputs));
}

// "db.info() :: (id :: STRING, name :: STRING)"
std::string to_text(const plan::ProcedureSignature& signature);

inline Value string_list(const std::vector<std::string>& texts) {
  List list;
  for (const auto& text : texts) list.push_back(Value::string(text));
  return Value::list(std::move(list));
}

// Entities that are in no database: their ids are -1, -2, … so that none is taken for a stored one.
inline std::uint64_t virtual_id(std::uint64_t index) { return ~index; }
inline std::string virtual_element_id(std::uint64_t index) { return "-" + std::to_string(index + 1); }

inline exec::StreamResult stream_of(std::vector<List> rows) {
  return std::unique_ptr<exec::RowStream>(std::make_unique<exec::ListStream>(std::move(rows)));
}

}  // namespace nexus::procedure
