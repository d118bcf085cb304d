#include "host-native/shell/shell.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "value/text.h"

namespace nexus::host {
namespace {

constexpr int kSourceDepthMax = 8;

constexpr const char* kHelp =
    "A statement ends with ';' and may span lines.\n"
    "  :use NAME               switch to a database (:use alone: the default)\n"
    "  :param NAME => VALUE    set a parameter, used as $NAME (VALUE is an expression)\n"
    "  :params                 show the parameters (:params clear forgets them)\n"
    "  :begin :commit :rollback  an explicit transaction\n"
    "  :source FILE            run the statements of a file\n"
    "  :format NAME            table, plain, csv, tsv, json or jsonl\n"
    "  :exit                   leave (also Ctrl-D)\n"
    "Ctrl-C interrupts the running statement. SHOW DATABASES; lists what there is.\n";

std::string trim(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

ExitCode bad_usage(const std::string& message) {
  fmt::print(stderr, "error: {}\n", message);
  return kExitUsage;
}

}  // namespace

std::string Shell::prompt(bool continued) const {
  const std::string mark = connection_.in_transaction() ? "# " : "> ";
  const std::string text = connection_.user() + "@" + connection_.database() + mark;
  if (!continued) return text;
  return std::string(display_width(text) > 2 ? display_width(text) - 2 : 0, ' ') + "| ";
}

ExitCode Shell::run(LineEditor& editor) {
  StatementReader reader;
  ExitCode worst = kExitOk;
  const auto take = [&](const ShellInput& input) {
    if (interactive_) editor.remember(input.is_command ? input.text : input.text + ";");
    const ExitCode code = execute(input);
    if (code != kExitOk) worst = code;
    if (code != kExitOk && !interactive_ && fail_fast_) exiting_ = true;
  };
  while (!exiting_) {
    const auto line = editor.read(prompt(reader.is_pending()));
    if (!line) break;
    if (editor.was_interrupted()) {
      reader.clear();
      continue;
    }
    reader.add_line(*line);
    while (!exiting_) {
      const auto input = reader.next();
      if (!input) break;
      take(*input);
    }
  }
  // A last statement without ';' runs when piped; at a terminal it is most likely unfinished.
  if (const auto input = reader.rest(); input && !exiting_ && !interactive_) take(*input);
  if (interactive_) std::fputs("\n", stderr);
  return interactive_ ? kExitOk : worst;
}

ExitCode Shell::run_file(const std::string& path) {
  if (source_depth_ == kSourceDepthMax) return bad_usage("files source each other too deep");
  std::ifstream file(path);
  if (!file) {
    print_error(Error{ErrorCode::FileNotFound, "cannot read '" + path + "'"});
    return kExitNotFound;
  }
  ++source_depth_;
  StatementReader reader;
  ExitCode worst = kExitOk;
  for (std::string line; !exiting_ && std::getline(file, line);) {
    reader.add_line(line);
    for (auto input = reader.next(); input && !exiting_; input = reader.next()) {
      const ExitCode code = execute(*input);
      if (code != kExitOk) worst = code;
      if (code != kExitOk && fail_fast_) {
        --source_depth_;
        return code;
      }
    }
  }
  if (const auto input = reader.rest(); input && !exiting_) {
    if (const ExitCode code = execute(*input); code != kExitOk) worst = code;
  }
  --source_depth_;
  return worst;
}

ExitCode Shell::execute(const ShellInput& input) {
  if (input.is_command) return command(input);
  return run_statement(connection_, input.text, parameters_, style_, interactive_ ? 0 : input.line);
}

ExitCode Shell::command(const ShellInput& input) {
  const auto space = input.text.find_first_of(" \t");
  const std::string name = input.text.substr(1, space == std::string::npos ? space : space - 1);
  const std::string argument = space == std::string::npos ? "" : trim(input.text.substr(space));
  if (name == "use") return use(argument);
  if (name == "param" && !argument.empty() && argument != "clear") return set_parameter(argument);
  if (name == "param" || name == "params") {
    if (argument == "clear") parameters_.clear();
    return show_parameters();
  }
  if (name == "begin" || name == "commit" || name == "rollback") return transaction(name);
  if (name == "source" && !argument.empty()) return run_file(argument);
  if (name == "format") {
    const auto format = parse_format(argument);
    if (!format) return bad_usage("formats are table, plain, csv, tsv, json and jsonl");
    style_.format = *format;
    style_.footer = *format == Format::Table;
    return kExitOk;
  }
  if (name == "help") {
    std::fputs(kHelp, stderr);
    return kExitOk;
  }
  if (name == "exit" || name == "quit") {
    exiting_ = true;
    return kExitOk;
  }
  return bad_usage("unknown command ':" + name + "', :help lists them");
}

ExitCode Shell::use(const std::string& name) {
  std::string wanted = name.empty() ? connection_.default_database() : name;
  if (wanted.size() > 2 && wanted.front() == '`' && wanted.back() == '`') wanted = wanted.substr(1, wanted.size() - 2);
  const auto used = connection_.use(wanted);
  if (used) {
    if (interactive_) fmt::print(stderr, "now using '{}'\n", connection_.database());
    return kExitOk;
  }
  print_error(used.error());
  return exit_code_of(used.error(), &connection_);
}

// "name => expression" or "name: expression"; the engine evaluates it.
ExitCode Shell::set_parameter(const std::string& text) {
  auto sign = text.find("=>");
  std::size_t length = 2;
  if (sign == std::string::npos) {
    sign = text.find(':');
    length = 1;
  }
  if (sign == std::string::npos || sign == 0) return bad_usage("write :param name => value");
  std::string name = trim(text.substr(0, sign));
  if (name.starts_with('$')) name.erase(0, 1);
  const std::string statement = "RETURN " + trim(text.substr(sign + length)) + " AS value";
  auto table = query(connection_, statement, parameters_);
  if (!table) {
    explain(table.error(), statement, 0);
    return exit_code_of(table.error(), &connection_);
  }
  if (table->rows.size() != 1) return bad_usage("the value of a parameter is one value");
  parameters_.emplace_back(std::move(name), std::move(table->rows[0][0]));
  parameters_ = make_map(std::move(parameters_));
  return kExitOk;
}

ExitCode Shell::show_parameters() {
  for (const auto& [name, value] : parameters_) fmt::print("{} => {}\n", name, to_text(value));
  std::fflush(stdout);
  return kExitOk;
}

ExitCode Shell::transaction(const std::string& verb) {
  Result<> done = Done{};
  if (verb == "begin") {
    done = connection_.begin();
  } else if (verb == "rollback") {
    done = connection_.rollback();
  } else if (auto committed = connection_.commit(); !committed) {
    done = std::move(committed.error());
  }
  if (done) return kExitOk;
  print_error(done.error());
  return exit_code_of(done.error(), &connection_);
}

}  // namespace nexus::host
