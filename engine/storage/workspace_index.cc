// The indexing half of Workspace: entries follow what is written, rules come and go.

#include <algorithm>

#include "base/hash.h"
#include "storage/vector_key.h"
#include "storage/workspace.h"

namespace nexus::storage {
namespace {

// The values of a rule's keys; false when the first one is missing: then there is no entry.
bool values_of(const SchemaRule& rule, std::span<const Property> properties, std::vector<Value>& values) {
  values.clear();
  for (const TokenId key : rule.keys) {
    const Value* value = find_property(properties, key);
    if (value == nullptr && values.empty()) return false;
    values.push_back(value == nullptr ? Value::null() : *value);
  }
  return true;
}

// The entity's key in the rule's tree; nullopt when it has none there. `values` is room to work in.
std::optional<IndexKey> key_of(const SchemaRule& rule, const VectorCenter* center, std::uint64_t id,
                               std::span<const Property> properties, std::vector<Value>& values) {
  if (!values_of(rule, properties, values)) return std::nullopt;
  if (rule.kind != RuleKind::VectorIndex) return index_key(values, id);
  const auto coordinates = vector_coordinates(values.front(), rule.vector.dimension, !rule.is_euclidean());
  if (!coordinates) return std::nullopt;
  return vector_key(*coordinates, id, center);
}

constexpr std::uint64_t kCenteredMin = 1'000;
constexpr std::uint64_t kCenteredMax = 100'000;

bool reads(const SchemaRule& rule, TokenId key) {
  return std::find(rule.keys.begin(), rule.keys.end(), key) != rule.keys.end();
}

std::uint64_t shape_hash(const SchemaRule& rule, Graph& graph) {
  const bool is_node = rule.entity == EntityKind::Node;
  std::uint64_t hash = hash_text((is_node ? graph.labels : graph.types).name(rule.token), is_node ? 1 : 2);
  for (const TokenId key : rule.keys) hash = hash_combine(hash, hash_text(graph.keys.name(key)));
  return hash_combine(hash, rule.is_unique() ? 1 : 0);
}

}  // namespace

const IndexRoot* Workspace::root_of(RuleId rule) const {
  for (const IndexRoot& root : has_own_roots_ ? roots_ : *base_schema_.roots) {
    if (root.rule == rule) return &root;
  }
  return nullptr;
}

IndexRoot* Workspace::root_of(RuleId rule) {
  if (!has_own_roots_) roots_ = *base_schema_.roots;
  has_own_roots_ = true;
  return const_cast<IndexRoot*>(std::as_const(*this).root_of(rule));
}

std::uint64_t Workspace::index_bytes_max(EntityKind entity, TokenId token) const {
  std::uint64_t bytes = 0;
  for (const std::uint32_t position : schema_->about(entity, token)) {
    const IndexRoot* root = root_of(schema_->rules()[position].id);
    bytes += sizeof(std::uint64_t) + (root == nullptr ? 0 : tree_edit_bytes_max<IndexKey>(root->height));
  }
  return bytes;
}

std::uint64_t Workspace::index_bytes_max(const LabelSet& labels) const {
  if (schema_->rules().empty()) return 0;
  std::uint64_t bytes = 0;
  for (const TokenId label : labels.labels()) bytes += index_bytes_max(EntityKind::Node, label);
  return bytes;
}

void Workspace::put_entry(const SchemaRule& rule, std::uint64_t id, std::span<const Property> properties, bool adds) {
  std::vector<Value> values;
  values.reserve(rule.keys.size());
  IndexRoot* root = root_of(rule.id);
  const std::optional<IndexKey> key = key_of(rule, root->center.get(), id, properties, values);
  if (!key) return;
  root->is_changed = true;
  if (adds) {
    tree_insert(*edit_, root->root, root->height, *key);
    ++root->count;
  } else {
    tree_erase(*edit_, root->root, root->height, *key);
    --root->count;
  }
}

void Workspace::index_entity(EntityKind entity, TokenId token, std::uint64_t id,
                             std::span<const Property> properties, bool adds, const TokenId* key) {
  if (!maintains_indexes_) return;
  bool is_constrained = false;
  for (const std::uint32_t position : schema_->about(entity, token)) {
    const SchemaRule& rule = schema_->rules()[position];
    if (key != nullptr && !reads(rule, *key)) continue;
    if (rule.has_tree()) put_entry(rule, id, properties, adds);
    is_constrained = is_constrained || rule.is_constraint();
  }
  if (is_constrained && adds) note_constrained(entity, id);
}

void Workspace::index_node(NodeId node, const LabelSet& labels, std::span<const Property> properties, bool adds,
                           const TokenId* key) {
  if (schema_->rules().empty()) return;
  for (const TokenId label : labels.labels()) index_entity(EntityKind::Node, label, node, properties, adds, key);
}

void Workspace::note_constrained(EntityKind entity, std::uint64_t id) {
  Written& written = written_[static_cast<std::size_t>(entity)];
  if (written.ids.size() > written.checked && written.ids.back() == id) return;
  written.ids.push_back(id);
  graph_.memory.add(sizeof id);
}

// Every entity that a rule is about, until a visit fails.
template <class Visit>
Result<> Workspace::each_about(const SchemaRule& rule, Visit&& visit) const {
  std::uint64_t ids[256];
  ScanPosition position;
  const bool is_node = rule.entity == EntityKind::Node;
  for (;;) {
    const std::size_t count = is_node ? scan_label(rule.token, position, ids) : scan_relationships(position, ids);
    if (count == 0) return Done{};
    for (std::size_t i = 0; i < count; ++i) {
      if (is_node) {
        NX_TRY_DO(visit(ids[i], properties_of(*node(ids[i]))));
      } else if (const RelationshipRow& row = *relationship(ids[i]); row.type == rule.token) {
        NX_TRY_DO(visit(ids[i], properties_of(row)));
      }
    }
  }
}

// Null for few, and where directions do not count.
Result<std::shared_ptr<const VectorCenter>> Workspace::center_of(const SchemaRule& rule) const {
  if (rule.kind != RuleKind::VectorIndex || rule.is_euclidean()) return std::shared_ptr<const VectorCenter>();
  CenterOf center(rule.vector.dimension);
  NX_TRY_DO(each_about(rule, [&](std::uint64_t, std::span<const Property> properties) -> Result<> {
    const Value* value = find_property(properties, rule.keys[0]);
    const auto coordinates = value == nullptr ? std::nullopt : vector_coordinates(*value, rule.vector.dimension, true);
    if (coordinates) center.add(*coordinates);
    return Done{};
  }));
  return center.count() < kCenteredMin ? std::shared_ptr<const VectorCenter>() : center.take();
}

// The centers of vector indexes that have grown: their trees are made anew, while that takes less than a second. What finds no room
// for it stays as it is, for a worse center finds less and nothing wrong.
void Workspace::center_indexes() {
  if (!has_own_roots_ || !maintains_indexes_) return;
  for (const SchemaRule& rule : schema_->rules()) {
    if (rule.kind != RuleKind::VectorIndex || rule.is_euclidean()) continue;
    IndexRoot& root = *root_of(rule.id);
    if (!root.is_changed) continue;
    const std::uint64_t centered = root.center ? root.center->count : 0;
    if (root.count < kCenteredMin || root.count > kCenteredMax || root.count < 4 * centered) continue;
    IndexRoot fresh{rule.id, nullptr, 0, true, 0};
    if (build_tree(rule, fresh)) std::swap(root, fresh);
    index_drop(*edit_, fresh.root, fresh.height);
  }
}

Result<> Workspace::build_index(const SchemaRule& rule) { return build_tree(rule, *root_of(rule.id)); }

Result<> Workspace::build_tree(const SchemaRule& rule, IndexRoot& root) {
  // Sorted first: the tree then grows at its end, which fills its leaves completely.
  std::vector<IndexKey> keys;
  std::vector<Value> values;
  std::uint64_t held = 0;
  NX_TRY(root.center, center_of(rule));
  const auto collect = [&](std::uint64_t id, std::span<const Property> properties) -> Result<> {
    const std::optional<IndexKey> key = key_of(rule, root.center.get(), id, properties, values);
    if (!key) return Done{};
    if (keys.size() == keys.capacity()) {
      const std::size_t more = std::max<std::size_t>(64, keys.size());
      NX_TRY_DO(graph_.memory.reserve(more * sizeof(IndexKey)));
      graph_.memory.add(more * sizeof(IndexKey));
      held += more * sizeof(IndexKey);
      keys.reserve(keys.size() + more);
    }
    keys.push_back(*key);
    return Done{};
  };
  Result<> done = each_about(rule, collect);
  std::sort(keys.begin(), keys.end());
  root.is_changed = true;
  for (std::size_t i = 0; i < keys.size() && done; ++i) {
    done = graph_.memory.reserve(tree_edit_bytes_max<IndexKey>(root.height));
    if (!done) break;
    tree_insert(*edit_, root.root, root.height, keys[i]);
    ++root.count;
  }
  graph_.memory.subtract(held);
  return done;
}

Result<> Workspace::build_indexes() {
  maintains_indexes_ = true;
  for (const SchemaRule& rule : schema_->rules()) {
    if (rule.has_tree()) NX_TRY_DO(build_index(rule));
  }
  return Done{};
}

void Workspace::drop_index(RuleId rule) {
  IndexRoot* root = root_of(rule);
  if (root == nullptr) return;
  index_drop(*edit_, root->root, root->height);
  roots_.erase(roots_.begin() + (root - roots_.data()));
}

Result<> Workspace::define_rule(SchemaRule rule) {
  if (schema_->rules().size() >= kRulesMax) {
    return Error{ErrorCode::LimitExceeded,
                 "a database has at most " + std::to_string(kRulesMax) + " indexes and constraints"};
  }
  if (schema_->find(rule.id) != nullptr || schema_->find(rule.name) != nullptr) {
    return Error{ErrorCode::TransactionConflict,
                 "another transaction has changed the indexes and constraints meanwhile; try again"};
  }
  rule.shape_hash = shape_hash(rule, graph_);
  const RuleId id = rule.id;
  const std::shared_ptr<const Schema> before = schema_;
  schema_ = schema_->with(std::move(rule));
  schema_has_changed_ = true;
  const SchemaRule& made = *schema_->find(id);
  if (made.has_tree()) {
    root_of(id);
    roots_.push_back({id, nullptr, 0, true, 0});
  }
  if (!maintains_indexes_) return Done{};
  Result<> done = made.has_tree() ? build_index(made) : Result<>(Done{});
  if (done && made.is_constraint()) {
    done = each_about(made, [&](std::uint64_t entity, std::span<const Property>) {
      return check_rule(made, entity, true, true);
    });
    if (!done) {
      done = Error{ErrorCode::ConstraintCreationFailed,
                   "the constraint `" + made.name + "` cannot be created: " + done.error().message};
    }
  }
  if (done) return done;
  drop_index(id);
  schema_ = before;
  return done;
}

Result<> Workspace::drop_rule(RuleId rule) {
  if (schema_->find(rule) == nullptr) {
    return Error{ErrorCode::TransactionConflict,
                 "another transaction has dropped the index or constraint meanwhile; try again"};
  }
  drop_index(rule);
  schema_ = schema_->without(rule);
  schema_has_changed_ = true;
  return Done{};
}

std::size_t Workspace::scan_index(RuleId rule, const IndexRange& range, IndexKey& position,
                                  std::span<std::uint64_t> out) const {
  const IndexRoot* root = root_of(rule);
  if (root == nullptr || root->root == nullptr || out.empty()) return 0;
  std::size_t filled = 0;
  const IndexKey from = std::max(position, range.first);
  tree_walk(*root->root, root->height, from, [&](const IndexKey& key) {
    if (range.last < key) return false;
    out[filled++] = key.id;
    position = key;
    ++position.id;
    return filled < out.size();
  });
  return filled;
}

std::size_t Workspace::scan_index_keys(RuleId rule, IndexKey& position, std::span<IndexKey> out) const {
  const IndexRoot* root = root_of(rule);
  if (root == nullptr || root->root == nullptr || out.empty()) return 0;
  std::size_t filled = 0;
  tree_walk(*root->root, root->height, IndexKey(position), [&](const IndexKey& key) {
    out[filled++] = key;
    return filled < out.size();
  });
  if (filled != 0) position = out[filled - 1];
  if (filled != 0) ++position.id;
  return filled;
}

std::shared_ptr<const VectorCenter> Workspace::vector_center(RuleId rule) const {
  const IndexRoot* root = root_of(rule);
  return root == nullptr ? nullptr : root->center;
}

std::uint64_t Workspace::index_count(RuleId rule) const {
  const IndexRoot* root = root_of(rule);
  return root == nullptr ? 0 : root->count;
}

bool Workspace::is_schema_current() const {
  if (schema_has_changed_) return graph_.versions.head() == snapshot_;
  const SchemaState head = graph_.versions.head_schema();
  if (head.schema != base_schema_.schema) return false;
  if (!has_own_roots_) return true;
  // The same rules in the same order: only their contents may differ.
  for (std::size_t i = 0; i < roots_.size(); ++i) {
    if (roots_[i].is_changed && (*head.roots)[i].root != (*base_schema_.roots)[i].root) return false;
  }
  return true;
}

// Requires: is_current(), so only what others changed in other indexes is taken from the head.
SchemaState Workspace::schema_to_publish() const {
  SchemaState head = graph_.versions.head_schema();
  if (!has_own_roots_ && !schema_has_changed_) return head;
  std::vector<IndexRoot> roots = has_own_roots_ ? roots_ : *base_schema_.roots;
  for (IndexRoot& root : roots) {
    if (!std::exchange(root.is_changed, false)) {
      const auto now = std::find_if(head.roots->begin(), head.roots->end(),
                                    [&](const IndexRoot& other) { return other.rule == root.rule; });
      NX_CHECK(now != head.roots->end());
      root = *now;
    }
  }
  return {schema_, std::make_shared<const std::vector<IndexRoot>>(std::move(roots))};
}

void Workspace::discard_schema(EditTag tag) {
  if (has_own_roots_) {
    for (const IndexRoot& root : roots_) tree_free<IndexKey>(graph_.memory, root.root, root.height, tag);
  }
  roots_.clear();
  has_own_roots_ = false;
  schema_ = base_schema_.schema;
  schema_has_changed_ = false;
  forget_written();
}

void Workspace::forget_written() {
  for (Written& written : written_) {
    graph_.memory.subtract(written.ids.size() * sizeof(std::uint64_t));
    written = {};
  }
}

}  // namespace nexus::storage
