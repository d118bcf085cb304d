// Vector indexes against a search through everything: random writes, transactions, crashes, and how much is found.
#include <algorithm>
#include <cmath>

#include "storage/vector_key.h"
#include "tests/support/catch.h"
#include "tests/support/session_text.h"
#include "tests/support/test_instance.h"
#include "value/vector.h"

using namespace nexus;
using test::must;
using test::quick;
using test::run;
using test::TestInstance;

namespace {

class Vectors {
 public:
  explicit Vectors(std::uint64_t seed) : random_(seed) {}
  double unit() { return static_cast<double>(random_.next() >> 11) / static_cast<double>(std::uint64_t{1} << 53); }
  double normal() { return std::sqrt(-2 * std::log(1 - unit())) * std::cos(6.283185307179586 * unit()); }
  std::uint64_t upto(std::uint64_t count) { return random_.next() % count; }
  std::vector<float> around(const std::vector<float>& center, double spread, std::size_t size) {
    std::vector<float> made(size);
    for (std::size_t at = 0; at < size; ++at) {
      made[at] = static_cast<float>((center.empty() ? 0 : static_cast<double>(center[at])) + spread * normal());
    }
    return made;
  }

 private:
  test::SeededRandom random_;
};

Value value_of(const std::vector<float>& numbers) {
  Vector vector{CoordinateType::Float32, {}};
  for (const float number : numbers) REQUIRE(add_coordinate(vector, Value::real(static_cast<double>(number))));
  return Value::vector(std::move(vector));
}

constexpr const char* kSearch = "CALL db.index.vector.queryNodes('i', $k, $v) YIELD node RETURN collect(node.n)";
constexpr const char* kAll =
    "MATCH (d:Doc) WHERE d.e IS :: VECTOR NOT NULL WITH d, vector.similarity.cosine(d.e, $v) AS s ORDER BY s DESC LIMIT $k "
    "RETURN collect(d.n)";

Map search_for(const std::vector<float>& vector, std::int64_t count) {
  return make_map({{"k", Value::integer(count)}, {"v", value_of(vector)}});
}

}  // namespace

TEST_CASE("few vectors are searched exactly, whatever was written and whoever asks") {
  constexpr std::size_t kSize = 12;
  Vectors vectors(7);
  TestInstance instance(quick());
  auto session = instance.session();
  must(query(*session, "CREATE VECTOR INDEX i FOR (d:Doc) ON (d.e) OPTIONS {indexConfig: {`vector.dimensions`: 12}}"));
  for (int round = 0; round < 120; ++round) {
    const Map one = make_map({{"n", Value::integer(round)},
                              {"e", value_of(vectors.around({}, 1, kSize))},
                              {"at", Value::integer(static_cast<std::int64_t>(vectors.upto(30)))}});
    const bool in_transaction = vectors.upto(3) == 0;
    if (in_transaction) must(query(*session, "BEGIN"));
    switch (vectors.upto(6)) {
      case 0: must(query(*session, "MATCH (d:Doc) WHERE d.n % 30 = $at SET d.e = $e", one)); break;
      case 1: must(query(*session, "MATCH (d:Doc) WHERE d.n % 30 = $at DELETE d", one)); break;
      case 2: must(query(*session, "MATCH (d:Doc) WHERE d.n % 30 = $at REMOVE d:Doc", one)); break;
      default: must(query(*session, "CREATE (:Doc {n: $n, e: $e}), (:Doc {n: -$n, e: [1.5]})", one)); break;
    }
    const Map wanted = search_for(vectors.around({}, 1, kSize), 9);
    INFO("round " << round);
    CHECK(run(*session, kSearch, wanted) == run(*session, kAll, wanted));
    if (in_transaction) must(query(*session, vectors.upto(2) == 0 ? "COMMIT" : "ROLLBACK"));
    if (round % 40 == 39) {
      session.reset();
      instance.crash();
      session = instance.session();
    }
  }
  CHECK(run(*session, "MATCH (d:Doc) RETURN count(d) > 20") == "[true]");
}

