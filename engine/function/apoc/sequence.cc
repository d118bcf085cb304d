// apoc.coll.*: lists in their order, and sums over them.
#include <algorithm>
#include <cmath>

#include "function/apoc/families.h"
#include "value/arithmetic.h"
#include "value/compare.h"

namespace nexus::function {
namespace {

Result<> check_copy(CallContext& context, std::size_t elements) {
  return check_room(context, (elements + 1) * sizeof(Value));
}

Result<Value> deep_checked(std::string_view function, Value made) {
  if (made.depth() <= Value::kDepthMax) return made;
  return Error{ErrorCode::LimitExceeded, std::string(function) + "() would nest a list too deep"};
}

Result<std::size_t> index_in(std::string_view function, const Value& index, std::size_t index_max) {
  const std::int64_t at = index.integer();
  if (at >= 0 && static_cast<std::uint64_t>(at) <= index_max) return static_cast<std::size_t>(at);
  return Error{ErrorCode::NumberOutOfRange,
               std::string(function) + "(): there is no index " + std::to_string(at) + " in this list"};
}

Result<List> numbers(std::string_view function, const List& list) {
  List made;
  for (const Value& item : list) {
    if (item.is_null()) continue;
    if (!item.is_number()) {
      return Error{ErrorCode::InvalidArgument, std::string(function) + "() expects a list of numbers"};
    }
    made.push_back(item);
  }
  return made;
}

Result<Value> sum(CallContext&, Arguments arguments) {
  NX_TRY(const List list, numbers("apoc.coll.sum", arguments[0].list()));
  double total = 0;
  for (const Value& item : list) total += item.number();
  return Value::real(total);
}

Result<Value> sum_longs(CallContext&, Arguments arguments) {
  NX_TRY(const List list, numbers("apoc.coll.sumLongs", arguments[0].list()));
  std::int64_t total = 0;
  for (const Value& item : list) {
    const bool fits = item.is(Type::Integer) || std::fabs(item.real()) < 9.2e18;
    const std::int64_t next = !fits ? 0 : item.is(Type::Integer) ? item.integer() : static_cast<std::int64_t>(item.real());
    if (!fits || __builtin_add_overflow(total, next, &total)) {
      return Error{ErrorCode::NumericOverflow, "apoc.coll.sumLongs() goes beyond 64 bits"};
    }
  }
  return Value::integer(total);
}

Result<Value> average(CallContext&, Arguments arguments) {
  NX_TRY(const List list, numbers("apoc.coll.avg", arguments[0].list()));
  if (list.empty()) return Value::null();
  double total = 0;
  for (const Value& item : list) total += item.number();
  return Value::real(total / static_cast<double>(list.size()));
}

template <int wanted_sign>
Result<Value> extreme(CallContext&, Arguments arguments) {
  Value best;
  for (const Value& item : arguments[0].list()) {
    if (item.is_null()) continue;
    if (best.is_null() || order(item, best) * wanted_sign > 0) best = item;
  }
  return best;
}

Result<Value> running_total(CallContext& context, Arguments arguments) {
  NX_TRY(const List list, numbers("apoc.coll.runningTotal", arguments[0].list()));
  NX_TRY_DO(check_copy(context, list.size()));
  const bool integers = std::all_of(list.begin(), list.end(), [](const Value& item) { return item.is(Type::Integer); });
  List made;
  double total = 0;
  std::int64_t exact = 0;
  for (const Value& item : list) {
    total += item.number();
    if (integers && __builtin_add_overflow(exact, item.integer(), &exact)) {
      return Error{ErrorCode::NumericOverflow, "apoc.coll.runningTotal() goes beyond 64 bits"};
    }
    made.push_back(integers ? Value::integer(exact) : Value::real(total));
  }
  return Value::list(std::move(made));
}

// [1, 2, 3] to [1, 2], [2, 3] and, unless `min`, [3, null].
Result<Value> pairs_of(CallContext& context, const List& list, bool min) {
  NX_TRY_DO(check_copy(context, list.size() * 8));
  List made;
  for (std::size_t i = 0; i + (min ? 1 : 0) < list.size(); ++i) {
    made.push_back(Value::list({list[i], i + 1 < list.size() ? list[i + 1] : Value::null()}));
  }
  return deep_checked("apoc.coll.pairs", Value::list(std::move(made)));
}
Result<Value> pairs(CallContext& context, Arguments arguments) { return pairs_of(context, arguments[0].list(), false); }
Result<Value> pairs_min(CallContext& context, Arguments arguments) { return pairs_of(context, arguments[0].list(), true); }

Result<Value> zip(CallContext& context, Arguments arguments) {
  const List &left = arguments[0].list(), &right = arguments[1].list();
  const std::size_t size = std::max(left.size(), right.size());
  NX_TRY_DO(check_copy(context, size * 8));
  List made;
  for (std::size_t i = 0; i < size; ++i) {
    made.push_back(Value::list({i < left.size() ? left[i] : Value::null(), i < right.size() ? right[i] : Value::null()}));
  }
  return deep_checked("apoc.coll.zip", Value::list(std::move(made)));
}

Result<Value> partition(CallContext& context, Arguments arguments) {
  const List& list = arguments[0].list();
  const std::int64_t size = arguments[1].integer();
  if (size < 1) return Error{ErrorCode::NumberOutOfRange, "apoc.coll.partition() expects a size above 0"};
  NX_TRY_DO(check_copy(context, list.size() * 8));
  List made;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t step = std::min<std::size_t>(static_cast<std::size_t>(size), list.size() - at);
    const auto begin = list.begin() + static_cast<std::ptrdiff_t>(at);
    made.push_back(Value::list(List(begin, begin + static_cast<std::ptrdiff_t>(step))));
    at += step;
  }
  return deep_checked("apoc.coll.partition", Value::list(std::move(made)));
}

Result<Value> flatten(CallContext& context, Arguments arguments) {
  const bool deep = arguments.size() > 1 && arguments[1].is_true();
  NX_TRY_DO(check_copy(context, arguments[0].list().size() * 4));
  List made;
  // Nested lists wait here, the innermost last.
  std::vector<std::pair<const List*, std::size_t>> open{{&arguments[0].list(), 0}};
  while (!open.empty()) {
    auto& [list, at] = open.back();
    if (at == list->size()) {
      open.pop_back();
      continue;
    }
    const Value& item = (*list)[at++];
    if (item.is(Type::List) && (deep || open.size() == 1)) {
      open.emplace_back(&item.list(), 0);
      continue;
    }
    if (made.size() == made.capacity()) NX_TRY_DO(check_copy(context, made.size() * 2));
    made.push_back(item);
  }
  return Value::list(std::move(made));
}

Result<Value> insert(CallContext& context, Arguments arguments) {
  if (arguments[0].is_null() || arguments[1].is_null()) return Value::null();
  const List& list = arguments[0].list();
  NX_TRY(const std::size_t at, index_in("apoc.coll.insert", arguments[1], list.size()));
  NX_TRY_DO(check_copy(context, list.size() + 1));
  List made = list;
  made.insert(made.begin() + static_cast<std::ptrdiff_t>(at), arguments[2]);
  return deep_checked("apoc.coll.insert", Value::list(std::move(made)));
}

Result<Value> insert_all(CallContext& context, Arguments arguments) {
  const List& list = arguments[0].list();
  NX_TRY(const std::size_t at, index_in("apoc.coll.insertAll", arguments[1], list.size()));
  NX_TRY_DO(check_copy(context, list.size() + arguments[2].list().size()));
  List made = list;
  made.insert(made.begin() + static_cast<std::ptrdiff_t>(at), arguments[2].list().begin(), arguments[2].list().end());
  return Value::list(std::move(made));
}

Result<Value> set(CallContext& context, Arguments arguments) {
  if (arguments[0].is_null() || arguments[1].is_null()) return Value::null();
  List made = arguments[0].list();
  if (made.empty()) return index_in("apoc.coll.set", Value::integer(-1), 0).error();
  NX_TRY(const std::size_t at, index_in("apoc.coll.set", arguments[1], made.size() - 1));
  NX_TRY_DO(check_copy(context, made.size()));
  made[at] = arguments[2];
  return deep_checked("apoc.coll.set", Value::list(std::move(made)));
}

Result<Value> remove(CallContext& context, Arguments arguments) {
  List made = arguments[0].list();
  if (made.empty()) return index_in("apoc.coll.remove", Value::integer(-1), 0).error();
  NX_TRY(const std::size_t at, index_in("apoc.coll.remove", arguments[1], made.size() - 1));
  NX_TRY_DO(check_copy(context, made.size()));
  const std::int64_t wanted = arguments.size() > 2 ? arguments[2].integer() : 1;
  const std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(std::max<std::int64_t>(wanted, 0)), made.size() - at);
  const auto begin = made.begin() + static_cast<std::ptrdiff_t>(at);
  made.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  return Value::list(std::move(made));
}

