// apoc.coll.*: lists as sets and bags. Elements are the same when DISTINCT would call them the same.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "function/apoc/families.h"
#include "value/compare.h"

namespace nexus::function {
namespace {

using Set = std::unordered_set<Value, ValueHash, ValueEquivalent>;

Result<> check_copy(CallContext& context, const List& list, std::size_t factor = 4) {
  return check_room(context, (list.size() + 1) * factor * sizeof(Value));
}

Set set_of(const List& list) { return Set(list.begin(), list.end()); }

// The elements of `list`, each once, that are in `filter` (or are not).
Value kept(const List& list, const Set& filter, bool inside) {
  Set seen;
  List made;
  for (const Value& item : list) {
    if ((filter.count(item) != 0) == inside && seen.insert(item).second) made.push_back(item);
  }
  return Value::list(std::move(made));
}

Result<Value> to_set(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list()));
  return kept(arguments[0].list(), {}, false);
}

Result<Value> union_of(CallContext& context, Arguments arguments) {
  List all = arguments[0].list();
  NX_TRY_DO(check_room(context, (all.size() + arguments[1].list().size()) * 4 * sizeof(Value)));
  all.insert(all.end(), arguments[1].list().begin(), arguments[1].list().end());
  return kept(all, {}, false);
}

Result<Value> union_all(CallContext& context, Arguments arguments) {
  List all = arguments[0].list();
  NX_TRY_DO(check_room(context, (all.size() + arguments[1].list().size()) * sizeof(Value)));
  all.insert(all.end(), arguments[1].list().begin(), arguments[1].list().end());
  return Value::list(std::move(all));
}

Result<Value> intersection(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_room(context, (arguments[0].list().size() + arguments[1].list().size()) * 4 * sizeof(Value)));
  return kept(arguments[0].list(), set_of(arguments[1].list()), true);
}

Result<Value> subtract(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_room(context, (arguments[0].list().size() + arguments[1].list().size()) * 4 * sizeof(Value)));
  return kept(arguments[0].list(), set_of(arguments[1].list()), false);
}

Result<Value> disjunction(CallContext& context, Arguments arguments) {
  const List &left = arguments[0].list(), &right = arguments[1].list();
  NX_TRY_DO(check_room(context, (left.size() + right.size()) * 4 * sizeof(Value)));
  List made = kept(left, set_of(right), false).list();
  const Value others = kept(right, set_of(left), false);
  made.insert(made.end(), others.list().begin(), others.list().end());
  return Value::list(std::move(made));
}

// All of `list` but what occurs in `removed`, copies kept.
Result<Value> remove_all(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list()));
  const Set removed = set_of(arguments[1].list());
  List made;
  for (const Value& item : arguments[0].list()) {
    if (removed.count(item) == 0) made.push_back(item);
  }
  return Value::list(std::move(made));
}

Result<Value> contains(CallContext&, Arguments arguments) {
  const List& list = arguments[0].list();
  return Value::boolean(
      std::any_of(list.begin(), list.end(), [&](const Value& item) { return equivalent(item, arguments[1]); }));
}

Result<Value> contains_all(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list()));
  const Set have = set_of(arguments[0].list());
  const List& wanted = arguments[1].list();
  return Value::boolean(
      std::all_of(wanted.begin(), wanted.end(), [&](const Value& item) { return have.count(item) != 0; }));
}

Result<Value> is_equal_collection(CallContext& context, Arguments arguments) {
  const List &left = arguments[0].list(), &right = arguments[1].list();
  if (left.size() != right.size()) return Value::boolean(false);
  NX_TRY_DO(check_copy(context, left, 8));
  std::unordered_map<Value, std::int64_t, ValueHash, ValueEquivalent> counts;
  for (const Value& item : left) ++counts[item];
  for (const Value& item : right) --counts[item];
  return Value::boolean(std::all_of(counts.begin(), counts.end(), [](const auto& entry) { return entry.second == 0; }));
}

Result<Value> different(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list()));
  return Value::boolean(set_of(arguments[0].list()).size() == arguments[0].list().size());
}

Result<Value> contains_duplicates(CallContext& context, Arguments arguments) {
  NX_TRY(const Value apart, different(context, arguments));
  return Value::boolean(!apart.boolean());
}

Result<Value> duplicates(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list(), 8));
  Set seen, twice;
  List made;
  for (const Value& item : arguments[0].list()) {
    if (!seen.insert(item).second && twice.insert(item).second) made.push_back(item);
  }
  return Value::list(std::move(made));
}

Result<Value> occurrences(CallContext&, Arguments arguments) {
  const List& list = arguments[0].list();
  return Value::integer(
      std::count_if(list.begin(), list.end(), [&](const Value& item) { return equivalent(item, arguments[1]); }));
}

