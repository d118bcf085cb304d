#include "plan/same_expression.h"

#include "base/match.h"

namespace nexus::plan {
namespace {

bool same(const syntax::Expression& left, const syntax::Expression& right) { return same_expression(left, right); }
bool same(const syntax::ExpressionPtr& left, const syntax::ExpressionPtr& right) {
  if (!left || !right) return !left && !right;
  return same_expression(*left, *right);
}
bool same(const syntax::LabelExpression& left, const syntax::LabelExpression& right);
bool same(const syntax::MapEntry& left, const syntax::MapEntry& right) {
  return left.key == right.key && same(left.value, right.value);
}
bool same(const syntax::ComparisonStep& left, const syntax::ComparisonStep& right) {
  return left.op == right.op && same(left.operand, right.operand);
}
bool same(const syntax::ArithmeticStep& left, const syntax::ArithmeticStep& right) {
  return left.op == right.op && same(left.operand, right.operand);
}
bool same(const syntax::CaseBranch& left, const syntax::CaseBranch& right) {
  return same(left.condition, right.condition) && same(left.result, right.result);
}
bool same(const syntax::MapProjectionItem& left, const syntax::MapProjectionItem& right) {
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
bool same(const syntax::LabelName& left, const syntax::LabelName& right) {
  return left.name == right.name && left.any == right.any && same(left.dynamic, right.dynamic);
}
bool same(const syntax::LabelWildcard&, const syntax::LabelWildcard&) { return true; }
bool same(const syntax::LabelNot& left, const syntax::LabelNot& right) { return same(*left.operand, *right.operand); }
bool same(const syntax::LabelAnd& left, const syntax::LabelAnd& right) { return same(left.operands, right.operands); }
bool same(const syntax::LabelOr& left, const syntax::LabelOr& right) { return same(left.operands, right.operands); }
bool same(const syntax::LabelExpression& left, const syntax::LabelExpression& right) {
  if (left.node.index() != right.node.index()) return false;
  return std::visit(
      [&](const auto& node) { return same(node, *std::get_if<std::decay_t<decltype(node)>>(&right.node)); }, left.node);
}

bool same_node(const syntax::NullLiteral&, const syntax::NullLiteral&) { return true; }
bool same_node(const syntax::BooleanLiteral& left, const syntax::BooleanLiteral& right) { return left.value == right.value; }
bool same_node(const syntax::IntegerLiteral& left, const syntax::IntegerLiteral& right) { return left.value == right.value; }
bool same_node(const syntax::FloatLiteral& left, const syntax::FloatLiteral& right) { return left.value == right.value; }
bool same_node(const syntax::StringLiteral& left, const syntax::StringLiteral& right) { return left.value == right.value; }
bool same_node(const syntax::ListLiteral& left, const syntax::ListLiteral& right) { return same(left.items, right.items); }
bool same_node(const syntax::MapLiteral& left, const syntax::MapLiteral& right) { return same(left.entries, right.entries); }
bool same_node(const syntax::Parameter& left, const syntax::Parameter& right) { return left.name == right.name; }
bool same_node(const syntax::Variable& left, const syntax::Variable& right) { return left.name == right.name; }
bool same_node(const syntax::CaseSubject&, const syntax::CaseSubject&) { return true; }
bool same_node(const syntax::PropertyAccess& left, const syntax::PropertyAccess& right) {
  return left.key == right.key && same(left.base, right.base);
}
bool same_node(const syntax::IndexAccess& left, const syntax::IndexAccess& right) {
  return same(left.base, right.base) && same(left.index, right.index);
}
bool same_node(const syntax::ListSlice& left, const syntax::ListSlice& right) {
  return same(left.base, right.base) && same(left.from, right.from) && same(left.to, right.to);
}
bool same_node(const syntax::HasLabels& left, const syntax::HasLabels& right) {
  return same(left.base, right.base) && same(*left.labels, *right.labels);
}
bool same_node(const syntax::Not& left, const syntax::Not& right) { return same(left.operand, right.operand); }
bool same_node(const syntax::And& left, const syntax::And& right) { return same(left.operands, right.operands); }
bool same_node(const syntax::Or& left, const syntax::Or& right) { return same(left.operands, right.operands); }
bool same_node(const syntax::Xor& left, const syntax::Xor& right) { return same(left.operands, right.operands); }
bool same_node(const syntax::Comparison& left, const syntax::Comparison& right) {
  return same(left.first, right.first) && same(left.steps, right.steps);
}
bool same_node(const syntax::Arithmetic& left, const syntax::Arithmetic& right) {
  return same(left.first, right.first) && same(left.steps, right.steps);
}
bool same_node(const syntax::Sign& left, const syntax::Sign& right) {
  return left.negative == right.negative && same(left.operand, right.operand);
}
bool same_node(const syntax::Predicate& left, const syntax::Predicate& right) {
  return left.op == right.op && same(left.left, right.left) && same(left.right, right.right);
}
bool same_node(const syntax::IsNull& left, const syntax::IsNull& right) {
  return left.negated == right.negated && same(left.operand, right.operand);
}
bool same_node(const syntax::IsTyped&, const syntax::IsTyped&) { return false; }
bool same_node(const syntax::IsNormalized& left, const syntax::IsNormalized& right) {
  return left.negated == right.negated && left.form == right.form && same(left.operand, right.operand);
}
bool same_node(const syntax::FunctionCall& left, const syntax::FunctionCall& right) {
  return left.name == right.name && left.distinct == right.distinct && same(left.arguments, right.arguments);
}
bool same_node(const syntax::CountStar&, const syntax::CountStar&) { return true; }
bool same_node(const syntax::CaseExpression& left, const syntax::CaseExpression& right) {
  return same(left.subject, right.subject) && same(left.branches, right.branches) &&
         same(left.otherwise, right.otherwise);
}
bool same_node(const syntax::QuantifierExpression& left, const syntax::QuantifierExpression& right) {
  return left.kind == right.kind && left.variable == right.variable && same(left.list, right.list) &&
         same(left.where, right.where);
}
bool same_node(const syntax::ListComprehension& left, const syntax::ListComprehension& right) {
  return left.variable == right.variable && same(left.list, right.list) && same(left.where, right.where) &&
         same(left.projection, right.projection);
}
bool same_node(const syntax::PatternComprehension&, const syntax::PatternComprehension&) { return false; }
bool same_node(const syntax::Reduce& left, const syntax::Reduce& right) {
  return left.accumulator == right.accumulator && left.variable == right.variable &&
         same(left.initial, right.initial) && same(left.list, right.list) && same(left.step, right.step);
}
bool same_node(const syntax::MapProjection& left, const syntax::MapProjection& right) {
  return left.variable == right.variable && same(left.items, right.items);
}
bool same_node(const syntax::PatternExpression&, const syntax::PatternExpression&) { return false; }
bool same_node(const syntax::SubqueryExpression&, const syntax::SubqueryExpression&) { return false; }

}  // namespace

bool same_expression(const syntax::Expression& left, const syntax::Expression& right) {
  if (left.node.index() != right.node.index()) return false;
  return std::visit(
      [&](const auto& node) { return same_node(node, *std::get_if<std::decay_t<decltype(node)>>(&right.node)); },
      left.node);
}

}  // namespace nexus::plan
