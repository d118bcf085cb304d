// ProcedureCall: one output row per row a procedure answers; one for a procedure without columns.
#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"
#include "exec/procedure_source.h"

namespace nexus::exec {

namespace {

class ProcedureCall final : public FlatMap {
 public:
  ProcedureCall(OperatorPtr input, std::size_t width, ProcedureParts parts)
      : FlatMap(std::move(input), width), parts_(std::move(parts)), signature_(parts_.procedure->signature()) {}
  std::string describe() const override { return "ProcedureCall " + signature_.name; }

 private:
  Result<> open(Context& context, Value* row) override {
    List arguments;
    for (std::size_t i = 0; i < parts_.arguments.size(); ++i) {
      NX_TRY(Value value, parts_.arguments[i]->evaluate(context, row));
      NX_TRY(value, fitted(std::move(value), i));
      arguments.push_back(std::move(value));
    }
    const std::size_t missing = signature_.inputs.size() - arguments.size();
    NX_CHECK(missing <= signature_.defaults.size());
    arguments.insert(arguments.end(), signature_.defaults.end() - static_cast<std::ptrdiff_t>(missing),
                     signature_.defaults.end());
    if (!given_) {
      const ExecutionContext& outside = context.outside;
      given_.reset(new ProcedureContext{context.transaction, context.counters, context.graph, outside.clock, outside.random,
                                        context.budget, outside.cancellation, outside.database_name, outside.caller});
    }
    NX_TRY(stream_, parts_.procedure->call(*given_, std::move(arguments)));
    return Done{};
  }

  Result<Value> fitted(Value value, std::size_t index) const {
    const auto& input = signature_.inputs[index];
    if (value.is_null() || (input.types & function::type_bit(value.type())) != 0) return value;
    if (value.is(Type::Integer) && (input.types & function::type_bit(Type::Float)) != 0) {
      return Value::real(static_cast<double>(value.integer()));
    }
    return Error{ErrorCode::InvalidArgumentType, signature_.name + ": argument " + input.name + " cannot be " +
                                                     std::string(type_name(value.type()))};
  }

  Result<bool> step(Context&, Value* row, Batch& batch) override {
    if (!stream_) return false;
    if (signature_.outputs.empty()) {
      NX_TRY_DO(drain());
      batch.append(row);
      stream_.reset();
      return true;
    }
    NX_TRY(const bool found, stream_->next(answer_));
    if (!found) {
      stream_.reset();
      return false;
    }
    NX_CHECK(answer_.size() == signature_.outputs.size());
    Value* target = batch.append(row);
    for (const auto& yield : parts_.yields) target[yield.slot] = answer_[yield.column];
    return true;
  }

  Result<> drain() {
    for (bool found = true; found;) {
      NX_TRY(found, stream_->next(answer_));
    }
    return Done{};
  }

  ProcedureParts parts_;
  const plan::ProcedureSignature& signature_;
  std::unique_ptr<ProcedureContext> given_;
  std::unique_ptr<RowStream> stream_;
  List answer_;
};

}  // namespace

OperatorPtr make_procedure_call(OperatorPtr input, std::size_t width, ProcedureParts parts) {
  return std::make_unique<ProcedureCall>(std::move(input), width, std::move(parts));
}

}  // namespace nexus::exec
