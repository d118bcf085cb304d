#include "plan/same_expression.h"

#include "base/match.h"

namespace nexus::plan {
namespace {

using namespace syntax;

bool same(const Expression& left, const Expression& right) { return same_expression(left, right); }
bool same(const ExpressionPtr& left, const ExpressionPtr& right) {
  if (!left || !right) return !left && !right;
  return same_expression(*left, *right);
}
bool same(const LabelExpression& left, const LabelExpression& right);
bool same(const MapEntry& left, const MapEntry& right) { return left.key == right.key && same(left.value, right.value); }
bool same(const ComparisonStep& left, const ComparisonStep& right) {
  return left.op == right.op && same(left.operand, right.operand);
}
bool same(const ArithmeticStep& left, const ArithmeticStep& right) {
  return left.op == right.op && same(left.operand, right.operand);
}
bool same(const CaseBranch& left, const CaseBranch& right) {
  return same(left.condition, right.condition) && same(left.result, right.result);
}
bool same(const MapProjectionItem& left, const MapProjectionItem& right) {
  return left.kind == right.kind && left.name == right.name && same(left.value, right.value);
}
template <class Item>
bool same(const std::vector<Item>& left, const std::vector<Item>& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t index = 0; index < left.size(); ++index) {
    if (!same(left[index], right[index])) return false;
  }
  return true;
}
bool same(const LabelName& left, const LabelName& right) {
  return left.name == right.name && left.any == right.any && same(left.dynamic, right.dynamic);
}
bool same(const LabelWildcard&, const LabelWildcard&) { return true; }
bool same(const LabelNot& left, const LabelNot& right) { return same(*left.operand, *right.operand); }
bool same(const LabelAnd& left, const LabelAnd& right) { return same(left.operands, right.operands); }
bool same(const LabelOr& left, const LabelOr& right) { return same(left.operands, right.operands); }
bool same(const LabelExpression& left, const LabelExpression& right) {
  if (left.node.index() != right.node.index()) return false;
  return std::visit(
      [&](const auto& node) { return same(node, *std::get_if<std::decay_t<decltype(node)>>(&right.node)); }, left.node);
}

bool same_node(const NullLiteral&, const NullLiteral&) { return true; }
bool same_node(const BooleanLiteral& left, const BooleanLiteral& right) { return left.value == right.value; }
bool same_node(const IntegerLiteral& left, const IntegerLiteral& right) { return left.value == right.value; }
bool same_node(const FloatLiteral& left, const FloatLiteral& right) { return left.value == right.value; }
bool same_node(const StringLiteral& left, const StringLiteral& right) { return left.value == right.value; }
bool same_node(const ListLiteral& left, const ListLiteral& right) { return same(left.items, right.items); }
bool same_node(const MapLiteral& left, const MapLiteral& right) { return same(left.entries, right.entries); }
bool same_node(const Parameter& left, const Parameter& right) { return left.name == right.name; }
bool same_node(const Variable& left, const Variable& right) { return left.name == right.name; }
bool same_node(const CaseSubject&, const CaseSubject&) { return true; }
bool same_node(const PropertyAccess& left, const PropertyAccess& right) {
  return left.key == right.key && same(left.base, right.base);
}
bool same_node(const IndexAccess& left, const IndexAccess& right) {
  return same(left.base, right.base) && same(left.index, right.index);
}
bool same_node(const ListSlice& left, const ListSlice& right) {
  return same(left.base, right.base) && same(left.from, right.from) && same(left.to, right.to);
}
bool same_node(const HasLabels& left, const HasLabels& right) {
  return same(left.base, right.base) && same(*left.labels, *right.labels);
}
bool same_node(const Not& left, const Not& right) { return same(left.operand, right.operand); }
bool same_node(const And& left, const And& right) { return same(left.operands, right.operands); }
bool same_node(const Or& left, const Or& right) { return same(left.operands, right.operands); }
bool same_node(const Xor& left, const Xor& right) { return same(left.operands, right.operands); }
bool same_node(const Comparison& left, const Comparison& right) {
  return same(left.first, right.first) && same(left.steps, right.steps);
}
bool same_node(const Arithmetic& left, const Arithmetic& right) {
  return same(left.first, right.first) && same(left.steps, right.steps);
}
bool same_node(const Sign& left, const Sign& right) {
  return left.negative == right.negative && same(left.operand, right.operand);
}
bool same_node(const Predicate& left, const Predicate& right) {
  return left.op == right.op && same(left.left, right.left) && same(left.right, right.right);
}
bool same_node(const IsNull& left, const IsNull& right) {
  return left.negated == right.negated && same(left.operand, right.operand);
}
bool same_node(const IsTyped&, const IsTyped&) { return false; }
bool same_node(const IsNormalized& left, const IsNormalized& right) {
  return left.negated == right.negated && left.form == right.form && same(left.operand, right.operand);
}
bool same_node(const FunctionCall& left, const FunctionCall& right) {
  return left.name == right.name && left.distinct == right.distinct && same(left.arguments, right.arguments);
}
bool same_node(const CountStar&, const CountStar&) { return true; }
bool same_node(const CaseExpression& left, const CaseExpression& right) {
  return same(left.subject, right.subject) && same(left.branches, right.branches) &&
         same(left.otherwise, right.otherwise);
}
bool same_node(const QuantifierExpression& left, const QuantifierExpression& right) {
  return left.kind == right.kind && left.variable == right.variable && same(left.list, right.list) &&
         same(left.where, right.where);
}
bool same_node(const ListComprehension& left, const ListComprehension& right) {
  return left.variable == right.variable && same(left.list, right.list) && same(left.where, right.where) &&
         same(left.projection, right.projection);
}
bool same_node(const PatternComprehension&, const PatternComprehension&) { return false; }
bool same_node(const Reduce& left, const Reduce& right) {
  return left.accumulator == right.accumulator && left.variable == right.variable &&
         same(left.initial, right.initial) && same(left.list, right.list) && same(left.step, right.step);
}
bool same_node(const MapProjection& left, const MapProjection& right) {
  return left.variable == right.variable && same(left.items, right.items);
}
bool same_node(const PatternExpression&, const PatternExpression&) { return false; }
bool same_node(const SubqueryExpression&, const SubqueryExpression&) { return false; }

}  // namespace

bool same_expression(const syntax::Expression& left, const syntax::Expression& right) {
  if (left.node.index() != right.node.index()) return false;
  return std::visit(
      [&](const auto& node) { return same_node(node, *std::get_if<std::decay_t<decltype(node)>>(&right.node)); },
      left.node);
}

}  // namespace nexus::plan
