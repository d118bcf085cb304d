// apoc.text.*: joining, padding, searching, and the case of words.
#include <algorithm>

#include "base/utf8.h"
#include "function/apoc/families.h"
#include "function/conversion/convert.h"
#include "function/string/letter_case.h"

namespace nexus::function {
namespace {

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> made;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = first_code_point(text.substr(at));
    made.push_back(next.value);
    at += next.bytes;
  }
  return made;
}

template <class Range>
std::string text_of(const Range& points) {
  std::string made;
  for (const char32_t c : points) append_code_point(made, c);
  return made;
}

bool is_word(char32_t c) {
  const bool ascii = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return ascii || lower_code_point(c) != c || upper_code_point(c) != c || (c >= 0xC0 && c != 0xD7 && c != 0xF7);
}
bool is_upper(char32_t c) { return lower_code_point(c) != c; }

Result<> check_text(CallContext& context, std::string_view text) { return check_room(context, text.size() * 8 + 64); }

Result<Value> join(CallContext& context, Arguments arguments) {
  std::string made;
  bool first = true;
  for (const Value& item : arguments[0].list()) {
    if (!item.is_null() && (type_bit(item.type()) & kToStringTypes) == 0) {
      return Error{ErrorCode::InvalidArgument, "apoc.text.join() expects a list of values that have a text"};
    }
    if (!first) made += arguments[1].string();
    first = false;
    if (item.is_null()) continue;
    NX_TRY(const Value text, convert_to_string(item));
    if (made.size() + text.string().size() > made.capacity()) {
      NX_TRY_DO(check_room(context, 2 * (made.size() + text.string().size())));
    }
    made += text.string();
  }
  return Value::string(made);
}

Result<Value> repeat(CallContext& context, Arguments arguments) {
  const std::int64_t count = arguments[1].integer();
  if (count < 0) return Error{ErrorCode::NumberOutOfRange, "apoc.text.repeat() expects a count of 0 or more"};
  const std::string_view text = arguments[0].string();
  constexpr std::int64_t kBytesMax = 1 << 30;
  if (count > kBytesMax || (!text.empty() && count > kBytesMax / static_cast<std::int64_t>(text.size()))) {
    return Error{ErrorCode::LimitExceeded, "apoc.text.repeat() would make a string too long"};
  }
  const std::size_t whole = text.size() * static_cast<std::size_t>(count);
  NX_TRY_DO(check_room(context, 2 * std::uint64_t{whole}));  // The value is a copy.
  std::string made;
  made.reserve(whole);
  if (whole != 0) made = text;
  while (made.size() < whole) made.append(made, 0, std::min(made.size(), whole - made.size()));
  return Value::string(made);
}

Result<Value> pad(CallContext& context, Arguments arguments, bool left) {
  const std::string_view text = arguments[0].string();
  const std::string_view with = arguments.size() > 2 ? arguments[2].string() : std::string_view(" ");
  const auto have = static_cast<std::int64_t>(count_code_points(text));
  const std::int64_t missing = arguments[1].integer() - have;
  if (missing <= 0 || with.empty()) return arguments[0];
  constexpr std::int64_t kMissingMax = 1 << 28;
  if (missing > kMissingMax) return Error{ErrorCode::LimitExceeded, "the string would be too long"};
  NX_TRY_DO(check_room(context, static_cast<std::uint64_t>(missing) * 4 + text.size()));
  const std::vector<char32_t> filler = code_points(with);
  std::string padding;
  for (std::int64_t i = 0; i < missing; ++i) append_code_point(padding, filler[static_cast<std::size_t>(i) % filler.size()]);
  return Value::string(left ? padding + std::string(text) : std::string(text) + padding);
}
Result<Value> lpad(CallContext& context, Arguments arguments) { return pad(context, arguments, true); }
Result<Value> rpad(CallContext& context, Arguments arguments) { return pad(context, arguments, false); }

// Positions are code points.
Result<Value> index_of(CallContext&, Arguments arguments) {
  const std::string_view text = arguments[0].string();
  const std::int64_t from = arguments.size() > 2 ? std::max<std::int64_t>(arguments[2].integer(), 0) : 0;
  const std::size_t begin = code_point_offset(text, static_cast<std::size_t>(from));
  const std::size_t at = text.find(arguments[1].string(), begin);
  if (at == std::string_view::npos) return Value::integer(-1);
  return Value::integer(static_cast<std::int64_t>(count_code_points(text.substr(0, at))));
}