Result<Value> fill(CallContext& context, Arguments arguments) {
  if (arguments[1].is_null()) return Value::null();
  const std::int64_t count = arguments[1].integer();
  if (count < 0) return Error{ErrorCode::NumberOutOfRange, "apoc.coll.fill() expects a count of 0 or more"};
  if (count > std::int64_t{1} << 40) return Error{ErrorCode::LimitExceeded, "apoc.coll.fill() is asked for too much"};
  NX_TRY_DO(check_room(context, static_cast<std::uint64_t>(count) * sizeof(Value)));
  return deep_checked("apoc.coll.fill", Value::list(List(static_cast<std::size_t>(count), arguments[0])));
}

Result<Value> drop_duplicate_neighbors(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list().size()));
  List made = arguments[0].list();
  made.erase(std::unique(made.begin(), made.end(), equivalent), made.end());
  return Value::list(std::move(made));
}

constexpr TypeSet kList = types(Type::List);
constexpr TypeSet kInteger = types(Type::Integer);
constexpr TypeSet kFloat = types(Type::Float);
constexpr Parameter kOne[] = {{"list", kList}};
constexpr Parameter kNumbers[] = {{"numbers", kList}};
constexpr Parameter kTwo[] = {{"list1", kList}, {"list2", kList}};
constexpr Parameter kSize[] = {{"list", kList}, {"size", kInteger}};
constexpr Parameter kFlatten[] = {{"list", kList}, {"recursive", types(Type::Boolean), true}};
constexpr Parameter kInsert[] = {{"list", kList}, {"index", kInteger}, {"value"}};
constexpr Parameter kInsertAll[] = {{"list", kList}, {"index", kInteger}, {"values", kList}};
constexpr Parameter kRemove[] = {{"list", kList}, {"index", kInteger}, {"count", kInteger, true}};
constexpr Parameter kFill[] = {{"value"}, {"count", kInteger}};

