// The Binder: one statement's state while names become slots, and one method per construct.
//
// One class because expressions hold subqueries and clauses hold expressions; one file per
// concern: binder.cc and binder_sequence.cc (queries), binder_match.cc, binder_projection.cc, binder_expression.cc,
// binder_function.cc, binder_update.cc, binder_call.cc.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/binder.h"
#include "plan/pattern_graph.h"
#include "plan/scope.h"

namespace nexus::plan {

struct Typed {
  ExpressionPtr expression;
  StaticType type{};
};

struct OutputColumn {
  std::string name;
  Slot slot;
  StaticType type{};
};

struct Aggregation {
  const Scope* input;  // What the arguments may use.
  std::vector<AggregateItem> items;
  std::vector<Computed> computed;  // By the items' own expressions.
};

// What surrounds a query decides how it may end and what it may do.
// ReadCall: a CALL subquery somewhere inside an expression.
enum class QueryPlace : std::uint8_t { Statement, Call, ReadCall, Exists, Count, Collect };

struct BoundQuery {
  PlanPtr plan;
  std::vector<OutputColumn> columns;
  bool returns = false;
  bool writes = false;
};

// A query part while its clauses are bound one after the other.
struct QueryState {
  PlanPtr plan;
  Scope scope;
  QueryPlace place = QueryPlace::Statement;
  bool alone = false;  // The clause is the whole statement: a standalone CALL.
  bool wrote_since_with = false;
  bool ended = false;  // RETURN, FINISH or a standalone CALL has been seen.
  std::vector<OutputColumn> columns;
  bool returns = false;
  bool last_is_unit = false;  // The last clause was a CALL subquery without RETURN.
};

enum class PatternUse : std::uint8_t {
  Match,      // New names are declared.
  Predicate,  // Every name must be known.
};

class Binder {
 public:
  explicit Binder(const BindOptions& options) : options_(options) {}
  Result<Statement> statement(const syntax::RegularQuery& query);

 private:
  // binder.cc
  Result<BoundQuery> bind_query(const syntax::RegularQuery& query, const Scope& scope, QueryPlace place);
  // `start`: where its rows begin; null: at the empty row or the Argument that `place` has.
  Result<BoundQuery> bind_single(const syntax::SingleQuery& query, const Scope& scope, QueryPlace place, bool alone,
                                 PlanPtr start = nullptr);
  Result<BoundQuery> bind_union(const syntax::RegularQuery& query, const Scope& scope, QueryPlace place,
                                const std::function<PlanPtr()>& start = {});
  Result<> bind_clause(const syntax::Clause& clause, QueryState& state);
  Result<> import_by_with(const syntax::With& with, const Scope& scope, Scope& into);
  Result<> check_order(const syntax::Clause& clause, const QueryState& state) const;
  Result<> check_end(const syntax::SingleQuery& query, const QueryState& state) const;
  Result<std::optional<UseGraph>> bind_use(const syntax::Clause& clause, const Scope& scope);
  Result<BoundQuery> bind_clauses(const syntax::SingleQuery& query, std::size_t first, QueryState state);
  void note_graph_access(Position position) {
    if (use_depth_ == 0 && !graph_access_) graph_access_ = position;
  }
  Result<> bind_unwind(const syntax::Unwind& unwind, Position position, QueryState& state);

  // binder_sequence.cc
  Result<BoundQuery> bind_next(const syntax::RegularQuery& query, const Scope& scope, QueryPlace place);
  Result<BoundQuery> bind_union_next(const syntax::RegularQuery& query, BoundQuery before, Scope scope,
                                     QueryPlace place);
  Result<> bind_conditional(const syntax::Conditional& conditional, Position position, QueryState& state);
  Result<PlanPtr> bind_branches(const syntax::Conditional& conditional, Slot choice, QueryState& state, bool& writes);

  // binder_match.cc
  Result<> bind_match(const syntax::Match& match, Position position, QueryState& state);
  Result<PatternGraph> bind_pattern(const std::vector<const syntax::PatternPath*>& paths,
                                    const syntax::Expression* where, Scope& scope, PatternUse use,
                                    bool repeatable = false);
  Result<std::vector<IndexHint>> bind_hints(const std::vector<syntax::Hint>& hints, const Scope& scope,
                                            PatternGraph& graph);
  Result<Typed> bind_pattern_expression(const syntax::PatternPath& pattern, Position position, const Scope& scope);
  Result<Typed> bind_pattern_comprehension(const syntax::PatternComprehension& comprehension, Position position,
                                           const Scope& scope);
  friend class PatternBinder;

