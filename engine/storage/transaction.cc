#include "storage/transaction.h"

#include <algorithm>

#include "storage/transaction_parts.h"
#include "value/property.h"

namespace nexus::storage {
namespace {

// Sorted by key, the last of equal keys, no nulls.
void normalize(std::vector<Property>& properties) {
  const auto by_key = [](const Property& a, const Property& b) { return a.key < b.key; };
  if (!std::is_sorted(properties.begin(), properties.end(), by_key)) {
    std::stable_sort(properties.begin(), properties.end(), by_key);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const bool is_last = i + 1 == properties.size() || properties[i + 1].key != properties[i].key;
    if (!is_last || properties[i].value.is_null()) continue;
    if (kept != i) properties[kept] = std::move(properties[i]);
    ++kept;
  }
  properties.resize(kept);
}

Result<> check_size(std::uint64_t bytes) {
  if (bytes <= kOperationBytesMax) return Done{};
  return Error{ErrorCode::LimitExceeded, "the properties of one node or relationship cannot take more than " +
                                             std::to_string(kOperationBytesMax) + " bytes at once"};
}

Result<> check_storable(const Tokens& keys, std::span<const Property> properties) {
  std::uint64_t bytes = 0;
  for (const Property& property : properties) {
    NX_TRY_DO(check_property_value(keys.name(property.key), property.value));
    bytes += sizeof(Property) + property.value.heap_bytes();
  }
  return check_size(bytes);
}

}  // namespace

Transaction::Transaction(Store& store, std::unique_ptr<Parts> parts)
    : store_(&store), parts_(std::move(parts)), view_(parts_->workspace.get()) {
  store_->parts_->open_transactions.fetch_add(1, std::memory_order_relaxed);
}

Transaction::~Transaction() {
  rollback();
  store_->parts_->open_transactions.fetch_sub(1, std::memory_order_relaxed);
}

bool Transaction::has_node(NodeId node) const { return view_->node(node) != nullptr; }

bool Transaction::has_relationship(RelationshipId relationship) const {
  return view_->relationship(relationship) != nullptr;
}

std::span<const TokenId> Transaction::labels(NodeId node) const {
  const NodeRow* row = view_->node(node);
  return row == nullptr ? std::span<const TokenId>() : row->labels->labels();
}

bool Transaction::has_label(NodeId node, TokenId label) const {
  const NodeRow* row = view_->node(node);
  return row != nullptr && row->labels->has(label);
}

std::span<const Property> Transaction::node_properties(NodeId node) const {
  const NodeRow* row = view_->node(node);
  return row == nullptr ? std::span<const Property>() : properties_of(*row);
}

Value Transaction::node_property(NodeId node, TokenId key) const {
  const Value* value = find_property(node_properties(node), key);
  return value == nullptr ? Value::null() : *value;
}

std::span<const Property> Transaction::relationship_properties(RelationshipId relationship) const {
  const RelationshipRow* row = view_->relationship(relationship);
  return row == nullptr ? std::span<const Property>() : properties_of(*row);
}

Value Transaction::relationship_property(RelationshipId relationship, TokenId key) const {
  const Value* value = find_property(relationship_properties(relationship), key);
  return value == nullptr ? Value::null() : *value;
}

std::optional<RelationshipRecord> Transaction::relationship(RelationshipId relationship) const {
  const RelationshipRow* row = view_->relationship(relationship);
  if (row == nullptr) return std::nullopt;
  return RelationshipRecord{row->type, row->start, row->end};
}

void Transaction::expand(NodeId node, Direction direction, std::span<const TokenId> types,
                         std::vector<Neighbor>& out) const {
  const NodeRow* row = view_->node(node);
  if (row == nullptr || row->adjacency == nullptr) return;
  adjacency_expand(*row->adjacency, node, direction, types, out);
}

void Transaction::expand_into(NodeId node, Direction direction, std::span<const TokenId> types, NodeId other,
                              std::vector<Neighbor>& out) const {
  const NodeRow* row = view_->node(node);
  if (row == nullptr || row->adjacency == nullptr) return;
  adjacency_expand_into(*row->adjacency, node, direction, types, other, out);
}

std::uint64_t Transaction::degree(NodeId node, Direction direction, std::span<const TokenId> types) const {
  const NodeRow* row = view_->node(node);
  return row == nullptr || row->adjacency == nullptr ? 0 : adjacency_degree(*row->adjacency, node, direction, types);
}

std::size_t Transaction::scan_nodes(ScanPosition& position, std::span<NodeId> out) const {
  return view_->scan_nodes(position, out);
}

std::size_t Transaction::scan_label(TokenId label, ScanPosition& position, std::span<NodeId> out) const {
  return view_->scan_label(label, position, out);
}

std::size_t Transaction::scan_relationships(ScanPosition& position, std::span<RelationshipId> out) const {
  return view_->scan_relationships(position, out);
}

std::uint64_t Transaction::node_count() const { return view_->node_count(); }
std::uint64_t Transaction::node_count(TokenId label) const { return view_->node_count(label); }
std::uint64_t Transaction::relationship_count() const { return view_->relationship_count(); }
std::uint64_t Transaction::relationship_count(TokenId type) const { return view_->relationship_count(type); }

std::optional<TokenId> Transaction::find_token(TokenKind kind, std::string_view name) const {
  return store_->parts_->graph.tokens(kind).find(name);
}

std::string_view Transaction::token_name(TokenKind kind, TokenId token) const {
  return store_->parts_->graph.tokens(kind).name(token);
}

std::size_t Transaction::token_count(TokenKind kind) const { return store_->parts_->graph.tokens(kind).size(); }

Result<> Transaction::Parts::require_writes() const {
  NX_CHECK(!has_ended);
  if (kind != TransactionKind::Read) return Done{};
  return Error{ErrorCode::WriteInReadAccess, "a read transaction cannot write"};
}

Result<> Transaction::Parts::recorded() { return records ? operations.charge() : Result<>(Done{}); }

Result<TokenId> Transaction::intern(TokenKind kind, std::string_view name) {
  NX_TRY_DO(parts_->require_writes());
  if (parts_->forbidden_names.test(static_cast<std::size_t>(kind)) && !find_token(kind, name)) {
    constexpr std::string_view kWhat[] = {"label", "relationship type", "property name"};
    return Error(ErrorCode::Forbidden, "The user is not allowed to bring a new " + std::string(kWhat[static_cast<std::size_t>(kind)]) +
                                           " into this database: '" + std::string(name.substr(0, 100)) + "'.");
  }
  return store_->parts_->graph.tokens(kind).intern(name);
}

void Transaction::forbid_new_names(TokenKind kind) { parts_->forbidden_names.set(static_cast<std::size_t>(kind)); }

Result<NodeId> Transaction::create_node(std::span<const TokenId> labels, std::vector<Property> properties) {
  NX_TRY_DO(parts_->require_writes());
  Graph& graph = store_->parts_->graph;
  normalize(properties);
  NX_TRY_DO(check_storable(graph.keys, properties));
  std::vector<TokenId> sorted(labels.begin(), labels.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  NX_CHECK(sorted.empty() || sorted.back() < graph.labels.size());
  NX_TRY(const LabelSet* set, graph.label_sets.intern(sorted));
  NX_TRY(const NodeId node, graph.ids.next_node(set));
  NX_TRY_DO(parts_->workspace->create_node(node, set, properties));
  if (parts_->records) parts_->operations.create_node(node, set, properties);
  NX_TRY_DO(parts_->recorded());
  return node;
}

Result<RelationshipId> Transaction::create_relationship(TokenId type, NodeId start, NodeId end,
                                                        std::vector<Property> properties) {
  NX_TRY_DO(parts_->require_writes());
  Graph& graph = store_->parts_->graph;
  NX_CHECK(type < graph.types.size());
  normalize(properties);
  NX_TRY_DO(check_storable(graph.keys, properties));
  const RelationshipRecord record{type, start, end};
  NX_TRY(const RelationshipId relationship, graph.ids.next_relationship(type));
  NX_TRY_DO(parts_->workspace->create_relationship(relationship, record, properties));
  if (parts_->records) parts_->operations.create_relationship(relationship, record, properties);
  NX_TRY_DO(parts_->recorded());
  return relationship;
}

Result<> Transaction::delete_relationship(RelationshipId relationship) {
  NX_TRY_DO(parts_->require_writes());
  NX_TRY_DO(parts_->workspace->delete_relationship(relationship));
  if (parts_->records) parts_->operations.delete_relationship(relationship);
  if (parts_->kind == TransactionKind::Explicit) parts_->touched_relationships.push_back(relationship);
  return parts_->recorded();
}

Result<> Transaction::delete_node(NodeId node) {
  NX_TRY_DO(parts_->require_writes());
  NX_TRY_DO(parts_->workspace->delete_node(node));
  if (parts_->records) parts_->operations.delete_node(node);
  if (parts_->kind == TransactionKind::Explicit) parts_->touched_nodes.push_back(node);
  return parts_->recorded();
}

Result<> Transaction::add_label(NodeId node, TokenId label) {
  NX_TRY_DO(parts_->require_writes());
  NX_CHECK(label < store_->parts_->graph.labels.size());
  NX_TRY(const bool changed, parts_->workspace->add_label(node, label));
  if (!changed) return Done{};
  if (parts_->records) parts_->operations.add_label(node, label);
  if (parts_->kind == TransactionKind::Explicit) parts_->touched_nodes.push_back(node);
  return parts_->recorded();
}

Result<> Transaction::remove_label(NodeId node, TokenId label) {
  NX_TRY_DO(parts_->require_writes());
  NX_TRY(const bool changed, parts_->workspace->remove_label(node, label));
  if (!changed) return Done{};
  if (parts_->records) parts_->operations.remove_label(node, label);
  if (parts_->kind == TransactionKind::Explicit) parts_->touched_nodes.push_back(node);
  return parts_->recorded();
}

Result<> Transaction::set_node_property(NodeId node, TokenId key, Value value) {
  NX_TRY_DO(parts_->require_writes());
  if (!value.is_null()) NX_TRY_DO(check_property_value(token_name(TokenKind::Key, key), value));
  NX_TRY_DO(check_size(value.heap_bytes()));
  NX_TRY(const bool changed, parts_->workspace->set_node_property(node, key, value));
  if (!changed) return Done{};
  if (parts_->records) parts_->operations.set_node_property(node, key, value);
  if (parts_->kind == TransactionKind::Explicit) parts_->touched_nodes.push_back(node);
  return parts_->recorded();
}

Result<> Transaction::set_relationship_property(RelationshipId relationship, TokenId key, Value value) {
  NX_TRY_DO(parts_->require_writes());
  if (!value.is_null()) NX_TRY_DO(check_property_value(token_name(TokenKind::Key, key), value));
  NX_TRY_DO(check_size(value.heap_bytes()));
  NX_TRY(const bool changed, parts_->workspace->set_relationship_property(relationship, key, value));
  if (!changed) return Done{};
  if (parts_->records) parts_->operations.set_relationship_property(relationship, key, value);
  if (parts_->kind == TransactionKind::Explicit) parts_->touched_relationships.push_back(relationship);
  return parts_->recorded();
}

const Schema& Transaction::schema() const { return view_->schema(); }

Result<RuleId> Transaction::define_rule(SchemaRule rule) {
  NX_TRY_DO(parts_->require_writes());
  rule.id = view_->schema().next_id();
  NX_TRY_DO(parts_->workspace->define_rule(rule));
  if (parts_->records) parts_->operations.define_rule(rule);
  NX_TRY_DO(parts_->recorded());
  return rule.id;
}

Result<> Transaction::drop_rule(RuleId rule) {
  NX_TRY_DO(parts_->require_writes());
  NX_TRY_DO(parts_->workspace->drop_rule(rule));
  if (parts_->records) parts_->operations.drop_rule(rule);
  return parts_->recorded();
}

bool Transaction::has_data_writes() const { return parts_->workspace->has_data_writes(); }
bool Transaction::has_schema_changes() const { return parts_->workspace->has_schema_changes(); }

std::shared_ptr<const VectorCenter> Transaction::vector_center(RuleId rule) const { return view_->vector_center(rule); }

std::size_t Transaction::scan_index_keys(RuleId rule, IndexKey& position, std::span<IndexKey> out) const {
  return view_->scan_index_keys(rule, position, out);
}

std::size_t Transaction::scan_index(RuleId rule, const IndexRange& range, IndexKey& position,
                                    std::span<std::uint64_t> out) const {
  return view_->scan_index(rule, range, position, out);
}

std::uint64_t Transaction::index_count(RuleId rule) const { return view_->index_count(rule); }

Result<> Transaction::check_uniqueness() { return parts_->workspace->check_constraints(false); }

std::uint64_t Transaction::log_bytes() const { return parts_->has_ended ? 0 : parts_->operations.bytes(); }

bool Transaction::adds() const { return !parts_->has_ended && parts_->operations.adds(); }

bool Transaction::has_writes() const { return !parts_->has_ended && parts_->workspace->has_writes(); }

Timestamp Transaction::snapshot() const { return parts_->workspace->snapshot(); }

}  // namespace nexus::storage
