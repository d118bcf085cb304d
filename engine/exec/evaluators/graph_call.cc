// graph.names(), graph.propertiesByName(): answered by the graphs of a composite database.
#include "exec/context.h"
#include "exec/evaluators/evaluators.h"

namespace nexus::exec {

namespace {

class GraphCall final : public Evaluator {
 public:
  GraphCall(GraphSource& graphs, const function::ScalarFunction& function, Evaluators arguments)
      : graphs_(graphs), function_(function), arguments_(std::move(arguments)) {}

 private:
  Result<Value> compute(Context& context, Value* row) override {
    if (function_.parameters.empty()) {
      List names;
      for (const std::string& name : graphs_.names()) names.push_back(Value::string(name));
      return Value::list(std::move(names));
    }
    NX_TRY(const Value name, arguments_[0]->evaluate(context, row));
    if (name.is_null()) return Value::null();
    if (!name.is(Type::String)) {
      return Error{ErrorCode::InvalidArgumentValue, std::string(function_.name) + "(): the name must be a STRING"};
    }
    NX_TRY(Map properties, graphs_.properties(name.string()));
    return Value::map(std::move(properties));
  }

  GraphSource& graphs_;
  const function::ScalarFunction& function_;
  Evaluators arguments_;
};

}  // namespace

EvaluatorPtr make_graph_call(GraphSource& graphs, const function::ScalarFunction& function, Evaluators arguments) {
  return std::make_unique<GraphCall>(graphs, function, std::move(arguments));
}

}  // namespace nexus::exec
