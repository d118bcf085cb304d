// Names and values in administration commands: literals and parameters, nothing that computes.
#pragma once

#include <string>

#include "base/result.h"
#include "nexus/value.h"
#include "syntax/ast.h"

namespace nexus::instance {

// MissingParameter; InvalidArgumentType when it is not a string.
Result<std::string> name_value(const syntax::SymbolicName& name, const Map& parameters);
// USE's target. NotImplemented for graph.byElementId().
Result<std::string> graph_name(const syntax::GraphReference& graph, const Map& parameters);
// NonConstantExpression for anything but a literal or a parameter.
Result<Value> literal_value(const syntax::Expression& expression, const Map& parameters);

}  // namespace nexus::instance
