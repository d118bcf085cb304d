// Evaluator: a plan expression made ready to run: names resolved, constants folded.
//
// Invariant: an evaluator writes only slots of its own local variables (comprehensions,
// subqueries), which nothing outside of it reads.
#pragma once

#include <memory>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::exec {

class Context;

class Evaluator {
 public:
  virtual ~Evaluator() = default;

  // An error that knows no position gets this expression's.
  Result<Value> evaluate(Context& context, Value* row) {
    auto value = compute(context, row);
    if (!value && !value.error().position.is_known()) value.error().position = position_;
    return value;
  }
  void set_position(Position position) { position_ = position; }

  // The value itself where nothing needs computing (a slot, a constant); else nullptr. Valid
  // as long as the row and this.
  virtual const Value* peek(const Value* row) const {
    (void)row;
    return nullptr;
  }
  virtual bool is_constant() const { return false; }

 private:
  virtual Result<Value> compute(Context& context, Value* row) = 0;

  Position position_;
};
using EvaluatorPtr = std::unique_ptr<Evaluator>;

// The value of a sub-expression, borrowed where possible.
class Operand {
 public:
  Operand() = default;
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;

  Result<> load(Evaluator& evaluator, Context& context, Value* row) {
    value_ = evaluator.peek(row);
    if (value_ != nullptr) return Done{};
    NX_TRY(held_, evaluator.evaluate(context, row));
    value_ = &held_;
    return Done{};
  }
  const Value& operator*() const { return *value_; }
  const Value* operator->() const { return value_; }

 private:
  Value held_;
  const Value* value_ = nullptr;
};

// Whether a row passes: null and false do not. InvalidArgumentType for what is no Boolean.
Result<bool> passes(Evaluator& predicate, Context& context, Value* row);

}  // namespace nexus::exec
