// The makers of all evaluators, one per kind of plan expression.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/evaluator.h"
#include "exec/graph_source.h"
#include "exec/operator.h"
#include "plan/expression.h"

namespace nexus::exec {

using Evaluators = std::vector<EvaluatorPtr>;

EvaluatorPtr make_constant(Value value);
EvaluatorPtr make_slot(plan::Slot slot);

EvaluatorPtr make_property(EvaluatorPtr subject, std::string_view key);
EvaluatorPtr make_index(EvaluatorPtr subject, EvaluatorPtr index);
EvaluatorPtr make_slice(EvaluatorPtr subject, EvaluatorPtr from, EvaluatorPtr to);

EvaluatorPtr make_unary(plan::UnaryOperator op, EvaluatorPtr operand);
struct ChainStep {
  plan::BinaryOperator op;
  EvaluatorPtr operand;
  Position position;
};
EvaluatorPtr make_binary_chain(EvaluatorPtr first, std::vector<ChainStep> steps);
EvaluatorPtr make_comparison(EvaluatorPtr first, std::vector<ChainStep> steps);
EvaluatorPtr make_logical(plan::LogicalOperator op, Evaluators operands);

// A compiled LabelTest.
class LabelCheck {
 public:
  virtual ~LabelCheck() = default;
  // Requires: `entity` is a node or a relationship.
  virtual Result<bool> test(Context& context, const Value& entity, Value* row) = 0;
};
using LabelCheckPtr = std::unique_ptr<LabelCheck>;
LabelCheckPtr make_label_check(std::string_view name);
LabelCheckPtr make_wildcard_check();
LabelCheckPtr make_dynamic_check(EvaluatorPtr names, bool any);
LabelCheckPtr make_combined_check(plan::LabelTest::Kind kind, std::vector<LabelCheckPtr> operands);
EvaluatorPtr make_has_labels(EvaluatorPtr subject, LabelCheckPtr check);
EvaluatorPtr make_is_typed(EvaluatorPtr subject, const plan::TypeTest& test, bool negated);

// One of function/general/graph.h on a composite database.
EvaluatorPtr make_graph_call(GraphSource& graphs, const function::ScalarFunction& function, Evaluators arguments);
EvaluatorPtr make_call(const function::ScalarFunction& function, Evaluators arguments);
EvaluatorPtr make_case(EvaluatorPtr subject, Evaluators conditions, Evaluators values, EvaluatorPtr otherwise);

EvaluatorPtr make_list(Evaluators items);
EvaluatorPtr make_map(std::vector<std::string> keys, Evaluators values);
struct ProjectionEntry {
  std::string_view key;
  EvaluatorPtr value;  // Null: all properties.
};
EvaluatorPtr make_map_projection(EvaluatorPtr subject, std::vector<ProjectionEntry> entries);

// `where` and `projection` may be null.
EvaluatorPtr make_comprehension(plan::Slot variable, EvaluatorPtr list, EvaluatorPtr where, EvaluatorPtr projection);
EvaluatorPtr make_quantifier(plan::QuantifierKind kind, plan::Slot variable, EvaluatorPtr list, EvaluatorPtr where);
struct ReduceParts {
  plan::Slot accumulator;
  EvaluatorPtr initial;
  plan::Slot variable;
  EvaluatorPtr list;
  EvaluatorPtr body;
};
EvaluatorPtr make_reduce(ReduceParts parts);

// `result` is null but for Collect.
EvaluatorPtr make_subquery(plan::SubqueryKind kind, OperatorPtr inner, OuterRowPtr outer, std::size_t width,
                           EvaluatorPtr result);
EvaluatorPtr make_path(const std::vector<plan::Slot>& slots);

// "expected a List, got INTEGER" with the code of type errors at run time.
Error type_error(std::string_view wanted, const Value& got);
// LimitExceeded when a list or map around `item` would be nested too deep.
Result<> check_depth(const Value& item);

}  // namespace nexus::exec