Result<Value> frequencies(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list(), 16));
  std::unordered_map<Value, std::int64_t, ValueHash, ValueEquivalent> counts;
  List order_of_first;
  for (const Value& item : arguments[0].list()) {
    if (++counts[item] == 1) order_of_first.push_back(item);
  }
  List made;
  for (const Value& item : order_of_first) {
    made.push_back(Value::map(make_map({{"item", item}, {"count", Value::integer(counts[item])}})));
  }
  return Value::list(std::move(made));
}

Result<Value> index_of(CallContext&, Arguments arguments) {
  const List& list = arguments[0].list();
  const auto at = std::find_if(list.begin(), list.end(), [&](const Value& item) { return equivalent(item, arguments[1]); });
  return Value::integer(at == list.end() ? -1 : at - list.begin());
}

Result<Value> sort(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list(), 2));
  List sorted = arguments[0].list();
  std::stable_sort(sorted.begin(), sorted.end(), [](const Value& a, const Value& b) { return order(a, b) < 0; });
  return Value::list(std::move(sorted));
}

// Maps by one key, the largest first; with ^ before the key the smallest first.
Result<Value> sort_maps(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list(), 2));
  std::string_view key = arguments[1].string();
  const bool ascending = !key.empty() && key.front() == '^';
  if (ascending) key.remove_prefix(1);
  List sorted = arguments[0].list();
  for (const Value& item : sorted) {
    if (!item.is(Type::Map)) return Error{ErrorCode::InvalidArgument, "apoc.coll.sortMaps() expects a list of maps"};
  }
  const auto field = [key](const Value& map) {
    const Value* found = map.find(key);
    return found == nullptr ? Value::null() : *found;
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Value& a, const Value& b) {
    const int sign = order(field(a), field(b));
    return ascending ? sign < 0 : sign > 0;
  });
  return Value::list(std::move(sorted));
}

constexpr TypeSet kList = types(Type::List);
constexpr TypeSet kBoolean = types(Type::Boolean);
constexpr TypeSet kInteger = types(Type::Integer);
constexpr Parameter kOne[] = {{"list", kList}};
constexpr Parameter kTwo[] = {{"list1", kList}, {"list2", kList}};
constexpr Parameter kSearch[] = {{"list", kList}, {"value"}};
constexpr Parameter kSortMaps[] = {{"list", kList}, {"key", types(Type::String)}};

constexpr Example kToSet[] = {{"apoc.coll.toSet([1, 2, 1.0, 'é'])", "[1, 2, 'é']"}, {"apoc.coll.toSet(null)", "null"}};
constexpr Example kUnion[] = {{"apoc.coll.union([1, 2], [2, 3])", "[1, 2, 3]"},
                              {"apoc.coll.union(null, [1])", "null"}};
constexpr Example kUnionAll[] = {{"apoc.coll.unionAll([1, 2], [2, 3])", "[1, 2, 2, 3]"},
                                 {"apoc.coll.unionAll([1], null)", "null"}};
constexpr Example kIntersection[] = {{"apoc.coll.intersection([1, 2, 2, 3], [3, 2])", "[2, 3]"},
                                     {"apoc.coll.intersection([1], null)", "null"}};
constexpr Example kSubtract[] = {{"apoc.coll.subtract([1, 2, 3, 3], [2])", "[1, 3]"},
                                 {"apoc.coll.subtract([1], null)", "null"}};
constexpr Example kDisjunction[] = {{"apoc.coll.disjunction([1, 2], [2, 3])", "[1, 3]"},
                                    {"apoc.coll.disjunction([1], null)", "null"}};
constexpr Example kRemoveAll[] = {{"apoc.coll.removeAll([1, 2, 3, 3], [2])", "[1, 3, 3]"},
                                  {"apoc.coll.removeAll([1], null)", "null"}};
constexpr Example kContains[] = {{"apoc.coll.contains([1, 2], 2.0)", "true"},
                                 {"apoc.coll.contains([1, 2], 3)", "false"},
                                 {"apoc.coll.contains(null, 3)", "null"}};
constexpr Example kContainsAll[] = {{"apoc.coll.containsAll([1, 2, 3], [3, 1])", "true"},
                                    {"apoc.coll.containsAll([1], [2])", "false"},
                                    {"apoc.coll.containsAll([1], null)", "null"}};
constexpr Example kIsEqual[] = {{"apoc.coll.isEqualCollection([1, 2, 2], [2, 1, 2])", "true"},
                                {"apoc.coll.isEqualCollection([1, 1], [1])", "false"},
                                {"apoc.coll.isEqualCollection(null, [1])", "null"}};
constexpr Example kDifferent[] = {{"apoc.coll.different([1, 2])", "true"},
                                  {"apoc.coll.different([1, 1])", "false"},
                                  {"apoc.coll.different(null)", "null"}};
