// toBooleanList(), toIntegerList(), toFloatList(), toStringList().
#include "function/conversion/convert.h"
#include "function/families.h"
#include "value/vector.h"

namespace nexus::function {
namespace {

using Convert = Result<Value> (*)(const Value&);

template <Convert convert, TypeSet convertible>
Result<Value> each(CallContext& context, Arguments arguments) {
  const List numbers = arguments[0].is(Type::Vector) ? coordinates(arguments[0].vector()) : List();
  const List& list = arguments[0].is(Type::Vector) ? numbers : arguments[0].list();
  NX_TRY_DO(check_room(context, list.size() * sizeof(Value)));
  List converted;
  converted.reserve(list.size());
  for (const Value& item : list) {
    converted.push_back(Value::null());
    if ((convertible & type_bit(item.type())) == 0) continue;
    if (Result<Value> value = convert(item)) converted.back() = std::move(*value);
  }
  return Value::list(std::move(converted));
}

constexpr Parameter kParameters[] = {{"list", types(Type::List)}};
constexpr Parameter kListOrVector[] = {{"list", types(Type::List, Type::Vector)}};

constexpr Example kBooleanExamples[] = {
    {"toBooleanList(['true', 0, 'ü', null])", "[true, false, null, null]"},
    {"toBooleanList([])", "[]"},
    {"toBooleanList(null)", "null"},
};
constexpr Example kIntegerExamples[] = {
    {"toIntegerList(['1', 2.9, 'ü', []])", "[1, 2, null, null]"},
    {"toIntegerList([])", "[]"},
    {"toIntegerList(vector([1.5, -2.5], 2, FLOAT))", "[1, -2]"},
    {"toIntegerList(null)", "null"},
};
constexpr Example kFloatExamples[] = {
    {"toFloatList(['1', 2, 'ü', true])", "[1.0, 2.0, null, null]"},
    {"toFloatList([])", "[]"},
    {"toFloatList(vector([1, 2], 2, INT8))", "[1.0, 2.0]"},
    {"toFloatList(null)", "null"},
};
constexpr Example kStringExamples[] = {
    {"toStringList([1, 2.5, 'ü', {}])", "['1', '2.5', 'ü', null]"},
    {"toStringList([])", "[]"},
    {"toStringList(null)", "null"},
};

constexpr ScalarFunction kFunctions[] = {
    {"toBooleanList", "conversion", kParameters, types(Type::List),
     "Converts every element to a boolean, to null where it cannot be.", kBooleanExamples,
     each<convert_to_boolean, kToBooleanTypes>},
    {"toIntegerList", "conversion", kListOrVector, types(Type::List),
     "Converts every element to an integer, to null where it cannot be.", kIntegerExamples,
     each<convert_to_integer, kToIntegerTypes>},
    {"toFloatList", "conversion", kListOrVector, types(Type::List),
     "Converts every element to a float, to null where it cannot be.", kFloatExamples,
     each<convert_to_float, kToFloatTypes>},
    {"toStringList", "conversion", kParameters, types(Type::List),
     "Converts every element to a string, to null where it cannot be.", kStringExamples,
     each<convert_to_string, kToStringTypes>},
};

}  // namespace

std::span<const ScalarFunction> list_conversions() { return kFunctions; }

}  // namespace nexus::function
