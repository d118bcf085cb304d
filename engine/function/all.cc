// The registry: every function of the language, in the order the reference lists them.
#include <algorithm>

#include "function/apoc/families.h"
#include "function/families.h"
#include "function/general/graph.h"

namespace nexus::function {
namespace {

template <class Function>
struct Registry {
  std::vector<const Function*> listed;
  std::vector<const Function*> by_name;  // Sorted ignoring ASCII case.

  void add(std::span<const Function> family) {
    for (const Function& function : family) listed.push_back(&function);
  }
  void add(std::span<const Function* const> family) { listed.insert(listed.end(), family.begin(), family.end()); }
  void index();
  const Function* find(std::string_view name) const;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool name_less(std::string_view left, std::string_view right) {
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                      [](char a, char b) { return lower(a) < lower(b); });
}

template <class Function>
void Registry<Function>::index() {
  by_name = listed;
  std::sort(by_name.begin(), by_name.end(),
            [](const Function* left, const Function* right) { return name_less(left->name, right->name); });
  for (std::size_t i = 1; i < by_name.size(); ++i) NX_CHECK(name_less(by_name[i - 1]->name, by_name[i]->name));
}

template <class Function>
const Function* Registry<Function>::find(std::string_view name) const {
  const auto at = std::lower_bound(
      by_name.begin(), by_name.end(), name,
      [](const Function* function, std::string_view wanted) { return name_less(function->name, wanted); });
  return at != by_name.end() && !name_less(name, (*at)->name) ? *at : nullptr;
}

Registry<ScalarFunction> build_scalars() {
  Registry<ScalarFunction> registry;
  registry.add(entity_functions());
  registry.add(path_functions());
  registry.add(null_functions());
  registry.add(value_type_functions());
  registry.add(list_functions());
  registry.add(graph_functions());
  registry.add(range_functions());
  registry.add(collection_functions());
  registry.add(scalar_conversions());
  registry.add(list_conversions());
  registry.add(numeric_functions());
  registry.add(round_functions());
  registry.add(trigonometric_functions());
  registry.add(random_functions());
  registry.add(substring_functions());
  registry.add(replace_functions());
  registry.add(trim_functions());
  registry.add(case_functions());
  registry.add(normalize_functions());
  registry.add(point_functions());
  registry.add(vector_functions());
  registry.add(temporal_functions());
  registry.add(apoc_set_functions());
  registry.add(apoc_sequence_functions());
  registry.add(apoc_any_functions());
  registry.add(apoc_map_functions());
  registry.add(apoc_text_functions());
  registry.add(apoc_distance_functions());
  registry.add(apoc_number_functions());
  registry.add(apoc_convert_functions());
  registry.add(apoc_date_functions());
  registry.index();
  return registry;
}

Registry<AggregateFunction> build_aggregates() {
  Registry<AggregateFunction> registry;
  registry.add(count_aggregates());
  registry.add(sum_aggregates());
  registry.add(deviation_aggregates());
  registry.add(percentile_aggregates());
  registry.index();
  return registry;
}

// Constant tables, built on first use because families live in several files.
const Registry<ScalarFunction>& scalars() {
  static const Registry<ScalarFunction> registry = build_scalars();
  return registry;
}

const Registry<AggregateFunction>& aggregates() {
  static const Registry<AggregateFunction> registry = build_aggregates();
  return registry;
}

}  // namespace

std::span<const ScalarFunction* const> scalar_functions() { return scalars().listed; }
std::span<const AggregateFunction* const> aggregate_functions() { return aggregates().listed; }
const ScalarFunction* find_scalar(std::string_view name) { return scalars().find(name); }
const AggregateFunction* find_aggregate(std::string_view name) { return aggregates().find(name); }

}  // namespace nexus::function
