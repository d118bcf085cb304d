// query_fuzz: random queries that must not fail where they cannot, and must agree with themselves.
//
//   query_fuzz --seed 1 --count 1000
//
// Oracles, over a small random graph:
//   * the same query with the optimizer on and off, and one row at a time, answers the same rows;
//   * for a predicate p: the rows where p, where NOT p and where p IS NULL are all rows, each once;
//   * a quantified group, a variable-length relationship and hand-written steps find the same walks.
// The first difference is printed with its seed; the exit code is 1 when there was any.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/support/test_instance.h"
#include "value/text.h"

namespace {

using namespace nexus;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  int below(int bound) { return static_cast<int>(next() % static_cast<std::uint64_t>(bound)); }
  bool chance(int percent) { return below(100) < percent; }
  template <std::size_t n>
  std::string pick(const char* const (&choices)[n]) {
    return choices[below(static_cast<int>(n))];
  }

 private:
  std::uint64_t state_;
};

// Expressions over the variables a and b (nodes) by type, no deeper than `depth`.
class Grammar {
 public:
  explicit Grammar(Dice& dice) : dice_(dice) {}

  std::string number(int depth) {
    if (depth == 0 || dice_.chance(30)) {
      return dice_.pick({"0", "1", "-2", "3.5", "null", "a.i", "b.i", "a.f", "9223372036854775807", "(0.0 / 0.0)"});
    }
    switch (dice_.below(6)) {
      case 0: return "(" + number(depth - 1) + dice_.pick({" - ", " * 1.0 + "}) + "toFloat(" + number(depth - 1) + "))";
      case 1: return "size(" + list(depth - 1) + ")";
      case 2: return "size(" + text(depth - 1) + ")";
      case 3: return "coalesce(" + number(depth - 1) + ", " + number(depth - 1) + ")";
      case 4: return "CASE WHEN " + predicate(depth - 1) + " THEN " + number(depth - 1) + " ELSE " + number(depth - 1) + " END";
      default: return "reduce(s = 0.0, x IN " + list(depth - 1) + " | s + coalesce(toFloatOrNull(x), 1))";
    }
  }

  std::string text(int depth) {
    if (depth == 0 || dice_.chance(40)) return dice_.pick({"''", "'a'", "'Ab'", "null", "a.s", "b.s", "'é'"});
    switch (dice_.below(4)) {
      case 0: return "(" + text(depth - 1) + " + " + text(depth - 1) + ")";
      case 1: return "toUpper(" + text(depth - 1) + ")";
      case 2: return "toStringOrNull(" + number(depth - 1) + ")";
      default: return "substring(" + text(depth - 1) + ", 1)";
    }
  }

  std::string list(int depth) {
    if (depth == 0 || dice_.chance(30)) return dice_.pick({"[]", "[1, null, 'a']", "[2, 1]", "a.l", "labels(b)", "[[1], null]"});
    switch (dice_.below(4)) {
      case 0: return "[" + number(depth - 1) + ", " + text(depth - 1) + "]";
      case 1: return "[x IN " + list(depth - 1) + " WHERE x IS NOT NULL | x]";
      case 2: return "tail(" + list(depth - 1) + ")";
      default: return "(" + list(depth - 1) + " + " + list(depth - 1) + ")";
    }
  }

  std::string predicate(int depth) {
    if (depth == 0 || dice_.chance(15)) return dice_.pick({"true", "false", "null", "a.b", "a:A", "b:B", "a = b", "a.i = b.i"});
    switch (dice_.below(11)) {
      case 0: return "(" + predicate(depth - 1) + dice_.pick({" AND ", " OR ", " XOR "}) + predicate(depth - 1) + ")";
      case 1: return "(NOT " + predicate(depth - 1) + ")";
      case 2: return "(" + number(depth - 1) + dice_.pick({" < ", " <= ", " = ", " <> ", " >= "}) + number(depth - 1) + ")";
      case 3: return "(" + text(depth - 1) + dice_.pick({" STARTS WITH ", " CONTAINS ", " = ", " < "}) + text(depth - 1) + ")";
      case 4: return "(" + number(depth - 1) + " IN " + list(depth - 1) + ")";
      case 5: return "(" + list(depth - 1) + dice_.pick({" = ", " < ", " <> "}) + list(depth - 1) + ")";
      case 6: return "(" + number(depth - 1) + " IS NULL)";
      case 7: return dice_.pick({"any", "all", "none", "single"}) + "(x IN " + list(depth - 1) + " WHERE x = " + number(depth - 1) + ")";
      case 8: return dice_.pick({"EXISTS { (a)-->(:B) }", "EXISTS { (a)--(b) }", "COUNT { (b)-[:R]->() } > 1", "EXISTS { (a)((x)-[:R]->(y)){1,2}(b) }"});
      case 9: return "(1 < " + number(depth - 1) + " <= " + number(depth - 1) + ")";
      default: return "(" + text(depth - 1) + " IS :: STRING NOT NULL)";
    }
  }

