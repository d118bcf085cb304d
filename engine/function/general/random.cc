// rand(), randomUUID(), timestamp(): functions whose answer is not in their arguments.
#include "function/families.h"

namespace nexus::function {
namespace {

Result<Value> rand(CallContext& context, Arguments) {
  return Value::real(static_cast<double>(context.random.next() >> 11) * 0x1.0p-53);
}

Result<Value> random_uuid(CallContext& context, Arguments) {
  std::uint64_t words[2] = {context.random.next(), context.random.next()};
  words[0] = (words[0] & ~std::uint64_t{0xF000}) | 0x4000;                       // Version 4: random.
  words[1] = (words[1] & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);  // Variant of RFC 4122.
  std::string text;
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text += '-';
    text += "0123456789abcdef"[words[digit / 16] >> (60 - 4 * (digit % 16)) & 15];
  }
  return Value::string(text);
}

Result<Value> timestamp(CallContext& context, Arguments) {
  return Value::integer(context.statement_nanoseconds / 1'000'000);
}

constexpr Example kRandExamples[] = {{"0 <= rand() < 1", "true"}};
constexpr Example kUuidExamples[] = {{"size(randomUUID())", "36"}, {"substring(randomUUID(), 14, 1)", "'4'"}};
constexpr Example kTimestampExamples[] = {{"timestamp() = timestamp()", "true"}};

constexpr ScalarFunction kFunctions[] = {
    {.name = "rand", .category = "numeric", .parameters = {}, .returns = types(Type::Float),
     .summary = "Returns a random float from 0 (included) to 1 (excluded).", .examples = kRandExamples, .call = rand,
     .deterministic = false},
    {.name = "randomUUID", .category = "general", .parameters = {}, .returns = types(Type::String),
     .summary = "Returns a random UUID.", .examples = kUuidExamples, .call = random_uuid, .deterministic = false},
    {.name = "timestamp", .category = "general", .parameters = {}, .returns = types(Type::Integer),
     .summary = "Returns the milliseconds since 1970-01-01T00:00Z, the same throughout a statement.",
     .examples = kTimestampExamples, .call = timestamp, .deterministic = false},
};

}  // namespace

std::span<const ScalarFunction> random_functions() { return kFunctions; }

}  // namespace nexus::function
