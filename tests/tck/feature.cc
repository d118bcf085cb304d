#include "tests/tck/feature.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace nexus::tck {
namespace {

struct Line {
  std::size_t number;
  std::string text;  // Without the line's end.
  std::string trimmed() const {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  }
};

// A cell: `\\`, `\|` and `\n` are Gherkin's escapes.
std::vector<TableRow> parse_table_line(const std::string& line, std::vector<TableRow> table) {
  TableRow row;
  std::string cell;
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (line[at] == '\\' && at + 1 < line.size()) {
      ++at;
      if (line[at] == 'n') cell += '\n';
      else if (line[at] == '|' || line[at] == '\\') cell += line[at];
      else (cell += '\\') += line[at];
    } else if (line[at] == '|') {
      const auto first = cell.find_first_not_of(' ');
      row.push_back(first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
      cell.clear();
    } else {
      cell += line[at];
    }
  }
  table.push_back(std::move(row));
  return table;
}

bool starts(const std::string& text, std::string_view prefix) { return text.compare(0, prefix.size(), prefix) == 0; }

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
}

class Reader {
 public:
  Reader(const std::filesystem::path& path, std::string stem) : path_(path), stem_(std::move(stem)) {
    std::ifstream file(path);
    std::string text;
    for (std::size_t number = 1; std::getline(file, text); ++number) lines_.push_back({number, text});
  }

