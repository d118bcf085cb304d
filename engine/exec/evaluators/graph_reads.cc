// Subqueries and paths.
#include "exec/context.h"
#include "exec/evaluators/evaluators.h"

namespace nexus::exec {

namespace {

class SubqueryEvaluator final : public Evaluator {
 public:
  SubqueryEvaluator(plan::SubqueryKind kind, OperatorPtr inner, OuterRowPtr outer, std::size_t width,
                    EvaluatorPtr result)
      : kind_(kind),
        inner_(std::move(inner)),
        outer_(std::move(outer)),
        batch_(width, kBatchRowsMax),
        result_(std::move(result)) {}

  Result<Value> compute(Context& context, Value* row) override {
    outer_->row = row;
    inner_->rewind();
    batch_.clear();
    List items;
    Charge charge(context.budget);
    std::uint64_t count = 0;
    batch_.set_rows_max(1);
    for (;;) {
      NX_TRY_DO(inner_->next(context, batch_));
      if (batch_.rows() == 0) break;
      count += batch_.rows();
      if (kind_ == plan::SubqueryKind::Exists) break;
      if (kind_ == plan::SubqueryKind::Collect) NX_TRY_DO(collect(context, items, charge));
      batch_.clear();
      batch_.set_rows_max(context.batch_rows());
    }
    if (kind_ == plan::SubqueryKind::Exists) return Value::boolean(count != 0);
    if (kind_ == plan::SubqueryKind::Count) return Value::integer(static_cast<std::int64_t>(count));
    return Value::list(std::move(items));
  }

 private:
  Result<> collect(Context& context, List& items, Charge& charge) {
    for (std::size_t i = 0; i < batch_.rows(); ++i) {
      NX_TRY(Value item, result_->evaluate(context, batch_.row(i)));
      NX_TRY_DO(check_depth(item));
      NX_TRY_DO(charge.add(sizeof(Value) + item.heap_bytes()));
      items.push_back(std::move(item));
    }
    return Done{};
  }

  plan::SubqueryKind kind_;
  OperatorPtr inner_;
  OuterRowPtr outer_;
  Batch batch_;
  EvaluatorPtr result_;
};

// slots: node, relationship (one or a list), node, …; the inner nodes of a list are found
// by walking it.
class PathEvaluator final : public Evaluator {
 public:
  explicit PathEvaluator(std::vector<plan::Slot> slots) : slots_(std::move(slots)) {}

  Result<Value> compute(Context& context, Value* row) override {
    for (const auto slot : slots_) {
      if (row[slot].is_null()) return Value::null();
    }
    if (!row[slots_[0]].is(Type::Node)) return type_error("a NODE in a path", row[slots_[0]]);
    PathData path;
    path.nodes.push_back(row[slots_[0]]);
    for (std::size_t i = 1; i < slots_.size(); i += 2) {
      const Value& step = row[slots_[i]];
      if (!step.is(Type::List)) {
        NX_TRY_DO(walk(context, step, path));
        continue;
      }
      for (const Value& relationship : step.list()) NX_TRY_DO(walk(context, relationship, path));
    }
    return Value::path(std::move(path));
  }

 private:
  static Result<> walk(Context& context, const Value& relationship, PathData& path) {
    if (!relationship.is(Type::Relationship)) return type_error("a RELATIONSHIP in a path", relationship);
    const auto record = context.graph.record(relationship.entity_id());
    if (!record) return context.graph.deleted(relationship);
    const std::uint64_t at = path.nodes.back().entity_id();
    path.relationships.push_back(relationship);
    path.nodes.push_back(Value::node(record->start == at ? record->end : record->start));
    return Done{};
  }

  std::vector<plan::Slot> slots_;
};

}  // namespace

EvaluatorPtr make_subquery(plan::SubqueryKind kind, OperatorPtr inner, OuterRowPtr outer, std::size_t width,
                           EvaluatorPtr result) {
  return std::make_unique<SubqueryEvaluator>(kind, std::move(inner), std::move(outer), width, std::move(result));
}
EvaluatorPtr make_path(const std::vector<plan::Slot>& slots) { return std::make_unique<PathEvaluator>(slots); }

}  // namespace nexus::exec
