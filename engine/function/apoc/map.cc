// apoc.map.*: maps made, merged and taken apart.
#include <algorithm>
#include <map>

#include "function/apoc/families.h"
#include "function/conversion/convert.h"
#include "value/compare.h"

namespace nexus::function {
namespace {

Error bad(std::string_view function, std::string_view wanted) {
  return Error{ErrorCode::InvalidArgument, "apoc.map." + std::string(function) + "() expects " + std::string(wanted)};
}

Result<> check_copy(CallContext& context, std::size_t entries) {
  return check_room(context, (entries + 1) * sizeof(MapEntry) * 2);
}

Result<Value> made(std::string_view function, Map entries) {
  Value map = Value::map(make_map(std::move(entries)));
  if (map.depth() <= Value::kDepthMax) return map;
  return Error{ErrorCode::LimitExceeded, "apoc.map." + std::string(function) + "() would nest a map too deep"};
}

Result<Value> merge(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].map().size() + arguments[1].map().size()));
  Map all = arguments[0].map();
  all.insert(all.end(), arguments[1].map().begin(), arguments[1].map().end());
  return made("merge", std::move(all));
}

Result<Value> merge_list(CallContext& context, Arguments arguments) {
  Map all;
  for (const Value& item : arguments[0].list()) {
    if (item.is_null()) continue;
    if (!item.is(Type::Map)) return bad("mergeList", "a list of maps");
    NX_TRY_DO(check_copy(context, all.size() + item.map().size()));
    all.insert(all.end(), item.map().begin(), item.map().end());
  }
  return made("mergeList", std::move(all));
}

Result<Value> set_key(CallContext& context, Arguments arguments) {
  if (arguments[0].is_null() || arguments[1].is_null()) return Value::null();
  NX_TRY_DO(check_copy(context, arguments[0].map().size()));
  Map all = arguments[0].map();
  all.emplace_back(std::string(arguments[1].string()), arguments[2]);
  return made("setKey", std::move(all));
}

Result<std::vector<std::string>> keys_of(std::string_view function, const List& list) {
  std::vector<std::string> keys;
  for (const Value& item : list) {
    if (!item.is(Type::String)) return bad(function, "a list of keys");
    keys.emplace_back(item.string());
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

Map filtered(const Map& map, const std::vector<std::string>& keys, bool keep) {
  Map kept;
  for (const MapEntry& entry : map) {
    if (std::binary_search(keys.begin(), keys.end(), entry.first) == keep) kept.push_back(entry);
  }
  return kept;
}

Result<Value> remove_key(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].map().size()));
  return Value::map(filtered(arguments[0].map(), {std::string(arguments[1].string())}, false));
}

Result<Value> remove_keys(CallContext& context, Arguments arguments) {
  NX_TRY(const std::vector<std::string> keys, keys_of("removeKeys", arguments[1].list()));
  NX_TRY_DO(check_copy(context, arguments[0].map().size()));
  return Value::map(filtered(arguments[0].map(), keys, false));
}

const Value* find(const Value& map, const Value& key) { return key.is(Type::String) ? map.find(key.string()) : nullptr; }

Error missing(std::string_view function, std::string_view key) {
  return Error{ErrorCode::InvalidArgument,
               "apoc.map." + std::string(function) + "(): there is no key `" + std::string(key) + "`"};
}

// apoc.map.get(map, key[, otherwise[, fail]]): without `otherwise` a missing key is an error.
Result<Value> get(CallContext&, Arguments arguments) {
  if (arguments[0].is_null() || arguments[1].is_null()) return Value::null();
  if (const Value* found = find(arguments[0], arguments[1])) return *found;
  const bool has_other = arguments.size() > 2 && !arguments[2].is_null();
  const bool fails = arguments.size() > 3 ? arguments[3].is_true() : true;
  if (has_other) return arguments[2];
  if (fails) return missing("get", arguments[1].string());
  return Value::null();
}

Result<Value> submap(CallContext& context, Arguments arguments) {
  NX_TRY(const std::vector<std::string> keys, keys_of("submap", arguments[1].list()));
  NX_TRY_DO(check_copy(context, keys.size()));
  for (const std::string& key : keys) {
    if (arguments[0].find(key) == nullptr) return missing("submap", key);
  }
  return Value::map(filtered(arguments[0].map(), keys, true));
}

