#include "tests/support/cyt_run.h"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "host-native/vfs/posix_vfs.h"
#include "tests/support/http_peer.h"
#include "tests/support/test_instance.h"
#include "value/text.h"

namespace nexus::cyt {
namespace {

using test::must;
using Lines = std::vector<std::string>;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \r") - first + 1));
}

std::string joined(const Lines& parts, std::string_view between) {
  std::string text;
  for (std::size_t at = 0; at < parts.size(); ++at) (text += at == 0 ? "" : between) += parts[at];
  return text;
}

// Splits a table line at the bars that stand outside quotes.
Lines split_cells(std::string_view line) {
  Lines cells;
  std::string cell;
  char quote = '\0';
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char byte = line[at];
    if (quote != '\0' && byte == '\\' && at + 1 < line.size()) {
      (cell += byte) += line[++at];
      continue;
    }
    if (quote != '\0' ? byte == quote : byte == '\'' || byte == '`') quote = quote == '\0' ? byte : '\0';
    if (byte == '|' && quote == '\0') {
      cells.push_back(trimmed(cell));
      cell.clear();
    } else {
      cell += byte;
    }
  }
  cells.push_back(trimmed(cell));
  return cells;
}

std::string counters_text(const UpdateCounters& counters) {
  Lines parts;
  const auto part = [&parts](char sign, std::uint64_t count, const char* one, const char* many) {
    if (count != 0) parts.push_back(sign + std::to_string(count) + " " + (count == 1 ? one : many));
  };
  part('+', counters.nodes_created, "node", "nodes");
  part('-', counters.nodes_deleted, "node", "nodes");
  part('+', counters.relationships_created, "relationship", "relationships");
  part('-', counters.relationships_deleted, "relationship", "relationships");
  part('+', counters.labels_added, "label", "labels");
  part('-', counters.labels_removed, "label", "labels");
  part('+', counters.indexes_added, "index", "indexes");
  part('-', counters.indexes_removed, "index", "indexes");
  part('+', counters.constraints_added, "constraint", "constraints");
  part('-', counters.constraints_removed, "constraint", "constraints");
  part('+', counters.properties_set, "property", "properties");
  part('+', counters.system_updates, "system update", "system updates");
  return parts.empty() ? "no changes" : joined(parts, ", ");
}

// Columns padded to one width, as --bless writes them.
Lines aligned(const std::vector<Lines>& rows) {
  std::vector<std::size_t> widths;
  for (const Lines& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], row[at].size());
  }
  Lines lines;
  for (const Lines& row : rows) {
    std::string line;
    for (std::size_t at = 0; at < row.size(); ++at) {
      if (at != 0) line += " | ";
      line += row[at];
      if (at + 1 < row.size()) line.append(widths[at] - row[at].size(), ' ');
    }
    lines.push_back(line);
  }
  return lines;
}

InstanceSettings settings_of(const std::string& mode) {
  InstanceSettings settings;
  if (mode == "rows1") settings.batch_rows = 1;
  if (mode == "raw") settings.optimize = false;
  if (mode == "disk") settings.sync_commits = false;  // What survives a power cut is others' test (tests/sim, tests/kill).
  return settings;
}

