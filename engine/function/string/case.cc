// toUpper(), toLower() and their short names.
#include "function/families.h"
#include "function/string/letter_case.h"

namespace nexus::function {
namespace {

Result<Value> upper(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_room(context, arguments[0].string().size() * 3));
  return Value::string(to_upper(arguments[0].string()));
}

Result<Value> lower(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_room(context, arguments[0].string().size() * 3));
  return Value::string(to_lower(arguments[0].string()));
}

constexpr TypeSet kString = types(Type::String);
constexpr Parameter kParameters[] = {{"input", kString}};

constexpr Example kToUpperExamples[] = {
    {"toUpper('hello')", "'HELLO'"}, {"toUpper('ärger, straße')", "'ÄRGER, STRASSE'"},
    {"toUpper('σίγμα я')", "'ΣΊΓΜΑ Я'"}, {"toUpper('')", "''"}, {"toUpper(null)", "null"}};
constexpr Example kUpperExamples[] = {{"upper('é')", "'É'"}, {"upper('')", "''"}, {"upper(null)", "null"}};
constexpr Example kToLowerExamples[] = {
    {"toLower('HeLLo')", "'hello'"}, {"toLower('ÄÖÜ ΟΔΟΣ Я')", "'äöü οδος я'"}, {"toLower('')", "''"},
    {"toLower(null)", "null"}};
constexpr Example kLowerExamples[] = {{"lower('É')", "'é'"}, {"lower('')", "''"}, {"lower(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"toUpper", "string", kParameters, kString, "Returns a string in upper case.", kToUpperExamples, upper},
    {"upper", "string", kParameters, kString, "The same as toUpper().", kUpperExamples, upper},
    {"toLower", "string", kParameters, kString, "Returns a string in lower case.", kToLowerExamples, lower},
    {"lower", "string", kParameters, kString, "The same as toLower().", kLowerExamples, lower},
};

}  // namespace

std::span<const ScalarFunction> case_functions() { return kFunctions; }

}  // namespace nexus::function