constexpr Example kContainsDuplicates[] = {{"apoc.coll.containsDuplicates([1, 2, 1])", "true"},
                                           {"apoc.coll.containsDuplicates(null)", "null"}};
constexpr Example kDuplicates[] = {{"apoc.coll.duplicates([1, 2, 1, 1, 2, 3])", "[1, 2]"},
                                   {"apoc.coll.duplicates(null)", "null"}};
constexpr Example kOccurrences[] = {{"apoc.coll.occurrences([1, 2, 1], 1)", "2"},
                                    {"apoc.coll.occurrences(null, 1)", "null"}};
constexpr Example kFrequencies[] = {
    {"apoc.coll.frequencies(['a', 'b', 'a'])", "[{count: 2, item: 'a'}, {count: 1, item: 'b'}]"},
    {"apoc.coll.frequencies(null)", "null"}};
constexpr Example kIndexOf[] = {{"apoc.coll.indexOf(['a', 'b'], 'b')", "1"},
                                {"apoc.coll.indexOf([], 1)", "-1"},
                                {"apoc.coll.indexOf(null, 1)", "null"}};
constexpr Example kSort[] = {{"apoc.coll.sort([3, 1, 2])", "[1, 2, 3]"}, {"apoc.coll.sort(null)", "null"}};
constexpr Example kSortMapsExamples[] = {
    {"apoc.coll.sortMaps([{k: 1}, {k: 3}, {k: 2}], 'k')", "[{k: 3}, {k: 2}, {k: 1}]"},
    {"apoc.coll.sortMaps([{k: 2}, {k: 1}], '^k')", "[{k: 1}, {k: 2}]"},
    {"apoc.coll.sortMaps([1], 'k')", "error InvalidArgument"},
    {"apoc.coll.sortMaps(null, 'k')", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"apoc.coll.toSet", "apoc", kOne, kList, "Returns every different element once.", kToSet, to_set},
    {"apoc.coll.union", "apoc", kTwo, kList, "Returns every different element of two lists once.", kUnion, union_of},
    {"apoc.coll.unionAll", "apoc", kTwo, kList, "Returns one list after the other.", kUnionAll, union_all},
    {"apoc.coll.intersection", "apoc", kTwo, kList, "Returns the different elements that are in both lists.",
     kIntersection, intersection},
    {"apoc.coll.subtract", "apoc", kTwo, kList, "Returns the different elements that are in the first list only.",
     kSubtract, subtract},
    {"apoc.coll.disjunction", "apoc", kTwo, kList, "Returns the different elements that are in one list only.",
     kDisjunction, disjunction},
    {"apoc.coll.removeAll", "apoc", kTwo, kList, "Returns the first list without what is in the second.", kRemoveAll,
     remove_all},
    {.name = "apoc.coll.contains", .category = "apoc", .parameters = kSearch, .returns = kBoolean,
     .summary = "Returns whether a value is in a list.", .examples = kContains, .call = contains},
    {"apoc.coll.containsAll", "apoc", kTwo, kBoolean, "Returns whether the first list has all of the second.",
     kContainsAll, contains_all},
    {"apoc.coll.isEqualCollection", "apoc", kTwo, kBoolean,
     "Returns whether two lists have the same elements, each as often, in any order.", kIsEqual, is_equal_collection},
    {"apoc.coll.different", "apoc", kOne, kBoolean, "Returns whether no element occurs twice.", kDifferent, different},
    {"apoc.coll.containsDuplicates", "apoc", kOne, kBoolean, "Returns whether an element occurs twice.",
     kContainsDuplicates, contains_duplicates},
    {"apoc.coll.duplicates", "apoc", kOne, kList, "Returns the elements that occur more than once, each once.",
     kDuplicates, duplicates},
    {"apoc.coll.occurrences", "apoc", kSearch, kInteger, "Returns how often a value is in a list.", kOccurrences,
     occurrences},
    {"apoc.coll.frequencies", "apoc", kOne, kList, "Returns a map {item, count} for every different element.",
     kFrequencies, frequencies},
    {"apoc.coll.indexOf", "apoc", kSearch, kInteger, "Returns where a value first occurs, -1 when it does not.",
     kIndexOf, index_of},
    {"apoc.coll.sort", "apoc", kOne, kList, "Returns the elements in the order of ORDER BY.", kSort, sort},
    {"apoc.coll.sortMaps", "apoc", kSortMaps, kList,
     "Returns maps ordered by one key, the largest first; the smallest first when the key begins with ^.",
     kSortMapsExamples, sort_maps},
};

}  // namespace

std::span<const ScalarFunction> apoc_set_functions() { return kFunctions; }

}  // namespace nexus::function
