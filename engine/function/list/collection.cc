// The coll. family: lists sorted, searched and changed by value or by index.
#include <algorithm>
#include <unordered_set>

#include "function/families.h"
#include "value/compare.h"

namespace nexus::function {
namespace {

Result<> check_copy(CallContext& context, const List& list) {
  return check_room(context, (list.size() + 1) * sizeof(Value));
}

Result<Value> sort(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list()));
  List sorted = arguments[0].list();
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Value& left, const Value& right) { return order(left, right) < 0; });
  return Value::list(std::move(sorted));
}

Result<Value> distinct(CallContext& context, Arguments arguments) {
  const List& list = arguments[0].list();
  NX_TRY_DO(check_room(context, list.size() * 4 * sizeof(Value)));
  std::unordered_set<Value, ValueHash, ValueEquivalent> seen;
  List kept;
  for (const Value& item : list) {
    if (seen.insert(item).second) kept.push_back(item);
  }
  return Value::list(std::move(kept));
}

// Requires: levels > 0, or nothing is opened. Recursion ends with the value's own depth.
Result<> append_flat(CallContext& context, List& out, const List& list, std::int64_t levels) {
  for (const Value& item : list) {
    if (item.is(Type::List) && levels > 0) {
      NX_TRY_DO(append_flat(context, out, item.list(), levels - 1));
      continue;
    }
    if (out.size() == out.capacity()) NX_TRY_DO(check_room(context, 2 * out.size() * sizeof(Value)));
    out.push_back(item);
  }
  return Done{};
}

Result<Value> flatten(CallContext& context, Arguments arguments) {
  const std::int64_t levels = arguments.size() > 1 ? arguments[1].integer() : 1;
  if (levels < 0) return Error{ErrorCode::NumberOutOfRange, "coll.flatten(): `depth` is negative"};
  List out;
  NX_TRY_DO(append_flat(context, out, arguments[0].list(), levels));
  return Value::list(std::move(out));
}

Result<Value> index_of(CallContext&, Arguments arguments) {
  const List& list = arguments[0].list();
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (equals(list[i], arguments[1]) == Ternary::True) return Value::integer(static_cast<std::int64_t>(i));
  }
  return Value::integer(-1);
}

// The first of the extreme elements; null for a list of nulls or nothing.
template <int wanted_sign>
Result<Value> extreme(CallContext&, Arguments arguments) {
  Value best;
  for (const Value& item : arguments[0].list()) {
    if (item.is_null()) continue;
    if (best.is_null() || order(item, best) * wanted_sign > 0) best = item;
  }
  return best;
}

Result<std::ptrdiff_t> read_index(std::string_view function, const Value& index, std::size_t index_max) {
  const std::int64_t at = index.integer();
  if (at >= 0 && static_cast<std::uint64_t>(at) <= index_max) return static_cast<std::ptrdiff_t>(at);
  return Error{ErrorCode::NumberOutOfRange,
               std::string(function) + "(): there is no index " + std::to_string(at) + " in this list"};
}

Result<Value> insert(CallContext& context, Arguments arguments) {
  if (arguments[0].is_null() || arguments[1].is_null()) return Value::null();
  const List& list = arguments[0].list();
  NX_TRY(const std::ptrdiff_t at, read_index("coll.insert", arguments[1], list.size()));
  NX_TRY_DO(check_copy(context, list));
  List longer;
  longer.reserve(list.size() + 1);
  longer.assign(list.begin(), list.begin() + at);
  longer.push_back(arguments[2]);
  longer.insert(longer.end(), list.begin() + at, list.end());
  Value made = Value::list(std::move(longer));
  if (made.depth() > Value::kDepthMax) {
    return Error{ErrorCode::LimitExceeded, "coll.insert() would nest a list too deep"};
  }
  return made;
}

Result<Value> remove(CallContext& context, Arguments arguments) {
  const List& list = arguments[0].list();
  if (list.empty()) return read_index("coll.remove", Value::integer(-1), 0).error();
  NX_TRY(const std::ptrdiff_t at, read_index("coll.remove", arguments[1], list.size() - 1));
  NX_TRY_DO(check_copy(context, list));
  List shorter = list;
  shorter.erase(shorter.begin() + at);
  return Value::list(std::move(shorter));
}