// A folder of the operating system, in mode `disk`.
class Disk {
 public:
  explicit Disk(bool is_wanted) {
    if (!is_wanted) return;
    std::string path = (std::filesystem::temp_directory_path() / "nexus-cyt-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("there is no folder for temporary files");
    path_ = path;
    files_ = must(host::PosixVfs::open_root(path));
  }
  ~Disk() {
    files_.reset();
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  Vfs* files() const { return files_.get(); }

 private:
  std::filesystem::path path_;
  std::unique_ptr<host::PosixVfs> files_;
};

class Run {
 public:
  Run(const Case& item, const std::string& mode)
      : case_(item), mode_(mode), disk_(mode == "disk"), instance_(settings_of(mode), disk_.files()) {}

  // The graph, and what LOAD CSV can read.
  void load_fixture(const std::filesystem::path& fixtures) {
    for (const auto& entry : std::filesystem::directory_iterator(fixtures)) {
      if (entry.path().extension() != ".csv") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      const ByteView view(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      must(instance_.import_files().replace(entry.path().filename().string(), view));
    }
    if (case_.graph == "empty") return;
    std::ifstream file(fixtures / (case_.graph + ".cypher"));
    if (!file) throw std::runtime_error("there is no fixture " + case_.graph);
    for (std::string statement; std::getline(file, statement, ';');) {
      if (statement.find_first_not_of(" \r\n") != std::string::npos) must(query(session(), statement));
    }
  }

  std::vector<Difference> run() {
    for (const Directive& directive : case_.directives) {
      current_ = &directive;
      run_directive(directive);
      if (!differences_.empty()) break;
      if (mode_ == "reopen") reopen_between_blocks();
    }
    return std::move(differences_);
  }

 private:
  Session& session() {
    auto& session = sessions_[session_name_];
    if (!session) {
      const auto database = databases_.find(session_name_);
      session = open_session(database == databases_.end() ? std::string() : database->second);
    }
    return *session;
  }

  std::unique_ptr<Session> open_session(const std::string& database) {
    if (mode_ != "http") return instance_.session(database);
    if (!service_) service_ = service::HttpService::create(*instance_, clock_, random_, {});
    return test::open_http_session(*service_, database);
  }

  void remember_databases() {
    for (auto& [name, session] : sessions_) {
      if (session) databases_[name] = session->database();
    }
    sessions_.clear();
    service_.reset();
  }

  void reopen_between_blocks() {
    for (auto& [name, session] : sessions_) {
      if (session && session->in_transaction()) return;
    }
    remember_databases();
    instance_.reopen();
  }

  void differ(std::string message, Lines actual = {}) {
    differences_.push_back({current_, std::move(message), std::move(actual)});
  }

  static std::string describe(const Error& error) {
    return std::string(error_name(error.code)) + ": " + error.message;
  }

  void run_directive(const Directive& directive) {
    switch (directive.kind) {
      case Directive::Kind::Do: return run_do(directive);
      case Directive::Kind::Query: return run_query(directive);
      case Directive::Kind::Error: return run_error(directive);
      case Directive::Kind::Plan: return run_plan(directive);
      case Directive::Kind::Expr: return run_expressions(directive);
      case Directive::Kind::Params: return read_parameters(directive);
      case Directive::Kind::As: session_name_ = directive.argument; return;
      case Directive::Kind::Use:
        if (auto done = session().use(directive.argument); !done) differ(describe(done.error()));
        return;
      case Directive::Kind::Reopen: return reopen(directive.argument == "crash");
    }
  }

  void reopen(bool crash) {
    if (crash) {
      for (auto& [name, session] : sessions_) {
        if (session && session->in_transaction()) (void)session->rollback();
      }
    }
    remember_databases();
    crash ? instance_.crash() : instance_.reopen();
  }

  Result<Table> run_text(const Directive& directive) {
    auto table = query(session(), joined(directive.body, "\n"), parameters_);
    parameters_.clear();
    return table;
  }

  void run_do(const Directive& directive) {
    auto table = run_text(directive);
    if (!table) return differ(describe(table.error()));
    if (!directive.has_expected) return;
    const std::string actual = counters_text(table->summary.counters);
    if (joined(directive.expected, " ") != actual) differ("side effects: " + actual, {actual});
  }

  void run_query(const Directive& directive) {
    auto table = run_text(directive);
    if (!table) return differ(describe(table.error()));
    std::vector<Lines> actual{table->columns}, wanted;
    for (const List& row : table->rows) {
      Lines cells;
      for (const Value& value : row) cells.push_back(to_text(value));
      actual.push_back(std::move(cells));
    }
    for (const std::string& line : directive.expected) wanted.push_back(split_cells(line));
    const std::vector<Lines> shown = actual;
    if (directive.argument != "ordered") {
      if (!actual.empty()) std::sort(actual.begin() + 1, actual.end());
      if (!wanted.empty()) std::sort(wanted.begin() + 1, wanted.end());
    }
    if (actual != wanted) differ("the table differs:\n      " + joined(aligned(shown), "\n      "), aligned(shown));
  }

  void run_error(const Directive& directive) {
    auto table = run_text(directive);
    if (!table) return compare_error(directive, table.error());
    differ("succeeded instead of failing with " + directive.argument);
  }

  void compare_error(const Directive& directive, const Error& error) {
    std::istringstream words(directive.argument);
    std::string word;
    words >> word;
    if (error_name(error.code) != word) return differ(describe(error));
    while (words >> word) {
      if (word == gql_status(error.code) || "Neo." + word == neo4j_status(error.code)) continue;
      differ("its status is " + std::string(neo4j_status(error.code)) + ", " + std::string(gql_status(error.code)));
    }
    if (!directive.has_expected) return;
    std::string actual = error.message;
    if (error.position.is_known()) {
      actual = std::to_string(error.position.line) + ":" + std::to_string(error.position.column) + ": " + actual;
    }
    const std::string wanted = joined(directive.expected, " ");
    const bool place_only = wanted.find_first_not_of("0123456789:") == std::string::npos;
    const bool same = place_only ? actual.rfind(wanted + ": ", 0) == 0 : actual == wanted;
    if (!same) differ("the message is: " + actual, {actual});
  }

  void run_plan(const Directive& directive) {
    if (mode_ != "memory") return;
    auto table = query(session(), "EXPLAIN " + joined(directive.body, "\n"), parameters_);
    if (!table) return differ(describe(table.error()));
    Lines actual;
    std::istringstream text(table->summary.plan);
    for (std::string line; std::getline(text, line);) actual.push_back(line);
    if (actual != directive.expected) differ("the plan is:\n      " + joined(actual, "\n      "), actual);
  }

  void run_expressions(const Directive& directive) {
    for (const std::string& line : directive.body) {
      const std::size_t arrow = line.rfind("=>");
      if (arrow == std::string::npos) return differ("no => in: " + line);
      const std::string expression = trimmed(line.substr(0, arrow));
      const std::string wanted = trimmed(line.substr(arrow + 2));
      auto table = query(session(), "RETURN " + expression + " AS value", parameters_);
      std::string actual = table ? to_text(table->rows.at(0).at(0)) : "error " + std::string(error_name(table.error().code));
      if (actual != wanted) differ(expression + " => " + (table ? actual : describe(table.error())));
    }
  }

  void read_parameters(const Directive& directive) {
    auto table = query(session(), "RETURN " + directive.argument + " AS parameters");
    if (!table) return differ(describe(table.error()));
    parameters_ = table->rows.at(0).at(0).map();
  }

  const Case& case_;
  std::string mode_;
  Disk disk_;
  test::TestInstance instance_;
  test::FakeClock clock_;
  test::SeededRandom random_{7};
  std::unique_ptr<service::HttpService> service_;  // In http mode.
  std::map<std::string, std::string> databases_;
  std::map<std::string, std::unique_ptr<Session>> sessions_;
  std::string session_name_ = "main";
  Map parameters_;
  const Directive* current_ = nullptr;
  std::vector<Difference> differences_;
};

// A REST session has no explicit transactions.
bool needs_transactions(const Case& item) {
  return std::any_of(item.directives.begin(), item.directives.end(), [](const Directive& directive) {
    return std::any_of(directive.body.begin(), directive.body.end(),
                       [](const std::string& line) { return line == "BEGIN" || line == "COMMIT" || line == "ROLLBACK"; });
  });
}

}  // namespace

bool is_mode(const std::string& mode) {
  return mode == "memory" || mode == "disk" || mode == "reopen" || mode == "rows1" || mode == "raw" || mode == "http";
}

Outcome run_case(const Case& item, const std::string& mode, const std::filesystem::path& fixtures) {
  Outcome outcome{item.name, false, {}};
  if (mode == "http" && needs_transactions(item)) {
    outcome.skipped = true;
    return outcome;
  }
  if (!item.skip.empty() || (!item.only_mode.empty() && item.only_mode != mode)) {
    outcome.skipped = true;
    return outcome;
  }
  try {
    Run run(item, mode);
    run.load_fixture(fixtures);
    outcome.differences = run.run();
  } catch (const std::exception& failure) {
    outcome.differences.push_back({nullptr, failure.what(), {}});
  }
  return outcome;
}

}  // namespace nexus::cyt
