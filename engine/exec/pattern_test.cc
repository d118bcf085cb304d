// Patterns on random multigraphs against searches so plain that they are right.
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "tests/support/test_database.h"
#include "tests/support/catch.h"

using namespace nexus;
using exec::test::TestDatabase;

namespace {

struct Step {
  int relationship;
  int from;
  int to;
};

// A few nodes with as many relationships as make loops, doubles and cycles.
struct Multigraph {
  int nodes = 0;
  std::vector<Step> steps;

  Multigraph(nexus::test::SeededRandom& random, int node_count, int relationship_count) : nodes(node_count) {
    for (int i = 0; i < relationship_count; ++i) {
      const auto pick = [&] { return static_cast<int>(random.next() % static_cast<std::uint64_t>(nodes)); };
      steps.push_back({i, pick(), pick()});
    }
  }

  void store(TestDatabase& database) const {
    std::string text = "CREATE ";
    for (int i = 0; i < nodes; ++i) {
      text += "(n" + std::to_string(i) + ":N {i: " + std::to_string(i) + "}), ";
    }
    for (const Step& step : steps) {
      text += "(n" + std::to_string(step.from) + ")-[:T {i: " + std::to_string(step.relationship) + "}]->(n" +
              std::to_string(step.to) + "), ";
    }
    text.resize(text.size() - 2);
    REQUIRE(database.ask(text).empty());
  }

  // All ways on from a node; a loop once.
  std::vector<Step> onward(int node, bool directed) const {
    std::vector<Step> ways;
    for (const Step& step : steps) {
      if (step.from == node) ways.push_back(step);
      if (!directed && step.to == node && step.from != node) ways.push_back({step.relationship, step.to, step.from});
    }
    return ways;
  }
};

// The ends of all trails of min..max relationships, start by start, as "from-to" with their number.
std::map<std::string, int> trails(const Multigraph& graph, bool directed, int min, int max) {
  std::map<std::string, int> found;
  for (int start = 0; start < graph.nodes; ++start) {
    std::set<int> used;
    const std::function<void(int, int)> walk = [&](int node, int depth) {
      if (depth >= min) ++found[std::to_string(start) + "-" + std::to_string(node)];
      if (depth == max) return;
      for (const Step& step : graph.onward(node, directed)) {
        if (!used.insert(step.relationship).second) continue;
        walk(step.to, depth + 1);
        used.erase(step.relationship);
      }
    };
    walk(start, 0);
  }
  return found;
}

std::map<std::string, int> counted(TestDatabase& database, const std::string& query) {
  std::map<std::string, int> found;
  auto answer = database.run(query);
  REQUIRE(answer);
  for (const List& row : answer->rows) {
    found[std::to_string(row[0].integer()) + "-" + std::to_string(row[1].integer())] +=
        static_cast<int>(row[2].integer());
  }
  return found;
}

}  // namespace

TEST_CASE("variable-length patterns find exactly the trails") {
  nexus::test::SeededRandom random(7);
  for (int round = 0; round < 12; ++round) {
    const Multigraph graph(random, 4, 6);
    TestDatabase database;
    graph.store(database);
    for (const bool directed : {true, false}) {
      const std::string arrow = directed ? "->" : "-";
      for (const auto& [min, max] : {std::pair{0, 2}, std::pair{1, 3}, std::pair{2, 6}}) {
        const std::string range = std::to_string(min) + ".." + std::to_string(max);
        CHECK(counted(database, "MATCH (a)-[*" + range + "]" + arrow + "(b) RETURN a.i, b.i, count(*)") ==
              trails(graph, directed, min, max));
      }
      // Single steps of one MATCH obey the same rule.
      CHECK(counted(database, "MATCH (a)-[]" + arrow + "()-[]" + arrow + "()-[]" + arrow +
                                  "(b) RETURN a.i, b.i, count(*)") == trails(graph, directed, 3, 3));
    }
  }
}

TEST_CASE("shortest paths are as short as the shortest trail, and all of them are found") {
  nexus::test::SeededRandom random(11);
  for (int round = 0; round < 12; ++round) {
    const Multigraph graph(random, 5, 7);
    TestDatabase database;
    graph.store(database);
    for (const bool directed : {true, false}) {
      const std::string arrow = directed ? "->" : "-";
      const auto paths = [&](const std::string& function) {
        return counted(database, "MATCH (a), (b) WHERE a <> b MATCH p = " + function + "((a)-[*]" + arrow +
                                     "(b)) RETURN a.i, b.i, sum(length(p) * 1000 + 1)");
      };
      std::map<std::string, int> all, one;
      for (int length = 7; length >= 1; --length) {
        for (const auto& [ends, count] : trails(graph, directed, length, length)) {
          if (ends[0] == ends[2]) continue;
          all[ends] = count * (length * 1000 + 1);
          one[ends] = length * 1000 + 1;
        }
      }
      CHECK(paths("allShortestPaths") == all);
      CHECK(paths("shortestPath") == one);
    }
  }
}

TEST_CASE("a walk deeper than the stack would bear") {
  TestDatabase database;
  CHECK(database.ask("UNWIND range(1, 20000) AS i CREATE (:N {i: i})") == "");
  CHECK(database.ask("MATCH (a:N) WITH a ORDER BY a.i WITH collect(a) AS all UNWIND range(0, 19998) AS i "
                     "WITH all[i] AS a, all[i + 1] AS b CREATE (a)-[:T]->(b)") == "");
  CHECK(database.ask("MATCH (a:N {i: 1})-[*19999]->(b) RETURN b.i") == "20000");
  CHECK(database.ask("MATCH (a:N {i: 1}), (b:N {i: 20000}) MATCH p = shortestPath((a)-[*]->(b)) RETURN length(p)") ==
        "19999");
}

TEST_CASE("paths can be walked from both ends and re-used as bound lists") {
  TestDatabase database;
  CHECK(database.ask("CREATE (:A {i: 0})-[:T {k: 1}]->(:B {i: 1})<-[:T {k: 2}]-(:C {i: 2})") == "");
  CHECK(database.ask("MATCH p = (c:C)-[*2]-(a:A) RETURN [n IN nodes(p) | n.i], [r IN relationships(p) | r.k]") ==
        "[2, 1, 0], [2, 1]");
  CHECK(database.ask("MATCH (a:A)-[rs*2]-(c:C) MATCH (x)-[rs*2]-(y) RETURN x.i, y.i") == "0, 2");
  CHECK(database.ask("MATCH (a:A)-[r1]-()-[r2]-(c:C) WITH [r2, r1] AS rs MATCH (x)-[rs*]-(y) RETURN x.i, y.i") ==
        "2, 0");
}
