#include "exec/lower.h"

#include <algorithm>

#include "function/integer_range.h"

namespace nexus::exec {

Result<OperatorPtr> Lowering::lower(const plan::Plan* root, Effects downstream) {
  // From the last operator down to the first; then they are made the other way round.
  std::vector<const plan::Plan*> chain;
  std::vector<Effects> own, after;
  for (const plan::Plan* at = root; at != nullptr; at = input_of(*at)) {
    if (chain.size() == kOperatorsMax) {
      return Error{ErrorCode::NestingTooDeep,
                   "the statement has more than " + std::to_string(kOperatorsMax) + " steps one after the other"};
    }
    chain.push_back(at);
    own.push_back(own_effects(*at));
    after.push_back(downstream);
    downstream.add(own.back());
  }
  const Surroundings saved = around_;
  OperatorPtr made = make_argument(outer_);
  Effects upstream;
  for (std::size_t i = chain.size(); i-- > 0;) {
    around_ = {upstream, after[i]};
    NX_TRY(made, std::visit([&](const auto& op) { return make(op, std::move(made)); }, chain[i]->op));
    if (context_.outside.profile) made->measure(context_.root->profile[chain[i]]);
    upstream.add(own[i]);
  }
  around_ = saved;
  return made;
}

Result<InnerPlan> Lowering::lower_inner(const plan::PlanPtr& plan) {
  if (++inner_depth_ > kInnerDepthMax) {
    return Error{ErrorCode::NestingTooDeep,
                 "subqueries nest at most " + std::to_string(kInnerDepthMax) + " levels deep"};
  }
  InnerPlan inner;
  inner.outer = std::make_shared<OuterRow>();
  std::swap(outer_, inner.outer);
  // Rows of the inner plan become rows of the outer one, so what comes after reads them too.
  auto root = lower(plan.get(), around_.downstream);
  std::swap(outer_, inner.outer);
  --inner_depth_;
  if (!root) return std::move(root.error());
  inner.root = std::move(*root);
  return inner;
}

Result<InnerPlan> Lowering::lower_guest(const plan::UseGraph& use, Effects downstream) {
  around_.downstream = downstream;
  return lower_inner(use.inner);
}

Barriers Lowering::barriers(EffectBits writes) const {
  return {(around_.upstream.reads & writes) != 0, (around_.downstream.reads & writes) != 0};
}

OperatorPtr Lowering::apart_before(OperatorPtr input, EffectBits writes) {
  if (!barriers(writes).before) return input;
  return make_eager(std::move(input), width_, context_.budget);
}
OperatorPtr Lowering::apart_after(OperatorPtr made, EffectBits writes) {
  if (!barriers(writes).after) return made;
  return make_eager(std::move(made), width_, context_.budget);
}

Result<OperatorPtr> Lowering::make(const plan::Argument&, OperatorPtr input) { return input; }

Result<OperatorPtr> Lowering::make(const plan::AllNodesScan& op, OperatorPtr input) {
  return make_node_scan(std::move(input), width_, op.node, std::nullopt);
}
Result<OperatorPtr> Lowering::make(const plan::LabelScan& op, OperatorPtr input) {
  return make_node_scan(std::move(input), width_, op.node, op.label);
}
Result<OperatorPtr> Lowering::make(const plan::NodeByIdSeek& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr ids, compile(op.ids));
  return make_seek(std::move(input), width_, {op.node, std::move(ids), op.element_ids, true});
}
Result<OperatorPtr> Lowering::make(const plan::RelationshipByIdSeek& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr ids, compile(op.ids));
  return make_seek(std::move(input), width_, {op.relationship, std::move(ids), op.element_ids, false});
}
Result<IndexSeekParts> Lowering::index_seek(const plan::IndexSeek& seek) {
  IndexSeekParts parts;
  parts.seek = &seek;
  NX_TRY(parts.equal, compile_all(seek.equal));
  NX_TRY(parts.among, compile(seek.among));
  NX_TRY(parts.lower, compile(seek.lower));
  NX_TRY(parts.upper, compile(seek.upper));
  NX_TRY(parts.prefix, compile(seek.prefix));
  return parts;
}
Result<OperatorPtr> Lowering::make(const plan::NodeIndexSeek& op, OperatorPtr input) {
  NX_TRY(IndexSeekParts parts, index_seek(op.seek));
  parts.slot = op.node;
  return make_index_seek(std::move(input), width_, std::move(parts));
}
Result<OperatorPtr> Lowering::make(const plan::RelationshipIndexSeek& op, OperatorPtr input) {
  NX_TRY(IndexSeekParts parts, index_seek(op.seek));
  parts.slot = op.relationship;
  parts.kind = storage::EntityKind::Relationship;
  return make_index_seek(std::move(input), width_, std::move(parts));
}
Result<OperatorPtr> Lowering::make(const plan::RelationshipScan& op, OperatorPtr input) {
  return make_relationship_scan(std::move(input), width_, op);
}
Result<OperatorPtr> Lowering::make(const plan::Expand& op, OperatorPtr input) {
  return make_expand(std::move(input), width_, op);
}
Result<OperatorPtr> Lowering::make(const plan::VarExpand& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr predicate, compile(op.step_predicate));
  return make_var_expand(std::move(input), width_, op, std::move(predicate));
}
Result<OperatorPtr> Lowering::make(const plan::RepeatExpand& op, OperatorPtr input) {
  NX_TRY(InnerPlan inner, lower_inner(op.inner));
  return make_repeat_expand(std::move(input), width_, op, std::move(inner), context_.budget);
}
Result<OperatorPtr> Lowering::make(const plan::SelectPaths& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr count, compile(op.count));
  return make_select_paths(std::move(input), width_, op, std::move(count), context_.budget);
}
Result<OperatorPtr> Lowering::make(const plan::ShortestPath& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr step_predicate, compile(op.step_predicate));
  PathTest test;
  NX_TRY(test.paths, compile_items(op.paths));
  NX_TRY(test.predicate, compile(op.predicate));
  return make_shortest_path(std::move(input), width_, op, std::move(step_predicate), std::move(test));
}

