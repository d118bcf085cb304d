// range(): the integers from one to another, both included.
#include "function/families.h"

namespace nexus::function {
namespace {

constexpr std::uint64_t kElementsMax = 100'000'000;

// The elements as an unsigned count. Requires: step is not zero.
std::uint64_t count_steps(std::int64_t start, std::int64_t end, std::int64_t step) {
  if (step > 0 ? start > end : start < end) return 0;
  const auto low = static_cast<std::uint64_t>(step > 0 ? start : end);
  const auto high = static_cast<std::uint64_t>(step > 0 ? end : start);
  const std::uint64_t stride = step > 0 ? static_cast<std::uint64_t>(step) : 0 - static_cast<std::uint64_t>(step);
  const std::uint64_t steps = (high - low) / stride;
  return steps == ~std::uint64_t{0} ? steps : steps + 1;
}

Result<Value> range(CallContext& context, Arguments arguments) {
  for (const Value& argument : arguments) {
    if (argument.is(Type::Integer)) continue;
    return Error{ErrorCode::ArgumentTypeMismatch,
                 "range() expects INTEGER, not " + std::string(type_name(argument.type()))};
  }
  const std::int64_t start = arguments[0].integer();
  const std::int64_t end = arguments[1].integer();
  const std::int64_t step = arguments.size() > 2 ? arguments[2].integer() : 1;
  if (step == 0) return Error{ErrorCode::NumberOutOfRange, "the step of range() must not be 0"};
  const std::uint64_t count = count_steps(start, end, step);
  if (count > kElementsMax) {
    return Error{ErrorCode::LimitExceeded, "range() would build a list of " + std::to_string(count) + " elements"};
  }
  NX_TRY_DO(check_room(context, count * sizeof(Value)));
  List items;
  items.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    items.push_back(Value::integer(static_cast<std::int64_t>(static_cast<std::uint64_t>(start) +
                                                             i * static_cast<std::uint64_t>(step))));
  }
  return Value::list(std::move(items));
}

// Why any type: a wrong one is an error of the run, not of the text (openCypher TCK, List11).
constexpr Parameter kParameters[] = {{"start"}, {"end"}, {"step", kAny, true}};
constexpr Example kExamples[] = {
    {"range(1, 4)", "[1, 2, 3, 4]"},
    {"range(10, -10, -5)", "[10, 5, 0, -5, -10]"},
    {"range(3, 1)", "[]"},
    {"range(0, 5, 2)", "[0, 2, 4]"},
    {"range(9223372036854775806, 9223372036854775807)", "[9223372036854775806, 9223372036854775807]"},
    {"range(1, null)", "null"},
    {"range(1, 2, 0)", "error NumberOutOfRange"},
    {"range(1, 2.0)", "error ArgumentTypeMismatch"},
    {"range(0, 9223372036854775807)", "error LimitExceeded"},
};
constexpr ScalarFunction kFunctions[] = {
    {"range", "list", kParameters, types(Type::List),
     "Returns the integers from `start` to `end`, both included, `step` apart.", kExamples, range},
};

}  // namespace

std::span<const ScalarFunction> range_functions() { return kFunctions; }

}  // namespace nexus::function
