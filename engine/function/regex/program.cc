#include "function/regex/program.h"

namespace nexus::function::regex {
namespace {

// Repeats copy what they repeat. Invariant: `visits_` bounds the work even when what is
// repeated needs no instruction at all.
class Assembler {
 public:
  explicit Assembler(const Tree& tree) : tree_(tree) {}

  Result<std::vector<Instruction>> run() {
    emit(tree_.root);
    add({Instruction::Kind::Match});
    if (is_too_large_) {
      return Error{ErrorCode::InvalidRegularExpression,
                   "the regular expression needs more than " + std::to_string(kInstructionsMax) + " instructions"};
    }
    return std::move(code_);
  }

 private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(code_.size()); }

  std::uint32_t add(Instruction instruction) {
    if (code_.size() >= kInstructionsMax) {
      is_too_large_ = true;
      return 0;
    }
    code_.push_back(instruction);
    return here() - 1;
  }

  void emit(NodeIndex index) {
    if (is_too_large_) return;
    if (++visits_ > 10 * kInstructionsMax) {
      is_too_large_ = true;
      return;
    }
    const Node& node = tree_.nodes[index];
    switch (node.kind) {
      case Node::Kind::Empty: return;
      case Node::Kind::Set: add({Instruction::Kind::Set, {}, node.set}); return;
      case Node::Kind::Assert: add({Instruction::Kind::Assert, node.assertion}); return;
      case Node::Kind::Sequence:
        for (const NodeIndex part : node.parts) emit(part);
        return;
      case Node::Kind::Choice: return emit_choice(node);
      case Node::Kind::Repeat: return emit_repeat(node);
    }
  }

  void emit_choice(const Node& node) {
    std::vector<std::uint32_t> exits;
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      if (i + 1 == node.parts.size()) {
        emit(node.parts[i]);
        break;
      }
      const std::uint32_t split = add({Instruction::Kind::Split, {}, here() + 1});
      emit(node.parts[i]);
      exits.push_back(add({Instruction::Kind::Jump}));
      if (is_too_large_) return;
      code_[split].second = here();
    }
    for (const std::uint32_t exit : exits) code_[exit].first = here();
  }

  void emit_repeat(const Node& node) {
    for (std::uint32_t i = 0; i < node.least && !is_too_large_; ++i) emit(node.parts[0]);
    if (node.most == kUnlimited) {
      const std::uint32_t split = add({Instruction::Kind::Split, {}, here() + 1});
      emit(node.parts[0]);
      add({Instruction::Kind::Jump, {}, split});
      if (!is_too_large_) code_[split].second = here();
      return;
    }
    std::vector<std::uint32_t> splits;
    for (std::uint32_t i = node.least; i < node.most && !is_too_large_; ++i) {
      splits.push_back(add({Instruction::Kind::Split, {}, here() + 1}));
      emit(node.parts[0]);
    }
    if (is_too_large_) return;
    for (const std::uint32_t split : splits) code_[split].second = here();
  }

  const Tree& tree_;
  std::vector<Instruction> code_;
  std::size_t visits_ = 0;
  bool is_too_large_ = false;
};

}  // namespace

Result<std::vector<Instruction>> assemble(const Tree& tree) { return Assembler(tree).run(); }

}  // namespace nexus::function::regex
