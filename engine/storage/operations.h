// Operations: a transaction's changes as bytes, and their application.
//
// The bytes are the payload of log frames (docs/format/log.md) and what an explicit
// transaction applies again when the head has moved on. Runs of creations share a header.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "storage/workspace.h"

namespace nexus::storage {

// What an operation's properties may take in memory; keeps every operation within one frame.
constexpr std::uint64_t kOperationBytesMax = 8 * 1024 * 1024;

class OperationWriter {
 public:
  explicit OperationWriter(Memory& memory) : memory_(memory) {}
  ~OperationWriter() { discard(); }
  OperationWriter(const OperationWriter&) = delete;
  OperationWriter& operator=(const OperationWriter&) = delete;

  void token(TokenKind kind, TokenId token, std::string_view name);
  void create_node(NodeId node, const LabelSet* labels, std::span<const Property> properties);
  void create_relationship(RelationshipId relationship, const RelationshipRecord& record,
                           std::span<const Property> properties);
  void delete_node(NodeId node);
  void delete_relationship(RelationshipId relationship);
  void add_label(NodeId node, TokenId label);
  void remove_label(NodeId node, TokenId label);
  void set_node_property(NodeId node, TokenId key, const Value& value);
  void set_relationship_property(RelationshipId relationship, TokenId key, const Value& value);
  void define_rule(const SchemaRule& rule);
  void drop_rule(RuleId rule);
  void ids(const IdState& state);

  // Of everything written and not taken.
  std::uint64_t bytes() const { return pieces_bytes_ + out_.size(); }
  // Something was written that does more than remove.
  bool adds() const { return adds_; }
  // MemoryLimit when what was written so far does not fit the budget.
  Result<> charge();
  // Everything written, in pieces that each hold whole operations. Ends the writing.
  std::vector<Bytes> take();
  // Forgets everything and gives its memory back.
  void discard();
  // Only the pieces that are full; the writing goes on.
  std::vector<Bytes> take_full() { return std::exchange(pieces_, {}); }

 private:
  void end_run();
  void begin(std::uint8_t kind);
  void properties(std::span<const Property> properties);
  void cut();

  Memory& memory_;
  ByteWriter out_;
  std::vector<Bytes> pieces_;
  std::uint64_t pieces_bytes_ = 0;
  std::uint64_t held_bytes_ = 0;
  bool adds_ = false;
  // The open run of creations, if any.
  enum class Run : std::uint8_t { None, Nodes, Relationships };
  Run run_ = Run::None;
  std::uint64_t run_next_id_ = 0;
  const LabelSet* run_labels_ = nullptr;
  TokenId run_type_ = 0;
  std::uint32_t run_count_ = 0;
  std::size_t run_count_at_ = 0;
};

enum class ApplyMode : std::uint8_t {
  Recovery,  // Tokens and ids are taken over; anything that does not fit is Corruption.
  Again,     // An explicit transaction on a newer head; what does not fit is its caller's to explain.
};

Result<> apply_operations(ByteView payload, Graph& graph, Workspace& workspace, ApplyMode mode);

}  // namespace nexus::storage
