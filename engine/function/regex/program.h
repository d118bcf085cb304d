// A regular expression between its text and its match: tree, then instructions.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "function/regex/char_set.h"

namespace nexus::function::regex {

enum class Assertion : std::uint8_t {
  TextStart,        // ^ and \A
  LineStart,        // ^ after (?m)
  TextEnd,          // \z
  TextEndOrBreak,   // $ and \Z: the end, or before the line break that ends the text
  LineEnd,          // $ after (?m)
  WordBorder,       // \b
  NoWordBorder,     // \B
};

using NodeIndex = std::uint32_t;

struct Node {
  enum class Kind : std::uint8_t { Empty, Set, Assert, Sequence, Choice, Repeat };
  Kind kind = Kind::Empty;
  Assertion assertion = Assertion::TextStart;
  std::uint32_t set = 0;  // Index into Tree::sets.
  std::uint32_t least = 0;
  std::uint32_t most = 0;  // kUnlimited for no limit.
  std::vector<NodeIndex> parts;
};

constexpr std::uint32_t kUnlimited = ~std::uint32_t{0};

struct Tree {
  std::vector<Node> nodes;
  std::vector<CharSet> sets;
  NodeIndex root = 0;
};

// Java's syntax without what cannot be matched in linear time. Errors:
// InvalidRegularExpression, naming what is wrong and where.
Result<Tree> parse(std::string_view pattern);

struct Instruction {
  enum class Kind : std::uint8_t { Set, Split, Jump, Assert, Match };
  Kind kind;
  Assertion assertion = Assertion::TextStart;
  std::uint32_t first = 0;   // Split, Jump: the next instruction. Set: which.
  std::uint32_t second = 0;  // Split: the other one.
};

constexpr std::size_t kInstructionsMax = 10'000;

// Invariant: the last instruction is Match.
// Error: InvalidRegularExpression when more than kInstructionsMax would be needed.
Result<std::vector<Instruction>> assemble(const Tree& tree);

}  // namespace nexus::function::regex