constexpr Example kSum[] = {{"apoc.coll.sum([1, 2.5, null])", "3.5"}, {"apoc.coll.sum([])", "0.0"},
                            {"apoc.coll.sum(['a'])", "error InvalidArgument"}, {"apoc.coll.sum(null)", "null"}};
constexpr Example kSumLongs[] = {{"apoc.coll.sumLongs([1, 2, 3])", "6"}, {"apoc.coll.sumLongs(null)", "null"},
                                 {"apoc.coll.sumLongs([9223372036854775807, 1])", "error NumericOverflow"}};
constexpr Example kAverage[] = {{"apoc.coll.avg([1, 2])", "1.5"}, {"apoc.coll.avg([])", "null"}, {"apoc.coll.avg(null)", "null"}};
constexpr Example kMax[] = {{"apoc.coll.max([1, 3, 2])", "3"}, {"apoc.coll.max([])", "null"}, {"apoc.coll.max(null)", "null"}};
constexpr Example kMin[] = {{"apoc.coll.min([2, 1, 3])", "1"}, {"apoc.coll.min([])", "null"}, {"apoc.coll.min(null)", "null"}};
constexpr Example kRunning[] = {{"apoc.coll.runningTotal([1, 2, 3])", "[1, 3, 6]"},
                                {"apoc.coll.runningTotal([1, 0.5])", "[1.0, 1.5]"},
                                {"apoc.coll.runningTotal(null)", "null"}};
constexpr Example kPairs[] = {{"apoc.coll.pairs([1, 2, 3])", "[[1, 2], [2, 3], [3, null]]"}, {"apoc.coll.pairs([])", "[]"}, {"apoc.coll.pairs(null)", "null"}};
constexpr Example kPairsMin[] = {{"apoc.coll.pairsMin([1, 2, 3])", "[[1, 2], [2, 3]]"}, {"apoc.coll.pairsMin(null)", "null"}};
constexpr Example kZip[] = {{"apoc.coll.zip([1, 2], ['a'])", "[[1, 'a'], [2, null]]"}, {"apoc.coll.zip([1], null)", "null"}};
constexpr Example kPartition[] = {{"apoc.coll.partition([1, 2, 3], 2)", "[[1, 2], [3]]"},
                                  {"apoc.coll.partition([1], 0)", "error NumberOutOfRange"},
                                  {"apoc.coll.partition(null, 1)", "null"}};
constexpr Example kFlattenExamples[] = {{"apoc.coll.flatten([1, [2, [3]]])", "[1, 2, [3]]"},
                                        {"apoc.coll.flatten([1, [2, [3]]], true)", "[1, 2, 3]"},
                                        {"apoc.coll.flatten(null)", "null"}};