Result<Value> indexes_of(CallContext& context, Arguments arguments) {
  const std::string_view text = arguments[0].string(), search = arguments[1].string();
  List made;
  if (search.empty()) return Value::list({});
  NX_TRY_DO(check_room(context, text.size() / search.size() * sizeof(Value)));
  std::size_t counted_to = 0;
  std::int64_t points = 0;
  for (std::size_t at = text.find(search); at != std::string_view::npos; at = text.find(search, at + 1)) {
    points += static_cast<std::int64_t>(count_code_points(text.substr(counted_to, at - counted_to)));
    counted_to = at;
    made.push_back(Value::integer(points));
  }
  return Value::list(std::move(made));
}

enum class Casing : std::uint8_t { Upper, Lower };

// Changes the first letter of the text, or of every word.
Result<Value> first_letters(CallContext& context, const Value& given, Casing casing, bool every_word) {
  NX_TRY_DO(check_text(context, given.string()));
  std::vector<char32_t> points = code_points(given.string());
  bool starts = true;
  for (char32_t& c : points) {
    if (starts) c = casing == Casing::Upper ? upper_code_point(c) : lower_code_point(c);
    starts = every_word && (c == ' ' || c == '\t' || c == '\n');
  }
  return Value::string(text_of(points));
}
Result<Value> capitalize(CallContext& context, Arguments a) { return first_letters(context, a[0], Casing::Upper, false); }
Result<Value> capitalize_all(CallContext& context, Arguments a) { return first_letters(context, a[0], Casing::Upper, true); }
Result<Value> decapitalize(CallContext& context, Arguments a) { return first_letters(context, a[0], Casing::Lower, false); }
Result<Value> decapitalize_all(CallContext& context, Arguments a) { return first_letters(context, a[0], Casing::Lower, true); }

Result<Value> swap_case(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_text(context, arguments[0].string()));
  std::vector<char32_t> points = code_points(arguments[0].string());
  for (char32_t& c : points) c = is_upper(c) ? lower_code_point(c) : upper_code_point(c);
  return Value::string(text_of(points));
}

// The words of a text: runs of letters and digits, cut again before a capital after a small letter.
std::vector<std::vector<char32_t>> words(std::string_view text) {
  std::vector<std::vector<char32_t>> made;
  bool open = false;
  char32_t before = 0;
  for (const char32_t c : code_points(text)) {
    if (!is_word(c)) {
      open = false;
    } else {
      if (!open || (is_upper(c) && !is_upper(before))) made.emplace_back();
      made.back().push_back(c);
      open = true;
    }
    before = c;
  }
  return made;
}

Result<Value> camel(CallContext& context, const Value& given, bool first_upper) {
  NX_TRY_DO(check_text(context, given.string()));
  std::string made;
  bool upper = first_upper;
  for (const auto& word : words(given.string())) {
    for (std::size_t i = 0; i < word.size(); ++i) {
      append_code_point(made, i == 0 && upper ? upper_code_point(word[i]) : lower_code_point(word[i]));
    }
    upper = true;
  }
  return Value::string(made);
}
Result<Value> camel_case(CallContext& context, Arguments a) { return camel(context, a[0], false); }
Result<Value> upper_camel_case(CallContext& context, Arguments a) { return camel(context, a[0], true); }

Result<Value> joined_words(CallContext& context, const Value& given, std::string_view with, Casing casing) {
  NX_TRY_DO(check_text(context, given.string()));
  std::string made;
  for (const auto& word : words(given.string())) {
    if (!made.empty()) made += with;
    for (const char32_t c : word) {
      append_code_point(made, casing == Casing::Upper ? upper_code_point(c) : lower_code_point(c));
    }
  }
  return Value::string(made);
}
Result<Value> snake_case(CallContext& context, Arguments a) { return joined_words(context, a[0], "-", Casing::Lower); }
Result<Value> constant_case(CallContext& context, Arguments a) { return joined_words(context, a[0], "_", Casing::Upper); }

Result<Value> slug(CallContext& context, Arguments arguments) {
  const std::string_view with = arguments.size() > 1 ? arguments[1].string() : std::string_view("-");
  NX_TRY_DO(check_room(context, arguments[0].string().size() * (4 + with.size()) + 64));
  std::string made;
  bool gap = false;
  for (const char32_t c : code_points(arguments[0].string())) {
    if (!is_word(c)) {
      gap = !made.empty();
      continue;
    }
    if (gap) made += with;
    gap = false;
    append_code_point(made, c);
  }
  return Value::string(made);
}

std::string cleaned(std::string_view text) {
  std::string made;
  for (const char32_t c : code_points(text)) {
    if (is_word(c)) append_code_point(made, lower_code_point(c));
  }
  return made;
}
Result<Value> clean(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_text(context, arguments[0].string()));
  return Value::string(cleaned(arguments[0].string()));
}
Result<Value> compare_cleaned(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_text(context, arguments[0].string()));
  return Value::boolean(cleaned(arguments[0].string()) == cleaned(arguments[1].string()));
}

