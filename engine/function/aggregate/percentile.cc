// percentileCont() and percentileDisc(): the value below which a part of all values lies.
#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "function/aggregate/argument.h"
#include "value/compare.h"

namespace nexus::function {
namespace {

// Keeps the numbers; finish() gives back what was charged for them.
class Percentile : public Accumulator {
 public:
  explicit Percentile(std::string_view name) : name_(name) {}

  // The percentile is that of the first row; a later row's is checked, then ignored.
  Result<> add(CallContext& context, Arguments arguments) final {
    if (!arguments[0].is_number()) return wrong_aggregate_type(name_, "numbers", arguments[0]);
    if (!arguments[1].is_number()) return wrong_aggregate_type(name_, "a number as percentile", arguments[1]);
    const double percentile = arguments[1].number();
    if (!(percentile >= 0 && percentile <= 1)) {
      return Error{ErrorCode::NumberOutOfRange,
                   std::string(name_) + "() expects a percentile from 0 to 1, not " + format_double(percentile)};
    }
    if (numbers_.empty()) percentile_ = percentile;
    NX_TRY_DO(context.budget.charge(sizeof(Value)));
    numbers_.push_back(arguments[0]);
    return Done{};
  }

  Result<Value> finish(CallContext& context) final {
    context.budget.release(numbers_.size() * sizeof(Value));
    if (numbers_.empty()) return Value::null();
    return pick(std::exchange(numbers_, {}), percentile_);
  }

 private:
  // Requires: not empty. May reorder.
  virtual Value pick(List numbers, double percentile) const = 0;

  std::string_view name_;
  double percentile_ = 0;
  List numbers_;
};

bool number_less(const Value& left, const Value& right) { return order(left, right) < 0; }

class Discrete final : public Percentile {
 public:
  Discrete() : Percentile("percentileDisc") {}

 private:
  Value pick(List numbers, double percentile) const override {
    const auto rank = static_cast<std::size_t>(std::ceil(percentile * static_cast<double>(numbers.size())));
    const std::size_t index = std::min(std::max<std::size_t>(rank, 1), numbers.size()) - 1;
    const auto at = numbers.begin() + static_cast<std::ptrdiff_t>(index);
    std::nth_element(numbers.begin(), at, numbers.end(), number_less);
    return *at;
  }
};

class Continuous final : public Percentile {
 public:
  Continuous() : Percentile("percentileCont") {}

 private:
  Value pick(List numbers, double percentile) const override {
    const double place = percentile * static_cast<double>(numbers.size() - 1);
    const double whole = std::floor(place);
    const auto at = numbers.begin() + static_cast<std::ptrdiff_t>(whole);
    std::nth_element(numbers.begin(), at, numbers.end(), number_less);
    const double below = at->number();
    if (place == whole) return Value::real(below);
    const double above = std::min_element(at + 1, numbers.end(), number_less)->number();
    return Value::real(below * (whole + 1 - place) + above * (place - whole));
  }
};

constexpr Parameter kParameters[] = {{"input", kNumber}, {"percentile", kNumber}};
constexpr Example kDiscreteExamples[] = {
    {"COLLECT { UNWIND [10, 20, 30, null] AS x RETURN percentileDisc(x, 0.5) }[0]", "20"},
    {"COLLECT { UNWIND [10, 20] AS x RETURN percentileDisc(x, 0) }[0]", "10"},
    {"COLLECT { UNWIND [] AS x RETURN percentileDisc(x, 0.5) }[0]", "null"},
    {"COLLECT { UNWIND [1] AS x RETURN percentileDisc(x, 1.1) }[0]", "error NumberOutOfRange"},
};
constexpr Example kContinuousExamples[] = {
    {"COLLECT { UNWIND [10, 20, 40, null] AS x RETURN percentileCont(x, 0.75) }[0]", "30.0"},
    {"COLLECT { UNWIND [10, 20] AS x RETURN percentileCont(x, 1) }[0]", "20.0"},
    {"COLLECT { UNWIND [] AS x RETURN percentileCont(x, 0.5) }[0]", "null"},
    {"COLLECT { UNWIND [1] AS x RETURN percentileCont(x, -1) }[0]", "error NumberOutOfRange"},
};
constexpr Example kStandardContinuousExamples[] = {
    {"COLLECT { UNWIND [10, 20] AS x RETURN percentile_cont(x, 0.5) }[0]", "15.0"},
    {"COLLECT { UNWIND [] AS x RETURN percentile_cont(x, 0.5) }[0]", "null"},
};
constexpr Example kStandardDiscreteExamples[] = {
    {"COLLECT { UNWIND [10, 20] AS x RETURN percentile_disc(x, 0.5) }[0]", "10"},
    {"COLLECT { UNWIND [] AS x RETURN percentile_disc(x, 0.5) }[0]", "null"},
};
constexpr AggregateFunction kFunctions[] = {
    {"percentileCont", kParameters, types(Type::Float),
     "Returns the percentile, interpolated between the two nearest numbers.", kContinuousExamples,
     make_accumulator<Continuous>},
    {"percentile_cont", kParameters, types(Type::Float), "The same as percentileCont().", kStandardContinuousExamples,
     make_accumulator<Continuous>},
    {"percentileDisc", kParameters, kNumber, "Returns the number nearest to the percentile.", kDiscreteExamples,
     make_accumulator<Discrete>},
    {"percentile_disc", kParameters, kNumber, "The same as percentileDisc().", kStandardDiscreteExamples,
     make_accumulator<Discrete>},
};

}  // namespace

std::span<const AggregateFunction> percentile_aggregates() { return kFunctions; }

}  // namespace nexus::function
