// vector_bench [VECTORS [DIMENSIONS]]: the nearest neighbours of a vector, by an index, without one, and by a bare loop over
// numbers in one piece; and how many of the nearest the index finds. One run, in memory.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/support/test_instance.h"
#include "value/vector.h"

namespace {

using nexus::Value;
using nexus::test::must;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kWanted = 10;
constexpr int kQueries = 20;

double milliseconds_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

// Clusters in one half of space, as vectors of texts are.
class Texts {
 public:
  explicit Texts(std::size_t dimensions) : dimensions_(dimensions), common_(normal(1)) {
    for (int i = 0; i < 200; ++i) topics_.push_back(normal(0.8F));
  }
  std::vector<float> next() {
    std::vector<float> made = normal(0.5F);
    const std::vector<float>& topic = topics_[random_.next() % topics_.size()];
    for (std::size_t at = 0; at < dimensions_; ++at) made[at] += topic[at] + common_[at];
    return made;
  }

 private:
  std::vector<float> normal(float spread) {
    std::vector<float> made(dimensions_);
    for (float& one : made) {
      const double left = (static_cast<double>(random_.next() >> 11) + 1) / 9007199254740993.0;
      const double right = static_cast<double>(random_.next() >> 11) / 9007199254740992.0;
      one = spread * static_cast<float>(std::sqrt(-2 * std::log(left)) * std::cos(6.283185307179586 * right));
    }
    return made;
  }

  nexus::test::SeededRandom random_{1};
  const std::size_t dimensions_;
  const std::vector<float> common_;
  std::vector<std::vector<float>> topics_;
};

Value value_of(const std::vector<float>& numbers) {
  nexus::Vector vector{nexus::CoordinateType::Float32, {}};
  vector.bytes.assign(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float));
  return Value::vector(std::move(vector));
}

float dot(const float* left, const float* right, std::size_t size) {
  float lanes[8] = {};
  for (std::size_t at = 0; at + 8 <= size; at += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) lanes[lane] += left[at + lane] * right[at + lane];
  }
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

// Of a bare loop with a top ten; the numbers of the nearest, by cosine.
std::vector<std::int64_t> bare_search(const std::vector<float>& all, const std::vector<float>& query) {
  const std::size_t size = query.size();
  std::vector<std::pair<float, std::int64_t>> found;
  for (std::size_t n = 0; n * size < all.size(); ++n) {
    const float* const vector = all.data() + n * size;
    found.emplace_back(-dot(vector, query.data(), size) / std::sqrt(dot(vector, vector, size)), static_cast<std::int64_t>(n));
  }
  std::partial_sort(found.begin(), found.begin() + kWanted, found.end());
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < kWanted; ++i) numbers.push_back(found[static_cast<std::size_t>(i)].second);
  return numbers;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::size_t dimensions = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 384;
  Texts texts(dimensions);
  nexus::test::TestInstance instance;
  const auto session = instance.session();
  std::vector<float> all;
  must(nexus::query(*session, "CREATE VECTOR INDEX i FOR (d:Doc) ON (d.e)"));
  double storing = 0;
  for (std::size_t n = 0; n < count;) {
    nexus::List rows;
    for (const std::size_t begin = n; n < count && n - begin < 10'000; ++n) {
      const std::vector<float> one = texts.next();
      all.insert(all.end(), one.begin(), one.end());
      rows.push_back(Value::list({Value::integer(static_cast<std::int64_t>(n)), value_of(one)}));
    }
    const auto start = Clock::now();
    must(nexus::query(*session, "UNWIND $rows AS row CREATE (:Doc {n: row[0], e: row[1]})", nexus::make_map({{"rows", Value::list(std::move(rows))}})));
    storing += milliseconds_since(start);
  }
  std::printf("%zu vectors of %zu dimensions, k = %lld\n", count, dimensions, static_cast<long long>(kWanted));
  std::printf("create, indexed            %10.2f us/vector\n", storing * 1'000 / static_cast<double>(count));
  double bare = 0, by_index = 0, without = 0;
  std::int64_t found = 0;
  for (int i = 0; i < kQueries; ++i) {
    const std::vector<float> query = texts.next();
    const nexus::Map parameters = nexus::make_map({{"k", Value::integer(kWanted)}, {"v", value_of(query)}});
    auto start = Clock::now();
    const std::vector<std::int64_t> wanted = bare_search(all, query);
    bare += milliseconds_since(start);
    start = Clock::now();
    const auto table = must(nexus::query(*session, "CALL db.index.vector.queryNodes('i', $k, $v) YIELD node, score RETURN node.n", parameters));
    by_index += milliseconds_since(start);
    for (const nexus::List& row : table.rows) found += std::count(wanted.begin(), wanted.end(), row[0].integer());
    if (i % 10 != 0) continue;
    start = Clock::now();
    must(nexus::query(*session, "MATCH (d:Doc) RETURN d.n ORDER BY vector.similarity.cosine(d.e, $v) DESC LIMIT $k", parameters));
    without += 10 * milliseconds_since(start);
  }
  std::printf("bare loop, all of them     %10.2f ms/query\n", bare / kQueries);
  std::printf("by the index               %10.2f ms/query  %6.2fx the bare loop, %.3f of the nearest found\n", by_index / kQueries, by_index / bare,
              static_cast<double>(found) / static_cast<double>(kWanted * kQueries));
  std::printf("ORDER BY without an index  %10.2f ms/query  %6.2fx the bare loop\n", without / kQueries, without / bare);
  return 0;
}
