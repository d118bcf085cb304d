#include "storage/operations.h"

#include <algorithm>

#include "storage/operation_kind.h"
#include "value/codec.h"

namespace nexus::storage {
namespace {

constexpr std::size_t kPieceBytes = 1024 * 1024;

}  // namespace

void OperationWriter::end_run() {
  if (run_ == Run::None) return;
  out_.patch_u32(run_count_at_, run_count_);
  run_ = Run::None;
}

// Ends the piece when it is large enough. Only between operations.
void OperationWriter::cut() {
  if (out_.size() < kPieceBytes) return;
  end_run();
  pieces_bytes_ += out_.size();
  pieces_.push_back(out_.take());
}

void OperationWriter::begin(std::uint8_t kind) {
  cut();
  end_run();
  out_.u8(kind);
}

void OperationWriter::properties(std::span<const Property> properties) {
  out_.varint(properties.size());
  for (const Property& property : properties) {
    out_.varint(property.key);
    encode_value(out_, property.value);
  }
}

void OperationWriter::token(TokenKind kind, TokenId token, std::string_view name) {
  begin(kOperationToken);
  out_.u8(static_cast<std::uint8_t>(kind));
  out_.varint(token);
  out_.text(name);
}

void OperationWriter::create_node(NodeId node, const LabelSet* labels, std::span<const Property> row) {
  adds_ = true;
  cut();
  if (run_ != Run::Nodes || run_labels_ != labels || run_next_id_ != node) {
    begin(kOperationCreateNodes);
    out_.varint(labels->count);
    for (const TokenId label : labels->labels()) out_.varint(label);
    out_.varint(node);
    run_count_at_ = out_.size();
    out_.u32(0);
    run_ = Run::Nodes;
    run_labels_ = labels;
    run_count_ = 0;
  }
  properties(row);
  ++run_count_;
  run_next_id_ = node + 1;
}

void OperationWriter::create_relationship(RelationshipId relationship, const RelationshipRecord& record,
                                          std::span<const Property> row) {
  adds_ = true;
  cut();
  if (run_ != Run::Relationships || run_type_ != record.type || run_next_id_ != relationship) {
    begin(kOperationCreateRelationships);
    out_.varint(record.type);
    out_.varint(relationship);
    run_count_at_ = out_.size();
    out_.u32(0);
    run_ = Run::Relationships;
    run_type_ = record.type;
    run_count_ = 0;
  }
  out_.varint(record.start);
  out_.varint(record.end);
  properties(row);
  ++run_count_;
  run_next_id_ = relationship + 1;
}

void OperationWriter::delete_node(NodeId node) {
  begin(kOperationDeleteNode);
  out_.varint(node);
}

void OperationWriter::delete_relationship(RelationshipId relationship) {
  begin(kOperationDeleteRelationship);
  out_.varint(relationship);
}

void OperationWriter::add_label(NodeId node, TokenId label) {
  adds_ = true;
  begin(kOperationAddLabel);
  out_.varint(node);
  out_.varint(label);
}

void OperationWriter::remove_label(NodeId node, TokenId label) {
  begin(kOperationRemoveLabel);
  out_.varint(node);
  out_.varint(label);
}

void OperationWriter::set_node_property(NodeId node, TokenId key, const Value& value) {
  adds_ = adds_ || !value.is_null();
  begin(kOperationSetNodeProperty);
  out_.varint(node);
  out_.varint(key);
  encode_value(out_, value);
}

void OperationWriter::set_relationship_property(RelationshipId relationship, TokenId key, const Value& value) {
  adds_ = adds_ || !value.is_null();
  begin(kOperationSetRelationshipProperty);
  out_.varint(relationship);
  out_.varint(key);
  encode_value(out_, value);
}

void OperationWriter::define_rule(const SchemaRule& rule) {
  adds_ = true;
  begin(kOperationDefineRule);
  out_.varint(rule.id);
  out_.u8(static_cast<std::uint8_t>(rule.kind));
  out_.u8(static_cast<std::uint8_t>(rule.entity));
  out_.varint(rule.token);
  out_.varint(rule.keys.size());
  for (const TokenId key : rule.keys) out_.varint(key);
  out_.text(rule.name);
  out_.varint(rule.types);
  if (rule.has_vector()) {
    out_.u8(rule.vector.coordinates);
    out_.varint(rule.vector.dimension);
  }
}

void OperationWriter::drop_rule(RuleId rule) {
  begin(kOperationDropRule);
  out_.varint(rule);
}

void OperationWriter::ids(const IdState& state) {
  begin(kOperationIds);
  const auto groups = [this](GroupId next, const std::vector<OpenGroup>& open) {
    out_.varint(next);
    out_.varint(open.size());
    for (const OpenGroup& group : open) {
      out_.varint(group.group);
      out_.varint(group.next_offset);
    }
  };
  groups(state.next_node_group, state.node_groups);
  groups(state.next_relationship_group, state.relationship_groups);
}

Result<> OperationWriter::charge() {
  const std::uint64_t bytes = pieces_bytes_ + out_.size();
  if (bytes <= held_bytes_) return Done{};
  // A vector grows by doubling: ask for what is coming, not for each byte.
  const std::uint64_t wanted = bytes + bytes / 2 + 64;
  NX_TRY_DO(memory_.reserve(wanted - held_bytes_));
  memory_.add(wanted - held_bytes_);
  held_bytes_ = wanted;
  return Done{};
}

void OperationWriter::discard() {
  (void)take();
  memory_.subtract(std::exchange(held_bytes_, 0));
}

std::vector<Bytes> OperationWriter::take() {
  end_run();
  if (out_.size() != 0) pieces_.push_back(out_.take());
  return std::move(pieces_);
}

}  // namespace nexus::storage
