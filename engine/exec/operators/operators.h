// The makers of all operators, one per alternative of plan::Operator.
//
// `width` is the frame width. Plan nodes given by reference outlive the operator.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "exec/effects.h"
#include "exec/evaluators/evaluators.h"
#include "exec/operator.h"
#include "exec/operators/writes.h"
#include "plan/plan.h"

namespace nexus::exec {

// An inner plan and the place where it finds its outer row.
struct InnerPlan {
  OperatorPtr root;
  OuterRowPtr outer;
};

OperatorPtr make_argument(OuterRowPtr outer);

// Sources: scans.cc
OperatorPtr make_node_scan(OperatorPtr input, std::size_t width, plan::Slot node,
                           std::optional<std::string_view> label);
OperatorPtr make_relationship_scan(OperatorPtr input, std::size_t width, const plan::RelationshipScan& scan);
struct SeekParts {
  plan::Slot slot;
  EvaluatorPtr ids;
  bool element_ids;
  bool nodes;  // Else relationships.
};
OperatorPtr make_seek(OperatorPtr input, std::size_t width, SeekParts parts);

// index_seek.cc. Evaluators may be null, see plan::IndexSeek.
struct IndexSeekParts {
  const plan::IndexSeek* seek = nullptr;
  plan::Slot slot = 0;
  storage::EntityKind kind = storage::EntityKind::Node;
  Evaluators equal;
  EvaluatorPtr among;
  EvaluatorPtr lower;
  EvaluatorPtr upper;
  EvaluatorPtr prefix;
};
OperatorPtr make_index_seek(OperatorPtr input, std::size_t width, IndexSeekParts parts);

// Patterns.
OperatorPtr make_expand(OperatorPtr input, std::size_t width, const plan::Expand& expand);
OperatorPtr make_var_expand(OperatorPtr input, std::size_t width, const plan::VarExpand& expand, EvaluatorPtr predicate);
struct Assignment {
  plan::Slot slot;
  EvaluatorPtr value;
};
// What a path must be to count: `paths` are assigned first, for the predicate to read. No predicate: nothing.
struct PathTest {
  std::vector<Assignment> paths;
  EvaluatorPtr predicate;
};
OperatorPtr make_shortest_path(OperatorPtr input, std::size_t width, const plan::ShortestPath& path,
                               EvaluatorPtr step_predicate, PathTest test);
OperatorPtr make_repeat_expand(OperatorPtr input, std::size_t width, const plan::RepeatExpand& expand, InnerPlan inner,
                               MemoryBudget& budget);
// `count` may be null: one.
OperatorPtr make_select_paths(OperatorPtr input, std::size_t width, const plan::SelectPaths& select, EvaluatorPtr count,
                              MemoryBudget& budget);

// Row by row: filter.cc, project.cc, apply.cc, skip_limit.cc, unwind.cc, union.cc
OperatorPtr make_filter(OperatorPtr input, EvaluatorPtr predicate);
OperatorPtr make_project(OperatorPtr input, std::vector<Assignment> items, std::vector<plan::Slot> dead_slots);
OperatorPtr make_optional_apply(OperatorPtr input, std::size_t width, InnerPlan inner,
                                std::vector<plan::Slot> null_slots);
OperatorPtr make_apply(OperatorPtr input, std::size_t width, InnerPlan inner, bool unit);
OperatorPtr make_transactional_apply(OperatorPtr input, std::size_t width, const plan::TransactionalApply& apply,
                                     EvaluatorPtr rows, EvaluatorPtr seconds, MemoryBudget& budget);
OperatorPtr make_load_csv(OperatorPtr input, std::size_t width, const plan::LoadCsv& load, EvaluatorPtr url);
OperatorPtr make_skip(OperatorPtr input, std::size_t width, EvaluatorPtr count, OuterRowPtr outer);
// `drains`: the input writes, so all of it must run.
OperatorPtr make_limit(OperatorPtr input, std::size_t width, EvaluatorPtr count, OuterRowPtr outer, bool drains);
OperatorPtr make_unwind(OperatorPtr input, std::size_t width, EvaluatorPtr list, plan::Slot slot);
// Of range(arguments…).
OperatorPtr make_unwind_range(OperatorPtr input, std::size_t width, Evaluators arguments, Position position,
                              plan::Slot slot);
OperatorPtr make_union(std::vector<OperatorPtr> inputs);

// Whole inputs.
struct AggregateCall {
  plan::Slot slot;
  const function::AggregateFunction* function;
  Evaluators arguments;
  bool distinct;
};
struct AggregateParts {
  std::vector<Assignment> grouping;
  std::vector<AggregateCall> calls;
  OuterRowPtr outer;
};
OperatorPtr make_aggregate(OperatorPtr input, std::size_t width, AggregateParts parts, MemoryBudget& budget);
OperatorPtr make_distinct(OperatorPtr input, std::vector<plan::Slot> slots, MemoryBudget& budget);
struct SortOrder {
  EvaluatorPtr key;
  bool descending;
};
// `limit` may be null.
struct SortParts {
  std::vector<SortOrder> order;
  EvaluatorPtr limit;
  OuterRowPtr outer;
};
OperatorPtr make_sort(OperatorPtr input, std::size_t width, SortParts parts, MemoryBudget& budget);
OperatorPtr make_eager(OperatorPtr input, std::size_t width, MemoryBudget& budget);

// Writes. `barriers` says how far they keep reading and writing apart.
OperatorPtr make_create(OperatorPtr input, std::size_t width, std::vector<CreateStep> steps, Barriers barriers,
                        MemoryBudget& budget);
OperatorPtr make_update(OperatorPtr input, std::size_t width, std::vector<UpdateStepPtr> steps, Barriers barriers,
                        MemoryBudget& budget);
OperatorPtr make_delete(OperatorPtr input, std::size_t width, Evaluators targets, bool detach, MemoryBudget& budget);
struct MergeParts {
  InnerPlan match;
  std::vector<CreateStep> create;
  std::vector<UpdateStepPtr> on_create;
  std::vector<UpdateStepPtr> on_match;
};
OperatorPtr make_merge(OperatorPtr input, std::size_t width, MergeParts parts, MemoryBudget& budget);
OperatorPtr make_foreach(OperatorPtr input, std::size_t width, plan::Slot variable, EvaluatorPtr list, InnerPlan inner);

struct ProcedureParts {
  const Procedure* procedure;
  Evaluators arguments;
  std::vector<plan::ProcedureYield> yields;
};
OperatorPtr make_procedure_call(OperatorPtr input, std::size_t width, ProcedureParts parts);

// use_graph.cc; `plan` outlives the operator.
struct UseGraphParts {
  EvaluatorPtr name;
  const plan::UseGraph* plan;
  Effects downstream;
};
OperatorPtr make_use_graph(OperatorPtr input, std::size_t width, UseGraphParts parts);

// Evaluates a SKIP or LIMIT against the outer row. Errors: NegativeIntegerArgumentRuntime,
// InvalidArgumentTypeRuntime.
Result<std::uint64_t> row_count(Evaluator& count, Context& context, const OuterRow& outer, std::size_t width);

}  // namespace nexus::exec