Result<Value> values(CallContext& context, Arguments arguments) {
  const Map& map = arguments[0].map();
  List list;
  if (arguments.size() < 2 || arguments[1].is_null()) {
    NX_TRY_DO(check_copy(context, map.size()));
    for (const MapEntry& entry : map) list.push_back(entry.second);
    return Value::list(std::move(list));
  }
  const bool add_nulls = arguments.size() > 2 && arguments[2].is_true();
  NX_TRY_DO(check_copy(context, arguments[1].list().size()));
  for (const Value& key : arguments[1].list()) {
    const Value* found = find(arguments[0], key);
    if (found != nullptr || add_nulls) list.push_back(found == nullptr ? Value::null() : *found);
  }
  return Value::list(std::move(list));
}

Result<Value> from_pairs(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list().size()));
  Map map;
  for (const Value& pair : arguments[0].list()) {
    const bool fits = pair.is(Type::List) && pair.list().size() == 2 && pair.list()[0].is(Type::String);
    if (!fits) return bad("fromPairs", "a list of [key, value]");
    map.emplace_back(std::string(pair.list()[0].string()), pair.list()[1]);
  }
  return made("fromPairs", std::move(map));
}

Result<Value> from_lists(CallContext& context, Arguments arguments) {
  const List &keys = arguments[0].list(), &items = arguments[1].list();
  if (keys.size() != items.size()) return bad("fromLists", "lists of the same size");
  NX_TRY_DO(check_copy(context, keys.size()));
  Map map;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i].is(Type::String)) return bad("fromLists", "a list of keys");
    map.emplace_back(std::string(keys[i].string()), items[i]);
  }
  return made("fromLists", std::move(map));
}

Result<Value> from_values(CallContext& context, Arguments arguments) {
  const List& list = arguments[0].list();
  if (list.size() % 2 != 0) return bad("fromValues", "a value after every key");
  NX_TRY_DO(check_copy(context, list.size() / 2));
  Map map;
  for (std::size_t i = 0; i < list.size(); i += 2) {
    if (!list[i].is(Type::String)) return bad("fromValues", "a list of keys and values in turn");
    map.emplace_back(std::string(list[i].string()), list[i + 1]);
  }
  return made("fromValues", std::move(map));
}

// Without the named keys, the named values, empty strings and nulls.
Result<Value> clean(CallContext& context, Arguments arguments) {
  NX_TRY(const std::vector<std::string> keys, keys_of("clean", arguments[1].list()));
  NX_TRY_DO(check_copy(context, arguments[0].map().size()));
  Map kept;
  for (const MapEntry& entry : filtered(arguments[0].map(), keys, false)) {
    const Value& value = entry.second;
    if (value.is_null() || (value.is(Type::String) && value.string().empty())) continue;
    const List& dropped = arguments[2].list();
    const ValueEquivalent same;
    if (std::any_of(dropped.begin(), dropped.end(), [&](const Value& item) { return same(item, value); })) continue;
    kept.push_back(entry);
  }
  return Value::map(std::move(kept));
}

// {a: {b: 1}} to {a.b: 1}.
Result<Value> flatten(CallContext& context, Arguments arguments) {
  const std::string delimiter(arguments.size() > 1 ? arguments[1].string() : ".");
  Map flat;
  struct Open {
    const Map* map;
    std::size_t at;
    std::string prefix;
  };
  std::vector<Open> open{{&arguments[0].map(), 0, ""}};
  while (!open.empty()) {
    Open& top = open.back();
    if (top.at == top.map->size()) {
      open.pop_back();
      continue;
    }
    const MapEntry& entry = (*top.map)[top.at++];
    std::string key = top.prefix + entry.first;
    NX_TRY_DO(check_room(context, (flat.size() + 1) * (sizeof(MapEntry) + key.size())));
    if (entry.second.is(Type::Map)) {
      open.push_back({&entry.second.map(), 0, key + delimiter});
    } else {
      flat.emplace_back(std::move(key), entry.second);
    }
  }
  return Value::map(make_map(std::move(flat)));
}

// The value of `key` as a map's key; nullopt when it is missing or has no text.
Result<std::optional<std::string>> group_key(std::string_view function, const Value& item, std::string_view key) {
  if (!item.is(Type::Map)) return bad(function, "a list of maps");
  const Value* found = item.find(key);
  if (found == nullptr || found->is_null() || (type_bit(found->type()) & kToStringTypes) == 0) {
    return std::optional<std::string>();
  }
  NX_TRY(const Value text, convert_to_string(*found));
  return std::optional<std::string>(text.string());
}

Result<Value> group_by(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list().size()));
  Map groups;
  for (const Value& item : arguments[0].list()) {
    NX_TRY(std::optional<std::string> key, group_key("groupBy", item, arguments[1].string()));
    if (key) groups.emplace_back(std::move(*key), item);
  }
  return made("groupBy", std::move(groups));
}

