// Patterns of the syntax tree. Include syntax/ast.h: the parts complete each other.
//
// The parser does not ask where a pattern stands: variable length in CREATE, label
// alternatives in MERGE and the like are for the binder to refuse.
#pragma once

#include "syntax/ast_expression.h"

namespace nexus::syntax {

// One label or relationship type, fixed or computed: A, $(expression), $any(expression).
struct LabelName {
  std::string name;       // Empty when computed.
  ExpressionPtr dynamic;  // Null when fixed; a STRING or a LIST<STRING>.
  bool any = false;       // $any(…): one of the listed labels is enough; otherwise all.
  Position position;
};
struct LabelWildcard {};  // %
struct LabelNot {
  std::unique_ptr<LabelExpression> operand;
};
struct LabelAnd {  // A&B and the older A:B; two operands or more, the same for LabelOr.
  std::vector<LabelExpression> operands;
};
struct LabelOr {  // A|B and the older A|:B.
  std::vector<LabelExpression> operands;
};
struct LabelExpression {
  std::variant<LabelName, LabelWildcard, LabelNot, LabelAnd, LabelOr> node;
  Position position;
};

struct NodePattern {
  std::optional<std::string> variable;
  std::optional<LabelExpression> labels;
  ExpressionPtr properties;  // MapLiteral or Parameter; null when absent.
  ExpressionPtr where;       // Null when absent.
  Position position;
};

struct VariableLength {  // *, *2, *1..3, *..3, *1..
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
};
struct Quantifier {  // + is {1,}, * is {0,}, {n} is {n,n}.
  std::int64_t min = 0;
  std::optional<std::int64_t> max;
};
enum class Direction : std::uint8_t { Left, Right, Both };  // Both: -- and <-->.
struct RelationshipPattern {
  std::optional<std::string> variable;
  std::optional<LabelExpression> types;
  Direction direction = Direction::Both;
  std::optional<VariableLength> length;  // [*1..3]
  std::optional<Quantifier> quantifier;  // -[]->{1,3}; never together with length.
  ExpressionPtr properties;              // MapLiteral or Parameter; null when absent.
  ExpressionPtr where;                   // Null when absent.
  Position position;
};

struct PatternElement;
// ((a)-[r]->(b) WHERE predicate){1,3}: variables inside are lists outside when quantified.
struct GroupPattern {
  std::optional<std::string> variable;  // (p = (a)-->(b))
  std::vector<PatternElement> elements;
  ExpressionPtr where;                   // Null when absent.
  std::optional<Quantifier> quantifier;  // Absent: just parentheses.
  Position position;
};

// Invariant of a sequence: no two relationships stand side by side, the first and last elements
// are nodes or groups. Two nodes never stand side by side; a group may follow a node or a group.
struct PatternElement {
  std::variant<NodePattern, RelationshipPattern, GroupPattern> node;
};

enum class PathSelectorKind : std::uint8_t {
  None,
  ShortestPath,         // shortestPath(…)
  AllShortestPaths,     // allShortestPaths(…)
  AllPaths,             // ALL [PATHS]
  Any,                  // ANY [k] [PATHS]
  AllShortest,          // ALL SHORTEST [PATHS]
  ShortestPaths,        // SHORTEST k [PATHS]; ANY SHORTEST is SHORTEST 1.
  ShortestPathGroups,   // SHORTEST [k] [PATHS] GROUPS
};
struct PathSelector {
  PathSelectorKind kind = PathSelectorKind::None;
  ExpressionPtr count;  // IntegerLiteral or Parameter; null means 1 where a count has a meaning.
};

struct PatternPath {
  std::optional<std::string> variable;  // p = (a)-->(b)
  PathSelector selector;
  std::vector<PatternElement> elements;  // Not empty.
  Position position;
};

}  // namespace nexus::syntax
