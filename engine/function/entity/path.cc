// The parts of a path: nodes(), relationships(), length().
#include "function/families.h"

namespace nexus::function {
namespace {

Result<Value> nodes(CallContext&, Arguments arguments) { return Value::list(arguments[0].path().nodes); }

Result<Value> relationships(CallContext&, Arguments arguments) {
  return Value::list(arguments[0].path().relationships);
}

Result<Value> length(CallContext&, Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(arguments[0].path().relationships.size()));
}

constexpr Parameter kPathParameter[] = {{"path", types(Type::Path)}};
constexpr Example kNodesExamples[] = {{"nodes(null)", "null"}};
constexpr Example kRelationshipsExamples[] = {{"relationships(null)", "null"}};
constexpr Example kLengthExamples[] = {{"length(null)", "null"}};
constexpr Example kPathLengthExamples[] = {{"path_length(null)", "null"}};

constexpr ScalarFunction kFunctions[] = {
    {"nodes", "path", kPathParameter, types(Type::List), "Returns the nodes of a path in order.", kNodesExamples,
     nodes},
    {"relationships", "path", kPathParameter, types(Type::List), "Returns the relationships of a path in order.",
     kRelationshipsExamples, relationships},
    {"length", "path", kPathParameter, types(Type::Integer), "Returns the number of relationships in a path.",
     kLengthExamples, length},
    {"path_length", "path", kPathParameter, types(Type::Integer), "The same as length().", kPathLengthExamples, length},
};

}  // namespace

std::span<const ScalarFunction> path_functions() { return kFunctions; }

}  // namespace nexus::function
