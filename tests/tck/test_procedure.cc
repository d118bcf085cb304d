#include "tests/tck/test_procedure.h"

#include "tests/tck/table_value.h"
#include "value/compare.h"

namespace nexus::tck {
namespace {

using Field = plan::ProcedureSignature::Field;

function::TypeSet types_of(const std::string& text) {
  if (text == "STRING?") return function::types(Type::String);
  if (text == "INTEGER?") return function::types(Type::Integer);
  if (text == "FLOAT?") return function::types(Type::Float);
  if (text == "NUMBER?") return function::kNumber;
  return function::kAny;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// "name :: STRING?, id :: INTEGER?"
std::vector<Field> read_fields(const std::string& text) {
  std::vector<Field> fields;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, comma - at);
    at = comma + 1;
    const std::size_t colons = part.find("::");
    if (colons == std::string::npos) continue;
    const std::string type = trimmed(part.substr(colons + 2));
    fields.push_back({trimmed(part.substr(0, colons)), types_of(type), type});
  }
  return fields;
}

Result<std::vector<List>> read_rows(const std::vector<TableRow>& table, std::size_t width) {
  std::vector<List> rows;
  for (std::size_t row = 1; row < table.size(); ++row) {
    if (table[row].size() != width) continue;
    List values;
    for (const std::string& cell : table[row]) {
      NX_TRY(Value value, parse_value(cell));
      values.push_back(std::move(value));
    }
    rows.push_back(std::move(values));
  }
  return rows;
}

}  // namespace

std::string add_test_procedure(procedure::Registry& registry, const std::string& signature,
                               const std::vector<TableRow>& table) {
  const std::size_t open = signature.find('(');
  const std::size_t close = signature.find(')', open);
  const std::size_t outputs = signature.find('(', close);
  if (open == std::string::npos || outputs == std::string::npos) return "not a signature: " + signature;
  plan::ProcedureSignature declared;
  declared.name = trimmed(signature.substr(0, open));
  declared.inputs = read_fields(signature.substr(open + 1, close - open - 1));
  declared.outputs = read_fields(signature.substr(outputs + 1, signature.rfind(')') - outputs - 1));
  const std::size_t width = declared.inputs.size();
  auto rows = read_rows(table, width + declared.outputs.size());
  if (!rows) return rows.error().message;
  // An integer argument may meet a float in the table: equality, not identity, decides.
  const auto body = [width, all = std::move(*rows)](exec::ProcedureContext&, List arguments)
      -> Result<std::unique_ptr<exec::RowStream>> {
    std::vector<List> matching;
    for (const List& row : all) {
      bool matches = true;
      for (std::size_t at = 0; at < width; ++at) matches = matches && equivalent(row[at], arguments[at]);
      if (matches) matching.emplace_back(row.begin() + static_cast<std::ptrdiff_t>(width), row.end());
    }
    return std::unique_ptr<exec::RowStream>(std::make_unique<exec::ListStream>(std::move(matching)));
  };
  registry.add(std::move(declared), body);
  return {};
}

}  // namespace nexus::tck