Result<std::int64_t> code_at(std::string_view function, const Value& text, const Value& index) {
  const std::vector<char32_t> points = code_points(text.string());
  const std::int64_t at = index.integer();
  if (at >= 0 && static_cast<std::uint64_t>(at) < points.size()) {
    return static_cast<std::int64_t>(points[static_cast<std::size_t>(at)]);
  }
  return Error{ErrorCode::NumberOutOfRange,
               "apoc.text." + std::string(function) + "(): there is no index " + std::to_string(at)};
}
Result<Value> char_at(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_text(context, arguments[0].string()));
  NX_TRY(const std::int64_t code, code_at("charAt", arguments[0], arguments[1]));
  return Value::integer(code);
}
Result<Value> code(CallContext&, Arguments arguments) {
  const std::int64_t value = arguments[0].integer();
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < 0 || value > 0x10FFFF || surrogate) {
    return Error{ErrorCode::NumberOutOfRange, "apoc.text.code(): " + std::to_string(value) + " is no character"};
  }
  std::string made;
  append_code_point(made, static_cast<char32_t>(value));
  return Value::string(made);
}

constexpr TypeSet kString = types(Type::String);
constexpr TypeSet kInteger = types(Type::Integer);
constexpr TypeSet kList = types(Type::List);
constexpr Parameter kText[] = {{"text", kString}};
constexpr Parameter kTwo[] = {{"text1", kString}, {"text2", kString}};
constexpr Parameter kJoin[] = {{"texts", kList}, {"delimiter", kString}};
constexpr Parameter kRepeat[] = {{"text", kString}, {"count", kInteger}};
constexpr Parameter kPad[] = {{"text", kString}, {"count", kInteger}, {"delimiter", kString, true}};
constexpr Parameter kIndexOf[] = {{"text", kString}, {"lookup", kString}, {"from", kInteger, true}};
constexpr Parameter kIndexes[] = {{"text", kString}, {"lookup", kString}};
constexpr Parameter kSlug[] = {{"text", kString}, {"delimiter", kString, true}};
constexpr Parameter kCharAt[] = {{"text", kString}, {"index", kInteger}};
constexpr Parameter kCode[] = {{"code", kInteger}};

constexpr Example kJoinExamples[] = {{"apoc.text.join(['a', 'b', 'ü'], ', ')", "'a, b, ü'"}, {"apoc.text.join([], '-')", "''"},
                                     {"apoc.text.join(null, '-')", "null"}};
constexpr Example kRepeatExamples[] = {{"apoc.text.repeat('ab', 3)", "'ababab'"}, {"apoc.text.repeat('a', -1)", "error NumberOutOfRange"},
                                       {"apoc.text.repeat(null, 1)", "null"}};
constexpr Example kLpad[] = {{"apoc.text.lpad('7', 3, '0')", "'007'"}, {"apoc.text.lpad('é', 2)", "' é'"}, {"apoc.text.lpad(null, 2)", "null"}};
constexpr Example kRpad[] = {{"apoc.text.rpad('ab', 4, '.')", "'ab..'"}, {"apoc.text.rpad(null, 2)", "null"}};
constexpr Example kIndexOfExamples[] = {{"apoc.text.indexOf('über über', 'ber', 2)", "6"}, {"apoc.text.indexOf('a', 'b')", "-1"},
                                        {"apoc.text.indexOf(null, 'b')", "null"}};
constexpr Example kIndexesExamples[] = {{"apoc.text.indexesOf('äbab', 'b')", "[1, 3]"}, {"apoc.text.indexesOf('a', null)", "null"}};
constexpr Example kCapitalize[] = {{"apoc.text.capitalize('éa bc')", "'Éa bc'"}, {"apoc.text.capitalize(null)", "null"}};
constexpr Example kCapitalizeAll[] = {{"apoc.text.capitalizeAll('ab cd')", "'Ab Cd'"}, {"apoc.text.capitalizeAll(null)", "null"}};
constexpr Example kDecapitalize[] = {{"apoc.text.decapitalize('Ab Cd')", "'ab Cd'"}, {"apoc.text.decapitalize(null)", "null"}};
constexpr Example kDecapitalizeAll[] = {{"apoc.text.decapitalizeAll('Ab Cd')", "'ab cd'"}, {"apoc.text.decapitalizeAll(null)", "null"}};
constexpr Example kSwapCase[] = {{"apoc.text.swapCase('aBÉ')", "'Abé'"}, {"apoc.text.swapCase(null)", "null"}};
constexpr Example kCamel[] = {{"apoc.text.camelCase('FOO_bar baz')", "'fooBarBaz'"}, {"apoc.text.camelCase(null)", "null"}};
constexpr Example kUpperCamel[] = {{"apoc.text.upperCamelCase('foo_bar')", "'FooBar'"}, {"apoc.text.upperCamelCase(null)", "null"}};
constexpr Example kSnake[] = {{"apoc.text.snakeCase('fooBar baz')", "'foo-bar-baz'"}, {"apoc.text.snakeCase(null)", "null"}};
constexpr Example kConstant[] = {{"apoc.text.toUpperCase('fooBar baz')", "'FOO_BAR_BAZ'"}, {"apoc.text.toUpperCase(null)", "null"}};
constexpr Example kSlugExamples[] = {{"apoc.text.slug('a  long, text!')", "'a-long-text'"}, {"apoc.text.slug('a b', '_')", "'a_b'"},
                                     {"apoc.text.slug(null)", "null"}};
