// Unary, arithmetic, comparison, membership, text and logical operators.
#include "exec/context.h"
#include "exec/evaluators/binary.h"
#include "exec/evaluators/evaluators.h"
#include "value/compare.h"

namespace nexus::exec {

namespace {

Ternary negated(Ternary ternary) {
  if (ternary == Ternary::Unknown) return ternary;
  return ternary == Ternary::True ? Ternary::False : Ternary::True;
}

Result<Ternary> truth(const Value& value) {
  if (value.is_null()) return Ternary::Unknown;
  if (!value.is(Type::Boolean)) return type_error("a BOOLEAN", value);
  return value.is_true() ? Ternary::True : Ternary::False;
}

class UnaryEvaluator final : public Evaluator {
 public:
  UnaryEvaluator(plan::UnaryOperator op, EvaluatorPtr operand) : op_(op), operand_(std::move(operand)) {}

  Result<Value> compute(Context& context, Value* row) override {
    Operand operand;
    NX_TRY_DO(operand.load(*operand_, context, row));
    switch (op_) {
      case plan::UnaryOperator::Not: {
        NX_TRY(const Ternary holds, truth(*operand));
        return ternary_value(negated(holds));
      }
      case plan::UnaryOperator::Negate:
        return negate(*operand);
      case plan::UnaryOperator::Plus:
        if (operand->is_null() || operand->is_number()) return *operand;
        return type_error("a number after +", *operand);
      case plan::UnaryOperator::IsNull:
        return Value::boolean(operand->is_null());
      case plan::UnaryOperator::IsNotNull:
        return Value::boolean(!operand->is_null());
    }
    return Value::null();
  }

 private:
  plan::UnaryOperator op_;
  EvaluatorPtr operand_;
};

class BinaryChainEvaluator final : public Evaluator {
 public:
  BinaryChainEvaluator(EvaluatorPtr first, std::vector<ChainStep> steps)
      : first_(std::move(first)), steps_(std::move(steps)) {}

  Result<Value> compute(Context& context, Value* row) override {
    Value sum;
    NX_TRY_DO(step(context, row, *first_, steps_[0], sum));
    for (std::size_t i = 1; i < steps_.size(); ++i) {
      Operand right;
      NX_TRY_DO(right.load(*steps_[i].operand, context, row));
      NX_TRY(sum, apply(context, steps_[i], sum, *right));
    }
    return sum;
  }

 private:
  Result<> step(Context& context, Value* row, Evaluator& first, ChainStep& chain_step, Value& sum) {
    Operand left, right;
    NX_TRY_DO(left.load(first, context, row));
    NX_TRY_DO(right.load(*chain_step.operand, context, row));
    NX_TRY(sum, apply(context, chain_step, *left, *right));
    return Done{};
  }
  static Result<Value> apply(Context& context, ChainStep& chain_step, const Value& left, const Value& right) {
    auto value = apply_binary(context, chain_step.op, left, right);
    if (!value && !value.error().position.is_known()) value.error().position = chain_step.position;
    return value;
  }

  EvaluatorPtr first_;
  std::vector<ChainStep> steps_;
};

class ComparisonEvaluator final : public Evaluator {
 public:
  ComparisonEvaluator(EvaluatorPtr first, std::vector<ChainStep> steps)
      : first_(std::move(first)), steps_(std::move(steps)) {}

  Result<Value> compute(Context& context, Value* row) override {
    Ternary all = Ternary::True;
    Operand operands[2];
    NX_TRY_DO(operands[0].load(*first_, context, row));
    for (std::size_t i = 0; i < steps_.size() && all != Ternary::False; ++i) {
      Operand& left = operands[i % 2];
      Operand& right = operands[(i + 1) % 2];
      NX_TRY_DO(right.load(*steps_[i].operand, context, row));
      const Ternary holds = compare_values(steps_[i].op, *left, *right);
      if (holds != Ternary::True) all = holds;
    }
    return ternary_value(all);
  }

 private:
  EvaluatorPtr first_;
  std::vector<ChainStep> steps_;
};

class LogicalEvaluator final : public Evaluator {
 public:
  LogicalEvaluator(plan::LogicalOperator op, Evaluators operands) : op_(op), operands_(std::move(operands)) {}

  Result<Value> compute(Context& context, Value* row) override {
    if (op_ == plan::LogicalOperator::Xor) return exclusive_or(context, row);
    // And stops at the first False, Or at the first True.
    const Ternary decisive = op_ == plan::LogicalOperator::And ? Ternary::False : Ternary::True;
    Ternary all = negated(decisive);
    for (const auto& evaluator : operands_) {
      Operand operand;
      NX_TRY_DO(operand.load(*evaluator, context, row));
      NX_TRY(const Ternary holds, truth(*operand));
      if (holds == decisive) return ternary_value(decisive);
      if (holds == Ternary::Unknown) all = Ternary::Unknown;
    }
    return ternary_value(all);
  }

 private:
  Result<Value> exclusive_or(Context& context, Value* row) {
    bool odd = false, unknown = false;
    for (const auto& evaluator : operands_) {
      Operand operand;
      NX_TRY_DO(operand.load(*evaluator, context, row));
      NX_TRY(const Ternary holds, truth(*operand));
      unknown |= holds == Ternary::Unknown;
      odd ^= holds == Ternary::True;
    }
    return unknown ? Value::null() : Value::boolean(odd);
  }

  plan::LogicalOperator op_;
  Evaluators operands_;
};

}  // namespace

EvaluatorPtr make_unary(plan::UnaryOperator op, EvaluatorPtr operand) {
  return std::make_unique<UnaryEvaluator>(op, std::move(operand));
}
EvaluatorPtr make_binary_chain(EvaluatorPtr first, std::vector<ChainStep> steps) {
  if (steps.empty()) return first;
  return std::make_unique<BinaryChainEvaluator>(std::move(first), std::move(steps));
}
EvaluatorPtr make_comparison(EvaluatorPtr first, std::vector<ChainStep> steps) {
  return std::make_unique<ComparisonEvaluator>(std::move(first), std::move(steps));
}
EvaluatorPtr make_logical(plan::LogicalOperator op, Evaluators operands) {
  return std::make_unique<LogicalEvaluator>(op, std::move(operands));
}

}  // namespace nexus::exec
