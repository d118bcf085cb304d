// range(): the integers from one to another, both included.
#include "function/families.h"
#include "function/integer_range.h"

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
  NX_TRY(const IntegerRange numbers, integer_range(arguments));
  if (numbers.count > kElementsMax) {
    return Error{ErrorCode::LimitExceeded, "range() would build a list of " + std::to_string(numbers.count) + " elements"};
  }
  NX_TRY_DO(check_room(context, numbers.count * sizeof(Value)));
  List items;
  items.reserve(static_cast<std::size_t>(numbers.count));
  for (std::uint64_t i = 0; i < numbers.count; ++i) items.push_back(Value::integer(numbers.at(i)));
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

Result<IntegerRange> integer_range(Arguments arguments) {
  for (const Value& argument : arguments) {
    if (argument.is(Type::Integer)) continue;
    return Error{ErrorCode::ArgumentTypeMismatch,
                 "range() expects INTEGER, not " + std::string(type_name(argument.type()))};
  }
  IntegerRange numbers{arguments[0].integer(), arguments.size() > 2 ? arguments[2].integer() : 1, 0};
  if (numbers.step == 0) return Error{ErrorCode::NumberOutOfRange, "the step of range() must not be 0"};
  numbers.count = count_steps(numbers.start, arguments[1].integer(), numbers.step);
  return numbers;
}

bool is_range(const ScalarFunction& function) { return &function == kFunctions; }

std::span<const ScalarFunction> range_functions() { return kFunctions; }

}  // namespace nexus::function
