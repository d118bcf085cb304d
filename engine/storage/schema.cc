#include "storage/schema.h"

#include <algorithm>

#include "base/hash.h"

namespace nexus::storage {

const SchemaRule* Schema::find(RuleId id) const {
  const auto at = std::lower_bound(rules_.begin(), rules_.end(), id,
                                   [](const SchemaRule& rule, RuleId wanted) { return rule.id < wanted; });
  return at == rules_.end() || at->id != id ? nullptr : &*at;
}

const SchemaRule* Schema::find(std::string_view name) const {
  const auto at = std::find_if(rules_.begin(), rules_.end(), [&](const SchemaRule& rule) { return rule.name == name; });
  return at == rules_.end() ? nullptr : &*at;
}

std::span<const std::uint32_t> Schema::about(EntityKind entity, TokenId token) const {
  const auto& lists = entity == EntityKind::Node ? by_label_ : by_type_;
  return token < lists.size() ? std::span<const std::uint32_t>(lists[token]) : std::span<const std::uint32_t>();
}

const SchemaRule* Schema::index_on(EntityKind entity, TokenId token, std::span<const TokenId> keys) const {
  for (const std::uint32_t position : about(entity, token)) {
    const SchemaRule& rule = rules_[position];
    if (rule.is_range() && std::equal(keys.begin(), keys.end(), rule.keys.begin(), rule.keys.end())) return &rule;
  }
  return nullptr;
}

std::shared_ptr<const Schema> Schema::made_of(std::vector<SchemaRule> rules) {
  auto made = std::make_shared<Schema>();
  made->rules_ = std::move(rules);
  for (std::uint32_t position = 0; position < made->rules_.size(); ++position) {
    const SchemaRule& rule = made->rules_[position];
    auto& lists = rule.entity == EntityKind::Node ? made->by_label_ : made->by_type_;
    if (rule.token >= lists.size()) lists.resize(rule.token + 1);
    lists[rule.token].push_back(position);
    // A sum, so that the order in which rules were made does not count.
    if (rule.is_range()) made->fingerprint_ += mix64(rule.shape_hash) | 1;
  }
  return made;
}

std::shared_ptr<const Schema> Schema::with(SchemaRule rule) const {
  std::vector<SchemaRule> rules = rules_;
  const auto at = std::lower_bound(rules.begin(), rules.end(), rule.id,
                                   [](const SchemaRule& other, RuleId wanted) { return other.id < wanted; });
  rules.insert(at, std::move(rule));
  return made_of(std::move(rules));
}

std::shared_ptr<const Schema> Schema::without(RuleId id) const {
  std::vector<SchemaRule> rules = rules_;
  std::erase_if(rules, [&](const SchemaRule& rule) { return rule.id == id; });
  return made_of(std::move(rules));
}

}  // namespace nexus::storage
