#include "optimizer/optimizer.h"

#include "tests/support/catch.h"

using namespace nexus;
using namespace nexus::plan;

namespace {

ExpressionPtr constant(Value value) { return std::make_unique<Expression>(Constant{std::move(value)}); }
PlanPtr make(Operator op) {
  return std::visit([](auto&& alternative) { return std::make_unique<Plan>(std::move(alternative)); }, std::move(op));
}

}  // namespace

TEST_CASE("a filter that lets everything through goes away, others stay") {
  Statement statement;
  PlanPtr inner = make(Filter{make(Argument{}), constant(Value::boolean(true))});
  statement.root = make(Filter{std::move(inner), constant(Value::null())});
  optimizer::optimize(statement);
  const auto* outer = std::get_if<Filter>(&statement.root->op);
  REQUIRE(outer != nullptr);
  CHECK(std::holds_alternative<Argument>(outer->input->op));
}

TEST_CASE("a sort under a limit keeps only what the limit lets through") {
  Statement statement;
  PlanPtr sort = make(Sort{make(Argument{}), {}, nullptr});
  statement.root = make(Limit{std::move(sort), constant(Value::integer(3))});
  optimizer::optimize(statement);
  const auto& limit = std::get<Limit>(statement.root->op);
  const auto& kept = std::get<Sort>(limit.input->op);
  REQUIRE(kept.limit);
  CHECK(std::get<Constant>(kept.limit->node).value.integer() == 3);
}

TEST_CASE("a limit that will fail is left to fail at run time") {
  Statement statement;
  PlanPtr sort = make(Sort{make(Argument{}), {}, nullptr});
  statement.root = make(Limit{std::move(sort), constant(Value::integer(-3))});
  optimizer::optimize(statement);
  CHECK(!std::get<Sort>(std::get<Limit>(statement.root->op).input->op).limit);
}

TEST_CASE("a very deep plan is walked without recursion") {
  Statement statement;
  statement.root = make(Argument{});
  for (int i = 0; i < 2'000; ++i) statement.root = make(Filter{std::move(statement.root), constant(Value::null())});
  optimizer::optimize(statement);
  CHECK(std::holds_alternative<Filter>(statement.root->op));
}
