// replace() and split().
#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "function/families.h"

namespace nexus::function {
namespace {

struct Found {
  std::size_t at;
  std::size_t bytes;
};

// The next place of `search` at or after `from`. An empty search is found before every
// code point and at the end.
std::optional<Found> find_next(std::string_view text, std::string_view search, std::size_t from) {
  if (from > text.size()) return std::nullopt;
  const std::size_t at = text.find(search, from);
  if (at == std::string_view::npos) return std::nullopt;
  return Found{at, search.size()};
}

std::size_t after_match(std::string_view text, std::size_t at) {
  return at < text.size() ? at + first_code_point(text.substr(at)).bytes : at + 1;
}

Result<Value> replace(CallContext& context, Arguments arguments) {
  const std::string_view text = arguments[0].string();
  const std::string_view search = arguments[1].string();
  const std::string_view with = arguments[2].string();
  std::int64_t left = arguments.size() > 3 ? arguments[3].integer() : -1;
  if (arguments.size() > 3 && left < 0) return Error{ErrorCode::NumberOutOfRange, "replace(): `limit` is negative"};

  std::string out;
  std::size_t copied = 0;
  std::size_t from = 0;
  while (left != 0) {
    const std::optional<Found> found = find_next(text, search, from);
    if (!found) break;
    if (out.size() + with.size() > out.capacity()) {
      NX_TRY_DO(check_room(context, 2 * (out.size() + with.size()) + text.size()));
    }
    out += text.substr(copied, found->at - copied);
    out += with;
    copied = found->at + found->bytes;
    from = found->bytes > 0 ? copied : after_match(text, found->at);
    if (left > 0) --left;
  }
  if (copied == 0 && out.empty()) return arguments[0];
  out += text.substr(std::min(copied, text.size()));
  return Value::string(out);
}

// The earliest delimiter, the longest of those that begin at the same place.
std::optional<Found> find_delimiter(std::string_view text, const std::vector<std::string_view>& delimiters,
                                    std::size_t from) {
  std::optional<Found> best;
  for (const std::string_view delimiter : delimiters) {
    const std::optional<Found> found = find_next(text, delimiter, from);
    if (!found) continue;
    if (!best || found->at < best->at || (found->at == best->at && found->bytes > best->bytes)) best = found;
  }
  return best;
}

List split_into_code_points(std::string_view text) {
  List parts;
  while (!text.empty()) {
    const std::size_t bytes = first_code_point(text).bytes;
    parts.push_back(Value::string(text.substr(0, bytes)));
    text.remove_prefix(bytes);
  }
  if (parts.empty()) parts.push_back(Value::string(""));
  return parts;
}

Result<Value> split(CallContext& context, Arguments arguments) {
  const std::string_view text = arguments[0].string();
  std::vector<std::string_view> delimiters;
  if (arguments[1].is(Type::String)) {
    delimiters.push_back(arguments[1].string());
  } else {
    for (const Value& item : arguments[1].list()) {
      if (item.is_null()) return Value::null();
      if (!item.is(Type::String)) {
        return Error{ErrorCode::InvalidArgumentValue,
                     "split() expects STRING delimiters, not " + std::string(type_name(item.type()))};
      }
      delimiters.push_back(item.string());
    }
  }
  if (std::find(delimiters.begin(), delimiters.end(), std::string_view()) != delimiters.end()) {
    NX_TRY_DO(check_room(context, text.size() * sizeof(Value)));
    return Value::list(split_into_code_points(text));
  }
  List parts;
  std::size_t from = 0;
  while (const std::optional<Found> found = find_delimiter(text, delimiters, from)) {
    if (parts.size() == parts.capacity()) {
      NX_TRY_DO(check_room(context, 2 * parts.size() * sizeof(Value) + text.size()));
    }
    parts.push_back(Value::string(text.substr(from, found->at - from)));
    from = found->at + found->bytes;
  }
  parts.push_back(Value::string(text.substr(from)));
  return Value::list(std::move(parts));
}

constexpr TypeSet kString = types(Type::String);
constexpr Parameter kReplaceParameters[] = {
    {"original", kString}, {"search", kString}, {"replacement", kString}, {"limit", types(Type::Integer), true}};
constexpr Parameter kSplitParameters[] = {{"original", kString}, {"delimiter", types(Type::String, Type::List)}};

constexpr Example kReplaceExamples[] = {
    {"replace('hello', 'l', 'w')", "'hewwo'"},    {"replace('größer', 'ö', 'oe')", "'groeßer'"},
    {"replace('aaa', 'a', 'b', 2)", "'bba'"},     {"replace('äb', '', '-')", "'-ä-b-'"},
    {"replace('abc', 'x', 'y')", "'abc'"},        {"replace('aa', 'a', '')", "''"},
    {"replace('a', null, 'b')", "null"},          {"replace('a', 'a', 'b', -1)", "error NumberOutOfRange"},
};
constexpr Example kSplitExamples[] = {
    {"split('one,two', ',')", "['one', 'two']"},  {"split('a;b,c', [',', ';'])", "['a', 'b', 'c']"},
    {"split('äüö', 'ü')", "['ä', 'ö']"},          {"split(',', ',')", "['', '']"},
    {"split('', ',')", "['']"},                   {"split('äb', '')", "['ä', 'b']"},
    {"split(null, ',')", "null"},                 {"split('a', [1])", "error InvalidArgumentValue"},
};

constexpr ScalarFunction kFunctions[] = {
    {"replace", "string", kReplaceParameters, kString,
     "Returns `original` with every `search`, or the first `limit` of them, replaced.", kReplaceExamples, replace},
    {"split", "string", kSplitParameters, types(Type::List),
     "Returns the parts of `original` between delimiters; `delimiter` is a string or a list of strings.",
     kSplitExamples, split},
};

}  // namespace

std::span<const ScalarFunction> replace_functions() { return kFunctions; }

}  // namespace nexus::function
