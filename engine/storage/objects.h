// The objects of a group version: rows with their properties, and how they are made and freed.
//
// Everything here is copy-on-write. An object carries the tag of the edit (one transaction)
// that made it: that edit may change it in place, any other copies it first. What an edit
// replaces is retired, and freed when no snapshot can reach it.
//
// Invariant: an object with a foreign tag is never written.
// Threads: an Edit belongs to one thread; published objects are read concurrently.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/ids.h"
#include "storage/memory.h"

namespace nexus::storage {

using EditTag = std::uint64_t;  // Never given twice by one store; 0 is nobody's.

struct LabelSet;
struct Adjacency;

enum class ObjectKind : std::uint8_t { Trie, NodeRow, RelationshipRow, Adjacency, RunLeaf, RunInner, Group, IndexLeaf, IndexInner };

struct Object {
  EditTag tag;
};

struct Retired {
  Object* object;
  ObjectKind kind;
};

// Frees the object itself, not what it points to.
void free_object(Memory& memory, ObjectKind kind, Object* object);

class Edit {
 public:
  Edit(Memory& memory, EditTag tag) : memory_(memory), tag_(tag) {}

  Memory& memory() { return memory_; }
  EditTag tag() const { return tag_; }
  bool owns(const Object& object) const { return object.tag == tag_; }
  // The object is no longer part of this edit's state.
  void drop(ObjectKind kind, Object* object) {
    if (owns(*object)) {
      free_object(memory_, kind, object);
    } else {
      retired_.push_back({object, kind});
    }
  }
  std::vector<Retired>& retired() { return retired_; }

 private:
  Memory& memory_;
  EditTag tag_;
  std::vector<Retired> retired_;
};

// Followed in memory by `property_count` properties, sorted by key.
struct NodeRow : Object {
  EditTag stamp;  // Of the edit that last changed labels or properties: what conflicts compare.
  const LabelSet* labels;
  Adjacency* adjacency;  // nullptr when the node has no relationships.
  std::uint32_t property_count;
};

struct RelationshipRow : Object {
  NodeId start;
  NodeId end;
  TokenId type;
  std::uint32_t property_count;
};

template <class Row>
std::span<const Property> properties_of(const Row& row) {
  return {reinterpret_cast<const Property*>(&row + 1), row.property_count};
}

const Value* find_property(std::span<const Property> properties, TokenId key);

// A row made by `edit` with these properties; the other fields are the caller's to fill.
NodeRow* make_node_row(Edit& edit, std::span<const Property> properties);
RelationshipRow* make_relationship_row(Edit& edit, std::span<const Property> properties);

// The row with one property set (or removed, by Null); `row` is dropped. Nothing is copied when the
// edit owns the row and only the value changes.
NodeRow* with_property(Edit& edit, NodeRow* row, TokenId key, Value value);
RelationshipRow* with_property(Edit& edit, RelationshipRow* row, TokenId key, Value value);

// The row itself when the edit owns it, else a copy; `row` is then dropped.
NodeRow* writable(Edit& edit, NodeRow* row);

}  // namespace nexus::storage
