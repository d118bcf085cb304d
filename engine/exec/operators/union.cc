// Union: the rows of its inputs, one input after the other.
#include "exec/operators/operators.h"

namespace nexus::exec {

namespace {

class Union final : public Operator {
 public:
  explicit Union(std::vector<OperatorPtr> inputs) : inputs_(std::move(inputs)) {}
  std::string describe() const override { return "Union"; }

 private:
  Result<> produce(Context& context, Batch& batch) override {
    const std::size_t begin = batch.rows();
    for (; at_ < inputs_.size(); ++at_) {
      NX_TRY_DO(inputs_[at_]->next(context, batch));
      if (batch.rows() != begin) return Done{};
    }
    return Done{};
  }
  void restart() override {
    for (const auto& input : inputs_) input->rewind();
    at_ = 0;
  }

  std::vector<OperatorPtr> inputs_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr make_union(std::vector<OperatorPtr> inputs) { return std::make_unique<Union>(std::move(inputs)); }

}  // namespace nexus::exec
