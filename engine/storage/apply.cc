// The reading half of operations.h. Every byte may lie; nothing here may crash for it.
#include <algorithm>

#include "storage/operation_kind.h"
#include "storage/operations.h"
#include "value/codec.h"
#include "value/property.h"

namespace nexus::storage {
namespace {

class Applier {
 public:
  Applier(ByteView payload, Graph& graph, Workspace& workspace, ApplyMode mode)
      : in_(payload), graph_(graph), workspace_(workspace), mode_(mode) {}

  Result<> run() {
    while (!in_.at_end()) NX_TRY_DO(one());
    return Done{};
  }

 private:
  static Error damaged(const char* what) { return Error{ErrorCode::Corruption, std::string("the log holds ") + what}; }

  Result<> one() {
    NX_TRY(const std::uint8_t kind, in_.u8());
    switch (kind) {
      case kOperationToken: return token();
      case kOperationCreateNodes: return create_nodes();
      case kOperationCreateRelationships: return create_relationships();
      case kOperationDeleteNode: return delete_node();
      case kOperationDeleteRelationship: return delete_relationship();
      case kOperationAddLabel: return change_label(true);
      case kOperationRemoveLabel: return change_label(false);
      case kOperationSetNodeProperty: return set_node_property();
      case kOperationSetRelationshipProperty: return set_relationship_property();
      case kOperationDefineRule: return define_rule();
      case kOperationDropRule: return drop_rule();
      case kOperationIds: return ids();
    }
    return damaged("an unknown operation");
  }

  Result<std::uint64_t> id() {
    NX_TRY(const std::uint64_t id, in_.varint());
    if (id >= kIdEnd) return damaged("an id that is too large");
    return id;
  }

  Result<TokenId> known(const Tokens& tokens) {
    NX_TRY(const std::uint32_t token, in_.varint32());
    if (token >= tokens.size()) return damaged("a name number that was never given");
    return token;
  }

  Result<Value> property_value() {
    NX_TRY(Value value, decode_value(in_));
    if (!is_property_value(value)) return damaged("a value that no property can have");
    return value;
  }

  Result<> properties() {
    NX_TRY(const std::size_t count, in_.count(2));
    properties_.clear();
    properties_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      NX_TRY(const TokenId key, known(graph_.keys));
      if (i > 0 && key <= properties_.back().key) return damaged("properties out of order");
      NX_TRY(Value value, property_value());
      properties_.push_back({key, std::move(value)});
    }
    return Done{};
  }

  Result<> token() {
    NX_TRY(const std::uint8_t kind, in_.u8());
    if (kind > static_cast<std::uint8_t>(TokenKind::Key)) return damaged("a name of an unknown kind");
    Tokens& tokens = graph_.tokens(static_cast<TokenKind>(kind));
    NX_TRY(const std::uint32_t number, in_.varint32());
    NX_TRY(const std::string_view name, in_.text());
    if (number != tokens.size()) return damaged("names out of order");
    NX_TRY(const TokenId given, tokens.intern(name));
    if (given != number) return damaged("the same name twice");
    return Done{};
  }

  Result<> create_nodes() {
    NX_TRY(const std::size_t label_count, in_.count());
    std::vector<TokenId> labels;
    labels.reserve(label_count);
    for (std::size_t i = 0; i < label_count; ++i) {
      NX_TRY(const TokenId label, known(graph_.labels));
      if (i > 0 && label <= labels.back()) return damaged("labels out of order");
      labels.push_back(label);
    }
    NX_TRY(const LabelSet* set, graph_.label_sets.intern(labels));
    NX_TRY(const std::uint64_t first, id());
    NX_TRY(const std::uint32_t count, in_.u32());
    if (count > in_.remaining() || first + count > kIdEnd) return damaged("a run that is too long");
    for (std::uint64_t node = first; node < first + count; ++node) {
      NX_TRY_DO(properties());
      if (mode_ == ApplyMode::Recovery) NX_TRY_DO(graph_.ids.observe_node(node, set));
      NX_TRY_DO(workspace_.create_node(node, set, properties_));
    }
    return Done{};
  }

  Result<> create_relationships() {
    NX_TRY(const TokenId type, known(graph_.types));
    NX_TRY(const std::uint64_t first, id());
    NX_TRY(const std::uint32_t count, in_.u32());
    if (count > in_.remaining() || first + count > kIdEnd) return damaged("a run that is too long");
    for (std::uint64_t relationship = first; relationship < first + count; ++relationship) {
      NX_TRY(const NodeId start, id());
      NX_TRY(const NodeId end, id());
      NX_TRY_DO(properties());
      if (mode_ == ApplyMode::Recovery) NX_TRY_DO(graph_.ids.observe_relationship(relationship, type));
      NX_TRY_DO(workspace_.create_relationship(relationship, {type, start, end}, properties_));
    }
    return Done{};
  }

