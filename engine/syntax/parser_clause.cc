// Clauses that need more than a line: MATCH, SET, MERGE, FOREACH, CALL, LOAD CSV.
#include "syntax/parser_state.h"

namespace nexus::syntax {

Match Parser::match(bool optional) {
  Match match;
  match.optional = optional;
  if (accept_words({"REPEATABLE", "ELEMENT"}) || accept_words({"REPEATABLE", "ELEMENTS"})) {
    match.mode = MatchMode::RepeatableElements;
    accept_word("BINDINGS");
  } else if (accept_words({"DIFFERENT", "RELATIONSHIP"}) || accept_words({"DIFFERENT", "RELATIONSHIPS"})) {
    accept_word("BINDINGS");
  }
  match.patterns = patterns();
  while (at_word("USING")) match.hints.push_back(hint());
  match.where = optional_where();
  return match;
}

Hint Parser::hint() {
  Hint hint{Hint::Kind::Index, {}, {}, {}, peek().position};
  take();
  if (accept_words({"JOIN", "ON"})) {
    hint.kind = Hint::Kind::Join;
    list([&] { hint.variables.push_back(name("a variable")); });
    return hint;
  }
  if (accept_word("SCAN")) {
    hint.kind = Hint::Kind::Scan;
  } else {
    if (accept_word("RANGE")) hint.kind = Hint::Kind::RangeIndex;
    else if (accept_word("TEXT")) hint.kind = Hint::Kind::TextIndex;
    else if (accept_word("POINT")) hint.kind = Hint::Kind::PointIndex;
    expect_word("INDEX");
    if (at_word("SEEK") && !at(Kind::Colon, 1)) take();
  }
  hint.variables.push_back(name("a variable"));
  expect(Kind::Colon, ":");
  hint.label = name("a label");
  if (hint.kind == Hint::Kind::Scan) return hint;
  expect(Kind::LeftParenthesis, "(");
  list([&] { hint.properties.push_back(name("a property key")); });
  expect(Kind::RightParenthesis, ")");
  return hint;
}

std::vector<SetItem> Parser::set_items() {
  std::vector<SetItem> items;
  list([&] { items.push_back(set_item()); });
  return items;
}

SetItem Parser::set_item() {
  const Position position = peek().position;
  if (at_name() && (at(Kind::Colon, 1) || at_word("IS", 1))) {
    SetLabels labels{name("a variable"), label_list()};
    return {std::move(labels), position};
  }
  if (at_name() && (at(Kind::Equal, 1) || at(Kind::PlusEqual, 1))) {
    SetAll all{name("a variable"), {}, at(Kind::PlusEqual)};
    take();
    all.value = expression_value();
    return {std::move(all), position};
  }
  ExpressionPtr target = property_target();
  expect(Kind::Equal, "=");
  return {SetProperty{std::move(*target), expression_value()}, position};
}

// variable.key, (expression).key, variable[expression]
ExpressionPtr Parser::property_target() {
  Nesting nesting(*this);
  const Position position = peek().position;
  ExpressionPtr target = error_ ? make(NullLiteral{}, position) : postfix(atom(), false);
  const auto& node = target->node;
  if (!std::holds_alternative<PropertyAccess>(node) && !std::holds_alternative<IndexAccess>(node)) {
    fail(ErrorCode::UnexpectedSyntax, "Expected a property or labels to change", position);
  }
  return target;
}

RemoveItem Parser::remove_item() {
  const Position position = peek().position;
  if (at_name() && (at(Kind::Colon, 1) || at_word("IS", 1))) {
    RemoveLabels labels{name("a variable"), label_list()};
    return {std::move(labels), position};
  }
  return {RemoveProperty{std::move(*property_target())}, position};
}

// :A:B, :A&B, IS A
std::vector<LabelName> Parser::label_list() {
  std::vector<LabelName> labels;
  take();
  do labels.push_back(label_name());
  while (accept(Kind::Colon) || accept(Kind::Ampersand));
  return labels;
}

Merge Parser::merge() {
  Merge merge{pattern_path(false), {}};
  while (at_word("ON")) {
    take();
    MergeAction action;
    action.on_create = at_word("CREATE");
    if (!accept_any_word({"CREATE", "MATCH"})) fail_expected("CREATE or MATCH");
    expect_word("SET");
    action.items = set_items();
    merge.actions.push_back(std::move(action));
  }
  return merge;
}

Foreach Parser::foreach() {
  Nesting nesting(*this);
  Foreach loop;
  expect(Kind::LeftParenthesis, "(");
  loop.variable = name("a variable");
  expect_word("IN");
  loop.list = std::move(*expression_before_bar());
  expect(Kind::Bar, "|");
  while (!error_) {
    const Position position = peek().position;
    auto node = writing_clause();
    if (!node) break;
    loop.body.push_back({std::move(*node), position});
  }
  if (loop.body.empty() || !at(Kind::RightParenthesis)) fail_expected("an updating clause");
  expect(Kind::RightParenthesis, ")");
  return loop;
}

Clause::Node Parser::call(bool optional, bool is_first) {
  if (at(Kind::LeftBrace) || at(Kind::LeftParenthesis)) return call_subquery(optional);
  return call_procedure(optional, is_first);
}

CallProcedure Parser::call_procedure(bool optional, bool is_first) {
  CallProcedure call;
  call.optional = optional;
  do call.name.push_back(name("a procedure name"));
  while (accept(Kind::Dot));
  if (accept(Kind::LeftParenthesis)) {
    call.arguments.emplace();
    if (!at(Kind::RightParenthesis)) list([&] { call.arguments->push_back(expression_value()); });
    expect(Kind::RightParenthesis, ")");
  }
  if (!at_word("YIELD")) return call;
  const Position position = peek().position;
  take();
  Yield yield;
  if (accept(Kind::Star)) {
    yield.star = true;
    if (!is_first) fail(ErrorCode::UnexpectedSyntax, "YIELD * is for a CALL that stands alone", position);
  } else if (!accept(Kind::Minus)) {  // YIELD - names nothing, for procedures that give nothing.
    list([&] { yield.items.push_back(yield_item()); });
  }
  yield.where = optional_where();
  call.yield = std::move(yield);
  return call;
}

YieldItem Parser::yield_item() {
  YieldItem item;
  item.position = peek().position;
  item.name = name("the name of a column");
  if (accept_word("AS")) item.alias = name("a variable");
  return item;
}

CallSubquery Parser::call_subquery(bool optional) {
  CallSubquery call;
  call.optional = optional;
  if (accept(Kind::LeftParenthesis)) {
    call.scope.emplace();
    call.scope->star = accept(Kind::Star);
    if (!call.scope->star && at_name()) list([&] { call.scope->variables.push_back(name("a variable")); });
    expect(Kind::RightParenthesis, ")");
  }
  expect(Kind::LeftBrace, "{");
  call.query = std::make_unique<RegularQuery>(regular_query());
  check_complete(*call.query);
  expect(Kind::RightBrace, "}");
  const bool counted = at_word("IN") && (at_word("CONCURRENT", 1) || at_word("CONCURRENT", 2));
  if (at_words({"IN", "TRANSACTIONS"}) || counted) call.in_transactions = in_transactions();
  return call;
}

// IN [[n] CONCURRENT] TRANSACTIONS [OF n ROWS] [ON ERROR …] [REPORT STATUS AS name], the tail in any order
InTransactions Parser::in_transactions() {
  InTransactions settings;
  take();
  const bool has_number = !at_any_word({"CONCURRENT", "TRANSACTIONS"});
  if (has_number) settings.concurrency = integer_or_parameter("a number of transactions");
  settings.concurrent = accept_word("CONCURRENT");
  expect_word("TRANSACTIONS");
  while (true) {
    if (!settings.rows && accept_word("OF")) {
      settings.rows = integer_or_parameter("a number of rows");
      if (!accept_any_word({"ROW", "ROWS"})) fail_expected("ROWS");
    } else if (accept_words({"ON", "ERROR"})) {
      on_error(settings);
    } else if (!settings.report_status && accept_words({"REPORT", "STATUS", "AS"})) {
      settings.report_status = name("a variable");
    } else {
      return settings;
    }
  }
}

void Parser::on_error(InTransactions& settings) {
  using OnError = InTransactions::OnError;
  const auto reaction = [this] {
    if (accept_word("CONTINUE")) return OnError::Continue;
    if (accept_word("BREAK")) return OnError::Break;
    if (!accept_word("FAIL")) fail_expected("CONTINUE, BREAK, FAIL or RETRY");
    return OnError::Fail;
  };
  if (!accept_word("RETRY")) {
    settings.on_error = reaction();
    return;
  }
  settings.on_error = OnError::Retry;
  if (accept_word("FOR")) {
    if (at(Kind::Number)) settings.retry_seconds = number(false);
    else settings.retry_seconds = parameter();
    if (!accept_any_word({"SEC", "SECS", "SECOND", "SECONDS"})) fail_expected("SECONDS");
  }
  if (accept_word("THEN")) settings.after_retry = reaction();
}

LoadCsv Parser::load_csv() {
  LoadCsv load;
  load.with_headers = accept_words({"WITH", "HEADERS"});
  expect_word("FROM");
  load.url = expression_value();
  expect_word("AS");
  load.variable = name("a variable");
  if (accept_word("FIELDTERMINATOR")) {
    const ExpressionPtr text = string_literal();
    load.field_terminator = std::get<StringLiteral>(text->node).value;
  }
  return load;
}

}  // namespace nexus::syntax
