// A bound expression: names are gone, only slots, constants and functions are left.
//
// Invariant: pure data. It knows no database: property keys, labels and types stay text
// and are resolved when the plan is lowered, so one plan serves every database.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "function/function.h"
#include "nexus/error.h"
#include "nexus/value.h"
#include "value/vector.h"

namespace nexus::plan {

// A column of the statement's one row layout (the frame): every variable of every clause
// and subquery has its own, so a correlated subquery simply reads the outer row's slots.
using Slot = std::uint32_t;

struct Plan;
struct Expression;
using PlanPtr = std::unique_ptr<Plan>;
using ExpressionPtr = std::unique_ptr<Expression>;

struct Constant { Value value; };
struct ParameterRef { std::string name; };
struct SlotRef { Slot slot; };

// subject.key on an entity, a map, a temporal value, a duration or a point; null on null.
struct PropertyOf { ExpressionPtr subject; std::string key; };
// subject[index]: list by integer, map or entity by string.
struct IndexOf { ExpressionPtr subject; ExpressionPtr index; };
struct SliceOf { ExpressionPtr subject; ExpressionPtr from; ExpressionPtr to; };  // Either bound may be null.

enum class UnaryOperator : std::uint8_t { Not, Negate, Plus, IsNull, IsNotNull };
struct Unary { UnaryOperator op; ExpressionPtr operand; };

enum class BinaryOperator : std::uint8_t {
  Add, Subtract, Multiply, Divide, Modulo, Power, Concatenate,  // Concatenate: ||
  Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual,
  In, StartsWith, EndsWith, Contains, Matches,  // Matches: =~
};
// first op₁ operand₁ op₂ operand₂ …, evaluated from the left; flat so that 10,000 terms nest nothing.
struct BinaryChain {
  struct Step { BinaryOperator op; ExpressionPtr operand; Position position; };
  ExpressionPtr first;
  std::vector<Step> steps;
};
// a < b <= c: true when every neighbouring pair compares true (ternary AND). One step is the plain comparison.
struct ComparisonChain {
  struct Step { BinaryOperator op; ExpressionPtr operand; };
  ExpressionPtr first;
  std::vector<Step> steps;
};
enum class LogicalOperator : std::uint8_t { And, Or, Xor };
struct Logical { LogicalOperator op; std::vector<ExpressionPtr> operands; };

// A label test tree over one entity: n:A&!B, r:T|U.
struct LabelTest;
using LabelTestPtr = std::unique_ptr<LabelTest>;
struct LabelTest {
  enum class Kind : std::uint8_t { Label, Wildcard, And, Or, Not, Dynamic };
  Kind kind = Kind::Label;
  bool any = false;                    // Dynamic: one of them is enough.
  std::string name;                    // Label.
  ExpressionPtr expression;            // Dynamic: a string or list of strings, all required unless `any`.
  std::vector<LabelTestPtr> operands;  // And, Or, Not (one).
};
struct HasLabels { ExpressionPtr subject; LabelTestPtr test; };  // Nodes by label, relationships by type.
// What a value must be: of one of the types, null if `nullable`, or a list whose items all pass one of `lists`.
// One of those with a `vector` stands for vectors of that type instead.
struct TypeTest {
  function::TypeSet types = 0;
  bool nullable = true;
  std::vector<TypeTest> lists;
  VectorType vector = {};
};
// value IS [NOT] :: TYPE
struct IsTyped { ExpressionPtr subject; TypeTest test; bool negated; };

struct ScalarCall { const function::ScalarFunction* function; std::vector<ExpressionPtr> arguments; };
struct ListOf { std::vector<ExpressionPtr> items; };
struct MapOf { std::vector<std::pair<std::string, ExpressionPtr>> entries; };
// subject {.*, .key, name: expression}; entries override in order. Null subject gives null.
struct MapProjection {
  struct Entry { std::string key; ExpressionPtr value; };  // value null and key empty: all properties.
  ExpressionPtr subject;
  std::vector<Entry> entries;
};
struct CaseOf {
  struct When { ExpressionPtr condition; ExpressionPtr value; };
  ExpressionPtr subject;  // Null for the searched form; else a condition is compared by equality.
  std::vector<When> whens;
  ExpressionPtr otherwise;  // Null: null.
};
struct ListComprehension { Slot variable; ExpressionPtr list; ExpressionPtr where; ExpressionPtr projection; };
enum class QuantifierKind : std::uint8_t { All, Any, None, Single };
struct Quantifier { QuantifierKind kind; Slot variable; ExpressionPtr list; ExpressionPtr where; };
struct Reduce { Slot accumulator; ExpressionPtr initial; Slot variable; ExpressionPtr list; ExpressionPtr body; };
// A plan that starts from Argument and sees the whole current frame.
// Collect gathers `result`, also for pattern comprehensions.
enum class SubqueryKind : std::uint8_t { Exists, Count, Collect };
struct Subquery { SubqueryKind kind; PlanPtr plan; ExpressionPtr result; };
// A path from alternating slots: node, relationship (single or list), node, …
struct PathOf { std::vector<Slot> slots; };

struct Expression {
  std::variant<Constant, ParameterRef, SlotRef, PropertyOf, IndexOf, SliceOf, Unary, BinaryChain, ComparisonChain,
               Logical, HasLabels, IsTyped, ScalarCall, ListOf, MapOf, MapProjection, CaseOf, ListComprehension,
               Quantifier, Reduce, Subquery, PathOf>
      node;
  Position position{};

  template <class Node>
  explicit Expression(Node alternative, Position where = {}) : node(std::move(alternative)), position(where) {}
  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;
  ~Expression();
};

template <class Node>
ExpressionPtr make_expression(Node node, Position position = {}) {
  return std::make_unique<Expression>(std::move(node), position);
}

}  // namespace nexus::plan
