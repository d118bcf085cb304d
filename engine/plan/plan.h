// The logical plan: what a statement does, as data.
//
// A plan is a chain of operators, each with one input (null: a single empty row), over
// one frame of `Statement::frame_width` slots. A row is a frame; operators fill slots.
//
// Write operators are barriers: they consume their whole input, write, then emit, so a
// clause never sees its own writes and a later clause sees all of them (openCypher 9).
// Merge alone works row by row against the live state.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "plan/expression.h"

namespace nexus::plan {

enum class Direction : std::uint8_t { Outgoing, Incoming, Both };

// One row: the outer row of an Apply, an expression subquery, a Foreach or the empty first row.
struct Argument {};

struct AllNodesScan { PlanPtr input; Slot node; };
struct LabelScan { PlanPtr input; Slot node; std::string label; };
// Nodes whose id() or elementId() is the value, or is among a list of them.
struct NodeByIdSeek { PlanPtr input; Slot node; ExpressionPtr ids; bool element_ids = false; };
struct RelationshipByIdSeek { PlanPtr input; Slot relationship; ExpressionPtr ids; bool element_ids = false; };
// What an index is asked: entities whose first keys equal `equal` and whose next key lies among the
// items of a list, starts with a prefix, or lies within bounds. All that follows may be null.
// Invariant: it answers candidates; a Filter above tests the predicates it was made from. In a
// database without such an index it answers every entity with the label or type.
struct IndexSeek {
  std::string label;              // Or type.
  std::vector<std::string> keys;  // All keys of the index.
  std::vector<ExpressionPtr> equal;
  ExpressionPtr among;
  ExpressionPtr lower; ExpressionPtr upper;
  ExpressionPtr prefix;
};
struct NodeIndexSeek { PlanPtr input; Slot node; IndexSeek seek; };
struct RelationshipIndexSeek { PlanPtr input; Slot relationship; IndexSeek seek; };
// Every relationship once (Outgoing: from = start), or twice for Both; for patterns with nothing bound.
struct RelationshipScan {
  PlanPtr input;
  Slot from; Slot relationship; Slot to;
  Direction direction;
  std::vector<std::string> types;
};

// From one bound node over single relationships. When `to_bound`, only relationships that end
// at the node already in `to` are emitted; when `relationship_bound`, only that relationship.
// A null (OPTIONAL) `from` emits nothing. Relationships in `distinct_from` slots (single or
// lists) are skipped: the uniqueness rule of one MATCH.
struct Expand {
  PlanPtr input;
  Slot from; Slot relationship; Slot to;
  Direction direction;
  std::vector<std::string> types;  // Empty: any.
  bool to_bound = false;
  bool relationship_bound = false;
  std::vector<Slot> distinct_from;
};

// Like Expand over min..max relationships (trail semantics); `relationships` becomes a list.
// `step_relationship` and `step_node` are scratch slots that `step_predicate` may read for each step.
struct VarExpand {
  PlanPtr input;
  Slot from; Slot relationships; Slot to;
  Direction direction;
  std::vector<std::string> types;
  std::uint64_t min = 1;
  std::optional<std::uint64_t> max;
  bool to_bound = false;
  bool relationships_bound = false;  // The list in the slot must match the walk exactly.
  bool reversed = false;             // Planned from the right end: emit the list in pattern order.
  Slot step_relationship; Slot step_node;
  ExpressionPtr step_predicate;  // May be null.
  std::vector<Slot> distinct_from;
  bool repeatable = false;  // Relationships may come back (REPEATABLE ELEMENTS).
};

// A quantified group ((x)-[r]->(y) WHERE …){min,max}: `inner` finds one iteration from the node in
// `inner_from` to the one in `inner_to`; the walk strings iterations together. Every variable of
// the group becomes a list with one item an iteration, in the order of the pattern.
struct RepeatExpand {
  struct Variable { Slot inner; Slot list; };
  enum class Shortest : std::uint8_t { No, Some, Groups };  // The first `count` paths, or lengths with all their paths.
  PlanPtr input; PlanPtr inner;
  Slot from; Slot to;
  Slot inner_from; Slot inner_to;
  std::vector<Slot> steps;  // The relationships of an iteration, in the order of the pattern.
  Slot relationships;       // All relationships of the walk, one flat list.
  std::vector<Variable> variables;
  std::uint64_t min = 1;
  std::optional<std::uint64_t> max;
  bool to_bound = false;
  bool reversed = false;
  bool repeatable = false;
  Shortest shortest = Shortest::No;  // Then `to` is bound.
  std::uint64_t count = 1;
  std::vector<Slot> distinct_from;
};

// A selector over whole paths: of the input rows with the same ends it keeps the shortest, by the
// number of relationships in `relationships` (single or lists). Ties: in the order they come.
struct SelectPaths {
  PlanPtr input;
  Slot start; Slot end;
  std::vector<Slot> relationships;
  bool groups = false;   // `count` different lengths with all their paths, else `count` paths.
  ExpressionPtr count;   // Null: 1.
};

struct ProjectionItem { Slot slot; ExpressionPtr expression; };

// shortestPath / allShortestPaths between two bound nodes, SHORTEST k.
struct ShortestPath {
  PlanPtr input;
  Slot from; Slot relationships; Slot to;
  Direction direction;
  std::vector<std::string> types;
  std::uint64_t min = 1;
  std::optional<std::uint64_t> max;
  bool all = false;         // All paths of `count` different lengths, else `count` paths.
  std::uint64_t count = 1;
  Slot step_relationship; Slot step_node;
  ExpressionPtr step_predicate;
  // What a path must be to count; `paths` are what the predicate reads, made from the slots of this pattern.
  std::vector<ProjectionItem> paths;
  ExpressionPtr predicate;
};

struct Filter { PlanPtr input; ExpressionPtr predicate; };
// For each input row run `inner` (it starts at Argument); emit its rows, or, when it has none,
// the input row with `null_slots` set to null.
struct OptionalApply { PlanPtr input; PlanPtr inner; std::vector<Slot> null_slots; };
// CALL { … }: emits inner's rows; a unit subquery (no RETURN) emits the input row once, after running.
struct Apply { PlanPtr input; PlanPtr inner; bool unit = false; };

// CALL { … } IN TRANSACTIONS: takes `rows` input rows at a time and runs `inner` for each of them in
// a transaction of their own. What a failed or skipped batch would have returned is null.
struct TransactionalApply {
  enum class OnError : std::uint8_t { Fail, Continue, Break };
  PlanPtr input; PlanPtr inner;
  bool unit = false;
  ExpressionPtr rows;  // Null: 1,000.
  OnError on_error = OnError::Fail;
  std::vector<Slot> results;
  std::optional<Slot> status;  // {started, committed, transactionId, errorMessage}
  bool retries = false;  // What may pass is tried again before `on_error`, for `seconds`; null: 30.
  ExpressionPtr seconds = nullptr;
};

// Evaluates all items against the old row, then assigns them. Slots not in `live` (if given)
// are cleared so that they hold no memory.
struct Project { PlanPtr input; std::vector<ProjectionItem> items; std::vector<Slot> live; };
struct AggregateItem {
  Slot slot;
  const function::AggregateFunction* function;
  std::vector<ExpressionPtr> arguments;  // Empty: count(*).
  bool distinct = false;
};
// One row per group of equivalent `grouping` values; with no grouping exactly one row.
// Other slots of an output row are null (outer argument slots keep their values).
struct Aggregate { PlanPtr input; std::vector<ProjectionItem> grouping; std::vector<AggregateItem> aggregates; };
struct Distinct { PlanPtr input; std::vector<Slot> slots; };
struct SortKey { ExpressionPtr expression; bool descending = false; };
// limit: keep only the first n (a top-n heap); evaluated once like Skip and Limit.
struct Sort { PlanPtr input; std::vector<SortKey> keys; ExpressionPtr limit; };
struct Skip { PlanPtr input; ExpressionPtr count; };
struct Limit { PlanPtr input; ExpressionPtr count; };
struct Unwind { PlanPtr input; ExpressionPtr list; Slot slot; };
// A row per record of a CSV file; the record is a list of strings, or with headers a map.
struct LoadCsv {
  PlanPtr input;
  ExpressionPtr url;
  Slot row; Slot line; Slot file;  // line: number of the line the record ends on.
  bool with_headers = false;
  char delimiter = ',';
};
struct Union { std::vector<PlanPtr> inputs; };  // UNION ALL; Distinct goes on top. Arms fill the same slots.
struct Eager { PlanPtr input; };

struct LabelSource { std::string name; ExpressionPtr expression; };  // expression: dynamic, else null.
// `properties`: a map, or nothing.
struct CreateNode { Slot slot; std::vector<LabelSource> labels; ExpressionPtr properties; };
struct CreateRelationship { Slot slot; Slot start; Slot end; LabelSource type; ExpressionPtr properties; };
struct Create {
  PlanPtr input;
  std::vector<std::variant<CreateNode, CreateRelationship>> items;
};
struct SetProperty { ExpressionPtr subject; std::string key; ExpressionPtr dynamic_key; ExpressionPtr value; };
struct SetProperties { Slot subject; ExpressionPtr value; bool merge = false; };  // = map, += map
struct SetLabels { Slot subject; std::vector<LabelSource> labels; };
struct RemoveProperty { ExpressionPtr subject; std::string key; ExpressionPtr dynamic_key; };
struct RemoveLabels { Slot subject; std::vector<LabelSource> labels; };
using UpdateItem = std::variant<SetProperty, SetProperties, SetLabels, RemoveProperty, RemoveLabels>;
struct Update { PlanPtr input; std::vector<UpdateItem> items; };
struct Delete { PlanPtr input; std::vector<ExpressionPtr> targets; bool detach = false; };
// Per input row: run `match` from Argument; if it has rows emit them (after on_match), else
// create `items` (after on_create). Never matches on null properties (MergeReadOwnWrites).
struct Merge {
  PlanPtr input;
  PlanPtr match;
  std::vector<std::variant<CreateNode, CreateRelationship>> items;
  std::vector<UpdateItem> on_create;
  std::vector<UpdateItem> on_match;
};
struct Foreach { PlanPtr input; Slot variable; ExpressionPtr list; PlanPtr inner; };

// USE inside a query: for each input row `inner` (it starts at Argument) runs on the graph that `name` says. Only on a
// composite database is that another graph; `imports` are the slots that come from outside.
struct UseGraph {
  PlanPtr input;
  ExpressionPtr name;
  bool is_element_id = false;  // `name` is an element id of the graph.
  PlanPtr inner;
  bool writes = false;
  std::vector<Slot> imports;
};

struct ProcedureYield { std::uint32_t column; Slot slot; };
// For each input row call the procedure; emit one row per result row, or, for a procedure
// without output columns, the input row. Also the source of every SHOW command.
struct ProcedureCall {
  PlanPtr input;
  std::string name;
  std::vector<ExpressionPtr> arguments;
  std::vector<ProcedureYield> yields;
};

using Operator =
    std::variant<Argument, AllNodesScan, LabelScan, NodeByIdSeek, RelationshipByIdSeek, NodeIndexSeek,
                 RelationshipIndexSeek, RelationshipScan, Expand, VarExpand, RepeatExpand, SelectPaths, ShortestPath,
                 Filter, OptionalApply, Apply, TransactionalApply, Project, Aggregate, Distinct, Sort, Skip, Limit,
                 Unwind, LoadCsv, Union, Eager, Create, Update, Delete, Merge, Foreach, ProcedureCall, UseGraph>;

struct Plan {
  Operator op;
  template <class Op>
  explicit Plan(Op alternative) : op(std::move(alternative)) {}
  Plan(Plan&&) noexcept = default;
  Plan& operator=(Plan&&) noexcept = default;
  ~Plan();
};

enum class StatementType : std::uint8_t { Read, ReadWrite, Write, Schema, System };

// What the statement calls its slots, for people: empty where nobody named one, or shorter than the frame.
using SlotNames = std::vector<std::string>;

struct ResultColumn { std::string name; Slot slot; };

// One USE inside a statement, for those who must know before it runs.
struct GraphUse {
  std::optional<std::string> name;       // Written out, or
  std::optional<std::string> parameter;  // given as a parameter; neither: computed while running.
  bool is_element_id = false;
  Position position;
};

// A whole bound statement. `columns` is empty when it returns nothing.
struct Statement {
  PlanPtr root;
  std::uint32_t frame_width = 0;
  SlotNames slot_names;
  std::vector<ResultColumn> columns;
  StatementType type = StatementType::Read;
  std::vector<std::string> parameters;  // Names the statement uses.
  std::vector<GraphUse> uses;
  bool begins_with_use = false;  // The first of `uses` is the statement's own.
  std::optional<Position> graph_access;  // The first place outside of any USE that needs a graph.
  bool has_index_hints = false;         // Binding it without knowing the indexes has not checked them.
  bool in_transactions = false;  // Holds CALL … IN TRANSACTIONS: runs outside explicit transactions only.
  bool writes() const { return type != StatementType::Read; }
};

// What the binder must know of CALL-able procedures; procedure/ implements it.
struct ProcedureSignature {
  struct Field { std::string name; function::TypeSet types = function::kAny; std::string type_text; };
  std::string name;
  std::vector<Field> inputs;
  std::vector<Field> outputs;
  std::vector<Value> defaults;  // For the last inputs.
  bool writes = false;
  bool is_system_allowed = false;
  std::string description;  // One sentence, for SHOW PROCEDURES.
  std::vector<std::string> default_outputs;  // SHOW commands: the columns without YIELD; empty means all.
};
class ProcedureSignatures {
 public:
  virtual ~ProcedureSignatures() = default;
  // Ignores case. SHOW commands look up "SHOW DATABASES", "SHOW FUNCTIONS", …; the name argument
  // of SHOW DATABASE name is the one optional input.
  virtual const ProcedureSignature* find(std::string_view name) const = 0;
  // All names that CALL can use, for hints.
  virtual std::vector<std::string> names() const = 0;
};

template <class Op>
PlanPtr make_plan(Op op) {
  return std::make_unique<Plan>(std::move(op));
}

// One operator's line in the text of a plan. A slot without a name is written _0, _1, …
std::string title(const Plan& plan, const SlotNames& names);
// The indented text of a plan, one operator a line: for EXPLAIN and the plan blocks of .cyt.
std::string to_text(const Plan& plan, const SlotNames& names);

}  // namespace nexus::plan
