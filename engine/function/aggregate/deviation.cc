// stDev() and stDevP(): the standard deviation of a sample and of a population.
#include <cmath>

#include "function/aggregate/argument.h"

namespace nexus::function {
namespace {

// Welford's method: one pass, and no difference of two large sums.
template <bool is_population>
class Deviation final : public Accumulator {
 public:
  Result<> add(CallContext&, Arguments arguments) override {
    if (!arguments[0].is_number()) {
      return wrong_aggregate_type(is_population ? "stDevP" : "stDev", "numbers", arguments[0]);
    }
    const double value = arguments[0].number();
    count_ += 1;
    const double difference = value - mean_;
    mean_ += difference / count_;
    squares_ += difference * (value - mean_);
    return Done{};
  }
  Result<Value> finish(CallContext&) override {
    if (count_ < 2) return Value::real(0);
    return Value::real(std::sqrt(squares_ / (is_population ? count_ : count_ - 1)));
  }

 private:
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

constexpr Parameter kInput[] = {{"input", kNumber}};
constexpr Example kSampleExamples[] = {
    {"COLLECT { UNWIND [1, 3, null] AS x RETURN stDev(x) }[0]", "1.4142135623730951"},
    {"COLLECT { UNWIND [5] AS x RETURN stDev(x) }[0]", "0.0"},
    {"COLLECT { UNWIND [] AS x RETURN stDev(x) }[0]", "0.0"},
    {"COLLECT { UNWIND ['é'] AS x RETURN stDev(x) }[0]", "error InvalidArgumentValue"},
};
constexpr Example kPopulationExamples[] = {
    {"COLLECT { UNWIND [1, 3, null] AS x RETURN stDevP(x) }[0]", "1.0"},
    {"COLLECT { UNWIND [] AS x RETURN stDevP(x) }[0]", "0.0"},
    {"COLLECT { UNWIND ['é'] AS x RETURN stDevP(x) }[0]", "error InvalidArgumentValue"},
};
constexpr Example kStandardSampleExamples[] = {
    {"COLLECT { UNWIND [1, 3] AS x RETURN stdev_samp(x) }[0]", "1.4142135623730951"},
    {"COLLECT { UNWIND [] AS x RETURN stdev_samp(x) }[0]", "0.0"},
};
constexpr Example kStandardPopulationExamples[] = {
    {"COLLECT { UNWIND [1, 3] AS x RETURN stdev_pop(x) }[0]", "1.0"},
    {"COLLECT { UNWIND [] AS x RETURN stdev_pop(x) }[0]", "0.0"},
};
constexpr AggregateFunction kFunctions[] = {
    {"stDev", kInput, types(Type::Float), "Returns the standard deviation of a sample.", kSampleExamples,
     make_accumulator<Deviation<false>>},
    {"stdev_samp", kInput, types(Type::Float), "The same as stDev().", kStandardSampleExamples,
     make_accumulator<Deviation<false>>},
    {"stDevP", kInput, types(Type::Float), "Returns the standard deviation of a whole population.",
     kPopulationExamples, make_accumulator<Deviation<true>>},
    {"stdev_pop", kInput, types(Type::Float), "The same as stDevP().", kStandardPopulationExamples,
     make_accumulator<Deviation<true>>},
};

}  // namespace

std::span<const AggregateFunction> deviation_aggregates() { return kFunctions; }

}  // namespace nexus::function
