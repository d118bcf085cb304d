// count(), collect(), min(), max().
#include "function/aggregate/argument.h"
#include "value/compare.h"

namespace nexus::function {
namespace {

class Count final : public Accumulator {
 public:
  Result<> add(CallContext&, Arguments) override {
    ++count_;
    return Done{};
  }
  Result<Value> finish(CallContext&) override { return Value::integer(count_); }

 private:
  std::int64_t count_ = 0;
};

// Invariant: what is charged is given back by finish(); then the list is its receiver's.
class Collect final : public Accumulator {
 public:
  Result<> add(CallContext& context, Arguments arguments) override {
    const std::uint64_t bytes = sizeof(Value) + arguments[0].heap_bytes();
    NX_TRY_DO(context.budget.charge(bytes));
    charged_bytes_ += bytes;
    items_.push_back(arguments[0]);
    return Done{};
  }
  Result<Value> finish(CallContext& context) override {
    context.budget.release(std::exchange(charged_bytes_, 0));
    Value list = Value::list(std::move(items_));
    if (list.depth() > Value::kDepthMax) {
      return Error{ErrorCode::LimitExceeded, "collect() would nest a list too deep"};
    }
    return list;
  }

 private:
  List items_;
  std::uint64_t charged_bytes_ = 0;
};

// Over mixed types the order of ORDER BY decides; of equals the first one stays.
template <int wanted_sign>
class Extreme final : public Accumulator {
 public:
  Result<> add(CallContext&, Arguments arguments) override {
    if (best_.is_null() || order(arguments[0], best_) * wanted_sign > 0) best_ = arguments[0];
    return Done{};
  }
  Result<Value> finish(CallContext&) override { return best_; }

 private:
  Value best_;
};

constexpr Parameter kInput[] = {{"input"}};
constexpr Parameter kOptionalInput[] = {{"input", kAny, true}};

constexpr Example kCountExamples[] = {
    {"COLLECT { UNWIND [1, null, 'é'] AS x RETURN count(x) }[0]", "2"},
    {"COLLECT { UNWIND [1, null, 'é'] AS x RETURN count(*) }[0]", "3"},
    {"COLLECT { UNWIND [] AS x RETURN count(x) }[0]", "0"},
};
constexpr Example kCollectExamples[] = {
    {"COLLECT { UNWIND [1, null, 'é'] AS x RETURN collect(x) }[0]", "[1, 'é']"},
    {"COLLECT { UNWIND [] AS x RETURN collect(x) }[0]", "[]"},
};
constexpr Example kCollectListExamples[] = {
    {"COLLECT { UNWIND [1, null] AS x RETURN collect_list(x) }[0]", "[1]"},
    {"COLLECT { UNWIND [] AS x RETURN collect_list(x) }[0]", "[]"},
};
constexpr Example kMinExamples[] = {
    {"COLLECT { UNWIND [2, 1.5, null] AS x RETURN min(x) }[0]", "1.5"},
    {"COLLECT { UNWIND [1, 'é', [2]] AS x RETURN min(x) }[0]", "[2]"},
    {"COLLECT { UNWIND [null] AS x RETURN min(x) }[0]", "null"},
};
constexpr Example kMaxExamples[] = {
    {"COLLECT { UNWIND [2, 1.5, null] AS x RETURN max(x) }[0]", "2"},
    {"COLLECT { UNWIND [1, 'é', [2]] AS x RETURN max(x) }[0]", "1"},
    {"COLLECT { UNWIND [null] AS x RETURN max(x) }[0]", "null"},
};

constexpr AggregateFunction kFunctions[] = {
    {"count", kOptionalInput, types(Type::Integer), "Counts the rows, or the values that are not null.",
     kCountExamples, make_accumulator<Count>},
    {"collect", kInput, types(Type::List), "Collects the values that are not null in a list.", kCollectExamples,
     make_accumulator<Collect>},
    {"collect_list", kInput, types(Type::List), "The same as collect().", kCollectListExamples,
     make_accumulator<Collect>},
    {"min", kInput, kAny, "Returns the smallest value in the order of ORDER BY.", kMinExamples,
     make_accumulator<Extreme<-1>>},
    {"max", kInput, kAny, "Returns the largest value in the order of ORDER BY.", kMaxExamples,
     make_accumulator<Extreme<1>>},
};

}  // namespace

std::span<const AggregateFunction> count_aggregates() { return kFunctions; }

}  // namespace nexus::function
