#include "storage/objects.h"

#include <algorithm>
#include <new>

#include "storage/adjacency.h"
#include "storage/group.h"
#include "storage/index_tree.h"
#include "storage/trie.h"

namespace nexus::storage {
namespace {

static_assert(sizeof(NodeRow) % alignof(Property) == 0);
static_assert(sizeof(RelationshipRow) % alignof(Property) == 0);

template <class Row>
Property* slots(Row& row) {
  return reinterpret_cast<Property*>(&row + 1);
}

template <class Row>
std::size_t row_bytes(std::size_t property_count) {
  return sizeof(Row) + property_count * sizeof(Property);
}

template <class Row>
Row* allocate_row(Edit& edit, std::size_t property_count) {
  auto* row = new (edit.memory().allocate(row_bytes<Row>(property_count))) Row{};
  row->tag = edit.tag();
  row->property_count = static_cast<std::uint32_t>(property_count);
  return row;
}

template <class Row>
Row* make_row(Edit& edit, std::span<const Property> properties) {
  Row* row = allocate_row<Row>(edit, properties.size());
  Property* slot = slots(*row);
  for (const Property& property : properties) {
    edit.memory().add(property.value.heap_bytes());
    new (slot++) Property(property);
  }
  return row;
}

template <class Row>
void free_row(Memory& memory, Row* row) {
  Property* slot = slots(*row);
  for (std::uint32_t i = 0; i < row->property_count; ++i) {
    memory.subtract(slot[i].value.heap_bytes());
    slot[i].~Property();
  }
  memory.free(row, row_bytes<Row>(row->property_count));
}

void copy_fields(const NodeRow& from, NodeRow& to) {
  to.stamp = from.stamp;
  to.labels = from.labels;
  to.adjacency = from.adjacency;
}

void copy_fields(const RelationshipRow& from, RelationshipRow& to) {
  to.start = from.start;
  to.end = from.end;
  to.type = from.type;
}

constexpr ObjectKind kind_of(const NodeRow*) { return ObjectKind::NodeRow; }
constexpr ObjectKind kind_of(const RelationshipRow*) { return ObjectKind::RelationshipRow; }

template <class Row>
Row* set_property(Edit& edit, Row* row, TokenId key, Value value) {
  Property* begin = slots(*row);
  Property* end = begin + row->property_count;
  Property* at = std::lower_bound(begin, end, key, [](const Property& p, TokenId wanted) { return p.key < wanted; });
  const bool found = at != end && at->key == key;
  if (value.is_null() && !found) return row;
  if (found && !value.is_null() && edit.owns(*row)) {
    edit.memory().add(value.heap_bytes());
    edit.memory().subtract(at->value.heap_bytes());
    at->value = std::move(value);
    return row;
  }
  const std::size_t count = row->property_count + (found ? 0 : 1) - (value.is_null() ? 1 : 0);
  Row* made = allocate_row<Row>(edit, count);
  copy_fields(*row, *made);
  Property* slot = slots(*made);
  const auto copy = [&](const Property* from, const Property* to) {
    for (; from != to; ++from) {
      edit.memory().add(from->value.heap_bytes());
      new (slot++) Property(*from);
    }
  };
  copy(begin, at);
  if (!value.is_null()) {
    edit.memory().add(value.heap_bytes());
    new (slot++) Property{key, std::move(value)};
  }
  copy(found ? at + 1 : at, end);
  edit.drop(kind_of(row), row);
  return made;
}

}  // namespace

void free_object(Memory& memory, ObjectKind kind, Object* object) {
  switch (kind) {
    case ObjectKind::Trie: return free_trie_node(memory, static_cast<TrieNode*>(object));
    case ObjectKind::NodeRow: return free_row(memory, static_cast<NodeRow*>(object));
    case ObjectKind::RelationshipRow: return free_row(memory, static_cast<RelationshipRow*>(object));
    case ObjectKind::Adjacency: return free_adjacency(memory, static_cast<Adjacency*>(object));
    case ObjectKind::RunLeaf: return free_tree_node<RunKey>(memory, static_cast<TreeNode*>(object), true);
    case ObjectKind::RunInner: return free_tree_node<RunKey>(memory, static_cast<TreeNode*>(object), false);
    case ObjectKind::IndexLeaf: return free_tree_node<IndexKey>(memory, static_cast<TreeNode*>(object), true);
    case ObjectKind::IndexInner: return free_tree_node<IndexKey>(memory, static_cast<TreeNode*>(object), false);
    case ObjectKind::Group: return free_group(memory, static_cast<GroupVersion*>(object));
  }
}

const Value* find_property(std::span<const Property> properties, TokenId key) {
  // Few properties is the rule; a linear search of sorted keys then beats a binary one.
  if (properties.size() <= 8) {
    for (const Property& property : properties) {
      if (property.key >= key) return property.key == key ? &property.value : nullptr;
    }
    return nullptr;
  }
  const auto at = std::lower_bound(properties.begin(), properties.end(), key,
                                   [](const Property& p, TokenId wanted) { return p.key < wanted; });
  return at != properties.end() && at->key == key ? &at->value : nullptr;
}

NodeRow* make_node_row(Edit& edit, std::span<const Property> properties) { return make_row<NodeRow>(edit, properties); }

RelationshipRow* make_relationship_row(Edit& edit, std::span<const Property> properties) {
  return make_row<RelationshipRow>(edit, properties);
}

NodeRow* with_property(Edit& edit, NodeRow* row, TokenId key, Value value) {
  return set_property(edit, row, key, std::move(value));
}

RelationshipRow* with_property(Edit& edit, RelationshipRow* row, TokenId key, Value value) {
  return set_property(edit, row, key, std::move(value));
}

NodeRow* writable(Edit& edit, NodeRow* row) {
  if (edit.owns(*row)) return row;
  NodeRow* copy = make_node_row(edit, properties_of(*row));
  copy_fields(*row, *copy);
  edit.drop(ObjectKind::NodeRow, row);
  return copy;
}

}  // namespace nexus::storage
