// substring(), left(), right(), char_length(): strings cut and counted by code points.
#include <algorithm>

#include "base/utf8.h"
#include "function/families.h"

namespace nexus::function {
namespace {

// How many code points to take: beyond any string is as good as all of it.
Result<std::size_t> read_count(std::string_view function, std::string_view parameter, const Value& value) {
  const std::int64_t count = value.integer();
  if (count < 0) {
    return Error{ErrorCode::NumberOutOfRange,
                 std::string(function) + "(): `" + std::string(parameter) + "` is negative"};
  }
  return static_cast<std::size_t>(std::min<std::int64_t>(count, 0x7FFFFFFF));
}

Result<Value> substring(CallContext&, Arguments arguments) {
  NX_TRY(const std::size_t start, read_count("substring", "start", arguments[1]));
  std::string_view text = arguments[0].string();
  text.remove_prefix(code_point_offset(text, start));
  if (arguments.size() > 2) {
    NX_TRY(const std::size_t length, read_count("substring", "length", arguments[2]));
    text = text.substr(0, code_point_offset(text, length));
  }
  return Value::string(text);
}

Result<Value> left(CallContext&, Arguments arguments) {
  NX_TRY(const std::size_t length, read_count("left", "length", arguments[1]));
  const std::string_view text = arguments[0].string();
  return Value::string(text.substr(0, code_point_offset(text, length)));
}

Result<Value> right(CallContext&, Arguments arguments) {
  NX_TRY(std::size_t length, read_count("right", "length", arguments[1]));
  const std::string_view text = arguments[0].string();
  std::size_t at = text.size();
  for (; length > 0 && at > 0; --length) at -= last_code_point(text.substr(0, at)).bytes;
  return Value::string(text.substr(at));
}

Result<Value> char_length(CallContext&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(count_code_points(arguments[0].string())));
}

constexpr TypeSet kString = types(Type::String);
constexpr TypeSet kInteger = types(Type::Integer);
constexpr Parameter kSubstringParameters[] = {
    {"original", kString}, {"start", kInteger}, {"length", kInteger, true}};
constexpr Parameter kEndParameters[] = {{"original", kString}, {"length", kInteger}};
constexpr Parameter kInput[] = {{"input", kString}};

constexpr Example kSubstringExamples[] = {
    {"substring('hello', 1, 3)", "'ell'"}, {"substring('hello', 2)", "'llo'"},
    {"substring('naïve', 2, 1)", "'ï'"},   {"substring('hello', 5)", "''"},
    {"substring('hello', 9, 1)", "''"},    {"substring(null, 1)", "null"},
    {"substring('hello', -1)", "error NumberOutOfRange"},
};
constexpr Example kLeftExamples[] = {
    {"left('hello', 2)", "'he'"}, {"left('äöü', 2)", "'äö'"}, {"left('hi', 9)", "'hi'"}, {"left('hi', 0)", "''"},
    {"left(null, 1)", "null"},    {"left('hi', -1)", "error NumberOutOfRange"},
};
constexpr Example kRightExamples[] = {
    {"right('hello', 2)", "'lo'"}, {"right('äöü', 2)", "'öü'"}, {"right('hi', 9)", "'hi'"}, {"right('hi', 0)", "''"},
    {"right(null, 1)", "null"},    {"right('hi', -1)", "error NumberOutOfRange"},
};
constexpr Example kCharLengthExamples[] = {
    {"char_length('naïve')", "5"}, {"char_length('')", "0"}, {"char_length(null)", "null"}};
constexpr Example kCharacterLengthExamples[] = {
    {"character_length('naïve')", "5"}, {"character_length('')", "0"}, {"character_length(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"substring", "string", kSubstringParameters, kString,
     "Returns the part of `original` that begins at code point `start`, counted from 0.", kSubstringExamples,
     substring},
    {"left", "string", kEndParameters, kString, "Returns the first `length` code points of a string.", kLeftExamples,
     left},
    {"right", "string", kEndParameters, kString, "Returns the last `length` code points of a string.", kRightExamples,
     right},
    {"char_length", "string", kInput, kInteger, "Returns the number of code points in a string.", kCharLengthExamples,
     char_length},
    {"character_length", "string", kInput, kInteger, "The same as char_length().", kCharacterLengthExamples,
     char_length},
};

}  // namespace

std::span<const ScalarFunction> substring_functions() { return kFunctions; }

}  // namespace nexus::function
