// Clauses and queries of the syntax tree. Include syntax/ast.h: the parts complete each other.
//
// The parser checks the shape of each clause; which clause may follow which (WITH between
// reading after writing, RETURN last) is refused as InvalidClauseComposition by the binder,
// except where no text could be meant.
#pragma once

#include "syntax/ast_pattern.h"

namespace nexus::syntax {

struct Clause;

// A name made of parts: comp.alias, `a.b`, or a parameter (administration only).
struct SymbolicName {
  std::vector<std::string> parts;        // As written, backticks removed; empty for a parameter.
  std::optional<std::string> parameter;  // $name
  Position position;
  std::string text() const;  // The parts joined by dots.
};

struct GraphReference {
  enum class Kind : std::uint8_t { Name, ByName, ByElementId };
  Kind kind = Kind::Name;
  SymbolicName name;       // Kind::Name only.
  ExpressionPtr argument;  // graph.byName(argument); null for Kind::Name.
};

struct ProjectionItem {
  Expression expression;
  std::optional<std::string> alias;
  std::string text;  // The expression as written: the column's name without alias.
};
struct SortItem {
  Expression expression;
  bool descending = false;
};
struct Ordering {  // ORDER BY … SKIP … LIMIT …
  std::vector<SortItem> order_by;
  ExpressionPtr skip;   // Null when absent.
  ExpressionPtr limit;  // Null when absent.
};
struct Projection {
  bool distinct = false;
  bool star = false;  // *, possibly followed by items.
  std::vector<ProjectionItem> items;
  Ordering ordering;
};

struct Hint {  // USING INDEX n:L(p), USING SCAN n:L, USING JOIN ON a, b
  enum class Kind : std::uint8_t { Index, RangeIndex, TextIndex, PointIndex, Scan, Join };
  Kind kind;
  std::vector<std::string> variables;  // One, or several for Join.
  std::string label;
  std::vector<std::string> properties;
  Position position;
};
enum class MatchMode : std::uint8_t { DifferentRelationships, RepeatableElements };
struct Match {
  bool optional = false;
  MatchMode mode = MatchMode::DifferentRelationships;
  std::vector<PatternPath> patterns;
  std::vector<Hint> hints;
  ExpressionPtr where;  // Null when absent.
};
struct Unwind {
  Expression list;
  std::string variable;
};
struct With {
  Projection projection;
  ExpressionPtr where;  // Null when absent.
  bool is_let = false;  // LET: nothing is grouped, so no aggregate has a place.
};
struct Return {
  Projection projection;
};
struct Create {
  std::vector<PatternPath> patterns;
};

struct SetProperty {
  Expression target;  // PropertyAccess or IndexAccess.
  Expression value;
};
struct SetAll {  // n = map, n += map
  std::string variable;
  Expression value;
  bool add = false;
};
struct SetLabels {
  std::string variable;
  std::vector<LabelName> labels;
};
struct SetItem {
  std::variant<SetProperty, SetAll, SetLabels> node;
  Position position;
};
struct Set {
  std::vector<SetItem> items;
};
struct MergeAction {
  bool on_create = false;  // Otherwise ON MATCH.
  std::vector<SetItem> items;
};
struct Merge {
  PatternPath pattern;
  std::vector<MergeAction> actions;
};
struct RemoveProperty {
  Expression target;  // PropertyAccess or IndexAccess.
};
struct RemoveLabels {
  std::string variable;
  std::vector<LabelName> labels;
};
struct RemoveItem {
  std::variant<RemoveProperty, RemoveLabels> node;
  Position position;
};
struct Remove {
  std::vector<RemoveItem> items;
};
struct Delete {
  bool detach = false;
  std::vector<Expression> targets;
};
struct Foreach {
  std::string variable;
  Expression list;
  std::vector<Clause> body;  // Updating clauses only, at least one.
};

struct YieldItem {
  std::string name;
  std::optional<std::string> alias;
  Position position;
};
struct Yield {
  bool star = false;
  std::vector<YieldItem> items;
  Ordering ordering;    // SHOW and TERMINATE only.
  ExpressionPtr where;  // Null when absent.
};
struct CallProcedure {
  bool optional = false;
  std::vector<std::string> name;  // {"db", "labels"}
  // Absent without parentheses: arguments come from parameters of the same names (standalone only).
  std::optional<std::vector<Expression>> arguments;
  std::optional<Yield> yield;  // Star is for standalone calls only: the binder refuses it elsewhere.
};

struct InTransactions {
  enum class OnError : std::uint8_t { Fail, Continue, Break, Retry };
  bool concurrent = false;
  ExpressionPtr concurrency;  // Null when not given.
  ExpressionPtr rows;         // OF n ROWS; null when not given.
  OnError on_error = OnError::Fail;
  ExpressionPtr retry_seconds;               // Retry only; null when not given.
  OnError after_retry = OnError::Fail;       // Retry only: THEN CONTINUE | BREAK | FAIL.
  std::optional<std::string> report_status;  // REPORT STATUS AS name
};
struct SubqueryScope {  // CALL (a, b) {…}, CALL (*) {…}, CALL () {…}
  bool star = false;
  std::vector<std::string> variables;
};
struct CallSubquery {
  bool optional = false;
  std::optional<SubqueryScope> scope;  // Absent: imports by a leading WITH.
  std::unique_ptr<RegularQuery> query;
  std::optional<InTransactions> in_transactions;
};
struct LoadCsv {
  bool with_headers = false;
  Expression url;
  std::string variable;
  std::optional<std::string> field_terminator;
};
struct Use {  // In a UNION arm or subquery; the leading USE of a statement is Statement::use.
  GraphReference graph;
};
struct Finish {};
// WHEN condition THEN query … [ELSE query]: for each row the first branch whose condition is true. A whole query.
struct Conditional {
  struct Branch {
    ExpressionPtr condition;  // Null: ELSE, the last one.
    std::unique_ptr<RegularQuery> query;
  };
  std::vector<Branch> branches;
};

enum class ShowKind : std::uint8_t {
  Databases, DefaultDatabase, HomeDatabase, Aliases, Users, CurrentUser, Roles, PopulatedRoles, Privileges,
  SupportedPrivileges, Servers, Transactions, Functions, Procedures, Indexes, Constraints, Settings,
};
// SHOW … [YIELD …] [WHERE …]; a RETURN or any other clause follows as its own Clause.
struct ShowCommand {
  ShowKind kind;
  // Databases, Aliases: the name (one SymbolicName). Users, Roles: whose privileges.
  std::vector<SymbolicName> names;
  std::optional<ShowKind> privileges_of;  // Privileges: Users or Roles; absent for all.
  std::vector<Expression> ids;  // Transactions: ids; Settings: names. Each a STRING or a LIST<STRING>.
  // Indexes: RANGE, TEXT, …; Constraints: UNIQUE, NODE KEY, …; Functions: BUILT IN, USER DEFINED;
  // Privileges: AS COMMANDS, AS REVOKE COMMANDS. Upper case.
  std::string filter;
  bool executable = false;                   // Functions, Procedures: EXECUTABLE [BY …].
  std::optional<std::string> executable_by;  // EXECUTABLE BY user.
  bool with_auth = false;                    // Users: WITH AUTH. Roles: WITH USERS.
  std::optional<Yield> yield;
  ExpressionPtr where;  // Without YIELD; null when absent.
};
struct TerminateTransactions {
  std::vector<Expression> ids;
  std::optional<Yield> yield;
};

struct Clause {
  using Node = std::variant<Match, Unwind, With, Return, Create, Merge, Set, Remove, Delete, Foreach, CallProcedure,
                            CallSubquery, LoadCsv, Use, Finish, ShowCommand, TerminateTransactions, Conditional>;
  Node node;
  Position position;
};

struct SingleQuery {
  std::vector<Clause> clauses;  // Not empty.
};
struct UnionPart {
  bool all = false;  // UNION ALL; otherwise UNION [DISTINCT].
  SingleQuery query;
  Position position;
};
struct RegularQuery {
  SingleQuery first;
  std::vector<UnionPart> unions;
  // before NEXT this query: the query whose rows this one begins with; null for the first.
  std::unique_ptr<RegularQuery> before;
};
// The query that runs first.
const RegularQuery& first_query(const RegularQuery& query);
RegularQuery& first_query(RegularQuery& query);

}  // namespace nexus::syntax
