// Lowering of expressions.
#include <algorithm>

#include "exec/lower.h"
#include "function/general/graph.h"
#include "value/text.h"

namespace nexus::exec {

Result<EvaluatorPtr> Lowering::compile(const plan::ExpressionPtr& expression) {
  if (!expression) return EvaluatorPtr();
  if (expression_depth_ >= kExpressionDepthMax) {
    return Error{ErrorCode::NestingTooDeep,
                 "expressions nest at most " + std::to_string(kExpressionDepthMax) + " levels deep",
                 expression->position};
  }
  ++expression_depth_;
  auto made = std::visit([this](const auto& node) { return compile(node); }, expression->node);
  --expression_depth_;
  if (made) {
    (*made)->set_position(expression->position);
  } else if (!made.error().position.is_known()) {
    made.error().position = expression->position;
  }
  return made;
}

Result<Evaluators> Lowering::compile_all(const std::vector<plan::ExpressionPtr>& expressions) {
  Evaluators made;
  for (const auto& expression : expressions) {
    NX_TRY(EvaluatorPtr evaluator, compile(expression));
    made.push_back(std::move(evaluator));
  }
  return made;
}

Result<std::vector<Assignment>> Lowering::compile_items(const std::vector<plan::ProjectionItem>& items) {
  std::vector<Assignment> made;
  for (const auto& item : items) {
    NX_TRY(EvaluatorPtr value, compile(item.expression));
    made.push_back({item.slot, std::move(value)});
  }
  return made;
}

EvaluatorPtr Lowering::folded(EvaluatorPtr evaluator, bool is_constant) {
  if (!is_constant) return evaluator;
  auto value = evaluator->evaluate(context_, nullptr);
  // What fails may never be asked for: the error waits for the row that asks.
  if (!value) return evaluator;
  return make_constant(std::move(*value));
}

namespace {

bool all_constant(const Evaluators& evaluators) {
  return std::all_of(evaluators.begin(), evaluators.end(), [](const auto& one) { return one->is_constant(); });
}

}  // namespace

Result<EvaluatorPtr> Lowering::compile(const plan::Constant& node) { return make_constant(node.value); }

Result<EvaluatorPtr> Lowering::compile(const plan::ParameterRef& node) {
  const Map& parameters = context_.outside.parameters;
  for (const auto& [name, value] : parameters) {
    if (name == node.name) return make_constant(value);
  }
  Error missing{ErrorCode::MissingParameter, "parameter $" + node.name + " is missing"};
  missing.compile_time = true;
  return missing;
}

Result<EvaluatorPtr> Lowering::compile(const plan::SlotRef& node) {
  NX_CHECK(node.slot < width_);
  return make_slot(node.slot);
}

Result<EvaluatorPtr> Lowering::compile(const plan::PropertyOf& node) {
  NX_TRY(EvaluatorPtr subject, compile(node.subject));
  const bool is_constant = subject->is_constant();
  return folded(make_property(std::move(subject), node.key), is_constant);
}
Result<EvaluatorPtr> Lowering::compile(const plan::IndexOf& node) {
  NX_TRY(EvaluatorPtr subject, compile(node.subject));
  NX_TRY(EvaluatorPtr index, compile(node.index));
  return make_index(std::move(subject), std::move(index));
}
Result<EvaluatorPtr> Lowering::compile(const plan::SliceOf& node) {
  NX_TRY(EvaluatorPtr subject, compile(node.subject));
  NX_TRY(EvaluatorPtr from, compile(node.from));
  NX_TRY(EvaluatorPtr to, compile(node.to));
  return make_slice(std::move(subject), std::move(from), std::move(to));
}

Result<EvaluatorPtr> Lowering::compile(const plan::Unary& node) {
  NX_TRY(EvaluatorPtr operand, compile(node.operand));
  const bool is_constant = operand->is_constant();
  return folded(make_unary(node.op, std::move(operand)), is_constant);
}
Result<EvaluatorPtr> Lowering::compile(const plan::BinaryChain& node) {
  NX_TRY(EvaluatorPtr first, compile(node.first));
  bool is_constant = first->is_constant();
  std::vector<ChainStep> steps;
  for (const auto& step : node.steps) {
    NX_TRY(EvaluatorPtr operand, compile(step.operand));
    is_constant = is_constant && operand->is_constant();
    steps.push_back({step.op, std::move(operand), step.position});
  }
  return folded(make_binary_chain(std::move(first), std::move(steps)), is_constant);
}
Result<EvaluatorPtr> Lowering::compile(const plan::ComparisonChain& node) {
  NX_TRY(EvaluatorPtr first, compile(node.first));
  std::vector<ChainStep> steps;
  for (const auto& step : node.steps) {
    NX_TRY(EvaluatorPtr operand, compile(step.operand));
    steps.push_back({step.op, std::move(operand), {}});
  }
  return make_comparison(std::move(first), std::move(steps));
}
Result<EvaluatorPtr> Lowering::compile(const plan::Logical& node) {
  NX_TRY(Evaluators operands, compile_all(node.operands));
  return make_logical(node.op, std::move(operands));
}

Result<LabelCheckPtr> Lowering::compile_test(const plan::LabelTest& test) {
  switch (test.kind) {
    case plan::LabelTest::Kind::Label:
      return make_label_check(test.name);
    case plan::LabelTest::Kind::Wildcard:
      return make_wildcard_check();
    case plan::LabelTest::Kind::Dynamic: {
      NX_TRY(EvaluatorPtr names, compile(test.expression));
      return make_dynamic_check(std::move(names), test.any);
    }
    case plan::LabelTest::Kind::And:
    case plan::LabelTest::Kind::Or:
    case plan::LabelTest::Kind::Not:
      break;
  }
  if (++expression_depth_ > kExpressionDepthMax) {
    return Error{ErrorCode::NestingTooDeep, "the label expression nests too deep"};
  }
  std::vector<LabelCheckPtr> operands;
  for (const auto& operand : test.operands) {
    NX_TRY(LabelCheckPtr check, compile_test(*operand));
    operands.push_back(std::move(check));
  }
  --expression_depth_;
  return make_combined_check(test.kind, std::move(operands));
}

Result<EvaluatorPtr> Lowering::compile(const plan::HasLabels& node) {
  NX_TRY(EvaluatorPtr subject, compile(node.subject));
  NX_TRY(LabelCheckPtr check, compile_test(*node.test));
  return make_has_labels(std::move(subject), std::move(check));
}
Result<EvaluatorPtr> Lowering::compile(const plan::IsTyped& node) {
  NX_TRY(EvaluatorPtr subject, compile(node.subject));
  return make_is_typed(std::move(subject), node.test, node.negated);
}

Result<EvaluatorPtr> Lowering::compile(const plan::ScalarCall& node) {
  NX_TRY(Evaluators arguments, compile_all(node.arguments));
  if (context_.outside.graphs != nullptr && node.function->category == function::kGraphFunctions) {
    return make_graph_call(*context_.outside.graphs, *node.function, std::move(arguments));
  }
  const bool is_constant = node.function->deterministic && all_constant(arguments);
  return folded(make_call(*node.function, std::move(arguments)), is_constant);
}
Result<EvaluatorPtr> Lowering::compile(const plan::ListOf& node) {
  NX_TRY(Evaluators items, compile_all(node.items));
  const bool is_constant = all_constant(items);
  return folded(make_list(std::move(items)), is_constant);
}
Result<EvaluatorPtr> Lowering::compile(const plan::MapOf& node) {
  std::vector<std::string> keys;
  Evaluators values;
  for (const auto& entry : node.entries) {
    NX_TRY(EvaluatorPtr value, compile(entry.second));
    keys.push_back(entry.first);
    values.push_back(std::move(value));
  }
  const bool is_constant = all_constant(values);
  return folded(make_map(std::move(keys), std::move(values)), is_constant);
}
Result<EvaluatorPtr> Lowering::compile(const plan::MapProjection& node) {
  NX_TRY(EvaluatorPtr subject, compile(node.subject));
  std::vector<ProjectionEntry> entries;
  for (const auto& entry : node.entries) {
    NX_TRY(EvaluatorPtr value, compile(entry.value));
    entries.push_back({entry.key, std::move(value)});
  }
  return make_map_projection(std::move(subject), std::move(entries));
}

Result<EvaluatorPtr> Lowering::compile(const plan::CaseOf& node) {
  NX_TRY(EvaluatorPtr subject, compile(node.subject));
  Evaluators conditions, values;
  for (const auto& when : node.whens) {
    NX_TRY(EvaluatorPtr condition, compile(when.condition));
    NX_TRY(EvaluatorPtr value, compile(when.value));
    conditions.push_back(std::move(condition));
    values.push_back(std::move(value));
  }
  NX_TRY(EvaluatorPtr otherwise, compile(node.otherwise));
  return make_case(std::move(subject), std::move(conditions), std::move(values), std::move(otherwise));
}

Result<EvaluatorPtr> Lowering::compile(const plan::ListComprehension& node) {
  NX_TRY(EvaluatorPtr list, compile(node.list));
  NX_TRY(EvaluatorPtr where, compile(node.where));
  NX_TRY(EvaluatorPtr projection, compile(node.projection));
  return make_comprehension(node.variable, std::move(list), std::move(where), std::move(projection));
}
Result<EvaluatorPtr> Lowering::compile(const plan::Quantifier& node) {
  NX_TRY(EvaluatorPtr list, compile(node.list));
  NX_TRY(EvaluatorPtr where, compile(node.where));
  return make_quantifier(node.kind, node.variable, std::move(list), std::move(where));
}
Result<EvaluatorPtr> Lowering::compile(const plan::Reduce& node) {
  ReduceParts parts;
  parts.accumulator = node.accumulator;
  parts.variable = node.variable;
  NX_TRY(parts.initial, compile(node.initial));
  NX_TRY(parts.list, compile(node.list));
  NX_TRY(parts.body, compile(node.body));
  return make_reduce(std::move(parts));
}

Result<EvaluatorPtr> Lowering::compile(const plan::Subquery& node) {
  NX_TRY(InnerPlan inner, lower_inner(node.plan));
  NX_TRY(EvaluatorPtr result, compile(node.result));
  return make_subquery(node.kind, std::move(inner.root), std::move(inner.outer), width_, std::move(result));
}
Result<EvaluatorPtr> Lowering::compile(const plan::PathOf& node) { return make_path(node.slots); }

}  // namespace nexus::exec
