#include <limits>
#include <cmath>

#include "tests/support/catch.h"
#include "value/arithmetic.h"
#include "value/codec.h"
#include "value/compare.h"
#include "value/property.h"
#include "value/text.h"
#include "value/vector.h"

namespace nexus {
namespace {

Value integer(std::int64_t value) { return Value::integer(value); }
Value real(double value) { return Value::real(value); }
Value text(std::string_view value) { return Value::string(value); }
Value list(List items) { return Value::list(std::move(items)); }
Value map(Map entries) { return Value::map(make_map(std::move(entries))); }
const Value kNull;
const double kNan = std::nan("");

std::string shown(const Result<Value>& result) {
  return result ? to_text(*result) : "error " + std::string(error_name(result.error().code));
}

Value vector(CoordinateType type, std::initializer_list<std::int64_t> numbers) {
  Vector made{type, {}};
  for (const std::int64_t number : numbers) CHECK(add_coordinate(made, integer(number)));
  return Value::vector(std::move(made));
}

TEST_CASE("equality is ternary, also inside lists and maps") {
  CHECK(equals(integer(1), real(1.0)) == Ternary::True);
  CHECK(equals(integer(9007199254740993), real(9007199254740992.0)) == Ternary::False);
  CHECK(equals(kNull, kNull) == Ternary::Unknown);
  CHECK(equals(text("1"), integer(1)) == Ternary::False);
  CHECK(equals(real(kNan), real(kNan)) == Ternary::False);
  CHECK(equals(list({kNull}), list({integer(1)})) == Ternary::Unknown);
  CHECK(equals(list({integer(1), kNull}), list({integer(2), kNull})) == Ternary::False);
  CHECK(equals(list({integer(1)}), list({integer(1), kNull})) == Ternary::False);
  CHECK(equals(map({{"k", kNull}}), map({{"k", kNull}})) == Ternary::Unknown);
  CHECK(equals(map({{"k", kNull}}), map({})) == Ternary::False);
  CHECK(equals(map({{"k", integer(1)}}), map({{"k", real(1)}})) == Ternary::True);
}

TEST_CASE("comparability is unknown across kinds and false for NaN") {
  CHECK(less(integer(1), real(3.14)) == Ternary::True);
  CHECK(less(text("1"), integer(1)) == Ternary::Unknown);
  CHECK(less(real(kNan), integer(1)) == Ternary::False);
  CHECK(less_or_equal(real(kNan), real(kNan)) == Ternary::False);
  CHECK(less(real(kNan), text("a")) == Ternary::Unknown);
  CHECK(less_or_equal(list({integer(1)}), list({integer(1), kNull})) == Ternary::True);
  CHECK(less_or_equal(list({integer(1), kNull}), list({integer(1), integer(2)})) == Ternary::Unknown);
  CHECK(less_or_equal(list({integer(3), kNull}), list({integer(1), integer(2)})) == Ternary::False);
  CHECK(less(map({}), map({})) == Ternary::Unknown);
  CHECK(less(Value::boolean(false), Value::boolean(true)) == Ternary::True);
}

TEST_CASE("the order of kinds is total") {
  const std::vector<Value> ascending = {
      map({}), Value::node(7), Value::relationship(3), list({}), list({text("a")}), list({text("a"), integer(1)}),
      list({integer(1)}), list({integer(1), text("a")}), list({integer(1), kNull}), list({kNull, integer(1)}),
      Value::path({{Value::node(1)}, {}}), vector(CoordinateType::Integer8, {2}), vector(CoordinateType::Integer8, {0, 1}),
      vector(CoordinateType::Integer8, {0, 2}), vector(CoordinateType::Float32, {-1}), Value::date_time({}), Value::local_date_time({}), Value::date({}),
      Value::time({}), Value::local_time({}), Value::duration({}), Value::point({}), text(""), text("a"),
      Value::boolean(false), Value::boolean(true), real(-INFINITY), integer(-1), real(0.5), integer(1),
      real(INFINITY), real(kNan), kNull};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      const int sign = order(ascending[i], ascending[j]);
      CHECK((i < j ? sign < 0 : i > j ? sign > 0 : sign == 0));
    }
  }
}