constexpr TypeSet kList = types(Type::List);
constexpr TypeSet kInteger = types(Type::Integer);
constexpr Parameter kOne[] = {{"list", kList}};
constexpr Parameter kFlatten[] = {{"list", kList}, {"depth", kInteger, true}};
constexpr Parameter kSearch[] = {{"list", kList}, {"value"}};
constexpr Parameter kInsert[] = {{"list", kList}, {"index", kInteger}, {"value"}};
constexpr Parameter kRemove[] = {{"list", kList}, {"index", kInteger}};

constexpr Example kSortExamples[] = {
    {"coll.sort([3, null, 1.5, 'é'])", "['é', 1.5, 3, null]"}, {"coll.sort([])", "[]"}, {"coll.sort(null)", "null"}};
constexpr Example kDistinctExamples[] = {
    {"coll.distinct([1, 'é', 1.0, null, null])", "[1, 'é', null]"},
    {"coll.distinct([])", "[]"},
    {"coll.distinct(null)", "null"},
};
constexpr Example kFlattenExamples[] = {
    {"coll.flatten([1, [2, [3]]])", "[1, 2, [3]]"}, {"coll.flatten([1, [2, [3]]], 2)", "[1, 2, 3]"},
    {"coll.flatten([[1]], 0)", "[[1]]"},            {"coll.flatten([])", "[]"},
    {"coll.flatten(null)", "null"},                 {"coll.flatten([], -1)", "error NumberOutOfRange"},
};
constexpr Example kIndexOfExamples[] = {
    {"coll.indexOf(['a', 'é'], 'é')", "1"}, {"coll.indexOf([1], 2)", "-1"}, {"coll.indexOf([], 1)", "-1"},
    {"coll.indexOf(null, 1)", "null"}};
constexpr Example kMaxExamples[] = {
    {"coll.max([1, null, 2.5])", "2.5"}, {"coll.max([])", "null"}, {"coll.max(null)", "null"}};
constexpr Example kMinExamples[] = {
    {"coll.min([1, null, 2.5])", "1"}, {"coll.min([])", "null"}, {"coll.min(null)", "null"}};
constexpr Example kInsertExamples[] = {
    {"coll.insert([1, 3], 1, 'é')", "[1, 'é', 3]"}, {"coll.insert([1], 1, null)", "[1, null]"},
    {"coll.insert(null, 0, 1)", "null"},            {"coll.insert([], 1, 1)", "error NumberOutOfRange"},
};
constexpr Example kRemoveExamples[] = {
    {"coll.remove([1, 2, 3], 1)", "[1, 3]"}, {"coll.remove([1], 0)", "[]"}, {"coll.remove(null, 0)", "null"},
    {"coll.remove([], 0)", "error NumberOutOfRange"}};

constexpr ScalarFunction kFunctions[] = {
    {"coll.sort", "list", kOne, kList, "Returns the elements in the order of ORDER BY.", kSortExamples, sort},
    {"coll.distinct", "list", kOne, kList, "Returns every different element once.", kDistinctExamples, distinct},
    {"coll.flatten", "list", kFlatten, kList, "Opens the lists in a list, `depth` levels deep (1 when not given).",
     kFlattenExamples, flatten},
    {"coll.indexOf", "list", kSearch, kInteger, "Returns where a value first occurs, -1 when it does not.",
     kIndexOfExamples, index_of},
    {"coll.max", "list", kOne, kAny, "Returns the largest element that is not null.", kMaxExamples, extreme<1>},
    {"coll.min", "list", kOne, kAny, "Returns the smallest element that is not null.", kMinExamples, extreme<-1>},
    {.name = "coll.insert", .category = "list", .parameters = kInsert, .returns = kList,
     .summary = "Returns a list with a value put before index `index`.", .examples = kInsertExamples, .call = insert,
     .null_in_null_out = false},
    {"coll.remove", "list", kRemove, kList, "Returns a list without the element at `index`.", kRemoveExamples, remove},
};

}  // namespace

std::span<const ScalarFunction> collection_functions() { return kFunctions; }

}  // namespace nexus::function
