// Create, Update (SET and REMOVE) and Delete.
#include <unordered_set>

#include "exec/operators/operators.h"
#include "exec/operators/write_operator.h"

namespace nexus::exec {

namespace {

class Create final : public WriteOperator {
 public:
  Create(OperatorPtr input, std::size_t width, std::vector<CreateStep> steps, Barriers barriers, MemoryBudget& budget)
      : WriteOperator(std::move(input), width, barriers, budget), steps_(std::move(steps)) {}
  std::string describe() const override { return "Create"; }

 private:
  Result<> write(Context& context, Value* row) override {
    for (auto& step : steps_) NX_TRY_DO(step.run(context, row, false));
    return Done{};
  }

  std::vector<CreateStep> steps_;
};

class Update final : public WriteOperator {
 public:
  Update(OperatorPtr input, std::size_t width, std::vector<UpdateStepPtr> steps, Barriers barriers,
         MemoryBudget& budget)
      : WriteOperator(std::move(input), width, barriers, budget), steps_(std::move(steps)) {}
  std::string describe() const override { return "Update"; }

 private:
  Result<> write(Context& context, Value* row) override {
    for (auto& step : steps_) NX_TRY_DO(step->run(context, row));
    return Done{};
  }

  std::vector<UpdateStepPtr> steps_;
};

// Invariant: all targets of all rows are known before the first goes; relationships go before
// nodes, so the order in which a clause names them does not matter.
class Delete final : public WriteOperator {
 public:
  Delete(OperatorPtr input, std::size_t width, Evaluators targets, bool detach, MemoryBudget& budget)
      : WriteOperator(std::move(input), width, Barriers{true, true}, budget),
        targets_(std::move(targets)),
        detach_(detach),
        charge_(budget) {}
  std::string describe() const override { return detach_ ? "DetachDelete" : "Delete"; }

 private:
  Result<> write(Context& context, Value* row) override {
    for (const auto& target : targets_) {
      NX_TRY(const Value value, target->evaluate(context, row));
      NX_TRY_DO(add(value));
    }
    return Done{};
  }

  Result<> add(const Value& value) {
    switch (value.type()) {
      case Type::Null:
        return Done{};
      case Type::Node:
        return add_id(nodes_, value);
      case Type::Relationship:
        return add_id(relationships_, value);
      case Type::Path:
        NX_TRY_DO(add_all(value.path().relationships));
        return add_all(value.path().nodes);
      case Type::List:
        return add_all(value.list());
      case Type::Boolean:
      case Type::Integer:
      case Type::Float:
      case Type::String:
      case Type::Map:
      case Type::Date:
      case Type::LocalTime:
      case Type::Time:
      case Type::LocalDateTime:
      case Type::DateTime:
      case Type::Duration:
      case Type::Point:
      case Type::Vector:
        break;
    }
    return type_error("a NODE, RELATIONSHIP or PATH to delete", value);
  }
  Result<> add_all(const List& values) {
    for (const Value& value : values) NX_TRY_DO(add(value));
    return Done{};
  }

  // In the order of arrival, each once.
  struct Ids {
    std::vector<std::uint64_t> list;
    std::unordered_set<std::uint64_t> set;
  };
  Result<> add_id(Ids& ids, const Value& entity) {
    if (!ids.set.insert(entity.entity_id()).second) return Done{};
    ids.list.push_back(entity.entity_id());
    return charge_.add(kIdBytes);
  }

  Result<> finish(Context& context) override {
    for (const auto relationship : relationships_.list) NX_TRY_DO(delete_relationship(context, relationship));
    for (const auto node : nodes_.list) {
      NX_TRY_DO(context.tick());
      if (detach_) NX_TRY_DO(detach(context, node));
      NX_TRY(const bool existed, context.graph.delete_node(node));
      context.counters.nodes_deleted += existed ? 1 : 0;
    }
    relationships_ = {};
    nodes_ = {};
    charge_.release();
    return Done{};
  }
  Result<> delete_relationship(Context& context, std::uint64_t relationship) {
    NX_TRY_DO(context.tick());
    NX_TRY(const bool existed, context.graph.delete_relationship(relationship));
    context.counters.relationships_deleted += existed ? 1 : 0;
    return Done{};
  }
  Result<> detach(Context& context, std::uint64_t node) {
    neighbors_.clear();
    context.transaction.expand(node, storage::Direction::Both, {}, neighbors_);
    for (const auto& neighbor : neighbors_) NX_TRY_DO(delete_relationship(context, neighbor.relationship));
    return Done{};
  }

  static constexpr std::uint64_t kIdBytes = 64;

  Evaluators targets_;
  bool detach_;
  Ids relationships_;
  Ids nodes_;
  std::vector<storage::Neighbor> neighbors_;
  Charge charge_;
};

}  // namespace

OperatorPtr make_create(OperatorPtr input, std::size_t width, std::vector<CreateStep> steps, Barriers barriers,
                        MemoryBudget& budget) {
  return std::make_unique<Create>(std::move(input), width, std::move(steps), barriers, budget);
}
OperatorPtr make_update(OperatorPtr input, std::size_t width, std::vector<UpdateStepPtr> steps, Barriers barriers,
                        MemoryBudget& budget) {
  return std::make_unique<Update>(std::move(input), width, std::move(steps), barriers, budget);
}
OperatorPtr make_delete(OperatorPtr input, std::size_t width, Evaluators targets, bool detach, MemoryBudget& budget) {
  return std::make_unique<Delete>(std::move(input), width, std::move(targets), detach, budget);
}

}  // namespace nexus::exec
