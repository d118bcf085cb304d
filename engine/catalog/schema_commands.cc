#include "catalog/schema_commands.h"

#include <algorithm>

#include "base/hash.h"
#include "catalog/index_shape.h"
#include "nexus/value.h"

namespace nexus::catalog {
namespace {

using storage::EntityKind;
using storage::RuleKind;
using storage::SchemaRule;
using storage::TokenKind;
using storage::Transaction;

constexpr std::size_t kNameBytesMax = 65535;

TokenKind token_kind(EntityKind entity) { return entity == EntityKind::Node ? TokenKind::Label : TokenKind::Type; }

std::string quoted(std::string_view name) {
  std::string text = "`";
  for (const char c : name) text += c == '`' ? std::string("``") : std::string(1, c);
  return text + "`";
}

std::string made_name(const RuleRequest& request) {
  std::uint64_t hash = hash_text(request.label, static_cast<std::uint64_t>(request.kind) * 2 +
                                                    static_cast<std::uint64_t>(request.entity));
  for (const std::string& property : request.properties) hash = hash_combine(hash, hash_text(property));
  const bool is_index = request.kind == RuleKind::RangeIndex || request.kind == RuleKind::VectorIndex;
  std::string name = is_index ? "index_" : "constraint_";
  for (int shift = 28; shift >= 0; shift -= 4) name += "0123456789abcdef"[hash >> shift & 15];
  return name;
}

Result<> check_request(const RuleRequest& request) {
  if (request.properties.size() > storage::kRuleKeysMax) {
    return Error{ErrorCode::LimitExceeded, "an index or constraint has at most " +
                                               std::to_string(storage::kRuleKeysMax) + " properties"};
  }
  for (std::size_t i = 0; i < request.properties.size(); ++i) {
    const auto begin = request.properties.begin();
    if (std::find(begin, begin + static_cast<std::ptrdiff_t>(i), request.properties[i]) != begin + static_cast<std::ptrdiff_t>(i)) {
      return Error{ErrorCode::RepeatedSchemaToken, "the property `" + request.properties[i] + "` is named twice"};
    }
  }
  if (request.name && (request.name->empty() || request.name->size() > kNameBytesMax)) {
    return Error{ErrorCode::InvalidArgument, "the name of an index or constraint cannot be empty or longer than " +
                                                 std::to_string(kNameBytesMax) + " bytes"};
  }
  return Done{};
}

std::string what(const SchemaRule& rule) {
  return (rule.is_constraint() ? "the constraint `" : "the index `") + rule.name + "`";
}

// The error for a rule that stands in the way of `made`, which is about the same keys; nullopt when
// the two may live together.
std::optional<Error> obstacle(const SchemaRule& there, const SchemaRule& made) {
  const bool both_vectors = there.kind == RuleKind::VectorIndex && made.kind == RuleKind::VectorIndex;
  if (both_vectors || (there.kind == made.kind && there.types == made.types && there.vector == made.vector)) {
    const ErrorCode code = made.is_constraint() ? ErrorCode::ConstraintAlreadyExists : ErrorCode::IndexAlreadyExists;
    return Error{code, what(there) + " does the same already"};
  }
  const bool both_trees = there.is_range() && made.is_range();
  const bool both_types = there.kind == RuleKind::PropertyType && made.kind == RuleKind::PropertyType;
  if (!both_trees && !both_types) return std::nullopt;
  const bool is_index = there.kind == RuleKind::RangeIndex;
  return Error{is_index ? ErrorCode::IndexAlreadyExists : ErrorCode::ConstraintConflict,
               what(there) + " is about the same properties; drop it first"};
}

}  // namespace

Result<bool> create_rule(Transaction& transaction, const RuleRequest& request) {
  NX_TRY_DO(check_request(request));
  SchemaRule rule;
  rule.kind = request.kind;
  rule.entity = request.entity;
  rule.types = request.types;
  rule.vector = request.vector;
  NX_TRY(rule.token, transaction.intern(token_kind(request.entity), request.label));
  for (const std::string& property : request.properties) {
    NX_TRY(const storage::TokenId key, transaction.intern(TokenKind::Key, property));
    rule.keys.push_back(key);
  }
  rule.name = request.name ? *request.name : made_name(request);
  const storage::Schema& schema = transaction.schema();
  for (const std::uint32_t position : schema.about(rule.entity, rule.token)) {
    const SchemaRule& there = schema.rules()[position];
    if (there.keys != rule.keys) continue;
    std::optional<Error> error = obstacle(there, rule);
    if (!error) continue;
    const bool is_same = error->code == ErrorCode::ConstraintAlreadyExists || there.kind == rule.kind;
    if (request.if_not_exists && (is_same || !rule.is_constraint())) return false;
    return std::move(*error);
  }
  if (const SchemaRule* there = schema.find(rule.name)) {
    if (request.if_not_exists) return false;
    return Error{there->is_constraint() ? ErrorCode::ConstraintNameTaken : ErrorCode::IndexNameTaken,
                 "the name `" + rule.name + "` is taken by " + what(*there)};
  }
  NX_TRY_DO(transaction.define_rule(std::move(rule)));
  return true;
}

Result<bool> drop_index(Transaction& transaction, std::string_view name, bool if_exists) {
  const SchemaRule* rule = transaction.schema().find(name);
  if (rule == nullptr || !rule->has_tree()) {
    if (if_exists) return false;
    return Error{ErrorCode::IndexNotFound, "there is no index " + quoted(name)};
  }
  if (rule->is_constraint()) {
    return Error{ErrorCode::IndexBelongsToConstraint,
                 "the index " + quoted(name) + " belongs to a constraint; drop the constraint instead"};
  }
  NX_TRY_DO(transaction.drop_rule(rule->id));
  return true;
}

Result<bool> drop_constraint(Transaction& transaction, std::string_view name, bool if_exists) {
  const SchemaRule* rule = transaction.schema().find(name);
  if (rule == nullptr || !rule->is_constraint()) {
    if (if_exists) return false;
    return Error{ErrorCode::ConstraintNotFound, "there is no constraint " + quoted(name)};
  }
  NX_TRY_DO(transaction.drop_rule(rule->id));
  return true;
}

std::string types_text(const SchemaRule& rule) {
  std::string text;
  for (unsigned i = 0; i <= static_cast<unsigned>(kTypeLast); ++i) {
    if ((rule.types >> i & 1) == 0) continue;
    if (!text.empty()) text += " | ";
    const auto type = static_cast<Type>(i);
    text += type == Type::List     ? std::string("LIST<ANY>")
            : type == Type::Vector ? to_text(rule.vector)
                                   : std::string(type_name(type));
  }
  return text;
}

std::string vector_config_text(const SchemaRule& rule) {
  std::string text;
  if (rule.vector.dimension != 0) text = "`vector.dimensions`: " + std::to_string(rule.vector.dimension) + ", ";
  return text + "`vector.similarity_function`: '" + (rule.is_euclidean() ? "EUCLIDEAN" : "COSINE") + "'";
}

std::string definition_text(const Transaction& transaction, const SchemaRule& rule) {
  const bool is_node = rule.entity == EntityKind::Node;
  const std::string variable = is_node ? "n" : "r";
  const std::string token = quoted(transaction.token_name(token_kind(rule.entity), rule.token));
  const std::string_view begin = rule.is_constraint() ? "CONSTRAINT " : rule.is_range() ? "RANGE INDEX " : "VECTOR INDEX ";
  std::string text = std::string(begin) + quoted(rule.name) + " FOR ";
  text += is_node ? "(n:" + token + ")" : "()-[r:" + token + "]-()";
  text += rule.is_constraint() ? " REQUIRE (" : " ON (";
  for (std::size_t i = 0; i < rule.keys.size(); ++i) {
    text += (i == 0 ? "" : ", ") + variable + "." + quoted(transaction.token_name(TokenKind::Key, rule.keys[i]));
  }
  text += ")";
  switch (rule.kind) {
    case RuleKind::RangeIndex: return text;
    case RuleKind::VectorIndex: return text + " OPTIONS {indexConfig: {" + vector_config_text(rule) + "}}";
    case RuleKind::Unique: return text + " IS UNIQUE";
    case RuleKind::Key: return text + (is_node ? " IS NODE KEY" : " IS RELATIONSHIP KEY");
    case RuleKind::Exists: return text + " IS NOT NULL";
    case RuleKind::PropertyType: return text + " IS :: " + types_text(rule);
  }
  return text;
}

std::vector<IndexShape> index_shapes(const Transaction& transaction) {
  std::vector<IndexShape> shapes;
  for (const SchemaRule& rule : transaction.schema().rules()) {
    if (!rule.is_range()) continue;
    IndexShape shape{rule.entity, std::string(transaction.token_name(token_kind(rule.entity), rule.token)), {},
                     rule.is_unique()};
    for (const storage::TokenId key : rule.keys) {
      shape.keys.emplace_back(transaction.token_name(TokenKind::Key, key));
    }
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

}  // namespace nexus::catalog
