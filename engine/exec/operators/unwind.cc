// Unwind: one row for every element of a list; none for null, one for anything else.
// UnwindRange: the same for what range() answers, without the list.
#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"
#include "function/integer_range.h"

namespace nexus::exec {

namespace {

class Unwind final : public FlatMap {
 public:
  Unwind(OperatorPtr input, std::size_t width, EvaluatorPtr list, plan::Slot slot)
      : FlatMap(std::move(input), width), list_(std::move(list)), slot_(slot) {}
  std::string describe() const override { return "Unwind"; }

 private:
  Result<> open(Context& context, Value* row) override {
    at_ = 0;
    NX_TRY(value_, list_->evaluate(context, row));
    count_ = value_.is(Type::List) ? value_.list().size() : value_.is_null() ? 0 : 1;
    return Done{};
  }
  Result<bool> step(Context&, Value* row, Batch& batch) override {
    if (at_ == count_) {
      value_ = Value();
      return false;
    }
    batch.append(row)[slot_] = value_.is(Type::List) ? value_.list()[at_] : value_;
    ++at_;
    return true;
  }

  EvaluatorPtr list_;
  plan::Slot slot_;
  Value value_;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
};

class UnwindRange final : public FlatMap {
 public:
  UnwindRange(OperatorPtr input, std::size_t width, Evaluators arguments, Position position, plan::Slot slot)
      : FlatMap(std::move(input), width), arguments_(std::move(arguments)), position_(position), slot_(slot) {}
  std::string describe() const override { return "Unwind"; }

 private:
  Result<> open(Context& context, Value* row) override {
    at_ = 0;
    numbers_ = {};
    std::vector<Value> values;
    bool has_null = false;
    for (const EvaluatorPtr& argument : arguments_) {
      NX_TRY(Value value, argument->evaluate(context, row));
      has_null = has_null || value.is_null();
      values.push_back(std::move(value));
    }
    if (has_null) return Done{};
    auto numbers = function::integer_range(values);
    if (!numbers) {
      numbers.error().position = position_;
      return std::move(numbers.error());
    }
    numbers_ = *numbers;
    return Done{};
  }
  Result<bool> step(Context&, Value* row, Batch& batch) override {
    if (at_ == numbers_.count) return false;
    batch.append(row)[slot_] = Value::integer(numbers_.at(at_));
    ++at_;
    return true;
  }

  Evaluators arguments_;
  Position position_;
  plan::Slot slot_;
  function::IntegerRange numbers_;
  std::uint64_t at_ = 0;
};

}  // namespace

OperatorPtr make_unwind_range(OperatorPtr input, std::size_t width, Evaluators arguments, Position position,
                              plan::Slot slot) {
  return std::make_unique<UnwindRange>(std::move(input), width, std::move(arguments), position, slot);
}

OperatorPtr make_unwind(OperatorPtr input, std::size_t width, EvaluatorPtr list, plan::Slot slot) {
  return std::make_unique<Unwind>(std::move(input), width, std::move(list), slot);
}

}  // namespace nexus::exec
