#include "exec/graph.h"

#include <algorithm>

#include "base/number.h"

namespace nexus::exec {

using storage::TokenKind;

Error Graph::deleted(const Value& entity) const {
  const bool is_node = entity.is(Type::Node);
  return Error{ErrorCode::DeletedEntityAccess, std::string(is_node ? "node " : "relationship ") +
                                                   std::to_string(entity.entity_id()) +
                                                   " was deleted in this transaction"};
}

Result<std::vector<std::string>> Graph::labels(std::uint64_t node) const {
  ++reads_;
  if (!is_node(node)) return deleted(Value::node(node));
  std::vector<std::string> names;
  for (const auto label : transaction_.labels(node)) {
    names.emplace_back(transaction_.token_name(TokenKind::Label, label));
  }
  return names;
}

Map Graph::named(std::span<const storage::Property> properties) const {
  Map entries;
  entries.reserve(properties.size());
  for (const auto& property : properties) {
    entries.emplace_back(std::string(transaction_.token_name(TokenKind::Key, property.key)), property.value);
  }
  return make_map(std::move(entries));
}

Result<Map> Graph::node_properties(std::uint64_t node) const {
  ++reads_;
  if (!is_node(node)) return deleted(Value::node(node));
  return named(transaction_.node_properties(node));
}

Result<Map> Graph::relationship_properties(std::uint64_t relationship) const {
  ++reads_;
  if (!is_relationship(relationship)) return deleted(Value::relationship(relationship));
  return named(transaction_.relationship_properties(relationship));
}

Result<Map> Graph::properties(const Value& entity) const {
  if (!entity.is_reference()) return entity.is(Type::Node) ? entity.node().properties : entity.relationship().properties;
  return entity.is(Type::Node) ? node_properties(entity.entity_id()) : relationship_properties(entity.entity_id());
}

std::optional<storage::RelationshipRecord> Graph::record(std::uint64_t relationship) const {
  ++reads_;
  if (auto found = transaction_.relationship(relationship)) return found;
  const auto deleted = deleted_relationships_.find(relationship);
  if (deleted == deleted_relationships_.end()) return std::nullopt;
  return deleted->second;
}

Result<std::string> Graph::relationship_type(std::uint64_t relationship) const {
  const auto found = record(relationship);
  if (!found) return deleted(Value::relationship(relationship));
  return std::string(transaction_.token_name(TokenKind::Type, found->type));
}

Result<function::GraphView::Ends> Graph::relationship_ends(std::uint64_t relationship) const {
  const auto found = record(relationship);
  if (!found) return deleted(Value::relationship(relationship));
  return Ends{found->start, found->end};
}

std::string Graph::node_element_id(std::uint64_t node) const {
  return "4:" + database_uuid_ + ":" + std::to_string(node);
}
std::string Graph::relationship_element_id(std::uint64_t relationship) const {
  return "5:" + database_uuid_ + ":" + std::to_string(relationship);
}

std::optional<std::uint64_t> Graph::parse_element_id(std::string_view text, char kind) const {
  const std::size_t head = 3 + database_uuid_.size();
  if (text.size() <= head || text[0] != kind || text[1] != ':' || text[head - 1] != ':') return std::nullopt;
  if (text.substr(2, database_uuid_.size()) != database_uuid_) return std::nullopt;
  const std::string_view digits = text.substr(head);
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  const auto id = parse_integer(digits);
  if (!id) return std::nullopt;
  return static_cast<std::uint64_t>(*id);
}

std::optional<std::uint64_t> Graph::node_of_element_id(std::string_view text) const {
  return parse_element_id(text, '4');
}
std::optional<std::uint64_t> Graph::relationship_of_element_id(std::string_view text) const {
  return parse_element_id(text, '5');
}

Result<Value> Graph::property_of(const Value& entity, std::optional<storage::TokenId> key) const {
  ++reads_;
  const std::uint64_t id = entity.entity_id();
  const bool is_node = entity.is(Type::Node);
  if (key && !(is_node && is_hidden(id))) {
    Value value = is_node ? transaction_.node_property(id, *key) : transaction_.relationship_property(id, *key);
    if (!value.is_null()) return value;
  }
  if (is_node ? !this->is_node(id) : !is_relationship(id)) return deleted(entity);
  return Value::null();
}

// An entity of another graph carries its properties with it.
Result<Value> Graph::carried_property(const Value& entity, std::string_view key) {
  const Map& properties = entity.is(Type::Node) ? entity.node().properties : entity.relationship().properties;
  for (const MapEntry& entry : properties) {
    if (entry.first == key) return entry.second;
  }
  return Value::null();
}

Result<Value> Graph::property(const Value& entity, Token& key) const {
  if (!entity.is_reference()) return carried_property(entity, key.name());
  return property_of(entity, key.find(transaction_));
}
Result<Value> Graph::property(const Value& entity, std::string_view key) const {
  if (!entity.is_reference()) return carried_property(entity, key);
  return property_of(entity, transaction_.find_token(TokenKind::Key, key));
}

Result<bool> Graph::has_label(std::uint64_t node, Token& label) const {
  ++reads_;
  const auto id = label.find(transaction_);
  if (id && !is_hidden(node) && transaction_.has_label(node, *id)) return true;
  if (!is_node(node)) return deleted(Value::node(node));
  return false;
}

Result<bool> Graph::delete_relationship(std::uint64_t relationship) {
  const auto found = transaction_.relationship(relationship);
  if (!found) return false;
  NX_TRY_DO(transaction_.delete_relationship(relationship));
  deleted_relationships_.emplace(relationship, *found);
  return true;
}

Result<bool> Graph::delete_node(std::uint64_t node) {
  if (!is_node(node)) return false;
  if (transaction_.degree(node, storage::Direction::Both, {}) != 0) {
    unsettled_.insert(node);
    return true;
  }
  NX_TRY_DO(transaction_.delete_node(node));
  return true;
}

Result<> Graph::settle() {
  for (const auto node : unsettled_) NX_TRY_DO(transaction_.delete_node(node));
  unsettled_.clear();
  return Done{};
}

}  // namespace nexus::exec