Result<Value> group_by_multi(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].list().size()));
  std::map<std::string, List> groups;
  for (const Value& item : arguments[0].list()) {
    NX_TRY(std::optional<std::string> key, group_key("groupByMulti", item, arguments[1].string()));
    if (key) groups[std::move(*key)].push_back(item);
  }
  Map map;
  for (auto& [key, items] : groups) map.emplace_back(key, Value::list(std::move(items)));
  return made("groupByMulti", std::move(map));
}

Result<Value> sorted_properties(CallContext& context, Arguments arguments) {
  NX_TRY_DO(check_copy(context, arguments[0].map().size() * 4));
  List list;
  for (const MapEntry& entry : arguments[0].map()) list.push_back(Value::list({Value::string(entry.first), entry.second}));
  return Value::list(std::move(list));
}

constexpr TypeSet kMap = types(Type::Map);
constexpr TypeSet kList = types(Type::List);
constexpr TypeSet kString = types(Type::String);
constexpr TypeSet kBoolean = types(Type::Boolean);
constexpr Parameter kOne[] = {{"map", kMap}};
constexpr Parameter kTwo[] = {{"map1", kMap}, {"map2", kMap}};
constexpr Parameter kMaps[] = {{"maps", kList}};
constexpr Parameter kKeyValue[] = {{"map", kMap}, {"key", kString}, {"value"}};
constexpr Parameter kKey[] = {{"map", kMap}, {"key", kString}};
constexpr Parameter kKeys[] = {{"map", kMap}, {"keys", kList}};
constexpr Parameter kGet[] = {{"map", kMap}, {"key", kString}, {"otherwise", kAny, true}, {"fail", kBoolean, true}};
constexpr Parameter kValues[] = {{"map", kMap}, {"keys", kList, true}, {"addNulls", kBoolean, true}};
constexpr Parameter kPairs[] = {{"pairs", kList}};
constexpr Parameter kLists[] = {{"keys", kList}, {"values", kList}};
constexpr Parameter kValueList[] = {{"values", kList}};
constexpr Parameter kClean[] = {{"map", kMap}, {"keys", kList}, {"values", kList}};
constexpr Parameter kFlatten[] = {{"map", kMap}, {"delimiter", kString, true}};
constexpr Parameter kGroup[] = {{"maps", kList}, {"key", kString}};

constexpr Example kMerge[] = {{"apoc.map.merge({a: 1, b: 2}, {b: 3})", "{a: 1, b: 3}"}, {"apoc.map.merge(null, {a: 1})", "null"}};
constexpr Example kMergeList[] = {{"apoc.map.mergeList([{a: 1}, {b: 2}, {a: 3}])", "{a: 3, b: 2}"},
                                  {"apoc.map.mergeList([1])", "error InvalidArgument"},
                                  {"apoc.map.mergeList(null)", "null"}};
constexpr Example kSetKey[] = {{"apoc.map.setKey({a: 1}, 'b', 2)", "{a: 1, b: 2}"}, {"apoc.map.setKey(null, 'b', 2)", "null"}};
constexpr Example kRemoveKey[] = {{"apoc.map.removeKey({a: 1, b: 2}, 'a')", "{b: 2}"}, {"apoc.map.removeKey(null, 'a')", "null"}};
constexpr Example kRemoveKeys[] = {{"apoc.map.removeKeys({a: 1, b: 2, c: 3}, ['a', 'c'])", "{b: 2}"},
                                   {"apoc.map.removeKeys({a: 1}, null)", "null"}};
constexpr Example kGetExamples[] = {{"apoc.map.get({a: 1}, 'a')", "1"}, {"apoc.map.get({a: 1}, 'b', 2)", "2"},
                                    {"apoc.map.get({a: 1}, 'b', null, false)", "null"},
                                    {"apoc.map.get({a: 1}, 'b')", "error InvalidArgument"}};
constexpr Example kSubmap[] = {{"apoc.map.submap({a: 1, b: 2, c: 3}, ['a', 'c'])", "{a: 1, c: 3}"},
                               {"apoc.map.submap({a: 1}, ['b'])", "error InvalidArgument"},
                               {"apoc.map.submap(null, [])", "null"}};
constexpr Example kValuesExamples[] = {{"apoc.map.values({a: 1, b: 2}, ['b', 'c'], true)", "[2, null]"},
                                       {"apoc.map.values({a: 1, b: 2}, ['b', 'c'])", "[2]"},
                                       {"apoc.map.values(null, [])", "null"}};
constexpr Example kFromPairs[] = {{"apoc.map.fromPairs([['a', 1], ['b', 2]])", "{a: 1, b: 2}"},
                                  {"apoc.map.fromPairs([['a']])", "error InvalidArgument"},
                                  {"apoc.map.fromPairs(null)", "null"}};
