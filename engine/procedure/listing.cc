#include "procedure/listing.h"

#include <algorithm>

#include "procedure/signature.h"

namespace nexus::procedure {

namespace {

using Rows = std::vector<List>;

std::string fields_text(const std::vector<plan::ProcedureSignature::Field>& fields) {
  std::string text = "(";
  for (const auto& field : fields) {
    if (text.size() > 1) text += ", ";
    text += field.name + " :: " + (field.type_text.empty() ? "ANY" : field.type_text);
  }
  return text + ")";
}

// "INTEGER | FLOAT", or "ANY".
std::string types_text(function::TypeSet types) {
  std::string text;
  std::size_t count = 0;
  for (unsigned i = static_cast<unsigned>(Type::Boolean); i <= static_cast<unsigned>(kTypeLast); ++i) {
    const auto type = static_cast<Type>(i);
    if ((types & function::type_bit(type)) == 0) continue;
    if (!text.empty()) text += " | ";
    text += type_name(type);
    ++count;
  }
  return count == static_cast<std::size_t>(kTypeLast) || count == 0 ? "ANY" : text;
}

std::string function_text(std::string_view name, std::span<const function::Parameter> parameters,
                          function::TypeSet returns) {
  std::string text = std::string(name) + "(";
  for (const auto& parameter : parameters) {
    if (text.back() != '(') text += ", ";
    text += std::string(parameter.name) + (parameter.optional ? " = null" : "") + " :: " + types_text(parameter.types);
  }
  return text + ") :: " + types_text(returns);
}

Value field_entry(const std::string& name, const std::string& type) {
  return Value::map(make_map({{"name", Value::string(name)},
                              {"type", Value::string(type)},
                              {"isDeprecated", Value::boolean(false)},
                              {"description", Value::string(name + " :: " + type)}}));
}

Value argument_list(std::span<const function::Parameter> parameters) {
  List list;
  for (const auto& each : parameters) list.push_back(field_entry(std::string(each.name), types_text(each.types)));
  return Value::list(std::move(list));
}

Value field_list(const std::vector<plan::ProcedureSignature::Field>& fields) {
  List list;
  for (const auto& field : fields) list.push_back(field_entry(field.name, field.type_text));
  return Value::list(std::move(list));
}

template <class Function>
List function_row(const Function& function, std::string_view category, bool aggregating) {
  return {Value::string(function.name),
          Value::string(category),
          Value::string(function.summary),
          Value::string(function_text(function.name, function.parameters, function.returns)),
          Value::boolean(true),
          argument_list(function.parameters),
          Value::string(types_text(function.returns)),
          Value::boolean(aggregating),
          Value::boolean(false)};
}

Rows function_rows() {
  Rows rows;
  for (const auto* function : function::scalar_functions()) {
    rows.push_back(function_row(*function, function->category, false));
  }
  for (const auto* function : function::aggregate_functions()) {
    rows.push_back(function_row(*function, "aggregating", true));
  }
  std::sort(rows.begin(), rows.end(),
            [](const List& left, const List& right) { return left[0].string() < right[0].string(); });
  return rows;
}

Rows procedure_rows(const Registry& registry) {
  Rows rows;
  for (const auto* procedure : registry.procedures()) {
    const plan::ProcedureSignature& signature = procedure->signature();
    if (signature.name.find(' ') != std::string::npos) continue;  // SHOW DATABASES and the like: no CALL finds them.
    rows.push_back({Value::string(signature.name), Value::string(signature.description), Value::string(signature.writes ? "WRITE" : "READ"),
                    Value::boolean(signature.is_system_allowed), Value::string(to_text(signature)),
                    field_list(signature.inputs), field_list(signature.outputs), Value::boolean(false)});
  }
  return rows;
}

}  // namespace

std::string to_text(const plan::ProcedureSignature& signature) {
  return signature.name + fields_text(signature.inputs) + " :: " + fields_text(signature.outputs);
}

void add_listings(Registry& registry) {
  plan::ProcedureSignature functions;
  functions.name = "SHOW FUNCTIONS";
  functions.outputs = {string_field("name"),         string_field("category"),
                       string_field("description"),  string_field("signature"),
                       boolean_field("isBuiltIn"),   list_field("argumentDescription", "LIST<MAP>"),
                       string_field("returnDescription"), boolean_field("aggregating"),
                       boolean_field("isDeprecated")};
  functions.default_outputs = {"name", "category", "description"};
  functions.inputs = {string_field("filter")};
  functions.defaults = {Value::string("")};
  functions.is_system_allowed = true;
  registry.add(std::move(functions), [](exec::ProcedureContext&, List arguments) {
    const bool none = arguments[0].is(Type::String) && arguments[0].string() == "USER DEFINED";  // Nobody can add one.
    return stream_of(none ? Rows() : function_rows());
  });

  plan::ProcedureSignature procedures;
  procedures.name = "SHOW PROCEDURES";
  procedures.outputs = {string_field("name"), string_field("description"), string_field("mode"),
                        boolean_field("worksOnSystem"), string_field("signature"),
                        list_field("argumentDescription", "LIST<MAP>"), list_field("returnDescription", "LIST<MAP>"),
                        boolean_field("isDeprecated")};
  procedures.default_outputs = {"name", "description", "mode", "worksOnSystem"};
  procedures.is_system_allowed = true;
  registry.add(std::move(procedures),
               [&registry](exec::ProcedureContext&, List) { return stream_of(procedure_rows(registry)); });
}

}  // namespace nexus::procedure