Result<OperatorPtr> Lowering::make(const plan::Filter& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr predicate, compile(op.predicate));
  return make_filter(std::move(input), std::move(predicate));
}
Result<OperatorPtr> Lowering::make(const plan::OptionalApply& op, OperatorPtr input) {
  NX_TRY(InnerPlan inner, lower_inner(op.inner));
  return make_optional_apply(std::move(input), width_, std::move(inner), op.null_slots);
}
Result<OperatorPtr> Lowering::make(const plan::Apply& op, OperatorPtr input) {
  const EffectBits writes = op.inner ? effects(*op.inner).writes : EffectBits{0};
  input = apart_before(std::move(input), writes);
  NX_TRY(InnerPlan inner, lower_inner(op.inner));
  return apart_after(make_apply(std::move(input), width_, std::move(inner), op.unit), writes);
}

Result<OperatorPtr> Lowering::make(const plan::TransactionalApply& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr rows, compile(op.rows));
  NX_TRY(EvaluatorPtr seconds, compile(op.seconds));
  return make_transactional_apply(std::move(input), width_, op, std::move(rows), std::move(seconds), context_.budget);
}
Result<OperatorPtr> Lowering::make(const plan::LoadCsv& op, OperatorPtr input) {
  if (context_.outside.import_files == nullptr) {
    return Error{ErrorCode::Forbidden, "LOAD CSV needs an import folder, and none is set"};
  }
  NX_TRY(EvaluatorPtr url, compile(op.url));
  return make_load_csv(std::move(input), width_, op, std::move(url));
}

Result<OperatorPtr> Lowering::make(const plan::Project& op, OperatorPtr input) {
  NX_TRY(std::vector<Assignment> items, compile_items(op.items));
  std::vector<plan::Slot> dead;
  if (!op.live.empty() && !is_inner()) {
    std::vector<bool> live(width_, false);
    for (const auto slot : op.live) live[slot] = true;
    for (const auto& item : op.items) live[item.slot] = true;
    for (plan::Slot slot = 0; slot < width_; ++slot) {
      if (!live[slot]) dead.push_back(slot);
    }
  }
  return make_project(std::move(input), std::move(items), std::move(dead));
}

