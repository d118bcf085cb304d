// hydrate(): turns bare entity ids into what a result carries: labels, properties, element ids.
#pragma once

#include "exec/graph.h"

namespace nexus::exec {

// Deep: also inside lists, maps and paths. An entity this statement has deleted keeps its id,
// a relationship its type and ends; the rest is empty.
Value hydrate_entities(const Graph& graph, const Value& value);

inline Value hydrate(const Graph& graph, const Value& value) {
  // What can hold no entity is by far the most frequent.
  const Type type = value.type();
  if (type <= Type::String || type > Type::Path) return value;
  return hydrate_entities(graph, value);
}

}  // namespace nexus::exec