TEST_CASE("of many vectors nearly all of the nearest are found") {
  constexpr std::size_t kSize = 96, kCount = 12'000;
  constexpr std::int64_t kWanted = 10;
  // Spread evenly, in clusters, and all in one narrow cone, as those of texts are.
  for (const int shape : {0, 1, 2}) {
    Vectors vectors(static_cast<std::uint64_t>(shape) + 1);
    TestInstance instance(quick());
    const auto session = instance.session();
    std::vector<std::vector<float>> centers;
    for (int i = 0; i < 40; ++i) centers.push_back(vectors.around({}, 1, kSize));
    const auto next = [&] {
      if (shape == 0) return vectors.around({}, 1, kSize);
      return vectors.around(centers[shape == 1 ? vectors.upto(centers.size()) : 0], shape == 1 ? 0.5 : 0.6, kSize);
    };
    List rows;
    for (std::size_t n = 0; n < kCount; ++n) rows.push_back(value_of(next()));
    // Before the vectors, as most are, and after them.
    const char* const create = "CREATE VECTOR INDEX i FOR (d:Doc) ON (d.e)";
    if (shape != 1) must(query(*session, create));
    must(query(*session, "UNWIND range(0, size($rows) - 1) AS n CREATE (:Doc {n: n, e: $rows[n]})",
               make_map({{"rows", Value::list(std::move(rows))}})));
    if (shape == 1) must(query(*session, create));
    std::size_t found = 0, wanted = 0;
    for (int i = 0; i < 10; ++i) {
      const Map search = search_for(next(), kWanted);
      const Table there = must(query(*session, kSearch, search)), all = must(query(*session, kAll, search));
      for (const Value& one : all.rows[0][0].list()) {
        ++wanted;
        const List& list = there.rows[0][0].list();
        found += std::any_of(list.begin(), list.end(), [&](const Value& other) { return other.integer() == one.integer(); }) ? 1U : 0U;
      }
    }
    INFO("shape " << shape << ": " << found << " of " << wanted);
    CHECK(wanted == 100);
    CHECK(found >= 95);
  }
}

TEST_CASE("the bits of a vector follow its direction") {
  Vectors vectors(3);
  for (const std::size_t size : {1, 2, 3, 64, 100, 384, 1536, 4096}) {
    const std::vector<float> one = vectors.around({}, 1, size);
    const storage::IndexKey key = storage::vector_key(one, 5, nullptr);
    CHECK(key.id == 5);
    std::vector<float> longer = one, opposite = one;
    for (float& number : longer) number *= 1024;
    for (float& number : opposite) number = -number;
    INFO("size " << size);
    CHECK(storage::different_bits(key, storage::vector_key(longer, 6, nullptr)) == 0);
    CHECK(storage::different_bits(key, storage::vector_key(opposite, 6, nullptr)) >= 250);
    if (size < 64) continue;
    // At a right angle half of the bits differ; a little aside few do.
    const unsigned other = storage::different_bits(key, storage::vector_key(vectors.around({}, 1, size), 7, nullptr));
    CHECK((other > 80 && other < 176));
    CHECK(storage::different_bits(key, storage::vector_key(vectors.around(one, 0.05, size), 8, nullptr)) < 20);
  }
  List numbers;
  for (const float number : {0.5F, -1.5F, 2.0F}) numbers.push_back(Value::real(static_cast<double>(number)));
  const auto list = storage::vector_coordinates(Value::list(numbers), 3, true);
  const auto vector = storage::vector_coordinates(value_of({0.5F, -1.5F, 2.0F}), 3, true);
  REQUIRE((list && vector));
  CHECK(*list == *vector);
  CHECK(!storage::vector_coordinates(Value::list(numbers), 4, true));
  CHECK(!storage::vector_coordinates(Value::list({}), 0, false));
  CHECK(!storage::vector_coordinates(Value::string("[1]"), 0, false));
  CHECK(!storage::vector_coordinates(Value::list({Value::real(std::nan(""))}), 0, false));
  CHECK(!storage::vector_coordinates(Value::list({Value::real(1e300)}), 0, false));
  CHECK(!storage::vector_coordinates(Value::list({Value::integer(0)}), 0, true));
  CHECK(storage::vector_coordinates(Value::list({Value::integer(0)}), 0, false));
}
