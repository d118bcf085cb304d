// coalesce(), nullIf(), exists(): functions about null.
#include "function/families.h"
#include "value/compare.h"

namespace nexus::function {
namespace {

Result<Value> coalesce(CallContext&, Arguments arguments) {
  for (const Value& argument : arguments) {
    if (!argument.is_null()) return argument;
  }
  return Value::null();
}

Result<Value> null_if(CallContext&, Arguments arguments) {
  return equals(arguments[0], arguments[1]) == Ternary::True ? Value::null() : arguments[0];
}

Result<Value> exists(CallContext&, Arguments arguments) { return Value::boolean(!arguments[0].is_null()); }

constexpr Parameter kOne[] = {{"input"}};
constexpr Parameter kTwo[] = {{"input"}, {"other"}};

constexpr Example kCoalesceExamples[] = {
    {"coalesce(null, 'ä', 1)", "'ä'"}, {"coalesce(null)", "null"}, {"coalesce(null, [null])", "[null]"}};
constexpr Example kNullIfExamples[] = {
    {"nullIf(1, 1.0)", "null"}, {"nullIf(1, 'é')", "1"}, {"nullIf(null, 1)", "null"}, {"nullIf(1, null)", "1"}};
constexpr Example kExistsExamples[] = {{"exists({a: 1}.a)", "true"}, {"exists({a: 1}.b)", "false"}};

constexpr ScalarFunction kFunctions[] = {
    {.name = "coalesce", .category = "general", .parameters = kOne, .returns = kAny,
     .summary = "Returns the first argument that is not null.", .examples = kCoalesceExamples, .call = coalesce,
     .null_in_null_out = false, .variadic = true},
    {.name = "nullIf", .category = "general", .parameters = kTwo, .returns = kAny,
     .summary = "Returns null when both arguments are equal, otherwise the first.", .examples = kNullIfExamples,
     .call = null_if, .null_in_null_out = false},
    {.name = "exists", .category = "general", .parameters = kOne, .returns = types(Type::Boolean),
     .summary = "Returns whether a property is there; IS NOT NULL says the same.", .examples = kExistsExamples,
     .call = exists, .null_in_null_out = false},
};

}  // namespace

std::span<const ScalarFunction> null_functions() { return kFunctions; }

}  // namespace nexus::function