TEST_CASE("arithmetic follows the types of its operands") {
  CHECK(shown(add(integer(1), integer(2))) == "3");
  CHECK(shown(add(integer(1), real(2))) == "3.0");
  CHECK(shown(add(text("a"), real(1))) == "'a1.0'");
  CHECK(shown(add(integer(1), text("a"))) == "'1a'");
  CHECK(shown(add(list({integer(1)}), list({integer(2)}))) == "[1, 2]");
  CHECK(shown(add(integer(0), list({integer(1)}))) == "[0, 1]");
  CHECK(shown(add(list({integer(1)}), text("x"))) == "[1, 'x']");
  CHECK(shown(add(list({}), kNull)) == "null");
  CHECK(shown(add(Value::boolean(true), integer(1))) == "error InvalidArgumentType");
  CHECK(shown(add(integer(std::numeric_limits<std::int64_t>::max()), integer(1))) == "error NumericOverflow");
  CHECK(shown(divide(integer(7), integer(-2))) == "-3");
  CHECK(shown(divide(integer(7), real(2))) == "3.5");
  CHECK(shown(divide(integer(1), integer(0))) == "error DivisionByZero");
  CHECK(shown(divide(real(1), integer(0))) == "Infinity");
  CHECK(shown(divide(integer(std::numeric_limits<std::int64_t>::min()), integer(-1))) == "error NumericOverflow");
  CHECK(shown(modulo(integer(-7), integer(3))) == "-1");
  CHECK(shown(modulo(integer(std::numeric_limits<std::int64_t>::min()), integer(-1))) == "0");
  CHECK(shown(modulo(real(5.5), integer(2))) == "1.5");
  CHECK(shown(power(integer(2), integer(3))) == "8.0");
  CHECK(shown(negate(integer(std::numeric_limits<std::int64_t>::min()))) == "error NumericOverflow");
  CHECK(shown(negate(text("a"))) == "error InvalidArgumentType");
  CHECK(shown(subtract(kNull, integer(1))) == "null");
  CHECK(add(map({}), integer(1)).error().message == "cannot add MAP and INTEGER");
}

TEST_CASE("text is a literal where Cypher has one") {
  CHECK(to_text(map({{"b", text("it's\n")}, {"a b", list({real(1), kNull})}})) ==
        "{`a b`: [1.0, null], b: 'it\\'s\\n'}");
  const Value node = Value::node({1, "", {"A", "B"}, {{"k", integer(1)}}});
  const Value other = Value::node({2, "", {}, {}});
  const Value joint = Value::relationship({5, "", "T", 2, 1, "", "", {{"p", integer(0)}}});
  CHECK(to_text(node) == "(:A:B {k: 1})");
  CHECK(to_text(other) == "()");
  CHECK(to_text(joint) == "[:T {p: 0}]");
  CHECK(to_text(Value::path({{node, other}, {joint}})) == "<(:A:B {k: 1})<-[:T {p: 0}]-()>");
  CHECK(to_text(Value::node(4)) == "(#4)");
  CHECK(to_text(Value::point({4979, 1, 2, 3})) == "point({srid: 4979, x: 1.0, y: 2.0, z: 3.0})");
  CHECK(quote_identifier("a`b") == "`a``b`");
  CHECK(quote_identifier("na\u00EFve1") == "na\u00EFve1");
  CHECK(quote_identifier("1a") == "`1a`");
  CHECK(quote_identifier("") == "``");
}

TEST_CASE("properties hold scalars and lists of one kind") {
  CHECK(is_property_value(text("a")));
  CHECK(is_property_value(list({integer(1), real(2)})));
  CHECK(is_property_value(list({})));
  CHECK_FALSE(is_property_value(map({})));
  CHECK_FALSE(is_property_value(list({kNull})));
  CHECK_FALSE(is_property_value(list({list({})})));
  CHECK_FALSE(is_property_value(list({integer(1), text("a")})));
  CHECK_FALSE(is_property_value(Value::node(1)));
  CHECK(check_property_value("k", list({map({})})).error().message ==
        "property k cannot hold a list that contains MAP");
}

TEST_CASE("a value nested beyond the bound can be dropped") {
  Value deep = list({});
  for (int i = 0; i < 300'000; ++i) deep = (i & 1) ? list({deep}) : map({{"k", std::move(deep)}});
  CHECK(deep.depth() == 300'001);
  const Value shared = deep;
  deep = Value();
  CHECK(shared.depth() == 300'001);
}

}  // namespace
}  // namespace nexus
