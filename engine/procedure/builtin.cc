// The procedures that need no instance: what names a database uses, and what this engine is.
#include <algorithm>

#include "function/function.h"
#include "procedure/registry.h"

namespace nexus::procedure {
namespace {

using Field = plan::ProcedureSignature::Field;
using Rows = Result<std::unique_ptr<exec::RowStream>>;

Value text(std::string_view value) { return Value::string(value); }

Field field(std::string name, Type type) {
  return {std::move(name), function::types(type), std::string(type_name(type))};
}

plan::ProcedureSignature signature(std::string name, std::vector<Field> outputs) {
  plan::ProcedureSignature made;
  made.name = std::move(name);
  made.outputs = std::move(outputs);
  return made;
}

Rows rows(std::vector<List> all) {
  return std::unique_ptr<exec::RowStream>(std::make_unique<exec::ListStream>(std::move(all)));
}

// Labels, types or keys, sorted; `used` tells whether the snapshot still has one in use.
template <class Used>
Rows token_names(const storage::Transaction& transaction, storage::TokenKind kind, Used used) {
  std::vector<List> all;
  for (std::size_t token = 0; token < transaction.token_count(kind); ++token) {
    const auto id = static_cast<storage::TokenId>(token);
    if (used(id)) all.push_back({text(transaction.token_name(kind, id))});
  }
  std::sort(all.begin(), all.end(), [](const List& a, const List& b) { return a[0].string() < b[0].string(); });
  return rows(std::move(all));
}

void add_token_procedures(Registry& registry) {
  registry.add(signature("db.labels", {field("label", Type::String)}), [](exec::ProcedureContext& context, List) {
    const storage::Transaction& transaction = context.transaction;
    return token_names(transaction, storage::TokenKind::Label,
                       [&transaction](storage::TokenId id) { return transaction.node_count(id) != 0; });
  });
  registry.add(signature("db.relationshipTypes", {field("relationshipType", Type::String)}),
               [](exec::ProcedureContext& context, List) {
                 const storage::Transaction& transaction = context.transaction;
                 return token_names(transaction, storage::TokenKind::Type, [&transaction](storage::TokenId id) {
                   return transaction.relationship_count(id) != 0;
                 });
               });
  registry.add(signature("db.propertyKeys", {field("propertyKey", Type::String)}),
               [](exec::ProcedureContext& context, List) {
                 return token_names(context.transaction, storage::TokenKind::Key,
                                    [](storage::TokenId) { return true; });
               });
}

void add_information(Registry& registry) {
  registry.add(signature("db.ping", {field("success", Type::Boolean)}),
               [](exec::ProcedureContext&, List) { return rows({{Value::boolean(true)}}); });
  plan::ProcedureSignature components =
      signature("dbms.components", {field("name", Type::String), field("versions", Type::List), field("edition", Type::String)});
  components.is_system_allowed = true;
  registry.add(std::move(components), [](exec::ProcedureContext&, List) {
    return rows({{text("Nexus"), Value::list({text(NEXUS_VERSION)}), text("community")}});
  });
}

std::string type_text(function::TypeSet types) {
  if (types == function::kAny) return "ANY";
  std::string names;
  for (unsigned type = 1; type <= static_cast<unsigned>(Type::Point); ++type) {
    if ((types & function::type_bit(static_cast<Type>(type))) == 0) continue;
    if (!names.empty()) names += " | ";
    names += type_name(static_cast<Type>(type));
  }
  return names;
}

std::string signature_text(const function::ScalarFunction& function) {
  std::string out = std::string(function.name) + "(";
  for (std::size_t at = 0; at < function.parameters.size(); ++at) {
    const function::Parameter& parameter = function.parameters[at];
    if (at != 0) out += ", ";
    out += std::string(parameter.name) + " :: " + type_text(parameter.types);
  }
  return out + ") :: " + type_text(function.returns);
}

void add_functions(Registry& registry) {
  plan::ProcedureSignature made =
      signature("SHOW FUNCTIONS", {field("name", Type::String), field("category", Type::String),
                                   field("description", Type::String), field("signature", Type::String),
                                   field("aggregating", Type::Boolean)});
  made.default_outputs = {"name", "category", "description"};
  made.is_system_allowed = true;
  registry.add(std::move(made), [](exec::ProcedureContext&, List) {
    std::vector<List> all;
    for (const function::ScalarFunction* function : function::scalar_functions()) {
      all.push_back({text(function->name), text(function->category), text(function->summary),
                     text(signature_text(*function)), Value::boolean(false)});
    }
    for (const function::AggregateFunction* function : function::aggregate_functions()) {
      all.push_back({text(function->name), text("aggregating"), text(function->summary),
                     text(std::string(function->name) + "(…) :: " + type_text(function->returns)), Value::boolean(true)});
    }
    std::sort(all.begin(), all.end(), [](const List& a, const List& b) { return a[0].string() < b[0].string(); });
    return rows(std::move(all));
  });
}

std::string fields_text(const std::vector<Field>& fields) {
  std::string out = "(";
  for (std::size_t at = 0; at < fields.size(); ++at) {
    if (at != 0) out += ", ";
    out += fields[at].name + " :: " + (fields[at].type_text.empty() ? type_text(fields[at].types) : fields[at].type_text);
  }
  return out + ")";
}

void add_procedures(Registry& registry) {
  plan::ProcedureSignature made = signature(
      "SHOW PROCEDURES", {field("name", Type::String), field("mode", Type::String), field("worksOnSystem", Type::Boolean),
                          field("signature", Type::String)});
  made.default_outputs = {"name", "mode", "worksOnSystem"};
  made.is_system_allowed = true;
  registry.add(std::move(made), [&registry](exec::ProcedureContext&, List) {
    std::vector<List> all;
    for (const exec::Procedure* procedure : registry.procedures()) {
      const plan::ProcedureSignature& declared = procedure->signature();
      if (declared.name.starts_with("SHOW ")) continue;
      all.push_back({text(declared.name), text(declared.writes ? "WRITE" : "READ"),
                     Value::boolean(declared.is_system_allowed),
                     text(declared.name + fields_text(declared.inputs) + " :: " + fields_text(declared.outputs))});
    }
    return rows(std::move(all));
  });
}

}  // namespace

void add_builtin(Registry& registry) {
  add_token_procedures(registry);
  add_information(registry);
  add_functions(registry);
  add_procedures(registry);
}

}  // namespace nexus::procedure
