// The checking half of Workspace: what was written obeys the constraints.

#include <algorithm>

#include "storage/workspace.h"
#include "value/compare.h"
#include "value/text.h"

namespace nexus::storage {
namespace {

constexpr std::size_t kShownBytesMax = 200;

std::string shown(const Value& value) {
  std::string text = to_text(value);
  if (text.size() <= kShownBytesMax) return text;
  std::size_t cut = kShownBytesMax;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return text.substr(0, cut) + "…";
}

}  // namespace

const Value* Workspace::value_of(EntityKind entity, std::uint64_t id, TokenId key) const {
  if (entity == EntityKind::Node) {
    const NodeRow* row = node(id);
    return row == nullptr ? nullptr : find_property(properties_of(*row), key);
  }
  const RelationshipRow* row = relationship(id);
  return row == nullptr ? nullptr : find_property(properties_of(*row), key);
}

Error Workspace::violation(ErrorCode code, const SchemaRule& rule, std::uint64_t id,
                           std::span<const Property> properties) const {
  const bool is_node = rule.entity == EntityKind::Node;
  std::string text = std::string(is_node ? "node " : "relationship ") + std::to_string(id) +
                     (is_node ? " with label `" : " of type `");
  text += std::string((is_node ? graph_.labels : graph_.types).name(rule.token)) + "`";
  std::string_view separator = " has ";
  for (const TokenId key : rule.keys) {
    const Value* value = find_property(properties, key);
    text += std::string(separator) + "property `" + std::string(graph_.keys.name(key)) + "`" +
            (value == nullptr ? " missing" : " = " + shown(*value));
    separator = " and ";
  }
  return Error{code, text + ", which the constraint `" + rule.name + "` does not allow"};
}

Result<> Workspace::check_unique(const SchemaRule& rule, std::uint64_t id,
                                 std::span<const Property> properties) const {
  std::vector<Value> values;
  for (const TokenId key : rule.keys) {
    const Value* value = find_property(properties, key);
    if (value == nullptr) return Done{};  // Nothing is equal to nothing.
    values.push_back(*value);
  }
  const IndexRange range = index_exact(values);
  IndexKey position = range.first;
  std::uint64_t other[8];
  while (const std::size_t count = scan_index(rule.id, range, position, other)) {
    for (std::size_t i = 0; i < count; ++i) {
      if (other[i] == id) continue;
      const auto is_equal = [&, at = std::size_t{0}](TokenId key) mutable {
        const Value* value = value_of(rule.entity, other[i], key);
        return value != nullptr && equals(values[at++], *value) == Ternary::True;
      };
      if (!std::all_of(rule.keys.begin(), rule.keys.end(), is_equal)) continue;
      Error error = violation(ErrorCode::UniquenessViolation, rule, id, properties);
      error.message += std::string(": ") + (rule.entity == EntityKind::Node ? "node " : "relationship ") +
                       std::to_string(other[i]) + " has the same";
      return error;
    }
  }
  return Done{};
}

Result<> Workspace::check_rule(const SchemaRule& rule, std::uint64_t id, bool uniqueness, bool presence) const {
  std::span<const Property> properties;
  if (rule.entity == EntityKind::Node) {
    const NodeRow* row = node(id);
    if (row == nullptr || !row->labels->has(rule.token)) return Done{};
    properties = properties_of(*row);
  } else {
    const RelationshipRow* row = relationship(id);
    if (row == nullptr || row->type != rule.token) return Done{};
    properties = properties_of(*row);
  }
  if (presence && rule.needs_presence()) {
    for (const TokenId key : rule.keys) {
      if (find_property(properties, key) == nullptr) {
        return violation(ErrorCode::PresenceViolation, rule, id, properties);
      }
    }
  }
  if (presence && rule.kind == RuleKind::PropertyType) {
    const Value* value = find_property(properties, rule.keys.front());
    const bool is_wrong = value != nullptr && ((rule.types >> static_cast<unsigned>(value->type()) & 1) == 0 ||
                                               (value->is(Type::Vector) && !rule.vector.has(value->vector())));
    if (is_wrong) {
      return violation(ErrorCode::PropertyTypeViolation, rule, id, properties);
    }
  }
  return uniqueness && rule.is_unique() ? check_unique(rule, id, properties) : Result<>(Done{});
}

Result<> Workspace::check_constraints(bool at_end) {
  for (const EntityKind entity : {EntityKind::Node, EntityKind::Relationship}) {
    Written& written = written_[static_cast<std::size_t>(entity)];
    for (std::size_t i = at_end ? 0 : written.checked; i < written.ids.size(); ++i) {
      const std::uint64_t id = written.ids[i];
      const bool uniqueness = i >= written.checked;
      const auto check = [&](TokenId token) -> Result<> {
        for (const std::uint32_t position : schema_->about(entity, token)) {
          const SchemaRule& rule = schema_->rules()[position];
          if (rule.is_constraint()) NX_TRY_DO(check_rule(rule, id, uniqueness, at_end));
        }
        return Done{};
      };
      if (entity == EntityKind::Relationship) {
        if (const RelationshipRow* row = relationship(id)) NX_TRY_DO(check(row->type));
      } else if (const NodeRow* row = node(id)) {
        for (const TokenId label : row->labels->labels()) NX_TRY_DO(check(label));
      }
    }
    written.checked = written.ids.size();
  }
  return Done{};
}

}  // namespace nexus::storage
