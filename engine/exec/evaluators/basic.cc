// Slots, constants, positions, CASE and function calls.
#include "exec/context.h"
#include "exec/evaluators/evaluators.h"
#include "value/compare.h"
#include "value/text.h"

namespace nexus::exec {

Error type_error(std::string_view wanted, const Value& got) {
  return Error{ErrorCode::InvalidArgumentType,
               "expected " + std::string(wanted) + ", got " + std::string(type_name(got.type()))};
}

Result<> check_depth(const Value& item) {
  if (item.depth() < Value::kDepthMax) return Done{};
  return Error{ErrorCode::LimitExceeded,
               "lists and maps nest at most " + std::to_string(Value::kDepthMax) + " levels deep"};
}

Result<bool> passes(Evaluator& predicate, Context& context, Value* row) {
  Operand verdict;
  NX_TRY_DO(verdict.load(predicate, context, row));
  if (verdict->is_null()) return false;
  if (!verdict->is(Type::Boolean)) return type_error("a BOOLEAN as predicate", *verdict);
  return verdict->is_true();
}

namespace {

class ConstantEvaluator final : public Evaluator {
 public:
  explicit ConstantEvaluator(Value value) : value_(std::move(value)) {}
  Result<Value> compute(Context&, Value*) override { return value_; }
  const Value* peek(const Value*) const override { return &value_; }
  bool is_constant() const override { return true; }

 private:
  Value value_;
};

class SlotEvaluator final : public Evaluator {
 public:
  explicit SlotEvaluator(plan::Slot slot) : slot_(slot) {}
  Result<Value> compute(Context&, Value* row) override { return row[slot_]; }
  const Value* peek(const Value* row) const override { return row + slot_; }

 private:
  plan::Slot slot_;
};

class CaseEvaluator final : public Evaluator {
 public:
  CaseEvaluator(EvaluatorPtr subject, Evaluators conditions, Evaluators values, EvaluatorPtr otherwise)
      : subject_(std::move(subject)),
        conditions_(std::move(conditions)),
        values_(std::move(values)),
        otherwise_(std::move(otherwise)) {}

  Result<Value> compute(Context& context, Value* row) override {
    Operand subject;
    if (subject_) NX_TRY_DO(subject.load(*subject_, context, row));
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
      NX_TRY(const bool holds, matches(*conditions_[i], subject_ ? &*subject : nullptr, context, row));
      if (holds) return values_[i]->evaluate(context, row);
    }
    if (!otherwise_) return Value::null();
    return otherwise_->evaluate(context, row);
  }

 private:
  static Result<bool> matches(Evaluator& condition, const Value* subject, Context& context, Value* row) {
    if (subject == nullptr) return passes(condition, context, row);
    Operand wanted;
    NX_TRY_DO(wanted.load(condition, context, row));
    return equals(*subject, *wanted) == Ternary::True;
  }

  EvaluatorPtr subject_;
  Evaluators conditions_;
  Evaluators values_;
  EvaluatorPtr otherwise_;
};

class CallEvaluator final : public Evaluator {
 public:
  CallEvaluator(const function::ScalarFunction& function, Evaluators arguments)
      : function_(function), arguments_(std::move(arguments)) {}

  Result<Value> compute(Context& context, Value* row) override {
    if (arguments_.size() <= kInlineArguments) {
      Value values[kInlineArguments];
      return call(context, row, values);
    }
    List values(arguments_.size());
    return call(context, row, values.data());
  }

 private:
  static constexpr std::size_t kInlineArguments = 3;

  Result<Value> call(Context& context, Value* row, Value* values) {
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      NX_TRY(values[i], arguments_[i]->evaluate(context, row));
    }
    return function::call_scalar(function_, context.call, {values, arguments_.size()});
  }

  const function::ScalarFunction& function_;
  Evaluators arguments_;
};

// What stands behind the first argument that is not null is not asked: it may be an error there, or costly.
class CoalesceEvaluator final : public Evaluator {
 public:
  explicit CoalesceEvaluator(Evaluators arguments) : arguments_(std::move(arguments)) {}

  Result<Value> compute(Context& context, Value* row) override {
    for (const auto& argument : arguments_) {
      NX_TRY(Value value, argument->evaluate(context, row));
      if (!value.is_null()) return value;
    }
    return Value::null();
  }

 private:
  Evaluators arguments_;
};

}  // namespace

EvaluatorPtr make_constant(Value value) { return std::make_unique<ConstantEvaluator>(std::move(value)); }
EvaluatorPtr make_slot(plan::Slot slot) { return std::make_unique<SlotEvaluator>(slot); }
EvaluatorPtr make_case(EvaluatorPtr subject, Evaluators conditions, Evaluators values, EvaluatorPtr otherwise) {
  return std::make_unique<CaseEvaluator>(std::move(subject), std::move(conditions), std::move(values),
                                         std::move(otherwise));
}
EvaluatorPtr make_call(const function::ScalarFunction& function, Evaluators arguments) {
  if (function.name == "coalesce") return std::make_unique<CoalesceEvaluator>(std::move(arguments));
  return std::make_unique<CallEvaluator>(function, std::move(arguments));
}

}  // namespace nexus::exec