constexpr Example kInsertExamples[] = {{"apoc.coll.insert([1, 3], 1, 2)", "[1, 2, 3]"},
                                       {"apoc.coll.insert(null, 0, 1)", "null"},
                                       {"apoc.coll.insert([], 1, 1)", "error NumberOutOfRange"}};
constexpr Example kInsertAllExamples[] = {{"apoc.coll.insertAll([1, 4], 1, [2, 3])", "[1, 2, 3, 4]"},
                                          {"apoc.coll.insertAll(null, 0, [1])", "null"}};
constexpr Example kSet[] = {{"apoc.coll.set([1, 2], 1, 'b')", "[1, 'b']"}, {"apoc.coll.set(null, 0, 1)", "null"},
                            {"apoc.coll.set([], 0, 1)", "error NumberOutOfRange"}};
constexpr Example kRemoveExamples[] = {{"apoc.coll.remove([1, 2, 3], 1)", "[1, 3]"},
                                       {"apoc.coll.remove([1, 2, 3], 0, 2)", "[3]"},
                                       {"apoc.coll.remove(null, 0)", "null"}};
constexpr Example kFillExamples[] = {{"apoc.coll.fill('x', 3)", "['x', 'x', 'x']"}, {"apoc.coll.fill('x', null)", "null"},
                                     {"apoc.coll.fill('x', -1)", "error NumberOutOfRange"}};
constexpr Example kDrop[] = {{"apoc.coll.dropDuplicateNeighbors([1, 1, 2, 1])", "[1, 2, 1]"},
                             {"apoc.coll.dropDuplicateNeighbors(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"apoc.coll.sum", "apoc", kNumbers, kFloat, "Returns the sum of numbers as a FLOAT.", kSum, sum},
    {"apoc.coll.sumLongs", "apoc", kNumbers, kInteger, "Returns the sum of numbers, each cut to an INTEGER.", kSumLongs,
     sum_longs},
    {"apoc.coll.avg", "apoc", kNumbers, kFloat, "Returns the average of numbers.", kAverage, average},
    {"apoc.coll.max", "apoc", kOne, kAny, "Returns the largest element that is not null.", kMax, extreme<1>},
    {"apoc.coll.min", "apoc", kOne, kAny, "Returns the smallest element that is not null.", kMin, extreme<-1>},
    {"apoc.coll.runningTotal", "apoc", kNumbers, kList, "Returns the sums of the first one, two, … numbers.", kRunning,
     running_total},
    {"apoc.coll.pairs", "apoc", kOne, kList, "Returns every element with its successor; the last one with null.", kPairs,
     pairs},
    {"apoc.coll.pairsMin", "apoc", kOne, kList, "Returns every element that has a successor with it.", kPairsMin,
     pairs_min},
    {"apoc.coll.zip", "apoc", kTwo, kList, "Returns the elements of two lists side by side.", kZip, zip},
    {"apoc.coll.partition", "apoc", kSize, kList, "Returns a list cut into lists of `size` elements.", kPartition,
     partition},
    {"apoc.coll.flatten", "apoc", kFlatten, kList, "Opens the lists in a list, all of them when `recursive`.",
     kFlattenExamples, flatten},
    {.name = "apoc.coll.insert", .category = "apoc", .parameters = kInsert, .returns = kList,
     .summary = "Returns a list with a value put before index `index`.", .examples = kInsertExamples, .call = insert,
     .null_in_null_out = false},
    {"apoc.coll.insertAll", "apoc", kInsertAll, kList, "Returns a list with values put before index `index`.",
     kInsertAllExamples, insert_all},
    {.name = "apoc.coll.set", .category = "apoc", .parameters = kInsert, .returns = kList,
     .summary = "Returns a list with the element at `index` replaced.", .examples = kSet, .call = set,
     .null_in_null_out = false},
    {"apoc.coll.remove", "apoc", kRemove, kList, "Returns a list without the `count` (1) elements from `index` on.",
     kRemoveExamples, remove},
    {.name = "apoc.coll.fill", .category = "apoc", .parameters = kFill, .returns = kList,
     .summary = "Returns a list with a value `count` times.", .examples = kFillExamples, .call = fill,
     .null_in_null_out = false},
    {"apoc.coll.dropDuplicateNeighbors", "apoc", kOne, kList, "Returns a list without repetitions side by side.", kDrop,
     drop_duplicate_neighbors},
};

}  // namespace

std::span<const ScalarFunction> apoc_sequence_functions() { return kFunctions; }

}  // namespace nexus::function