  Result<> delete_node() {
    NX_TRY(const NodeId node, id());
    return workspace_.delete_node(node);
  }

  Result<> delete_relationship() {
    NX_TRY(const RelationshipId relationship, id());
    return workspace_.delete_relationship(relationship);
  }

  Result<> change_label(bool adds) {
    NX_TRY(const NodeId node, id());
    NX_TRY(const TokenId label, known(graph_.labels));
    if (adds) {
      NX_TRY_DO(workspace_.add_label(node, label));
    } else {
      NX_TRY_DO(workspace_.remove_label(node, label));
    }
    return Done{};
  }

  Result<> set_node_property() {
    NX_TRY(const NodeId node, id());
    NX_TRY(const TokenId key, known(graph_.keys));
    NX_TRY(Value value, new_value());
    NX_TRY_DO(workspace_.set_node_property(node, key, std::move(value)));
    return Done{};
  }

  Result<> set_relationship_property() {
    NX_TRY(const RelationshipId relationship, id());
    NX_TRY(const TokenId key, known(graph_.keys));
    NX_TRY(Value value, new_value());
    NX_TRY_DO(workspace_.set_relationship_property(relationship, key, std::move(value)));
    return Done{};
  }

  Result<> define_rule() {
    SchemaRule rule;
    NX_TRY(rule.id, in_.varint32());
    NX_TRY(const std::uint8_t kind, in_.u8());
    NX_TRY(const std::uint8_t entity, in_.u8());
    if (kind > kRuleKindLast || entity > 1) return damaged("a schema rule of an unknown kind");
    rule.kind = static_cast<RuleKind>(kind);
    rule.entity = static_cast<EntityKind>(entity);
    NX_TRY(rule.token, known(rule.entity == EntityKind::Node ? graph_.labels : graph_.types));
    NX_TRY(const std::size_t count, in_.count());
    if (count == 0 || count > kRuleKeysMax) return damaged("a schema rule with a wrong number of keys");
    for (std::size_t i = 0; i < count; ++i) {
      NX_TRY(const TokenId key, known(graph_.keys));
      if (std::find(rule.keys.begin(), rule.keys.end(), key) != rule.keys.end()) {
        return damaged("a schema rule with the same key twice");
      }
      rule.keys.push_back(key);
    }
    NX_TRY(const std::string_view name, in_.text());
    rule.name = name;
    NX_TRY(rule.types, in_.varint32());
    if (rule.has_vector()) {
      NX_TRY(rule.vector.coordinates, in_.u8());
      NX_TRY(const std::uint32_t dimension, in_.varint32());
      if (rule.vector.coordinates > kCoordinateTypes || dimension > kVectorDimensionMax) {
        return damaged("a schema rule about vectors that cannot be");
      }
      rule.vector.dimension = static_cast<std::uint16_t>(dimension);
    }
    const bool is_vector_index = rule.kind == RuleKind::VectorIndex;
    if (is_vector_index && (!rule.has_vector() || rule.keys.size() != 1)) return damaged("a vector index that cannot be");
    return workspace_.define_rule(std::move(rule));
  }

  Result<> drop_rule() {
    NX_TRY(const RuleId rule, in_.varint32());
    return workspace_.drop_rule(rule);
  }

  Result<Value> new_value() {
    NX_TRY(Value value, decode_value(in_));
    if (!value.is_null() && !is_property_value(value)) return damaged("a value that no property can have");
    return value;
  }

  Result<> groups(GroupId& next, std::vector<OpenGroup>& open) {
    NX_TRY(next, in_.varint());
    NX_TRY(const std::size_t count, in_.count(2));
    open.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      OpenGroup group;
      NX_TRY(group.group, in_.varint());
      NX_TRY(group.next_offset, in_.varint32());
      open.push_back(group);
    }
    return Done{};
  }

  Result<> ids() {
    if (mode_ != ApplyMode::Recovery) return damaged("a snapshot's ids inside a transaction");
    IdState state;
    NX_TRY_DO(groups(state.next_node_group, state.node_groups));
    NX_TRY_DO(groups(state.next_relationship_group, state.relationship_groups));
    return graph_.ids.observe(state);
  }

  ByteReader in_;
  Graph& graph_;
  Workspace& workspace_;
  ApplyMode mode_;
  std::vector<Property> properties_;
};

}  // namespace

Result<> apply_operations(ByteView payload, Graph& graph, Workspace& workspace, ApplyMode mode) {
  Result<> done = Applier(payload, graph, workspace, mode).run();
  if (done || mode == ApplyMode::Again || done.error().code == ErrorCode::MemoryLimit) return done;
  // Why: to whoever opens a database, "there is no node 7" is a damaged log and nothing else.
  return Error{ErrorCode::Corruption, "the log does not fit what it describes: " + done.error().message};
}

}  // namespace nexus::storage