Result<OperatorPtr> Lowering::make(const plan::Aggregate& op, OperatorPtr input) {
  AggregateParts parts;
  parts.outer = outer_;
  NX_TRY(parts.grouping, compile_items(op.grouping));
  for (const auto& item : op.aggregates) {
    NX_TRY(Evaluators arguments, compile_all(item.arguments));
    parts.calls.push_back({item.slot, item.function, std::move(arguments), item.distinct});
  }
  return make_aggregate(std::move(input), width_, std::move(parts), context_.budget);
}
Result<OperatorPtr> Lowering::make(const plan::Distinct& op, OperatorPtr input) {
  return make_distinct(std::move(input), op.slots, context_.budget);
}
Result<OperatorPtr> Lowering::make(const plan::Sort& op, OperatorPtr input) {
  SortParts parts;
  parts.outer = outer_;
  for (const auto& key : op.keys) {
    NX_TRY(EvaluatorPtr evaluator, compile(key.expression));
    parts.order.push_back({std::move(evaluator), key.descending});
  }
  NX_TRY(parts.limit, compile(op.limit));
  return make_sort(std::move(input), width_, std::move(parts), context_.budget);
}
Result<OperatorPtr> Lowering::make(const plan::Skip& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr count, compile(op.count));
  return make_skip(std::move(input), width_, std::move(count), outer_);
}
Result<OperatorPtr> Lowering::make(const plan::Limit& op, OperatorPtr input) {
  NX_TRY(EvaluatorPtr count, compile(op.count));
  return make_limit(std::move(input), width_, std::move(count), outer_, around_.upstream.writes != 0);
}
Result<OperatorPtr> Lowering::make(const plan::Unwind& op, OperatorPtr input) {
  if (const auto* call = std::get_if<plan::ScalarCall>(&op.list->node); call && function::is_range(*call->function)) {
    NX_TRY(Evaluators arguments, compile_all(call->arguments));
    return make_unwind_range(std::move(input), width_, std::move(arguments), op.list->position, op.slot);
  }
  NX_TRY(EvaluatorPtr list, compile(op.list));
  return make_unwind(std::move(input), width_, std::move(list), op.slot);
}
Result<OperatorPtr> Lowering::make(const plan::Union& op, OperatorPtr) {
  std::vector<OperatorPtr> inputs;
  for (const auto& input : op.inputs) {
    NX_TRY(OperatorPtr made, lower(input.get(), around_.downstream));
    inputs.push_back(std::move(made));
  }
  return make_union(std::move(inputs));
}
Result<OperatorPtr> Lowering::make(const plan::Eager&, OperatorPtr input) {
  return make_eager(std::move(input), width_, context_.budget);
}

Result<OperatorPtr> Lowering::make(const plan::Merge& op, OperatorPtr input) {
  EffectBits writes = kStructure;
  for (const auto* items : {&op.on_create, &op.on_match}) {
    for (const auto& item : *items) {
      const bool labels =
          std::holds_alternative<plan::SetLabels>(item) || std::holds_alternative<plan::RemoveLabels>(item);
      writes |= labels ? kLabels : kProperties;
    }
  }
  input = apart_before(std::move(input), writes);
  MergeParts parts;
  NX_TRY(parts.match, lower_inner(op.match));
  NX_TRY(parts.create, create_steps(op.items));
  NX_TRY(parts.on_create, update_steps(op.on_create));
  NX_TRY(parts.on_match, update_steps(op.on_match));
  return apart_after(make_merge(std::move(input), width_, std::move(parts), context_.budget), writes);
}

Result<OperatorPtr> Lowering::make(const plan::Foreach& op, OperatorPtr input) {
  const EffectBits writes = op.inner ? effects(*op.inner).writes : EffectBits{0};
  input = apart_before(std::move(input), writes);
  NX_TRY(EvaluatorPtr list, compile(op.list));
  NX_TRY(InnerPlan inner, lower_inner(op.inner));
  return apart_after(make_foreach(std::move(input), width_, op.variable, std::move(list), std::move(inner)), writes);
}

Result<OperatorPtr> Lowering::make(const plan::UseGraph& op, OperatorPtr input) {
  if (context_.outside.graphs == nullptr) {  // One graph, and the names have been checked.
    if (!op.input && !is_inner()) return lower(op.inner.get(), around_.downstream);
    NX_TRY(InnerPlan inner, lower_inner(op.inner));
    return make_apply(std::move(input), width_, std::move(inner), false);
  }
  UseGraphParts parts;
  NX_TRY(parts.name, compile(op.name));
  parts.plan = &op;
  parts.downstream = around_.downstream;
  return make_use_graph(std::move(input), width_, std::move(parts));
}

Result<OperatorPtr> Lowering::make(const plan::ProcedureCall& op, OperatorPtr input) {
  const Procedure* procedure = context_.outside.procedures.find_procedure(op.name);
  if (procedure == nullptr) {
    return Error{ErrorCode::ProcedureNotFound, "there is no procedure " + op.name};
  }
  const plan::ProcedureSignature& signature = procedure->signature();
  if (op.arguments.size() > signature.inputs.size() ||
      op.arguments.size() + signature.defaults.size() < signature.inputs.size()) {
    return Error{ErrorCode::InvalidNumberOfArguments, "procedure " + op.name + " takes other arguments"};
  }
  const EffectBits writes = signature.writes ? kEverything : EffectBits{0};
  input = apart_before(std::move(input), writes);
  ProcedureParts parts;
  parts.procedure = procedure;
  NX_TRY(parts.arguments, compile_all(op.arguments));
  parts.yields = op.yields;
  return apart_after(make_procedure_call(std::move(input), width_, std::move(parts)), writes);
}

}  // namespace nexus::exec
