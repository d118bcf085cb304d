// Expressions of the syntax tree. Include syntax/ast.h: the parts complete each other.
//
// A closed variant; children are unique_ptr, never null unless the comment says so.
// Invariant: levels of nesting are bounded by ParseLimits::nesting_max, because chains of one
// precedence are flat (Arithmetic, Comparison, And, Or, Xor), so a walker may recurse.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "nexus/error.h"
#include "value/vector.h"

namespace nexus::syntax {

struct Expression;
struct LabelExpression;  // ast_pattern.h
struct PatternPath;      // ast_pattern.h
struct RegularQuery;     // ast_clause.h
using ExpressionPtr = std::unique_ptr<Expression>;

struct NullLiteral {};
struct BooleanLiteral {
  bool value;
};
struct IntegerLiteral {  // A minus sign before the digits is part of the literal.
  std::int64_t value;
};
struct FloatLiteral {
  double value;
};
struct StringLiteral {
  std::string value;  // Escapes resolved, UTF-8.
};
struct ListLiteral {
  std::vector<Expression> items;
};
struct MapEntry;
struct MapLiteral {
  std::vector<MapEntry> entries;  // As written; a key may repeat.
};
struct Parameter {
  std::string name;  // Without $; digits for $0.
};
struct Variable {
  std::string name;
};
struct CaseSubject {};  // Stands for the subject inside the conditions of its CaseExpression.

struct PropertyAccess {
  ExpressionPtr base;
  std::string key;
};
struct IndexAccess {  // base[index]: list element, map or property value.
  ExpressionPtr base;
  ExpressionPtr index;
};
struct ListSlice {
  ExpressionPtr base;
  ExpressionPtr from;  // Null when open.
  ExpressionPtr to;    // Null when open.
};
struct HasLabels {  // base:A|B or base IS A; also tests relationship types.
  ExpressionPtr base;
  std::unique_ptr<LabelExpression> labels;
};

struct Not {
  ExpressionPtr operand;
};
struct And {  // Two operands or more, left to right; the same for Or and Xor.
  std::vector<Expression> operands;
};
struct Or {
  std::vector<Expression> operands;
};
struct Xor {
  std::vector<Expression> operands;
};

enum class ComparisonOperator : std::uint8_t { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };
struct ComparisonStep;
struct Comparison {  // a < b <= c means a < b AND b <= c; b is evaluated once.
  ExpressionPtr first;
  std::vector<ComparisonStep> steps;  // Not empty.
};

enum class ArithmeticOperator : std::uint8_t { Add, Subtract, Concatenate, Multiply, Divide, Modulo, Power };
struct ArithmeticStep;
struct Arithmetic {  // Left to right; all steps have one precedence: + - ||, or * / %, or ^.
  ExpressionPtr first;
  std::vector<ArithmeticStep> steps;  // Not empty.
};
struct Sign {  // -x or +x
  bool negative;
  ExpressionPtr operand;
};

enum class PredicateOperator : std::uint8_t { StartsWith, EndsWith, Contains, Matches, In };
struct Predicate {
  PredicateOperator op;
  ExpressionPtr left;
  ExpressionPtr right;
};
struct IsNull {
  ExpressionPtr operand;
  bool negated;
};

// A type as written after IS :: or in a property type constraint.
struct TypeName {
  enum class Kind : std::uint8_t {
    Nothing, Null, Boolean, String, Integer, Float, Date, LocalTime, ZonedTime, LocalDateTime, ZonedDateTime,
    Duration, Point, Node, Relationship, Map, Path, List, PropertyValue, Any, Vector,
    Union,  // INTEGER | STRING, also written ANY<INTEGER | STRING>.
  };
  Kind kind;
  bool not_null = false;
  std::vector<TypeName> arguments;  // List: exactly one. Union: two or more.
  VectorType vector = {};           // Vector only.
};
struct IsTyped {
  ExpressionPtr operand;
  bool negated;
  TypeName type;
};
enum class NormalForm : std::uint8_t { NFC, NFD, NFKC, NFKD };
struct IsNormalized {
  ExpressionPtr operand;
  bool negated;
  NormalForm form;
};

struct FunctionCall {
  std::vector<std::string> name;  // As written, namespace first: {"apoc", "text", "join"}.
  bool distinct;
  std::vector<Expression> arguments;

