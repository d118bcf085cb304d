// graph.names(), graph.propertiesByName(): what a composite database consists of. Execution answers them there;
// called here there is no composite database.
#include "function/general/graph.h"

namespace nexus::function {
namespace {

Error not_composite(std::string_view name) {
  return Error(ErrorCode::NotComposite, std::string(name) + "() is for composite databases only");
}

Result<Value> names(CallContext&, std::span<const Value>) { return not_composite("graph.names"); }
Result<Value> properties_by_name(CallContext&, std::span<const Value>) {
  return not_composite("graph.propertiesByName");
}

constexpr Parameter kName[] = {{"name", types(Type::String)}};

constexpr Example kNamesExamples[] = {{"graph.names()", "error NotComposite"}};
constexpr Example kPropertiesExamples[] = {{"graph.propertiesByName('a.b')", "error NotComposite"},
                                           {"graph.propertiesByName(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {.name = "graph.names", .category = kGraphFunctions, .parameters = {}, .returns = types(Type::List),
     .summary = "Returns the names of the graphs of a composite database.", .examples = kNamesExamples, .call = names,
     .deterministic = false},
    {.name = "graph.propertiesByName", .category = kGraphFunctions, .parameters = kName, .returns = types(Type::Map),
     .summary = "Returns the properties of one graph's alias of a composite database.", .examples = kPropertiesExamples,
     .call = properties_by_name, .deterministic = false},
};

}  // namespace

std::span<const ScalarFunction> graph_functions() { return kFunctions; }

}  // namespace nexus::function
