#include "plan/scope.h"

#include <algorithm>

namespace nexus::plan {
namespace {

const Variable* find_last(const std::vector<Variable>& variables, std::string_view name) {
  for (auto at = variables.rbegin(); at != variables.rend(); ++at) {
    if (at->name == name) return &*at;
  }
  return nullptr;
}

}  // namespace

const Variable* Scope::find(std::string_view name) const {
  if (const Variable* found = find_last(locals, name)) return found;
  if (const Variable* found = find_last(variables, name)) return found;
  return find_last(outer, name);
}

bool Scope::is_local(std::string_view name) const { return find_last(locals, name) != nullptr; }

void Scope::refine(Slot slot, StaticType type) {
  for (Variable& variable : variables) {
    if (variable.slot == slot) variable.type = type;
  }
}

Scope subquery_scope(const Scope& scope) {
  Scope inner;
  inner.outer = scope.outer;
  inner.outer.insert(inner.outer.end(), scope.variables.begin(), scope.variables.end());
  inner.outer.insert(inner.outer.end(), scope.locals.begin(), scope.locals.end());
  return inner;
}

}  // namespace nexus::plan