  // The argument that is a word (a StringLiteral here), as in vector(list, 3, FLOAT32); 0 when none is. A variable of
  // that place stands in parentheses.
  std::size_t word_argument() const;
};
struct CountStar {};  // count(*)

struct CaseBranch;
struct CaseExpression {
  ExpressionPtr subject;  // Null for the searched form. When present, each condition is a
                          // predicate over CaseSubject: WHEN 1 is CaseSubject = 1, WHEN 1, 2 an Or.
  std::vector<CaseBranch> branches;  // Not empty.
  ExpressionPtr otherwise;           // Null without ELSE.
};

enum class QuantifierKind : std::uint8_t { All, Any, None, Single };
struct QuantifierExpression {  // all(x IN list WHERE predicate)
  QuantifierKind kind;
  std::string variable;
  ExpressionPtr list;
  ExpressionPtr where;
};
struct ListComprehension {  // [x IN list WHERE predicate | projection]
  std::string variable;
  ExpressionPtr list;
  ExpressionPtr where;       // Null when absent.
  ExpressionPtr projection;  // Null when absent: the element itself.
};
struct PatternComprehension {  // [p = (a)-->(b) WHERE predicate | projection]
  std::unique_ptr<PatternPath> pattern;
  ExpressionPtr where;  // Null when absent.
  ExpressionPtr projection;
};
struct Reduce {  // reduce(accumulator = initial, variable IN list | step)
  std::string accumulator;
  ExpressionPtr initial;
  std::string variable;
  ExpressionPtr list;
  ExpressionPtr step;
};
struct MapProjectionItem;
struct MapProjection {  // n {.*, .name, x, key: expression}
  std::string variable;
  std::vector<MapProjectionItem> items;
};

// A path pattern as a predicate, or shortestPath(…)/allShortestPaths(…) as a value.
// The parser accepts the former only where a truth value is asked for.
struct PatternExpression {
  std::unique_ptr<PatternPath> pattern;
};
enum class SubqueryKind : std::uint8_t { Exists, Count, Collect };
struct SubqueryExpression {  // EXISTS { (a)-->(b) WHERE p } is stored as EXISTS { MATCH (a)-->(b) WHERE p }.
  SubqueryKind kind;
  std::unique_ptr<RegularQuery> query;  // Exists and Count: the last clause need not be RETURN.
};

struct Expression {
  using Node = std::variant<NullLiteral, BooleanLiteral, IntegerLiteral, FloatLiteral, StringLiteral, ListLiteral,
                            MapLiteral, Parameter, Variable, CaseSubject, PropertyAccess, IndexAccess, ListSlice,
                            HasLabels, Not, And, Or, Xor, Comparison, Arithmetic, Sign, Predicate, IsNull, IsTyped,
                            IsNormalized, FunctionCall, CountStar, CaseExpression, QuantifierExpression,
                            ListComprehension, PatternComprehension, Reduce, MapProjection, PatternExpression,
                            SubqueryExpression>;
  Node node;
  Position position;  // Of its first character.
};

struct MapEntry {
  std::string key;
  Expression value;
};
struct ComparisonStep {
  ComparisonOperator op;
  Expression operand;
};
struct ArithmeticStep {
  ArithmeticOperator op;
  Expression operand;
};
struct CaseBranch {
  Expression condition;
  Expression result;
};
struct MapProjectionItem {
  enum class Kind : std::uint8_t { AllProperties, Property, Variable, Entry };
  Kind kind;
  std::string name;     // The key; empty for AllProperties.
  ExpressionPtr value;  // Entry only, otherwise null.
  Position position;
};

}  // namespace nexus::syntax
