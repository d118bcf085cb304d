// Queries: the sequence of clauses, projections, and what every query has to end with.
#include "syntax/parser_state.h"

namespace nexus::syntax {

namespace {

template <class... Kinds>
bool is_one_of(const Clause& clause) {
  return (std::holds_alternative<Kinds>(clause.node) || ...);
}

}  // namespace

// segment {NEXT segment}
RegularQuery Parser::regular_query() {
  Nesting nesting(*this);
  if (error_) return {};
  RegularQuery query = query_segment();
  while (accept_word("NEXT")) {
    deepen();
    auto before = std::make_unique<RegularQuery>(std::move(query));
    query = query_segment();
    first_query(query).before = std::move(before);
  }
  if (depth_ == 1 && at_end()) check_complete(query);
  return query;
}

// { query } or query {UNION query}
RegularQuery Parser::query_segment() {
  if (!accept(Kind::LeftBrace)) return united_queries();
  RegularQuery query = regular_query();
  expect(Kind::RightBrace, "}");
  return query;
}

// query {UNION [ALL | DISTINCT] query}
RegularQuery Parser::united_queries() {
  RegularQuery query;
  query.first = single_query();
  while (at_word("UNION")) {
    UnionPart part;
    part.position = peek().position;
    take();
    part.all = accept_word("ALL");
    if (!part.all) accept_word("DISTINCT");
    if (!query.unions.empty() && query.unions.front().all != part.all) {
      fail(ErrorCode::InvalidClauseComposition, "UNION and UNION ALL may not be mixed in one query", part.position);
    }
    part.query = single_query();
    query.unions.push_back(std::move(part));
  }
  return query;
}

// WHEN condition THEN query {WHEN condition THEN query} [ELSE query]
Conditional Parser::conditional() {
  Nesting nesting(*this);
  Conditional result;
  const auto branch = [&](ExpressionPtr condition) {
    auto query = std::make_unique<RegularQuery>();
    if (at(Kind::LeftBrace)) *query = query_segment();
    else if (at_word("WHEN")) fail_expected("a clause or '{'");
    else query->first = single_query();
    result.branches.push_back({std::move(condition), std::move(query)});
  };
  while (accept_word("WHEN")) {
    ExpressionPtr condition = predicate();
    expect_word("THEN");
    branch(std::move(condition));
  }
  if (accept_word("ELSE")) branch(nullptr);
  return result;
}

SingleQuery Parser::single_query() {
  SingleQuery query;
  if (at_word("WHEN")) {
    const Position position = peek().position;
    query.clauses.push_back({conditional(), position});
    return query;
  }
  while (clause(query)) check_order(query);
  if (query.clauses.empty()) fail_expected("a clause");
  return query;
}

bool Parser::clause(SingleQuery& query) {
  const Position position = peek().position;
  auto node = clause_node(query);
  if (!node) return false;
  query.clauses.push_back({std::move(*node), position});
  return true;
}

std::optional<Clause::Node> Parser::clause_node(SingleQuery& query) {
  if (!at(Kind::Word)) return std::nullopt;
  const bool is_first = query.clauses.empty();
  if (accept_word("RETURN")) return Return{projection()};
  if (accept_word("WITH")) return With{projection(), optional_where()};
  if (accept_word("CALL")) return call(false, is_first);
  if (accept_words({"OPTIONAL", "CALL"})) return call(true, is_first);
  if (auto node = reading_clause()) return node;
  const Position position = peek().position;
  if (auto node = writing_clause()) {
    if (expression_subqueries_ > 0) {
      fail(ErrorCode::InvalidClauseComposition, "A subquery inside an expression may not change data", position);
    }
    return node;
  }
  if (accept_word("FINISH")) return Finish{};
  if (accept_word("SHOW")) return show();
  if (accept_word("TERMINATE")) return terminate();
  if (at_word("USE")) {
    const bool after_import = query.clauses.size() == 1 && is_one_of<With>(query.clauses[0]);
    if (!is_first && !(depth_ > 1 && after_import)) {
      fail(ErrorCode::MisplacedUse, "USE must be the first clause of a query", peek().position);
    }
    take();
    return Use{graph_reference()};
  }
  return std::nullopt;
}

std::optional<Clause::Node> Parser::reading_clause() {
  if (accept_word("MATCH")) return match(false);
  if (accept_words({"OPTIONAL", "MATCH"})) return match(true);
  if (accept_word("UNWIND")) {
    Unwind unwind{expression_value(), {}};
    expect_word("AS");
    unwind.variable = name("a variable");
    return unwind;
  }
  if (accept_words({"LOAD", "CSV"})) return load_csv();
  if (accept_word("FILTER")) {
    With with = projection_star();
    accept_word("WHERE");
    with.where = predicate();
    return with;
  }
  if (accept_word("LET")) return let_clause();
  if (at_words({"ORDER", "BY"}) || at_any_word({"SKIP", "OFFSET", "LIMIT"})) {
    With with = projection_star();
    ordering(with.projection.ordering);
    with.where = optional_where();
    return with;
  }
  return std::nullopt;
}

// ORDER BY, LIMIT, FILTER and LET as clauses of their own are WITH * in other words.
With Parser::projection_star() {
  With with;
  with.projection.star = true;
  return with;
}

With Parser::let_clause() {
  With with = projection_star();
  with.is_let = true;
  list([&] {
    std::string variable = name("a variable");
    expect(Kind::Equal, "=");
    const std::uint32_t begin = peek().begin;
    Expression value = expression_value();
    with.projection.items.push_back({std::move(value), std::move(variable), source(begin)});
  });
  return with;
}

std::optional<Clause::Node> Parser::writing_clause() {
  if (accept_any_word({"CREATE", "INSERT"})) return Create{patterns()};
  if (accept_word("MERGE")) return merge();
  if (accept_word("SET")) return Set{set_items()};
  if (accept_word("REMOVE")) {
    Remove remove;
    list([&] { remove.items.push_back(remove_item()); });
    return remove;
  }
  if (at_word("DELETE") || at_words({"DETACH", "DELETE"}) || at_words({"NODETACH", "DELETE"})) {
    Delete deletion;
    deletion.detach = accept_word("DETACH");
    accept_word("NODETACH");
    take();
    list([&] { deletion.targets.push_back(expression_value()); });
    return deletion;
  }
  if (accept_word("FOREACH")) return foreach();
  return std::nullopt;
}

// RETURN and FINISH end a query; what SHOW and TERMINATE give needs names before it can be used.
void Parser::check_order(const SingleQuery& query) {
  if (query.clauses.size() < 2) return;
  const Clause& last = query.clauses.back();
  const Clause& before = query.clauses[query.clauses.size() - 2];
  if (is_one_of<Return, Finish>(before)) {
    fail(ErrorCode::InvalidClauseComposition, "No clause may follow RETURN or FINISH", last.position);
  }
  const auto* command = std::get_if<ShowCommand>(&before.node);
  const auto* termination = std::get_if<TerminateTransactions>(&before.node);
  if ((command && !command->yield) || (termination && !termination->yield)) {
    fail(ErrorCode::UnexpectedSyntax, "A clause may follow SHOW or TERMINATE only after YIELD", last.position);
  }
  const auto* procedure = std::get_if<CallProcedure>(&before.node);
  if (procedure && procedure->yield && procedure->yield->star) {
    fail(ErrorCode::UnexpectedSyntax, "YIELD * is for a CALL that stands alone", before.position);
  }
}

void Parser::check_complete(const RegularQuery& query) {
  const auto check = [this](const SingleQuery& single) {
    if (single.clauses.empty()) return;
    const Clause& last = single.clauses.back();
    if (!is_one_of<Match, Unwind, With, LoadCsv, Use>(last)) return;
    fail(ErrorCode::InvalidClauseComposition,
         "A query must end with RETURN, FINISH, an updating clause or CALL", last.position);
  };
  check(query.first);
  for (const UnionPart& part : query.unions) check(part.query);
}

ExpressionPtr Parser::optional_where() { return accept_word("WHERE") ? predicate() : nullptr; }

// RETURN ALL x: the quantifier; RETURN all, all[0], all.x, all(…), all AS a, all + 1: a variable or a predicate.
bool Parser::at_all_quantifier() const {
  if (!at_word("ALL")) return false;
  if (at_name(1)) {
    return !at_any_word({"AS", "ORDER", "SKIP", "OFFSET", "LIMIT", "WHERE", "IS", "IN", "STARTS", "ENDS", "CONTAINS", "AND",
                         "OR", "XOR", "UNION", "NEXT", "MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CREATE", "MERGE", "SET", "REMOVE",
                         "DELETE", "DETACH", "NODETACH", "FOREACH", "CALL", "LOAD", "USE", "INSERT", "FINISH"},
                        1);
  }
  const Kind next = peek(1).kind;
  return next == Kind::Number || next == Kind::String || next == Kind::Parameter || next == Kind::Star;
}

Projection Parser::projection() {
  Projection result;
  result.distinct = accept_word("DISTINCT");
  if (!result.distinct && at_all_quantifier()) take();
  result.star = accept(Kind::Star);
  if (!result.star || accept(Kind::Comma)) list([&] { result.items.push_back(projection_item()); });
  ordering(result.ordering);
  return result;
}

ProjectionItem Parser::projection_item() {
  const std::uint32_t begin = peek().begin;
  ProjectionItem item{expression_value(), std::nullopt, source(begin)};
  if (accept_word("AS")) item.alias = name("a name for the column");
  return item;
}

void Parser::ordering(Ordering& result) {
  if (accept_words({"ORDER", "BY"})) {
    list([&] {
      SortItem item{expression_value()};
      if (accept_any_word({"DESC", "DESCENDING"})) item.descending = true;
      else accept_any_word({"ASC", "ASCENDING"});
      result.order_by.push_back(std::move(item));
    });
  }
  if (accept_any_word({"SKIP", "OFFSET"})) result.skip = expression();
  if (accept_word("LIMIT")) result.limit = expression();
}

// name {. name} | graph.byName(expression) | graph.byElementId(expression)
GraphReference Parser::graph_reference() {
  GraphReference graph;
  const bool is_call = at_words({"GRAPH"}) && at(Kind::Dot, 1) && at(Kind::LeftParenthesis, 3);
  if (is_call && at_any_word({"BYNAME", "BYELEMENTID"}, 2)) {
    graph.kind = at_word("BYNAME", 2) ? GraphReference::Kind::ByName : GraphReference::Kind::ByElementId;
    graph.name.position = peek().position;
    take(4);
    graph.argument = expression();
    expect(Kind::RightParenthesis, ")");
    return graph;
  }
  if (at(Kind::Parameter)) fail_expected("a database name (a parameter needs graph.byName())");
  graph.name = symbolic_name("a database name");
  return graph;
}

}  // namespace nexus::syntax
