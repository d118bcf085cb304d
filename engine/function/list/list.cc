// size(), head(), last(), tail(), reverse(), isEmpty().
#include <algorithm>

#include "base/utf8.h"
#include "function/families.h"
#include "value/vector.h"

namespace nexus::function {
namespace {

Result<Value> size(CallContext&, Arguments arguments) {
  const Value& value = arguments[0];
  const std::size_t count = value.is(Type::List)     ? value.list().size()
                            : value.is(Type::Vector) ? dimension(value.vector())
                                                     : count_code_points(value.string());
  return Value::integer(static_cast<std::int64_t>(count));
}

Result<Value> head(CallContext&, Arguments arguments) {
  const List& list = arguments[0].list();
  return list.empty() ? Value::null() : list.front();
}

Result<Value> last(CallContext&, Arguments arguments) {
  const List& list = arguments[0].list();
  return list.empty() ? Value::null() : list.back();
}

Result<Value> tail(CallContext& context, Arguments arguments) {
  const List& list = arguments[0].list();
  if (list.empty()) return arguments[0];
  NX_TRY_DO(check_room(context, list.size() * sizeof(Value)));
  return Value::list(List(list.begin() + 1, list.end()));
}

std::string reverse_text(std::string_view text) {
  std::string reversed;
  reversed.reserve(text.size());
  while (!text.empty()) {
    const std::size_t bytes = last_code_point(text).bytes;
    reversed += text.substr(text.size() - bytes);
    text.remove_suffix(bytes);
  }
  return reversed;
}

Result<Value> reverse(CallContext& context, Arguments arguments) {
  if (arguments[0].is(Type::String)) {
    NX_TRY_DO(check_room(context, arguments[0].string().size()));
    return Value::string(reverse_text(arguments[0].string()));
  }
  const List& list = arguments[0].list();
  NX_TRY_DO(check_room(context, list.size() * sizeof(Value)));
  return Value::list(List(list.rbegin(), list.rend()));
}

Result<Value> is_empty(CallContext&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is(Type::List)) return Value::boolean(value.list().empty());
  if (value.is(Type::Map)) return Value::boolean(value.map().empty());
  return Value::boolean(value.string().empty());
}

constexpr Parameter kListParameter[] = {{"list", types(Type::List)}};
constexpr Parameter kListOrString[] = {{"input", types(Type::List, Type::String)}};
constexpr Parameter kSized[] = {{"input", types(Type::List, Type::String, Type::Vector)}};
constexpr Parameter kContainer[] = {{"input", types(Type::List, Type::Map, Type::String)}};

constexpr Example kSizeExamples[] = {
    {"size([1, null, 3])", "3"},  {"size('naïve')", "5"}, {"size([])", "0"},
    {"size('')", "0"},            {"size(null)", "null"},
    {"size(vector([1, 2], 2, INT8))", "2"},
};
constexpr Example kHeadExamples[] = {{"head([1, 2])", "1"}, {"head([])", "null"}, {"head(null)", "null"}};
constexpr Example kLastExamples[] = {{"last([1, 2])", "2"}, {"last([])", "null"}, {"last(null)", "null"}};
constexpr Example kTailExamples[] = {
    {"tail([1, 2, 3])", "[2, 3]"}, {"tail([1])", "[]"}, {"tail([])", "[]"}, {"tail(null)", "null"}};
constexpr Example kReverseExamples[] = {
    {"reverse([1, null, 'a'])", "['a', null, 1]"}, {"reverse('Käse')", "'esäK'"}, {"reverse('')", "''"},
    {"reverse([])", "[]"},                         {"reverse(null)", "null"},
};
constexpr Example kIsEmptyExamples[] = {
    {"isEmpty([])", "true"},    {"isEmpty([null])", "false"}, {"isEmpty('')", "true"},   {"isEmpty('é')", "false"},
    {"isEmpty({})", "true"},    {"isEmpty(null)", "null"},
};

constexpr ScalarFunction kFunctions[] = {
    {"size", "list", kSized, types(Type::Integer),
     "Returns how many elements a list, or code points a string, has.", kSizeExamples, size},
    {"head", "list", kListParameter, kAny, "Returns the first element of a list, null when it has none.",
     kHeadExamples, head},
    {"last", "list", kListParameter, kAny, "Returns the last element of a list, null when it has none.", kLastExamples,
     last},
    {"tail", "list", kListParameter, types(Type::List), "Returns a list without its first element.", kTailExamples,
     tail},
    {"reverse", "list", kListOrString, types(Type::List, Type::String),
     "Returns the elements of a list, or the code points of a string, in reverse order.", kReverseExamples, reverse},
    {"isEmpty", "list", kContainer, types(Type::Boolean), "Returns whether a list, map or string has nothing in it.",
     kIsEmptyExamples, is_empty},
};

}  // namespace

std::span<const ScalarFunction> list_functions() { return kFunctions; }

}  // namespace nexus::function
