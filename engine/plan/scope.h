// Scope: which names an expression may use, and which slot each one means.
//
// Three layers, the innermost first: locals of list expressions, the variables of the query
// part (WITH replaces them), and what an expression subquery sees of its surroundings, which
// no WITH inside can hide.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"
#include "plan/static_type.h"
#include "syntax/ast.h"

namespace nexus::plan {

struct Variable {
  std::string name;
  Slot slot = 0;
  StaticType type{};
  // Known, but out of reach: dropped by the DISTINCT or aggregation of this projection.
  bool hidden = false;
  // Hidden, and part of a longer grouping key: naming it alone is ambiguous, not unknown.
  bool ambiguous = false;
};

// An expression the projection has computed already; written again it is the slot.
struct Computed {
  const syntax::Expression* expression;
  Slot slot;
  StaticType type;
};

// Where the aggregates of one projection are gathered.
struct Aggregation;

struct Scope {
  std::vector<Variable> outer;
  std::vector<Variable> variables;
  std::vector<Variable> locals;
  std::vector<Computed> computed;
  std::vector<Variable> importable;  // What the leading WITH of a CALL subquery may name.
  bool imports_by_with = false;
  Aggregation* aggregation = nullptr;  // Null where an aggregate has no place.
  bool inside_aggregate = false;       // Its arguments: no aggregate, nothing random.
  std::optional<Slot> csv_line;        // What linenumber() and file() stand for.
  std::optional<Slot> csv_file;
  std::optional<Variable> case_value;  // What CaseSubject stands for.

  const Variable* find(std::string_view name) const;
  bool is_local(std::string_view name) const;
  void declare(Variable variable) { variables.push_back(std::move(variable)); }
  // Narrows what is known of a variable, once a pattern has shown what it must be.
  void refine(Slot slot, StaticType type);
};

// The scope an expression subquery starts with: it sees everything and can hide nothing.
Scope subquery_scope(const Scope& scope);

}  // namespace nexus::plan
