#include "exec/key_table.h"

#include <limits>

#include "tests/support/catch.h"

using namespace nexus;
using exec::KeyTable;

namespace {

std::size_t index_of(KeyTable& table, Value first, Value second) {
  Value key[2] = {std::move(first), std::move(second)};
  auto place = table.insert(key);
  REQUIRE(place);
  return place->index;
}

}  // namespace

TEST_CASE("keys are numbered by equivalence in the order they come") {
  MemoryBudget budget(0);
  KeyTable table(2, budget);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(index_of(table, Value::integer(1), Value::null()) == 0);
  CHECK(index_of(table, Value::real(1.0), Value::null()) == 0);
  CHECK(index_of(table, Value::null(), Value::integer(1)) == 1);
  CHECK(index_of(table, Value::real(nan), Value::string("a")) == 2);
  CHECK(index_of(table, Value::real(nan), Value::string("a")) == 2);
  CHECK(table.size() == 3);
  for (std::int64_t i = 0; i < 10'000; ++i) {
    CHECK(index_of(table, Value::integer(i), Value::boolean(true)) == static_cast<std::size_t>(i) + 3);
  }
  CHECK(index_of(table, Value::integer(77), Value::boolean(true)) == 80);
  CHECK(budget.used_bytes() > 10'000 * 2 * sizeof(Value));
  table.clear();
  CHECK(budget.used_bytes() == 0);
  CHECK(index_of(table, Value::integer(5), Value::null()) == 0);
}
