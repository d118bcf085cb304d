// hydrate(): turns bare entity ids into what a result carries: labels, properties, element ids.
#pragma once

#include "exec/graph.h"

namespace nexus::exec {

// Deep: also inside lists, maps and paths. An entity this statement has deleted keeps its id,
// a relationship its type and ends; the rest is empty.
Value hydrate(const Graph& graph, const Value& value);

}  // namespace nexus::exec
