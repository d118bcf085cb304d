// Laws that the relations between values have to obey, tried on random values.
#include "value/compare.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/random_value.h"

namespace nexus {
namespace {

std::vector<Value> sample(std::uint64_t seed, std::size_t count) {
  tests::RandomValues values(seed);
  std::vector<Value> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back(values.any(3));
  return made;
}

int sign(int value) { return value < 0 ? -1 : value > 0 ? 1 : 0; }

TEST_CASE("order is antisymmetric and zero means equivalent with equal hashes") {
  const std::vector<Value> values = sample(1, 700);
  int wrong = 0;
  for (const Value& left : values) {
    if (order(left, left) != 0 || !equivalent(left, left)) ++wrong;
    for (const Value& right : values) {
      const int forward = sign(order(left, right));
      if (forward != -sign(order(right, left))) ++wrong;
      if ((forward == 0) != equivalent(left, right)) ++wrong;
      if (forward == 0 && hash(left) != hash(right)) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("order is transitive") {
  int wrong = 0;
  for (std::uint64_t seed = 100; seed < 140; ++seed) {
    std::vector<Value> values = sample(seed, 60);
    std::sort(values.begin(), values.end(),
              [](const Value& left, const Value& right) { return order(left, right) < 0; });
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t j = i + 1; j < values.size(); ++j) {
        if (order(values[i], values[j]) > 0) ++wrong;
        // What lies between two equivalent values is equivalent to both.
        if (order(values[i], values[j]) == 0 && order(values[i], values[j - 1]) != 0) ++wrong;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("equality and comparability never contradict the order") {
  const std::vector<Value> values = sample(2, 500);
  int wrong = 0;
  for (const Value& left : values) {
    for (const Value& right : values) {
      if (equals(left, right) == Ternary::True && order(left, right) != 0) ++wrong;
      if (equals(left, right) != equals(right, left)) ++wrong;
      if (less(left, right) == Ternary::True && order(left, right) >= 0) ++wrong;
      if (less(left, right) == Ternary::True && less_or_equal(left, right) != Ternary::True) ++wrong;
      if (less(left, right) == Ternary::True && less(right, left) != Ternary::False) ++wrong;
      if ((left.is_null() || right.is_null()) && equals(left, right) != Ternary::Unknown) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("integers and floats are ordered exactly") {
  constexpr std::int64_t kEdge = std::int64_t{1} << 53;
  CHECK(order(Value::integer(kEdge + 1), Value::real(9007199254740992.0)) > 0);
  CHECK(order(Value::real(9007199254740992.0), Value::integer(kEdge)) == 0);
  CHECK(order(Value::integer(std::numeric_limits<std::int64_t>::max()), Value::real(9223372036854775808.0)) < 0);
  CHECK(order(Value::integer(std::numeric_limits<std::int64_t>::min()), Value::real(-9223372036854775808.0)) == 0);
  CHECK(order(Value::integer(-1), Value::real(-1.5)) > 0);
  CHECK(order(Value::integer(1), Value::real(INFINITY)) < 0);
  CHECK(order(Value::integer(1), Value::real(std::nan(""))) < 0);
  CHECK(hash(Value::integer(3)) == hash(Value::real(3.0)));
  CHECK(hash(Value::real(0.0)) == hash(Value::real(-0.0)));
  CHECK(hash(Value::real(std::nan(""))) == hash(Value::real(-std::nan(""))));
}

TEST_CASE("hashes spread") {
  std::vector<std::size_t> buckets(1 << 12);
  for (std::int64_t i = 0; i < (1 << 14); ++i) ++buckets[hash(Value::integer(i << 12)) % buckets.size()];
  CHECK(*std::max_element(buckets.begin(), buckets.end()) < 30);
}

}  // namespace
}  // namespace nexus
