#include "tests/tck/scenario_run.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/support/test_instance.h"
#include "tests/tck/table_value.h"
#include "tests/tck/test_procedure.h"
#include "value/text.h"

namespace nexus::tck {
namespace {

using test::must;
using Texts = std::set<std::string>;

// What the TCK can see of a graph, to tell side effects by observation.
struct Observation {
  Texts nodes, relationships, labels, properties;
};

Texts observe(Session& session, std::string_view text) {
  Texts seen;
  for (const List& row : must(query(session, text)).rows) {
    std::string line;
    for (const Value& value : row) line += to_text(value) + "|";
    seen.insert(line);
  }
  return seen;
}

Observation observe(Session& session) {
  Observation seen;
  seen.nodes = observe(session, "MATCH (n) RETURN id(n)");
  seen.relationships = observe(session, "MATCH ()-[r]->() RETURN id(r)");
  seen.labels = observe(session, "MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label");
  seen.properties = observe(session, "MATCH (n) UNWIND keys(n) AS key RETURN 'n', id(n), key, n[key]");
  for (const std::string& line :
       observe(session, "MATCH ()-[r]->() UNWIND keys(r) AS key RETURN 'r', id(r), key, r[key]")) {
    seen.properties.insert(line);
  }
  return seen;
}

std::map<std::string, std::size_t> side_effects(const Observation& before, const Observation& after) {
  std::map<std::string, std::size_t> effects;
  const auto count = [&effects](const std::string& name, const Texts& old_texts, const Texts& new_texts) {
    Texts added, removed;
    std::set_difference(new_texts.begin(), new_texts.end(), old_texts.begin(), old_texts.end(),
                        std::inserter(added, added.end()));
    std::set_difference(old_texts.begin(), old_texts.end(), new_texts.begin(), new_texts.end(),
                        std::inserter(removed, removed.end()));
    if (!added.empty()) effects["+" + name] = added.size();
    if (!removed.empty()) effects["-" + name] = removed.size();
  };
  count("nodes", before.nodes, after.nodes);
  count("relationships", before.relationships, after.relationships);
  count("labels", before.labels, after.labels);
  count("properties", before.properties, after.properties);
  return effects;
}

std::string joined(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) (line += line.empty() ? "" : " | ") += cell;
  return line;
}

// The error detail that the TCK knows, for codes of ours that tell its cases apart.
std::string tck_detail(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidArgumentTypeSyntax:
    case ErrorCode::InvalidArgumentTypeRuntime:
    case ErrorCode::ArgumentTypeMismatch: return "InvalidArgumentType";
    case ErrorCode::NegativeIntegerArgumentRuntime: return "NegativeIntegerArgument";
    default: return std::string(error_name(code));
  }
}

class Run {
 public:
  Run(const Scenario& scenario, std::filesystem::path graphs, const InstanceSettings& settings)
      : scenario_(scenario), graphs_(std::move(graphs)), instance_(settings) {}

  std::string run() {
    session_ = instance_.session();
    for (const Step& step : scenario_.steps) {
      if (std::string difference = run_step(step); !difference.empty()) return difference;
    }
    if (error_ && !error_expected_) return "failed: " + describe(*error_);
    return {};
  }

 private:
  static std::string describe(const Error& error) {
    return std::string(error_name(error.code)) + ": " + error.message;
  }

  std::string run_step(const Step& step) {
    switch (step.kind) {
      case Step::Kind::EmptyGraph:
      case Step::Kind::AnyGraph: return {};
      case Step::Kind::NamedGraph: return load_graph(step.text);
      case Step::Kind::Prepare: return prepare(step.text);
      case Step::Kind::Parameters: return read_parameters(step.table);
      case Step::Kind::Procedure: return add_test_procedure(instance_->procedures(), step.text, step.table);
      case Step::Kind::Execute:
      case Step::Kind::Control: return execute(step.text);
      case Step::Kind::Result: return compare_result(step);
      case Step::Kind::EmptyResult:
        if (error_) return "failed: " + describe(*error_);
        return table_.rows.empty() ? "" : std::to_string(table_.rows.size()) + " rows instead of none";
      case Step::Kind::Error: return compare_error(step.text);
      case Step::Kind::NoSideEffects: return compare_effects({});
      case Step::Kind::SideEffects: {
        std::map<std::string, std::size_t> wanted;
        for (const TableRow& row : step.table) wanted[row[0]] = std::stoul(row[1]);
        return compare_effects(wanted);
      }
    }
    return "an unknown step";
  }