  // binder_projection.cc
  Result<> check_let(const syntax::With& with) const;
  Result<> bind_projection(const syntax::Projection& projection, const syntax::Expression* where, bool is_with,
                           Position position, QueryState& state);
  friend class ProjectionBinder;
  Result<> bind_sort(const std::vector<syntax::SortItem>& items, Scope& scope, PlanPtr& plan);
  Result<> bind_row_limits(const syntax::Ordering& ordering, PlanPtr& plan);
  Result<ExpressionPtr> bind_row_count(const syntax::Expression& expression, std::string_view clause);

  // binder_expression.cc
  Result<Typed> bind_expression(const syntax::Expression& expression, Scope& scope);
  Result<Typed> bind_node(const syntax::Expression& expression, Scope& scope);
  Result<Typed> bind_boolean(const syntax::Expression& expression, Scope& scope, std::string_view where);
  Result<Typed> bind_variable(const std::string& name, Position position, const Scope& scope);
  Result<Typed> bind_logical(LogicalOperator op, const std::vector<syntax::Expression>& operands, Position position,
                             Scope& scope);
  Result<Typed> bind_comparison(const syntax::Comparison& comparison, Position position, Scope& scope);
  Result<Typed> bind_arithmetic(const syntax::Arithmetic& arithmetic, Position position, Scope& scope);
  Result<Typed> bind_predicate_operator(const syntax::Predicate& predicate, Position position, Scope& scope);
  Result<Typed> bind_property(const syntax::PropertyAccess& access, Position position, Scope& scope);
  Result<Typed> bind_index(const syntax::IndexAccess& access, Position position, Scope& scope);
  Result<Typed> bind_slice(const syntax::ListSlice& slice, Position position, Scope& scope);
  Result<Typed> bind_sign(const syntax::Sign& sign, Position position, Scope& scope);
  Result<Typed> bind_list(const syntax::ListLiteral& list, Position position, Scope& scope);
  Result<Typed> bind_map(const syntax::MapLiteral& map, Position position, Scope& scope);
  Result<Typed> bind_map_projection(const syntax::MapProjection& projection, Position position, Scope& scope);
  Result<Typed> bind_is_typed(const syntax::IsTyped& typed, Position position, Scope& scope);
  Result<Typed> bind_is_normalized(const syntax::IsNormalized& normalized, Position position, Scope& scope);
  Result<Typed> bind_has_labels(const syntax::HasLabels& labels, Position position, Scope& scope);
  Result<LabelTestPtr> bind_labels(const syntax::LabelExpression& labels, Scope& scope);

  // binder_type.cc holds the type tests and labels.

  // binder_list.cc: expressions with variables of their own, and CASE.
  Result<Typed> bind_list_comprehension(const syntax::ListComprehension& comprehension, Position position,
                                        Scope& scope);
  Result<Typed> bind_quantifier(const syntax::QuantifierExpression& quantifier, Position position, Scope& scope);
  Result<Typed> bind_reduce(const syntax::Reduce& reduce, Position position, Scope& scope);
  Result<Typed> bind_case(const syntax::CaseExpression& expression, Position position, Scope& scope);
  Result<Typed> bind_case_branches(const syntax::CaseExpression& expression, CaseOf made, Position position,
                                   Scope& scope);
  Result<Typed> bind_case_by_value(const syntax::CaseExpression& expression, Position position, Scope& scope);
  Result<Typed> bind_list_operand(const syntax::Expression& list, std::string_view what, Scope& scope);

  // binder_function.cc
  Result<Typed> bind_function(const syntax::FunctionCall& call, const syntax::Expression& expression, Scope& scope);
  Result<Typed> bind_count_star(const syntax::Expression& expression, Scope& scope);
  Result<Typed> bind_aggregate(const function::AggregateFunction& function, const syntax::Expression& expression,
                               const std::vector<syntax::Expression>& arguments, bool distinct, Scope& scope);
  struct Arguments {
    std::vector<ExpressionPtr> expressions;
    std::vector<StaticType> types;
  };
  Result<Arguments> bind_arguments(std::string_view name, const std::vector<syntax::Expression>& arguments,
                                   std::span<const function::Parameter> parameters, bool variadic, Position position,
                                   Scope& scope);
  Result<Typed> bind_subquery(const syntax::SubqueryExpression& subquery, Position position, const Scope& scope);

