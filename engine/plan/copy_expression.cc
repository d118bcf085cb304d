#include "plan/copy_expression.h"

#include "base/match.h"

namespace nexus::plan {
namespace {

using Copy = std::unique_ptr<Expression>;

template <class Node>
Copy made(Node node, Position position) {
  return std::make_unique<Expression>(std::move(node), position);
}

Copy copy(const ExpressionPtr& expression) { return expression ? copy_expression(*expression) : nullptr; }

bool copy_all(const std::vector<ExpressionPtr>& from, std::vector<ExpressionPtr>& to) {
  for (const ExpressionPtr& item : from) {
    to.push_back(copy(item));
    if (!to.back()) return false;
  }
  return true;
}

}  // namespace

ExpressionPtr copy_expression(const Expression& expression) {
  const Position at = expression.position;
  return std::visit(
      Match{
          [&](const Constant& node) { return made(node, at); },
          [&](const ParameterRef& node) { return made(node, at); },
          [&](const SlotRef& node) { return made(node, at); },
          [&](const PropertyOf& node) {
            Copy subject = copy(node.subject);
            return subject ? made(PropertyOf{std::move(subject), node.key}, at) : nullptr;
          },
          [&](const IndexOf& node) {
            Copy subject = copy(node.subject);
            Copy index = copy(node.index);
            return subject && index ? made(IndexOf{std::move(subject), std::move(index)}, at) : nullptr;
          },
          [&](const Unary& node) {
            Copy operand = copy(node.operand);
            return operand ? made(Unary{node.op, std::move(operand)}, at) : nullptr;
          },
          [&](const BinaryChain& node) {
            BinaryChain chain{copy(node.first), {}};
            for (const BinaryChain::Step& step : node.steps) {
              chain.steps.push_back({step.op, copy(step.operand), step.position});
              if (!chain.steps.back().operand) return Copy();
            }
            return chain.first ? made(std::move(chain), at) : nullptr;
          },
          [&](const ScalarCall& node) {
            ScalarCall call{node.function, {}};
            const bool is_whole = node.function->deterministic && copy_all(node.arguments, call.arguments);
            return is_whole ? made(std::move(call), at) : nullptr;
          },
          [&](const ListOf& node) {
            ListOf list;
            return copy_all(node.items, list.items) ? made(std::move(list), at) : nullptr;
          },
          [](const auto&) { return Copy(); },
      },
      expression.node);
}

}  // namespace nexus::plan