constexpr Example kFromLists[] = {{"apoc.map.fromLists(['a', 'b'], [1, 2])", "{a: 1, b: 2}"},
                                  {"apoc.map.fromLists(['a'], null)", "null"}};
constexpr Example kFromValues[] = {{"apoc.map.fromValues(['a', 1, 'b', 2])", "{a: 1, b: 2}"}, {"apoc.map.fromValues(null)", "null"}};
constexpr Example kCleanExamples[] = {{"apoc.map.clean({a: 1, b: 'x', c: '', d: 2}, ['a'], ['x'])", "{d: 2}"},
                                      {"apoc.map.clean(null, [], [])", "null"}};
constexpr Example kFlattenExamples[] = {{"apoc.map.flatten({a: {b: 1}, c: 2})", "{`a.b`: 1, c: 2}"},
                                        {"apoc.map.flatten({a: {b: 1}}, '_')", "{a_b: 1}"},
                                        {"apoc.map.flatten(null)", "null"}};
constexpr Example kGroupBy[] = {{"apoc.map.groupBy([{id: 1, n: 'x'}, {id: 2, n: 'y'}], 'n')", "{x: {id: 1, n: 'x'}, y: {id: 2, n: 'y'}}"},
                                {"apoc.map.groupBy(null, 'id')", "null"}};
constexpr Example kGroupByMulti[] = {{"apoc.map.groupByMulti([{k: 'x', n: 1}, {k: 'x', n: 2}], 'k')", "{x: [{k: 'x', n: 1}, {k: 'x', n: 2}]}"},
                                     {"apoc.map.groupByMulti(null, 'id')", "null"}};
constexpr Example kSorted[] = {{"apoc.map.sortedProperties({b: 2, a: 1})", "[['a', 1], ['b', 2]]"}, {"apoc.map.sortedProperties(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"apoc.map.merge", "apoc", kTwo, kMap, "Returns the entries of two maps; the second wins.", kMerge, merge},
    {"apoc.map.mergeList", "apoc", kMaps, kMap, "Returns the entries of all maps of a list; later ones win.", kMergeList, merge_list},
    {.name = "apoc.map.setKey", .category = "apoc", .parameters = kKeyValue, .returns = kMap,
     .summary = "Returns a map with one entry added or replaced.", .examples = kSetKey, .call = set_key,
     .null_in_null_out = false},
    {"apoc.map.removeKey", "apoc", kKey, kMap, "Returns a map without one key.", kRemoveKey, remove_key},
    {"apoc.map.removeKeys", "apoc", kKeys, kMap, "Returns a map without the listed keys.", kRemoveKeys, remove_keys},
    {.name = "apoc.map.get", .category = "apoc", .parameters = kGet, .returns = kAny,
     .summary = "Returns the value of a key; when it is missing `otherwise`, or an error unless `fail` is false.",
     .examples = kGetExamples, .call = get, .null_in_null_out = false},
    {"apoc.map.submap", "apoc", kKeys, kMap, "Returns the entries of the listed keys, all of which must be there.", kSubmap, submap},
    {"apoc.map.values", "apoc", kValues, kList, "Returns the values of the listed keys, with nulls for missing ones when `addNulls`.", kValuesExamples, values},
    {"apoc.map.fromPairs", "apoc", kPairs, kMap, "Returns the map of a list of [key, value].", kFromPairs, from_pairs},
    {"apoc.map.fromLists", "apoc", kLists, kMap, "Returns the map of a list of keys and a list of values.", kFromLists, from_lists},
    {"apoc.map.fromValues", "apoc", kValueList, kMap, "Returns the map of keys and values in turn.", kFromValues, from_values},
    {"apoc.map.clean", "apoc", kClean, kMap, "Returns a map without the listed keys and values, nulls and empty strings.", kCleanExamples, clean},
    {"apoc.map.flatten", "apoc", kFlatten, kMap, "Returns nested maps as one, their keys joined by a delimiter.", kFlattenExamples, flatten},
    {"apoc.map.groupBy", "apoc", kGroup, kMap, "Returns the last map for every value of one key.", kGroupBy, group_by},
    {"apoc.map.groupByMulti", "apoc", kGroup, kMap, "Returns the list of maps for every value of one key.", kGroupByMulti, group_by_multi},
    {"apoc.map.sortedProperties", "apoc", kOne, kList, "Returns [key, value] of every entry, by key.", kSorted, sorted_properties},
};

}  // namespace

std::span<const ScalarFunction> apoc_map_functions() { return kFunctions; }

}  // namespace nexus::function