  // binder_update.cc
  Result<> bind_create(const syntax::Create& create, QueryState& state);
  Result<> bind_merge(const syntax::Merge& merge, Position position, QueryState& state);
  Result<> bind_set(const syntax::Set& set, QueryState& state);
  Result<> bind_remove(const syntax::Remove& remove, QueryState& state);
  Result<> bind_delete(const syntax::Delete& deletion, QueryState& state);
  Result<> bind_foreach(const syntax::Foreach& foreach, Position position, QueryState& state);
  Result<std::vector<UpdateItem>> bind_set_items(const std::vector<syntax::SetItem>& items, Scope& scope);
  struct PropertyTarget {
    ExpressionPtr subject;
    std::string key;
    ExpressionPtr dynamic_key;
  };
  Result<PropertyTarget> bind_property_target(const syntax::Expression& target, Scope& scope);
  Result<> check_merge(const syntax::PatternPath& path, const Scope& scope) const;
  Result<Slot> bind_entity(const std::string& name, Position position, const Scope& scope);
  Result<std::vector<LabelSource>> bind_label_sources(const std::vector<syntax::LabelName>& labels, Scope& scope);
  friend class CreationBinder;

  // binder_call.cc
  Result<> bind_call(const syntax::CallProcedure& call, Position position, QueryState& state);
  Result<> bind_call_subquery(const syntax::CallSubquery& call, Position position, QueryState& state);
  Result<> bind_in_transactions(const syntax::CallSubquery& call, BoundQuery query, std::vector<Slot> slots,
                                Position position, QueryState& state);
  Result<> bind_load_csv(const syntax::LoadCsv& load, Position position, QueryState& state);
  Result<> bind_show(const syntax::ShowCommand& show, Position position, QueryState& state);
  Result<Scope> subquery_imports(const syntax::CallSubquery& call, Position position, const Scope& scope);
  Result<> bind_procedure_arguments(const syntax::CallProcedure& call, const ProcedureSignature& signature,
                                    Position position, QueryState& state, ProcedureCall& made);
  Result<std::vector<OutputColumn>> bind_yield_items(const syntax::Yield& yield, const ProcedureSignature& signature,
                                                     Scope& scope, ProcedureCall& made);
  // Yields the named outputs under their own names, all of them when no name is given.
  std::vector<OutputColumn> yield_named(const std::vector<std::string>& names, const ProcedureSignature& signature,
                                        Scope& scope, ProcedureCall& made);
  Result<> bind_terminate(const syntax::TerminateTransactions& terminate, Position position, QueryState& state);
  Result<> bind_ids(const std::vector<syntax::Expression>& ids, Position position, QueryState& state,
                    ProcedureCall& made);
  Result<> bind_show_rows(ProcedureCall made, const syntax::Yield* yield, const syntax::Expression* where,
                          Position position, QueryState& state);

  // `name` is what EXPLAIN calls it; empty: nobody named it.
  Slot new_slot(std::string_view name = {}) {
    if (!name.empty()) name_slot(next_slot_, name);
    return next_slot_++;
  }
  Slot new_slot_for(const std::optional<std::string>& name) { return name ? new_slot(*name) : new_slot(); }
  // The first name stays.
  void name_slot(Slot slot, std::string_view name) {
    if (slot >= slot_names_.size()) slot_names_.resize(slot + 1);
    if (slot_names_[slot].empty()) slot_names_[slot] = name;
  }
  void use_parameter(const std::string& name);
  void note_reference(Slot slot) {
    if (references_ != nullptr) references_->push_back(slot);
  }

  const BindOptions& options_;
  Slot next_slot_ = 0;
  std::vector<std::string> slot_names_;
  std::vector<std::string> parameters_;
  std::vector<Slot>* references_ = nullptr;  // Gathers every slot that is read, when someone asks.
  bool writes_ = false;
  int use_depth_ = 0;
  std::vector<GraphUse> uses_;
  std::optional<Position> graph_access_;
  bool has_index_hints_ = false;
  bool in_transactions_ = false;         // CALL … IN TRANSACTIONS has been seen,
  bool writes_in_transactions_ = false;  // and its batches write.
  int subquery_depth_ = 0;  // Rows inside a subquery carry the outer row: nothing of it may be cleared.
};

// A refusal before anything runs.
Error refuse(ErrorCode code, std::string message, Position position);
// The parts of a qualified name with '.' between them.
std::string dotted(const std::vector<std::string>& parts);
bool may_write(QueryPlace place);
bool is_update(const syntax::Clause& clause);
bool contains_aggregate(const syntax::Expression& expression);
// Calls `visit` for each direct child expression; those of patterns and subqueries are left out.
void for_each_child(const syntax::Expression& expression, const std::function<void(const syntax::Expression&)>& visit);

}  // namespace nexus::plan
