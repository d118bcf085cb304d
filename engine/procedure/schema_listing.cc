// What there is of indexes and constraints, as rows.
//
// Indexes are complete when their CREATE has committed: every one is ONLINE, nothing is awaited.

#include "catalog/schema_commands.h"
#include "procedure/listing.h"
#include "procedure/registry.h"
#include "procedure/signature.h"

namespace nexus::procedure {

namespace {

using storage::EntityKind;
using storage::RuleKind;
using storage::SchemaRule;
using storage::TokenKind;
using Rows = std::vector<List>;

// The two that are part of the storage: nodes by label, relationships by type.
constexpr std::int64_t kLookupIndexes = 2;

std::int64_t shown_id(const SchemaRule& rule) { return static_cast<std::int64_t>(rule.id) + kLookupIndexes + 1; }

Value entity_text(EntityKind entity) { return Value::string(entity == EntityKind::Node ? "NODE" : "RELATIONSHIP"); }

Value token_list(const exec::ProcedureContext& context, const SchemaRule& rule) {
  const TokenKind kind = rule.entity == EntityKind::Node ? TokenKind::Label : TokenKind::Type;
  return string_list({std::string(context.transaction.token_name(kind, rule.token))});
}

Value key_list(const exec::ProcedureContext& context, const SchemaRule& rule) {
  std::vector<std::string> names;
  for (const auto key : rule.keys) names.emplace_back(context.transaction.token_name(TokenKind::Key, key));
  return string_list(names);
}

std::string_view constraint_type(const SchemaRule& rule) {
  const bool is_node = rule.entity == EntityKind::Node;
  switch (rule.kind) {
    case RuleKind::Unique: return is_node ? "UNIQUENESS" : "RELATIONSHIP_UNIQUENESS";
    case RuleKind::Key: return is_node ? "NODE_KEY" : "RELATIONSHIP_KEY";
    case RuleKind::Exists: return is_node ? "NODE_PROPERTY_EXISTENCE" : "RELATIONSHIP_PROPERTY_EXISTENCE";
    case RuleKind::PropertyType: return is_node ? "NODE_PROPERTY_TYPE" : "RELATIONSHIP_PROPERTY_TYPE";
    case RuleKind::RangeIndex:
    case RuleKind::VectorIndex: break;
  }
  return "";
}

bool has_word(std::string_view filter, std::string_view word) {
  while (!filter.empty()) {
    const std::size_t end = filter.find(' ');
    if (filter.substr(0, end) == word) return true;
    filter = end == std::string_view::npos ? std::string_view() : filter.substr(end + 1);
  }
  return false;
}

// SHOW NODE KEY CONSTRAINTS and its kin: every word of the filter must fit.
bool is_shown(const SchemaRule& rule, std::string_view filter) {
  const bool is_node = rule.entity == EntityKind::Node;
  if (has_word(filter, "NODE") && !is_node) return false;
  if ((has_word(filter, "REL") || has_word(filter, "RELATIONSHIP")) && is_node) return false;
  if (has_word(filter, "KEY")) return rule.kind == RuleKind::Key;
  if (has_word(filter, "UNIQUE") || has_word(filter, "UNIQUENESS")) return rule.kind == RuleKind::Unique;
  if (has_word(filter, "TYPE")) return rule.kind == RuleKind::PropertyType;
  const bool existence = has_word(filter, "EXIST") || has_word(filter, "EXISTS") || has_word(filter, "EXISTENCE");
  return !existence || rule.kind == RuleKind::Exists;
}

Value options_map(Map config, std::string_view provider) {
  return Value::map(make_map({{"indexConfig", Value::map(make_map(std::move(config)))}, {"indexProvider", Value::string(provider)}}));
}

Value options_of(const SchemaRule& rule) {
  if (rule.is_range()) return options_map({}, "range-1.0");
  Map config{{"vector.similarity_function", Value::string(rule.is_euclidean() ? "EUCLIDEAN" : "COSINE")}};
  if (rule.vector.dimension != 0) config.emplace_back("vector.dimensions", Value::integer(rule.vector.dimension));
  return options_map(std::move(config), "vector-1.0");
}

List lookup_row(std::int64_t id, EntityKind entity) {
  const bool is_node = entity == EntityKind::Node;
  return {Value::integer(id),
          Value::string(is_node ? "lookup_labels" : "lookup_types"),
          Value::string("ONLINE"),
          Value::real(100),
          Value::string("LOOKUP"),
          entity_text(entity),
          Value::null(),
          Value::null(),
          Value::string("token-lookup-1.0"),
          Value::null(),
          Value::null(),
          Value::null(),
          Value::string(""),
          Value::null(),
          options_map(Map{}, "token-lookup-1.0")};
}

std::string_view filter_of(const List& arguments) {
  return arguments[0].is(Type::String) ? arguments[0].string() : std::string_view();
}

exec::StreamResult indexes(exec::ProcedureContext& context, List arguments) {
  const std::string_view filter = filter_of(arguments);
  const auto wants = [&](std::string_view kind) { return filter.empty() || filter == kind; };
  Rows rows;
  if (wants("LOOKUP")) {
    rows.push_back(lookup_row(1, EntityKind::Node));
    rows.push_back(lookup_row(2, EntityKind::Relationship));
  }
  for (const SchemaRule& rule : context.transaction.schema().rules()) {
    const bool is_range = rule.is_range();
    if (!rule.has_tree() || !wants(is_range ? "RANGE" : "VECTOR")) continue;
    rows.push_back({Value::integer(shown_id(rule)),
                    Value::string(rule.name),
                    Value::string("ONLINE"),
                    Value::real(100),
                    Value::string(is_range ? "RANGE" : "VECTOR"),
                    entity_text(rule.entity),
                    token_list(context, rule),
                    key_list(context, rule),
                    Value::string(is_range ? "range-1.0" : "vector-1.0"),
                    rule.is_constraint() ? Value::string(rule.name) : Value::null(),
                    Value::null(),
                    Value::null(),
                    Value::string(""),
                    Value::string("CREATE " + catalog::definition_text(context.transaction, rule)),
                    options_of(rule)});
  }
  return stream_of(std::move(rows));
}

exec::StreamResult constraints(exec::ProcedureContext& context, List arguments) {
  const std::string_view filter = filter_of(arguments);
  Rows rows;
  for (const SchemaRule& rule : context.transaction.schema().rules()) {
    if (!rule.is_constraint() || !is_shown(rule, filter)) continue;
    const bool is_typed = rule.kind == RuleKind::PropertyType;
    rows.push_back({Value::integer(shown_id(rule)),
                    Value::string(rule.name),
                    Value::string(constraint_type(rule)),
                    entity_text(rule.entity),
                    token_list(context, rule),
                    key_list(context, rule),
                    rule.has_tree() ? Value::string(rule.name) : Value::null(),
                    is_typed ? Value::string(catalog::types_text(rule)) : Value::null(),
                    Value::string("CREATE " + catalog::definition_text(context.transaction, rule))});
  }
  return stream_of(std::move(rows));
}

exec::StreamResult await_index(exec::ProcedureContext& context, List arguments) {
  const SchemaRule* rule = context.transaction.schema().find(arguments[0].string());
  if (rule != nullptr && rule->has_tree()) return stream_of({});
  return Error{ErrorCode::IndexNotFound, "there is no index `" + std::string(arguments[0].string()) + "`"};
}

exec::StreamResult nothing(exec::ProcedureContext&, List) { return stream_of({}); }

plan::ProcedureSignature show(std::string name, std::vector<plan::ProcedureSignature::Field> outputs,
                              std::size_t default_outputs) {
  plan::ProcedureSignature signature;
  signature.name = std::move(name);
  signature.inputs = {string_field("filter")};
  signature.defaults = {Value::string("")};
  signature.outputs = std::move(outputs);
  for (std::size_t i = 0; i < default_outputs; ++i) signature.default_outputs.push_back(signature.outputs[i].name);
  return signature;
}

}  // namespace

void add_schema_listings(Registry& registry) {
  const plan::ProcedureSignature::Field percent{"populationPercent", function::types(Type::Float), "FLOAT"};
  const plan::ProcedureSignature::Field last_read{"lastRead", function::types(Type::DateTime), "ZONED DATETIME"};
  const auto labels = list_field("labelsOrTypes", "LIST<STRING>");
  const auto properties = list_field("properties", "LIST<STRING>");
  constexpr std::size_t kIndexDefaults = 12;
  registry.add(show("SHOW INDEXES",
                    {integer_field("id"), string_field("name"), string_field("state"), percent, string_field("type"),
                     string_field("entityType"), labels, properties, string_field("indexProvider"),
                     string_field("owningConstraint"), last_read, integer_field("readCount"),
                     string_field("failureMessage"), string_field("createStatement"), map_field("options")},
                    kIndexDefaults),
               indexes);
  constexpr std::size_t kConstraintDefaults = 8;
  registry.add(show("SHOW CONSTRAINTS",
                    {integer_field("id"), string_field("name"), string_field("type"), string_field("entityType"),
                     labels, properties, string_field("ownedIndex"), string_field("propertyType"),
                     string_field("createStatement")},
                    kConstraintDefaults),
               constraints);
  const auto seconds = integer_field("timeOutSeconds");
  const Value most = Value::integer(300);
  registry.add(signature("db.awaitIndexes", "Waits until every index can be used; they always can.",
                         {seconds}, {most}, {}), nothing);
  registry.add(signature("db.awaitIndex", "Waits until an index can be used; it always can.",
                         {string_field("indexName"), seconds}, {most}, {}), await_index);
  registry.add(signature("db.resampleIndex", "Nothing to do: counts are exact.",
                         {string_field("indexName")}, {}, {}), await_index);
  registry.add(signature("db.resampleOutdatedIndexes", "Nothing to do: counts are exact.",
                         {}, {}, {}), nothing);
}

}  // namespace nexus::procedure
