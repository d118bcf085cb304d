// plan_bench [SECONDS]: what a statement costs before it runs: text to tokens, tree, plan; and out of the plan cache.
//
// Each figure is printed beside reading the same bytes once (CRC-32C), measured in the same run. See bench/README.md.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/crc32c.h"
#include "instance/plan_cache.h"
#include "optimizer/optimizer.h"
#include "plan/binder.h"
#include "procedure/registry.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"
#include "tests/support/test_instance.h"

namespace {

using nexus::test::must;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Nanoseconds per call: the best of ten pieces of `seconds`, so that a neighbour's turn does not count.
template <class Work>
double time_per_call(double seconds, Work work) {
  double best = 1e18;
  for (int piece = 0; piece < 10; ++piece) {
    const auto start = Clock::now();
    std::uint64_t calls = 0;
    while (seconds_since(start) < seconds / 10) {
      for (int i = 0; i < 16; ++i) work(), ++calls;
    }
    best = std::min(best, seconds_since(start) * 1e9 / static_cast<double>(calls));
  }
  return best;
}

struct Query {
  const char* name;
  std::string text;
};

const Query kQueries[] = {
    {"two hops, filter, group, order",
     "MATCH (p:Person {name: $name})-[:KNOWS]->(f:Person)-[k:KNOWS]->(g:Person) WHERE f.born > 1970 AND g <> p AND "
     "k.since >= 2005 WITH g, count(f) AS n WHERE n > 1 RETURN g.name AS name, n ORDER BY n DESC LIMIT 10"},
    {"merge and set",
     "UNWIND $rows AS row MERGE (p:Person {id: row.id}) ON CREATE SET p.made = timestamp() SET p.name = row.name, p.age = "
     "toInteger(row.age) WITH p, row MATCH (c:City {name: row.city}) MERGE (p)-[:LIVES_IN]->(c) RETURN count(*) AS n"},
    {"group, subquery, comprehension",
     "MATCH (a:A)((x)-[r:R]->(y) WHERE x.i < y.i){1,3}(b) WHERE EXISTS { (b)-->(:C) } CALL (a) { MATCH (a)--(z) RETURN "
     "count(z) AS d } RETURN a.name AS a, [n IN y WHERE n.i > 1 | n.i] AS ys, d, {b: b.name} AS m LIMIT 25"},
};

}  // namespace

int main(int argc, char** argv) {
  using namespace nexus;
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
  const plan::BindOptions options{nullptr, nullptr};
  for (const Query& query : kQueries) {
    const std::string& text = query.text;
    const double bytes = time_per_call(seconds / 4, [&] {
      if (crc32c(as_bytes(text)) == 1) std::abort();
    });
    const double lex = time_per_call(seconds / 2, [&] {
      if (syntax::tokenize(text).error) std::abort();
    });
    const double parse = time_per_call(seconds, [&] { must(syntax::parse(text)); });
    const double all = time_per_call(seconds, [&] {
      const syntax::Statement statement = must(syntax::parse(text));
      plan::Statement bound = must(plan::bind(std::get<syntax::RegularQuery>(statement.node), options));
      optimizer::optimize(bound);
    });
    instance::PlanCache cache(1'024);
    cache.add(text, std::make_shared<instance::Prepared>());
    const double cached = time_per_call(seconds / 2, [&] {
      if (!cache.find(text)) std::abort();
    });
    std::printf("%-32s %zu characters: tokens %5.2f us, tree %5.2f us, plan %6.2f us (target 60), cached %5.3f us (target 1)\n",
                query.name, text.size(), lex / 1e3, parse / 1e3, all / 1e3, cached / 1e3);
    std::printf("%-32s reading its bytes %.0f ns: the plan costs %.0fx, the cache %.1fx\n", "", bytes, all / bytes,
                cached / bytes);
  }
  return 0;
}
