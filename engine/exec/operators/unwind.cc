// Unwind: one row for every element of a list; none for null, one for anything else.
#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"

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

}  // namespace

OperatorPtr make_unwind(OperatorPtr input, std::size_t width, EvaluatorPtr list, plan::Slot slot) {
  return std::make_unique<Unwind>(std::move(input), width, std::move(list), slot);
}

}  // namespace nexus::exec
