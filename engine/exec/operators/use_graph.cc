// UseGraph: runs its inner plan on the graph that each input row names.
//
// Invariant: no entity of another graph comes in, and what goes out is hydrated.
#include <algorithm>

#include "exec/hydrate.h"
#include "exec/lower.h"
#include "exec/operators/operators.h"

namespace nexus::exec {

namespace {

bool holds_entity(const Value& value) {
  if (value.is(Type::List)) return std::any_of(value.list().begin(), value.list().end(), holds_entity);
  if (value.is(Type::Map)) {
    return std::any_of(value.map().begin(), value.map().end(),
                       [](const MapEntry& entry) { return holds_entity(entry.second); });
  }
  return value.is(Type::Node) || value.is(Type::Relationship) || value.is(Type::Path);
}

class UseGraph final : public Operator {
 public:
  UseGraph(OperatorPtr input, std::size_t width, UseGraphParts parts)
      : input_(std::move(input), width), width_(width), parts_(std::move(parts)) {}
  std::string describe() const override { return "UseGraph"; }

 private:
  // The inner plan as it runs on one graph.
  struct Place {
    GuestGraph* guest;
    Context* context;
    InnerPlan inner;
  };

  Result<> produce(Context& context, Batch& batch) override {
    while (!batch.is_full()) {
      NX_TRY_DO(context.tick());
      if (row_ == nullptr) {
        NX_TRY(row_, input_.next(context));
        if (row_ == nullptr) return Done{};
        NX_TRY_DO(enter_place(context));
      }
      const std::size_t before = batch.rows();
      NX_TRY_DO(step(context, batch));
      if (batch.rows() == before) row_ = nullptr;
    }
    return Done{};
  }

  Result<> step(Context& context, Batch& batch) {
    NX_TRY(const auto guard, inside(context, place_->guest));
    const std::size_t before = batch.rows();
    NX_TRY_DO(place_->inner.root->next(*place_->context, batch));
    if (context.current == place_->guest) return Done{};
    for (std::size_t i = before; i < batch.rows(); ++i) {
      Value* row = batch.row(i);
      for (std::size_t slot = 0; slot < width_; ++slot) row[slot] = hydrate(place_->context->graph, row[slot]);
    }
    return Done{};
  }

  // What touches a guest's graph does it in here: elsewhere the guest may end, and its graph with it.
  static Result<std::unique_lock<std::mutex>> inside(const Context& context, GuestGraph* guest) {
    // A USE inside a USE of the same graph is inside already.
    if (context.current == guest) return std::unique_lock<std::mutex>();
    return guest->enter();
  }

  Result<> enter_place(Context& context) {
    NX_TRY(GuestGraph* const guest, guest_for(context));
    NX_TRY(const auto guard, inside(context, guest));
    const auto known = std::find_if(places_.begin(), places_.end(), [&](const auto& place) { return place->guest == guest; });
    if (known != places_.end()) {
      place_ = known->get();
    } else {
      NX_TRY(place_, make_place(context, guest));
    }
    place_->inner.outer->row = row_;
    place_->inner.root->rewind();
    return Done{};
  }

  Result<GuestGraph*> guest_for(Context& context) {
    NX_TRY(const Value name, parts_.name->evaluate(context, row_));
    if (!name.is(Type::String)) return type_error("the name of a graph, a STRING, after USE", name);
    NX_TRY(GuestGraph* const guest,
           context.outside.graphs->open(name.string(), parts_.plan->is_element_id, parts_.plan->writes));
    if (context.current != nullptr && context.current != guest) {
      return Error{ErrorCode::NestedUseMismatch,
                   "Nested subqueries must use the same graph as their parent query. Attempted to access graph " +
                       std::string(name.string())};
    }
    if (context.current == nullptr) NX_TRY_DO(check_imports());
    return guest;
  }

  Result<> check_imports() const {
    for (const auto slot : parts_.plan->imports) {
      if (!holds_entity(row_[slot])) continue;
      return Error{ErrorCode::EntityFromOtherGraph,
                   "Nodes, relationships and paths cannot be passed into a subquery that uses another graph"};
    }
    return Done{};
  }

  Result<Place*> make_place(Context& context, GuestGraph* guest) {
    Context* there = &context;
    if (context.current != guest) {
      std::unique_ptr<Context>& known = context.root->guests[guest];
      if (!known) {
        known = std::make_unique<Context>(guest->context_in(context.outside));
        known->root = context.root;
        known->current = guest;
      }
      there = known.get();
    }
    Lowering lowering(*there, width_);
    auto place = std::make_unique<Place>();
    place->guest = guest;
    place->context = there;
    NX_TRY(place->inner, lowering.lower_guest(*parts_.plan, parts_.downstream));
    places_.push_back(std::move(place));
    return places_.back().get();
  }

  void restart() override {
    input_.rewind();
    row_ = nullptr;
  }

  InputRows input_;
  std::size_t width_;
  UseGraphParts parts_;
  std::vector<std::unique_ptr<Place>> places_;
  Place* place_ = nullptr;
  Value* row_ = nullptr;
};

}  // namespace

OperatorPtr make_use_graph(OperatorPtr input, std::size_t width, UseGraphParts parts) {
  return std::make_unique<UseGraph>(std::move(input), width, std::move(parts));
}

}  // namespace nexus::exec