  std::string pattern() {
    return dice_.pick({"(a:A), (b:B)", "(a)-[r]->(b)", "(a:A)-[r:R]-(b)", "(a)-[:R]->(m)-[:S]->(b)", "(a)-[q:R*1..2]->(b:B)",
                       "(a:A)((x)-[:R]->(y) WHERE x.i <> y.i){1,2}(b)", "(a)<-[:S]-(b), (b)-[:R]->(c)"});
  }

 private:
  Dice& dice_;
};

std::vector<std::string> rows_of(Session& session, const std::string& text) {
  auto table = query(session, text);
  if (!table) return {"error " + std::string(error_name(table.error().code))};
  std::vector<std::string> rows;
  for (const List& row : table->rows) rows.push_back(to_text(Value::list(row)));
  return rows;
}

std::vector<std::string> sorted(std::vector<std::string> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

bool failed(const std::vector<std::string>& rows) { return rows.size() == 1 && rows[0].rfind("error ", 0) == 0; }

std::string random_graph(Dice& dice) {
  std::string text = "CREATE ";
  const int nodes = 3 + dice.below(5);
  for (int i = 0; i < nodes; ++i) {
    text += (i == 0 ? "" : ", ") + std::string("(n") + std::to_string(i) + dice.pick({":A", ":B", ":A:B", ""}) + " {id: " + std::to_string(i);
    if (dice.chance(70)) text += ", i: " + std::to_string(dice.below(4));
    if (dice.chance(40)) text += ", f: " + dice.pick({"1.0", "0.5", "(0.0 / 0.0)"});
    if (dice.chance(50)) text += ", s: " + dice.pick({"'a'", "'Ab'", "''"});
    if (dice.chance(50)) text += ", b: " + dice.pick({"true", "false"});
    if (dice.chance(40)) text += ", l: " + dice.pick({"[1, 2]", "[]", "['a']"});
    text += "})";
  }
  const int relationships = 2 + dice.below(8);
  for (int i = 0; i < relationships; ++i) {
    text += ", (n" + std::to_string(dice.below(nodes)) + ")-[:" + dice.pick({"R", "S"}) + " {i: " + std::to_string(i) + "}]->(n" +
            std::to_string(dice.below(nodes)) + ")";
  }
  return text;
}

struct Worlds {
  test::TestInstance optimized{settings(true, 1'024)}, plain{settings(false, 1'024)}, single{settings(true, 1)};

  static InstanceSettings settings(bool optimize, std::uint32_t batch_rows) {
    InstanceSettings made;
    made.optimize = optimize;
    made.batch_rows = batch_rows;
    return made;
  }
};

struct Report {
  std::uint64_t queries = 0, errors = 0, not_empty = 0, differences = 0;

  void difference(std::uint64_t seed, const std::string& what, const std::string& text) {
    ++differences;
    std::printf("seed %llu: %s\n    %s\n", static_cast<unsigned long long>(seed), what.c_str(), text.c_str());
  }
};

void check_modes(std::uint64_t seed, const std::string& text, Session& optimized, Session& plain, Session& single, Report& report) {
  ++report.queries;
  const auto rows = rows_of(optimized, text);
  if (failed(rows)) ++report.errors;
  else if (!rows.empty()) ++report.not_empty;
  if (sorted(rows) != sorted(rows_of(plain, text))) report.difference(seed, "the optimizer changes the answer", text);
  if (sorted(rows) != sorted(rows_of(single, text))) report.difference(seed, "the size of a batch changes the answer", text);
}

void check_partition(std::uint64_t seed, Session& session, const std::string& match, const std::string& p, Report& report) {
  const std::string end = " RETURN a.id AS a, b.id AS b";
  const auto all = rows_of(session, match + end);
  std::vector<std::string> parts;
  for (const std::string& where : {p, "NOT (" + p + ")", "(" + p + ") IS NULL"}) {
    const auto rows = rows_of(session, match + " WHERE " + where + end);
    if (failed(rows)) return;  // A predicate that fails for one row has no partition.
    parts.insert(parts.end(), rows.begin(), rows.end());
  }
  report.queries += 4;
  if (sorted(parts) != sorted(all)) report.difference(seed, "p, NOT p and p IS NULL are not all rows", match + " WHERE " + p);
}

void check_walks(std::uint64_t seed, Session& session, Dice& dice, Report& report) {
  const std::string type = dice.pick({":R", ":S", ""});
  const std::string arrow = dice.pick({"->", "-"});
  const std::string group = rows_of(session, "MATCH (a)((x)-[r" + type + "]" + arrow + "(y)){2}(b) RETURN count(*), sum(r[0].i), sum(y[0].id)")[0];
  const std::string length = rows_of(session, "MATCH (a)-[r" + type + "*2..2]" + arrow + "(b) MATCH (a)-[q" + type + "]" + arrow +
                                                  "(y) WHERE q = r[0] AND EXISTS { (y)-[z" + type + "]" + arrow +
                                                  "(b) WHERE z = r[1] } RETURN count(*), sum(r[0].i), sum(y.id)")[0];
  const std::string steps = rows_of(session, "MATCH (a)-[r" + type + "]" + arrow + "(y)-[" + type + "]" + arrow + "(b) RETURN count(*), sum(r.i), sum(y.id)")[0];
  report.queries += 3;
  if (group != steps) report.difference(seed, "a group and its steps differ: " + group + " and " + steps, type + arrow);
  if (length != steps && arrow == "->") report.difference(seed, "a length and its steps differ: " + length + " and " + steps, type + arrow);
}

void run(std::uint64_t seed, Report& report) {
  Dice dice(seed);
  Worlds worlds;
  const auto optimized = worlds.optimized.session(), plain = worlds.plain.session(), single = worlds.single.session();
  const std::string graph = random_graph(dice);
  for (Session* session : {optimized.get(), plain.get(), single.get()}) {
    if (failed(rows_of(*session, graph))) return report.difference(seed, "the graph cannot be made", graph);
  }
  Grammar grammar(dice);
  for (int i = 0; i < 20; ++i) {
    const std::string match = "MATCH " + grammar.pattern();
    const std::string p = grammar.predicate(3);
    check_partition(seed, *optimized, match, p, report);
    const std::string order = dice.chance(50) ? " ORDER BY a.id, b.id, v LIMIT " + std::to_string(dice.below(5)) : "";
    const std::string value = dice.chance(50) ? grammar.number(2) : grammar.list(2);
    check_modes(seed, match + " WHERE " + p + " RETURN a.id AS a, b.id AS b, " + value + " AS v" + order, *optimized, *plain, *single, report);
    check_modes(seed, match + " WITH a.i AS k, collect(b.id) AS c, count(*) AS n RETURN k, n, size(c) AS v ORDER BY k", *optimized, *plain, *single, report);
  }
  check_walks(seed, *optimized, dice, report);
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1, count = 100;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--seed") seed = std::strtoull(argv[i + 1], nullptr, 10);
    else if (flag == "--count") count = std::strtoull(argv[i + 1], nullptr, 10);
  }
  Report report;
  for (std::uint64_t at = seed; at < seed + count; ++at) run(at, report);
  std::printf("fuzz: %llu graphs, %llu queries, %llu compared queries failed as they must, %llu had rows, %llu differences\n",
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(report.queries),
              static_cast<unsigned long long>(report.errors), static_cast<unsigned long long>(report.not_empty),
              static_cast<unsigned long long>(report.differences));
  return report.differences == 0 ? 0 : 1;
}