  std::vector<Scenario> read() {
    while (at_ < lines_.size()) {
      const std::string line = lines_[at_].trimmed();
      if (starts(line, "Background:")) {
        ++at_;
        background_ = read_steps();
      } else if (starts(line, "Scenario Outline:")) {
        read_scenario(line.substr(17), true);
      } else if (starts(line, "Scenario:")) {
        read_scenario(line.substr(9), false);
      } else if (line.empty() || line[0] == '#' || line[0] == '@' || starts(line, "Feature:")) {
        ++at_;
      } else {
        fail("not a scenario: " + line);
      }
    }
    return std::move(scenarios_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const std::size_t number = at_ < lines_.size() ? lines_[at_].number : lines_.size();
    throw std::runtime_error(path_.string() + ":" + std::to_string(number) + ": " + what);
  }

  // The steps that every scenario of the file begins with.
  std::vector<Step> read_steps() {
    std::vector<Step> steps;
    while (at_ < lines_.size()) {
      const std::string line = lines_[at_].trimmed();
      if (line.empty() || line[0] == '#') ++at_;
      else if (starts(line, "Scenario") || line[0] == '@') break;
      else steps.push_back(read_step(line));
    }
    return steps;
  }

  void read_scenario(std::string name, bool outline) {
    name.erase(0, name.find_first_not_of(' '));
    ++at_;
    std::vector<Step> steps = background_;
    std::vector<TableRow> examples;
    while (at_ < lines_.size()) {
      const std::string line = lines_[at_].trimmed();
      if (line.empty() || line[0] == '#') {
        ++at_;
      } else if (starts(line, "Examples:")) {
        ++at_;
        std::vector<TableRow> more = read_table();
        // Every Examples table repeats the heading.
        if (!examples.empty() && !more.empty()) more.erase(more.begin());
        for (TableRow& row : more) examples.push_back(std::move(row));
      } else if (starts(line, "Scenario") || line[0] == '@') {
        break;
      } else {
        steps.push_back(read_step(line));
      }
    }
    const std::string id = stem_ + " " + name.substr(0, name.find(']') + 1);
    if (!outline) {
      scenarios_.push_back({id, name, std::move(steps)});
      return;
    }
    for (std::size_t row = 1; row < examples.size(); ++row) {
      Scenario expanded{id + " #" + std::to_string(row), name, steps};
      for (Step& step : expanded.steps) substitute(step, examples[0], examples[row]);
      scenarios_.push_back(std::move(expanded));
    }
  }

  static void substitute(Step& step, const TableRow& names, const TableRow& values) {
    for (std::size_t at = 0; at < names.size(); ++at) {
      const std::string placeholder = "<" + names[at] + ">";
      replace_all(step.text, placeholder, values[at]);
      for (TableRow& row : step.table) {
        for (std::string& cell : row) replace_all(cell, placeholder, values[at]);
      }
    }
  }

  Step read_step(const std::string& line) {
    std::string sentence = line.substr(line.find(' ') + 1);
    ++at_;
    if (sentence == "an empty graph") return {Step::Kind::EmptyGraph, {}, {}};
    if (sentence == "any graph") return {Step::Kind::AnyGraph, {}, {}};
    if (starts(sentence, "the ") && sentence.ends_with(" graph")) {
      return {Step::Kind::NamedGraph, sentence.substr(4, sentence.size() - 10), {}};
    }
    if (sentence == "having executed:") return {Step::Kind::Prepare, read_doc_string(), {}};
    if (sentence == "executing query:") return {Step::Kind::Execute, read_doc_string(), {}};
    if (sentence == "executing control query:") return {Step::Kind::Control, read_doc_string(), {}};
    if (sentence == "parameters are:") return {Step::Kind::Parameters, {}, read_table()};
    if (sentence == "no side effects") return {Step::Kind::NoSideEffects, {}, {}};
    if (sentence == "the side effects should be:") return {Step::Kind::SideEffects, {}, read_table()};
    if (sentence == "the result should be empty") return {Step::Kind::EmptyResult, {}, {}};
    if (starts(sentence, "the result should be")) return read_result(sentence);
    if (starts(sentence, "there exists a procedure ")) {
      return {Step::Kind::Procedure, sentence.substr(25, sentence.size() - 26), read_table()};
    }
    if (starts(sentence, "a ") && sentence.find(" should be raised at ") != std::string::npos) return read_error(sentence);
    --at_;
    fail("not a step: " + line);
  }

  Step read_result(const std::string& sentence) {
    Step step{Step::Kind::Result, {}, read_table()};
    step.ordered = sentence.find(", in order") != std::string::npos;
    step.bag_lists = sentence.find("ignoring element order for lists") != std::string::npos;
    return step;
  }

  static Step read_error(const std::string& sentence) {
    const std::size_t raised = sentence.find(" should be raised at ");
    const std::string rest = sentence.substr(raised + 21);
    const std::size_t colon = rest.find(": ");
    return {Step::Kind::Error, sentence.substr(2, raised - 2) + "|" + rest.substr(0, colon) + "|" + rest.substr(colon + 2), {}};
  }

  std::string read_doc_string() {
    while (lines_[at_].trimmed().empty()) ++at_;
    if (lines_[at_].trimmed() != "\"\"\"") fail("a doc string must follow");
    const std::size_t indent = lines_[at_].text.find('"');
    std::string text;
    for (++at_; lines_[at_].trimmed() != "\"\"\""; ++at_) {
      const std::string& line = lines_[at_].text;
      const std::size_t first = std::min(line.find_first_not_of(' '), indent);
      if (!text.empty()) text += '\n';
      text += first == std::string::npos ? "" : line.substr(std::min(first, line.size()));
    }
    ++at_;
    return text;
  }

  std::vector<TableRow> read_table() {
    std::vector<TableRow> table;
    for (; at_ < lines_.size(); ++at_) {
      const std::string line = lines_[at_].trimmed();
      if (line.empty() || line[0] == '#') continue;
      if (line[0] != '|') break;
      table = parse_table_line(line, std::move(table));
    }
    return table;
  }

  std::filesystem::path path_;
  std::string stem_;
  std::vector<Line> lines_;
  std::size_t at_ = 0;
  std::vector<Step> background_;
  std::vector<Scenario> scenarios_;
};

}  // namespace

std::vector<Scenario> read_features(const std::filesystem::path& features) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(features)) {
    if (entry.path().extension() == ".feature") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Scenario> all;
  for (const auto& file : files) {
    std::string stem = std::filesystem::relative(file, features).string();
    stem.resize(stem.size() - 8);
    for (Scenario& scenario : Reader(file, stem).read()) all.push_back(std::move(scenario));
  }
  return all;
}

}  // namespace nexus::tck