constexpr Example kClean[] = {{"apoc.text.clean('A-b, C!')", "'abc'"}, {"apoc.text.clean(null)", "null"}};
constexpr Example kCompare[] = {{"apoc.text.compareCleaned('A-b', 'a B')", "true"}, {"apoc.text.compareCleaned('a', null)", "null"}};
constexpr Example kCharAtExamples[] = {{"apoc.text.charAt('aé', 1)", "233"}, {"apoc.text.charAt('a', 1)", "error NumberOutOfRange"},
                                       {"apoc.text.charAt(null, 0)", "null"}};
constexpr Example kCodeExamples[] = {{"apoc.text.code(233)", "'é'"}, {"apoc.text.code(-1)", "error NumberOutOfRange"}, {"apoc.text.code(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"apoc.text.join", "apoc", kJoin, kString, "Returns the texts of a list with a delimiter between them.", kJoinExamples, join},
    {"apoc.text.repeat", "apoc", kRepeat, kString, "Returns a text `count` times.", kRepeatExamples, repeat},
    {"apoc.text.lpad", "apoc", kPad, kString, "Returns a text filled up on the left to `count` characters.", kLpad, lpad},
    {"apoc.text.rpad", "apoc", kPad, kString, "Returns a text filled up on the right to `count` characters.", kRpad, rpad},
    {"apoc.text.indexOf", "apoc", kIndexOf, kInteger, "Returns where a text first occurs, -1 when it does not.", kIndexOfExamples, index_of},
    {"apoc.text.indexesOf", "apoc", kIndexes, kList, "Returns all places where a text occurs.", kIndexesExamples, indexes_of},
    {"apoc.text.capitalize", "apoc", kText, kString, "Returns a text with its first letter in upper case.", kCapitalize, capitalize},
    {"apoc.text.capitalizeAll", "apoc", kText, kString, "Returns a text with every word's first letter in upper case.", kCapitalizeAll, capitalize_all},
    {"apoc.text.decapitalize", "apoc", kText, kString, "Returns a text with its first letter in lower case.", kDecapitalize, decapitalize},
    {"apoc.text.decapitalizeAll", "apoc", kText, kString, "Returns a text with every word's first letter in lower case.", kDecapitalizeAll, decapitalize_all},
    {"apoc.text.swapCase", "apoc", kText, kString, "Returns a text with upper and lower case exchanged.", kSwapCase, swap_case},
    {"apoc.text.camelCase", "apoc", kText, kString, "Returns the words of a text as oneName.", kCamel, camel_case},
    {"apoc.text.upperCamelCase", "apoc", kText, kString, "Returns the words of a text as OneName.", kUpperCamel, upper_camel_case},
    {"apoc.text.snakeCase", "apoc", kText, kString, "Returns the words of a text as one-name.", kSnake, snake_case},
    {"apoc.text.toUpperCase", "apoc", kText, kString, "Returns the words of a text as ONE_NAME.", kConstant, constant_case},
    {"apoc.text.slug", "apoc", kSlug, kString, "Returns the words of a text with a delimiter between them.", kSlugExamples, slug},
    {"apoc.text.clean", "apoc", kText, kString, "Returns only the letters and digits of a text, in lower case.", kClean, clean},
    {"apoc.text.compareCleaned", "apoc", kTwo, types(Type::Boolean), "Returns whether two texts are the same once cleaned.", kCompare, compare_cleaned},
    {"apoc.text.charAt", "apoc", kCharAt, kInteger, "Returns the code of the character at `index`.", kCharAtExamples, char_at},
    {"apoc.text.code", "apoc", kCode, kString, "Returns the character of a code.", kCodeExamples, code},
};

}  // namespace

std::span<const ScalarFunction> apoc_text_functions() { return kFunctions; }

}  // namespace nexus::function
