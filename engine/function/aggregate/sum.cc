// sum() and avg(), over numbers or over durations.
#include "function/aggregate/argument.h"
#include "value/arithmetic.h"
#include "value/temporal/temporal.h"

namespace nexus::function {
namespace {

class Sum final : public Accumulator {
 public:
  Result<> add(CallContext&, Arguments arguments) override {
    const Value& value = arguments[0];
    const bool fits = value.is_number() ? !sum_.is(Type::Duration)
                                        : value.is(Type::Duration) && (is_empty_ || sum_.is(Type::Duration));
    if (!fits) return wrong_aggregate_type("sum", "only numbers or only durations", value);
    if (is_empty_) {
      sum_ = value;
      is_empty_ = false;
      return Done{};
    }
    NX_TRY(sum_, nexus::add(sum_, value));
    return Done{};
  }
  Result<Value> finish(CallContext&) override { return sum_; }

 private:
  bool is_empty_ = true;
  Value sum_ = Value::integer(0);
};

// Integers are summed exactly and divided once. From the first float on, the mean is
// carried along, so that it cannot overflow where the values do not.
class Average final : public Accumulator {
 public:
  Result<> add(CallContext&, Arguments arguments) override {
    const Value& value = arguments[0];
    const Kind kind = value.is(Type::Integer)    ? Kind::Integers
                      : value.is(Type::Float)    ? Kind::Floats
                      : value.is(Type::Duration) ? Kind::Durations
                                                 : Kind::Nothing;
    const bool mixes = kind_ != Kind::Nothing && (kind == Kind::Durations) != (kind_ == Kind::Durations);
    if (kind == Kind::Nothing || mixes) return wrong_aggregate_type("avg", "only numbers or only durations", value);
    ++count_;
    if (kind == Kind::Durations) {
      kind_ = kind;
      NX_TRY(durations_, add_durations(durations_, value.duration()));
    } else if (kind == Kind::Integers && kind_ != Kind::Floats) {
      kind_ = kind;
      integers_ += value.integer();
    } else {
      if (kind_ == Kind::Integers) mean_ = static_cast<double>(integers_) / static_cast<double>(count_ - 1);
      kind_ = Kind::Floats;
      step(value.number());
    }
    return Done{};
  }

  Result<Value> finish(CallContext&) override {
    switch (kind_) {
      case Kind::Nothing: break;
      case Kind::Integers: return Value::real(static_cast<double>(integers_) / static_cast<double>(count_));
      case Kind::Floats: return Value::real(mean_);
      case Kind::Durations: {
        NX_TRY(const Duration mean, divide_duration(durations_, static_cast<double>(count_)));
        return Value::duration(mean);
      }
    }
    return Value::null();
  }

 private:
  enum class Kind { Nothing, Integers, Floats, Durations };

  void step(double value) {
    const auto count = static_cast<double>(count_);
    const double difference = value - mean_;
    // Two huge values of opposite sign differ by more than any double, but not by halves.
    mean_ += difference - difference == 0 ? difference / count : value / count - mean_ / count;
  }

  __extension__ typedef __int128 Wide;

  Kind kind_ = Kind::Nothing;
  std::int64_t count_ = 0;
  Wide integers_ = 0;
  double mean_ = 0;
  Duration durations_;
};

constexpr Parameter kInput[] = {{"input", kNumber | types(Type::Duration)}};

constexpr Example kSumExamples[] = {
    {"COLLECT { UNWIND [1, 2, null] AS x RETURN sum(x) }[0]", "3"},
    {"COLLECT { UNWIND [1, 2.5] AS x RETURN sum(x) }[0]", "3.5"},
    {"COLLECT { UNWIND [duration('P1D'), duration('PT1H')] AS x RETURN sum(x) }[0]", "'P1DT1H'"},
    {"COLLECT { UNWIND [] AS x RETURN sum(x) }[0]", "0"},
    {"COLLECT { UNWIND [9223372036854775807, 1] AS x RETURN sum(x) }[0]", "error NumericOverflow"},
    {"COLLECT { UNWIND [1, 'é'] AS x RETURN sum(x) }[0]", "error InvalidArgumentValue"},
};
constexpr Example kAvgExamples[] = {
    {"COLLECT { UNWIND [1, 2, null] AS x RETURN avg(x) }[0]", "1.5"},
    {"COLLECT { UNWIND [9223372036854775807, 9223372036854775807] AS x RETURN avg(x) }[0]", "9.223372036854776E18"},
    {"COLLECT { UNWIND [duration('PT1H'), duration('PT3H')] AS x RETURN avg(x) }[0]", "'PT2H'"},
    {"COLLECT { UNWIND [] AS x RETURN avg(x) }[0]", "null"},
    {"COLLECT { UNWIND ['é'] AS x RETURN avg(x) }[0]", "error InvalidArgumentValue"},
};

constexpr AggregateFunction kFunctions[] = {
    {"sum", kInput, kNumber | types(Type::Duration), "Returns the sum of numbers or of durations, 0 of nothing.",
     kSumExamples, make_accumulator<Sum>},
    {"avg", kInput, types(Type::Float, Type::Duration), "Returns the mean of numbers or of durations, null of nothing.",
     kAvgExamples, make_accumulator<Average>},
};

}  // namespace

std::span<const AggregateFunction> sum_aggregates() { return kFunctions; }

}  // namespace nexus::function