  std::string prepare(const std::string& text) {
    auto table = query(*session_, text, parameters_);
    return table ? "" : "preparation failed: " + describe(table.error());
  }

  std::string load_graph(const std::string& name) {
    std::ifstream file(graphs_ / name / (name + ".cypher"));
    std::stringstream text;
    text << file.rdbuf();
    std::string statement;
    while (std::getline(text, statement, ';')) {
      if (statement.find_first_not_of(" \n\r\t") == std::string::npos) continue;
      if (std::string failure = prepare(statement); !failure.empty()) return failure;
    }
    return {};
  }

  std::string read_parameters(const std::vector<TableRow>& table) {
    Map entries;
    for (const TableRow& row : table) entries.emplace_back(row[0], must(parse_value(row[1])));
    parameters_ = make_map(std::move(entries));
    return {};
  }

  std::string execute(const std::string& text) {
    if (error_ && !error_expected_) return "failed: " + describe(*error_);
    error_.reset();
    before_ = observe(*session_);
    auto table = query(*session_, text, parameters_);
    if (table) {
      table_ = std::move(*table);
    } else {
      error_ = std::move(table.error());
    }
    after_ = observe(*session_);
    return {};
  }

  std::string compare_result(const Step& step) {
    if (error_) return "failed: " + describe(*error_);
    if (table_.columns != step.table[0]) return "columns " + joined(table_.columns) + " instead of " + joined(step.table[0]);
    std::vector<std::string> wanted, actual;
    for (std::size_t row = 1; row < step.table.size(); ++row) {
      std::vector<std::string> cells;
      for (const std::string& cell : step.table[row]) cells.push_back(must(canonical(cell, step.bag_lists)));
      wanted.push_back(joined(cells));
    }
    for (const List& row : table_.rows) {
      std::vector<std::string> cells;
      for (const Value& value : row) cells.push_back(must(canonical(to_text(value), step.bag_lists)));
      actual.push_back(joined(cells));
    }
    if (!step.ordered) {
      std::sort(wanted.begin(), wanted.end());
      std::sort(actual.begin(), actual.end());
    }
    if (wanted == actual) return {};
    for (std::size_t row = 0; row < std::max(wanted.size(), actual.size()); ++row) {
      const std::string left = row < wanted.size() ? wanted[row] : "(nothing)";
      const std::string right = row < actual.size() ? actual[row] : "(nothing)";
      if (left != right) return "row " + std::to_string(row + 1) + ": " + right + " instead of " + left;
    }
    return "rows differ";
  }

  std::string compare_error(const std::string& wanted) {
    error_expected_ = true;
    if (!error_) return "succeeded instead of " + wanted;
    const std::size_t first = wanted.find('|');
    const std::size_t second = wanted.find('|', first + 1);
    const std::string type = wanted.substr(0, first);
    const std::string phase = wanted.substr(first + 1, second - first - 1);
    const std::string detail = wanted.substr(second + 1);
    const std::string actual_phase = error_->compile_time ? "compile time" : "runtime";
    if (type != error_kind_name(error_kind(error_->code)) || (phase != "any time" && phase != actual_phase) ||
        (detail != "*" && detail != tck_detail(error_->code))) {
      return std::string(error_kind_name(error_kind(error_->code))) + "|" + actual_phase + "|" + describe(*error_) +
             " instead of " + wanted;
    }
    return {};
  }

  std::string compare_effects(const std::map<std::string, std::size_t>& wanted) {
    const auto actual = side_effects(before_, after_);
    if (actual == wanted) return {};
    std::string text = "side effects";
    for (const auto& [name, amount] : actual) text += " " + name + " " + std::to_string(amount);
    return text + " differ";
  }

  const Scenario& scenario_;
  std::filesystem::path graphs_;
  test::TestInstance instance_;
  std::unique_ptr<Session> session_;
  Map parameters_;
  Table table_;
  std::optional<Error> error_;
  bool error_expected_ = false;
  Observation before_, after_;
};

}  // namespace

std::string run_scenario(const Scenario& scenario, const std::filesystem::path& graphs,
                         const InstanceSettings& settings) {
  try {
    return Run(scenario, graphs, settings).run();
  } catch (const std::exception& failure) {
    return std::string("harness: ") + failure.what();
  }
}

}  // namespace nexus::tck
