// query_fuzz: random statements that must agree with themselves, however they are run.
//
//   query_fuzz --seed 1 --count 1000                 a thousand random graphs, the first from seed 1
//   query_fuzz --seed 7 --count 1 --trace 1          every statement before it runs, to find a crash
//   query_fuzz --seed 1 --count 50 --write FILE      statements and answers, for tests/fuzz/replay.mjs
//
// Oracles, over a small random graph:
//   * the same statement with the optimizer on and off, one row at a time, and with indexes on everything answers
//     the same rows; when it writes, the graphs are the same afterwards;
//   * for a predicate p: the rows where p, where NOT p and where p IS NULL are all rows, each once;
//   * a quantified group, a variable-length relationship and hand-written steps find the same walks;
//   * a statement printed from its tree parses and prints the same again;
//   * the WebAssembly module answers what the native engine did (by --write).
// A difference is printed with its seed, made as small as removing tokens can; a statement that does not end within
// 60 seconds ends the program. The exit code is 1 when there was a difference.
#include <csignal>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "service/json.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"
#include "syntax/printer.h"
#include "tests/fuzz/grammar.h"
#include "tests/support/test_instance.h"
#include "value/text.h"

namespace {

using namespace nexus;
using fuzz::Dice;
using fuzz::Grammar;

constexpr unsigned kStatementSecondsMax = 60;
constexpr int kStatementsAGraph = 40;

// What runs now, for the signal that ends it.
char current_text[4'096];

void stop_and_tell(int signal) {
  const char* why = signal == SIGALRM ? "does not end: " : "crashes: ";
  (void)!write(2, why, std::strlen(why));
  (void)!write(2, current_text, std::strlen(current_text));
  (void)!write(2, "\n", 1);
  _exit(3);
}

struct Options {
  std::uint64_t seed = 1, count = 100;
  bool trace = false;
  const char* write_to = nullptr;
};

const Map& parameters() {
  static const Map map = make_map({{"n", Value::integer(2)},
                                    {"s", Value::string("a")},
                                    {"l", Value::list({Value::integer(1), Value::string("a"), Value::null()})}});
  return map;
}

// 1 and 1.0 are one group, and which of them stands for it may depend on the order of rows; so with -0.0.
std::string canonical(std::string text) {
  std::string made;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool after_digit = at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9';
    const bool ends = at + 2 >= text.size() || text[at + 2] < '0' || text[at + 2] > '9';
    if (after_digit && text.compare(at, 2, ".0") == 0 && ends && (at + 2 >= text.size() || text[at + 2] != 'E')) {
      ++at;
      if (made.size() >= 2 && made.compare(made.size() - 2, 2, "-0") == 0) made.erase(made.size() - 2, 1);
      continue;
    }
    made += text[at];
  }
  return made;
}

using Rows = std::vector<std::string>;

bool failed(const Rows& rows) { return rows.size() == 1 && rows[0].rfind("error ", 0) == 0; }

Rows rows_of(Session& session, const std::string& text) {
  std::strncpy(current_text, text.c_str(), sizeof current_text - 1);
  alarm(kStatementSecondsMax);
  auto table = query(session, text, parameters());
  alarm(0);
  if (!table) return {"error " + std::string(error_name(table.error().code))};
  Rows rows;
  for (const List& row : table->rows) {
    std::string joined;
    for (const Value& value : row) joined += (joined.empty() ? "" : " | ") + canonical(to_text(value));
    rows.push_back(std::move(joined));
  }
  return rows;
}

Rows sorted(Rows rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

bool same(const Rows& one, const Rows& other, bool ordered) {
  // Whether a predicate is asked of a row that another one removes, and so whether it fails, is the plan's choice.
  if (failed(one) || failed(other)) return true;
  return ordered ? one == other : sorted(one) == sorted(other);
}

// Removes tokens, many at first, as long as what is wrong stays.
std::string shrink(std::string text, const std::function<bool(const std::string&)>& is_wrong) {
  for (std::size_t span = 32; span > 0; span /= 2) {
    for (std::size_t start = 0;;) {
      const auto tokens = syntax::tokenize(text).list;
      if (start + span >= tokens.size()) break;
      std::string candidate = text.substr(0, tokens[start].begin) + " " + text.substr(tokens[start + span - 1].end);
      if (is_wrong(candidate)) text = std::move(candidate);
      else ++start;
    }
  }
  return text;
}

struct World {
  const char* name;
  test::TestInstance instance;
  std::unique_ptr<Session> session;

  World(const char* name_given, bool optimize, std::uint32_t batch_rows)
      : name(name_given), instance(settings(optimize, batch_rows)), session(instance.session()) {}

  static InstanceSettings settings(bool optimize, std::uint32_t batch_rows) {
    InstanceSettings made;
    made.optimize = optimize;
    made.batch_rows = batch_rows;
    return made;
  }
};

constexpr const char* kIndexes[] = {
    "CREATE INDEX FOR (n:A) ON (n.i)", "CREATE INDEX FOR (n:A) ON (n.s, n.i)", "CREATE INDEX FOR (n:B) ON (n.s)",
    "CREATE INDEX FOR (n:B) ON (n.d)", "CREATE INDEX FOR ()-[r:R]-() ON (r.i)"};
constexpr const char* kNodes =
    "MATCH (n) RETURN [l IN ['A', 'B', 'C', 'M', 'N'] WHERE l IN labels(n)] AS l, properties(n) AS p, COUNT { (n)-->() } AS o";
constexpr const char* kRelationships =
    "MATCH (x)-[r]->(y) RETURN x.id AS x, type(r) AS t, properties(r) AS p, y.id AS y";

class Fuzz {
 public:
  explicit Fuzz(const Options& options) : options_(options) {
    if (options.write_to != nullptr) written_ = std::fopen(options.write_to, "w");
  }
  ~Fuzz() {
    if (written_ != nullptr) std::fclose(written_);
  }

  void run(std::uint64_t seed);
  bool report() const;

 private:
  Rows ask(World& world, const std::string& text) {
    ++statements_;
    if (options_.trace) std::printf("%s: %s\n", world.name, text.c_str()), std::fflush(stdout);
    return rows_of(*world.session, text);
  }
  void difference(const std::string& what, const std::string& text) {
    ++differences_;
    std::printf("seed %llu: %s\n    %s\n", static_cast<unsigned long long>(seed_), what.c_str(), text.c_str());
    std::fflush(stdout);
  }
  // False when the graphs went different ways because an update failed in some worlds alone.
  bool check(const fuzz::Statement& statement);
  void check_printing(const std::string& text);
  void check_partition(const std::string& match, const std::string& p);
  void check_walks(Dice& dice);
  void note(const std::string& text, const Rows& rows, bool ordered);

  Options options_;
  std::FILE* written_ = nullptr;
  std::vector<std::unique_ptr<World>> worlds_;
  std::uint64_t seed_ = 0, statements_ = 0, generated_ = 0, errors_ = 0, not_empty_ = 0, differences_ = 0;
};

// One line of JSON a statement: {"graph": …} begins a new one.
void Fuzz::note(const std::string& text, const Rows& rows, bool ordered) {
  if (written_ == nullptr) return;
  std::string line = "{\"text\":";
  service::append_json_string(line, text);
  line += ordered ? ",\"ordered\":true,\"rows\":[" : ",\"rows\":[";
  for (const std::string& row : rows) {
    if (line.back() != '[') line += ',';
    service::append_json_string(line, row);
  }
  line += "]}\n";
  std::fputs(line.c_str(), written_);
}

bool Fuzz::check(const fuzz::Statement& statement) {
  ++generated_;
  check_printing(statement.text);
  const Rows rows = ask(*worlds_[0], statement.text);
  note(statement.text, rows, statement.ordered);
  bool together = true;
  if (failed(rows)) ++errors_;
  else if (!rows.empty()) ++not_empty_;
  for (std::size_t at = 1; at < worlds_.size(); ++at) {
    World& other = *worlds_[at];
    const Rows others = ask(other, statement.text);
    together = together && failed(others) == failed(rows);
    if (same(rows, others, statement.ordered)) continue;
    std::string text = statement.text;
    if (!statement.writes) {
      text = shrink(text, [&](const std::string& smaller) {
        const Rows expected = rows_of(*worlds_[0]->session, smaller);
        return !same(expected, rows_of(*other.session, smaller), statement.ordered);
      });
    }
    difference(std::string("the answer is another with ") + other.name, text);
  }
  if (!statement.writes) return true;
  if (!together) return false;
  for (const char* state : {kNodes, kRelationships}) {
    const Rows expected = ask(*worlds_[0], state);
    note(state, expected, false);
    for (std::size_t at = 1; at < worlds_.size(); ++at) {
      if (sorted(expected) == sorted(ask(*worlds_[at], state))) continue;
      difference(std::string("the graph is another with ") + worlds_[at]->name, statement.text);
      return false;
    }
  }
  return true;
}

void Fuzz::check_printing(const std::string& text) {
  const auto tree = syntax::parse(text);
  if (!tree) return difference("it does not parse: " + tree.error().message, text);
  const std::string printed = syntax::print(*tree);
  const auto again = syntax::parse(printed);
  if (!again) return difference("what is printed does not parse: " + again.error().message, text + "\n    " + printed);
  const std::string twice = syntax::print(*again);
  if (printed != twice) difference("what is printed prints otherwise", printed + "\n    " + twice);
}

void Fuzz::check_partition(const std::string& match, const std::string& p) {
  const std::string end = " RETURN a.id AS a, b.id AS b";
  World& world = *worlds_[seed_ % worlds_.size()];
  const Rows all = sorted(ask(world, match + end));
  const auto is_wrong = [&](const std::string& smaller) {
    Rows parts;
    for (const std::string& where : {smaller, "NOT (" + smaller + ")", "(" + smaller + ") IS NULL"}) {
      const Rows rows = rows_of(*world.session, match + " WHERE " + where + end);
      if (failed(rows)) return false;  // A predicate that fails for one row has no partition.
      parts.insert(parts.end(), rows.begin(), rows.end());
    }
    return sorted(std::move(parts)) != all;
  };
  statements_ += 3;
  generated_ += 4;
  if (is_wrong(p)) difference("p, NOT p and p IS NULL are not all rows", match + " WHERE " + shrink(p, is_wrong));
}

void Fuzz::check_walks(Dice& dice) {
  World& world = *worlds_[0];
  const std::string type = dice.pick({":R", ":S", ""});
  const std::string arrow = dice.pick({"->", "-"});
  const auto only = [&](const std::string& text) {
    const Rows rows = ask(world, text);
    return rows.empty() ? std::string("nothing") : rows[0];
  };
  const std::string group = only("MATCH (a)((x)-[r" + type + "]" + arrow + "(y)){2}(b) RETURN count(*), sum(r[0].i), sum(y[0].id)");
  const std::string length =
      only("MATCH (a)-[r" + type + "*2..2]" + arrow + "(b) MATCH (a)-[q" + type + "]" + arrow +
           "(y) WHERE q = r[0] AND EXISTS { (y)-[z" + type + "]" + arrow + "(b) WHERE z = r[1] } RETURN count(*), sum(r[0].i), sum(y.id)");
  const std::string steps =
      only("MATCH (a)-[r" + type + "]" + arrow + "(y)-[" + type + "]" + arrow + "(b) RETURN count(*), sum(r.i), sum(y.id)");
  generated_ += 3;
  if (group != steps) difference("a group and its steps differ: " + group + " and " + steps, type + arrow);
  if (length != steps && arrow == "->") difference("a length and its steps differ: " + length + " and " + steps, type + arrow);
}

void Fuzz::run(std::uint64_t seed) {
  seed_ = seed;
  Dice dice(seed);
  Grammar grammar(dice);
  worlds_.clear();
  worlds_.push_back(std::make_unique<World>("the optimizer", true, 1'024));
  worlds_.push_back(std::make_unique<World>("no optimizer", false, 1'024));
  worlds_.push_back(std::make_unique<World>("one row at a time", true, 1));
  worlds_.push_back(std::make_unique<World>("indexes", true, 1'024));
  for (const char* index : kIndexes) ask(*worlds_[3], index);
  const std::string graph = grammar.graph();
  for (const auto& world : worlds_) {
    if (failed(ask(*world, graph))) return difference("the graph cannot be made", graph);
  }
  if (written_ != nullptr) {
    std::string line = "{\"graph\":";
    service::append_json_string(line, graph);
    std::fputs((line + "}\n").c_str(), written_);
  }
  for (int i = 0; i < kStatementsAGraph; ++i) {
    if (i % 4 == 3) check_partition("MATCH " + grammar.pattern().text, grammar.predicate(3));
    else if (!check(i % 4 == 2 ? grammar.update() : grammar.read())) return;
    if (i == 0) check_walks(dice);
  }
}

bool Fuzz::report() const {
  const auto number = [](std::uint64_t count) { return static_cast<unsigned long long>(count); };
  std::printf("fuzz: %llu graphs, %llu statements generated and run %llu times, %llu failed everywhere, %llu had rows, %llu differences\n",
              number(options_.count), number(generated_), number(statements_), number(errors_), number(not_empty_), number(differences_));
  return differences_ == 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--seed") options.seed = std::strtoull(argv[i + 1], nullptr, 10);
    else if (flag == "--count") options.count = std::strtoull(argv[i + 1], nullptr, 10);
    else if (flag == "--trace") options.trace = std::string(argv[i + 1]) == "1";
    else if (flag == "--write") options.write_to = argv[i + 1];
  }
  for (const int signal : {SIGALRM, SIGSEGV, SIGABRT}) std::signal(signal, stop_and_tell);
  Fuzz all(options);
  for (std::uint64_t at = options.seed; at < options.seed + options.count; ++at) all.run(at);
  return all.report() ? 0 : 1;
}
