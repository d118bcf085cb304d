// CREATE's items: names, properties, new nodes and relationships.
#include <algorithm>

#include "exec/context.h"
#include "exec/operators/writes.h"
#include "value/text.h"

namespace nexus::exec {

Result<> NameSource::computed(Context& context, Value* row, bool interns, std::vector<storage::TokenId>& ids) {
  NX_TRY(const Value value, expression_->evaluate(context, row));
  const List single{value};
  for (const Value& name : value.is(Type::List) ? value.list() : single) {
    if (!name.is(Type::String)) return type_error("a STRING as label or type", name);
    if (name.string().empty()) return Error{ErrorCode::InvalidArgumentValue, "a label or type cannot be an empty text"};
    Token token(kind_, name.string());
    if (interns) {
      NX_TRY(const storage::TokenId id, token.intern(context.transaction));
      ids.push_back(id);
    } else if (const auto id = token.find(context.transaction)) {
      ids.push_back(*id);
    }
  }
  return Done{};
}

Result<> NameSource::intern(Context& context, Value* row, std::vector<storage::TokenId>& ids) {
  if (expression_) return computed(context, row, true, ids);
  NX_TRY(const storage::TokenId id, token_.intern(context.transaction));
  ids.push_back(id);
  return Done{};
}

Result<> NameSource::find(Context& context, Value* row, std::vector<storage::TokenId>& ids) {
  if (expression_) return computed(context, row, false, ids);
  if (const auto id = token_.find(context.transaction)) ids.push_back(*id);
  return Done{};
}

Result<> PropertySource::add(Context& context, bool refuses_null, Token& key, Value value,
                             std::vector<storage::Property>& properties) {
  if (value.is_null()) {
    if (!refuses_null) return Done{};
    return Error{ErrorCode::MergeReadOwnWrites,
                 "MERGE cannot look for property " + quote_identifier(key.name()) + " because its value is null"};
  }
  NX_TRY(const storage::TokenId id, key.intern(context.transaction));
  properties.push_back({id, std::move(value)});
  return Done{};
}

Result<> PropertySource::load(Context& context, Value* row, bool refuses_null,
                              std::vector<storage::Property>& properties) {
  for (auto& entry : entries_) {
    NX_TRY(Value value, entry.value->evaluate(context, row));
    NX_TRY_DO(add(context, refuses_null, entry.key, std::move(value), properties));
  }
  if (!map_) return Done{};
  NX_TRY(const Value given, map_->evaluate(context, row));
  if (given.is_null()) return Done{};
  Map copied;
  if (given.is(Type::Node) || given.is(Type::Relationship)) {
    NX_TRY(copied, context.graph.properties(given));
  } else if (given.is(Type::Map)) {
    copied = given.map();
  } else {
    return type_error("a MAP of properties", given);
  }
  for (auto& entry : copied) {
    Token key(storage::TokenKind::Key, entry.first);
    NX_TRY_DO(add(context, refuses_null, key, std::move(entry.second), properties));
  }
  return Done{};
}

Result<> CreateStep::run(Context& context, Value* row, bool refuses_null) {
  std::vector<storage::Property> values;
  NX_TRY_DO(properties.load(context, row, refuses_null, values));
  return is_node ? run_node(context, row, std::move(values)) : run_relationship(context, row, std::move(values));
}

Result<> CreateStep::run_node(Context& context, Value* row, std::vector<storage::Property> values) {
  std::vector<storage::TokenId> labels;
  for (auto& name : names) NX_TRY_DO(name.intern(context, row, labels));
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  const std::size_t count = values.size();
  NX_TRY(const storage::NodeId id, context.transaction.create_node(labels, std::move(values)));
  ++context.counters.nodes_created;
  context.counters.labels_added += labels.size();
  context.counters.properties_set += count;
  row[slot] = Value::node(id);
  return Done{};
}

Result<> CreateStep::run_relationship(Context& context, Value* row, std::vector<storage::Property> values) {
  for (const auto end_slot : {start, end}) {
    const Value& node = row[end_slot];
    if (node.is_null()) {
      return Error{ErrorCode::EntityNotFound, "cannot create a relationship because one of its nodes is null"};
    }
    if (!node.is(Type::Node)) return type_error("a NODE as end of a relationship", node);
    if (!context.graph.is_node(node.entity_id())) return context.graph.deleted(node);
  }
  std::vector<storage::TokenId> types;
  NX_TRY_DO(names[0].intern(context, row, types));
  if (types.size() != 1) {
    return Error{ErrorCode::InvalidArgumentValue, "a relationship has exactly one type"};
  }
  const std::size_t count = values.size();
  NX_TRY(const storage::RelationshipId id,
         context.transaction.create_relationship(types[0], row[start].entity_id(), row[end].entity_id(),
                                                 std::move(values)));
  ++context.counters.relationships_created;
  context.counters.properties_set += count;
  row[slot] = Value::relationship(id);
  return Done{};
}

}  // namespace nexus::exec
