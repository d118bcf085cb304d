#include "host-native/shell/shell.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>

#include "base/number.h"
#include "host-native/http/validate.h"
#include "host-native/shell/commands.h"
#include "host-native/shell/live_catalogue.h"
#include "host-native/shell/pager.h"
#include "value/text.h"

namespace nexus::host {
namespace {

constexpr int kSourceDepthMax = 8;
constexpr std::int64_t kWidthMax = 10'000;

std::string trim(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

ExitCode bad_usage(const std::string& message) {
  fmt::print(stderr, "error: {}\n", message);
  return kExitUsage;
}

// What people type who come from other shells, where a statement could begin.
std::optional<std::string> bare_command(const std::string& line) {
  std::string word = trim(line);
  while (word.ends_with(';')) word.pop_back();
  for (const char* name : {"exit", "quit", "help"}) {
    if (equal_ignoring_case(word, name)) return std::string(":") + name;
  }
  if (word == "\\q") return ":exit";
  if (word == "\\?" || word == "?") return ":help";
  return std::nullopt;
}

std::optional<bool> parse_switch(const std::string& value) {
  if (equal_ignoring_case(value, "on")) return true;
  if (equal_ignoring_case(value, "off")) return false;
  return std::nullopt;
}

}  // namespace

Shell::Shell(Connection& connection, OutputStyle style, bool interactive, bool fail_fast)
    : connection_(connection), style_(std::move(style)), interactive_(interactive), fail_fast_(fail_fast) {
  if (interactive_ && screen_of_stdout().rows > 0) style_.pager = pager_command();
}

std::string Shell::prompt(bool continued) const {
  const std::string mark = connection_.in_transaction() ? "# " : "> ";
  const std::string text = connection_.user() + "@" + connection_.database() + mark;
  if (!continued) return text;
  return std::string(display_width(text) > 2 ? display_width(text) - 2 : 0, ' ') + "| ";
}

ExitCode Shell::run(LineEditor& editor) {
  StatementReader reader;
  LiveCatalogue catalogue(connection_, parameters_);
  editor.on_tab([&](std::string_view line, std::size_t cursor) {
    const std::string text = reader.pending() + std::string(line);
    const std::size_t before = reader.pending().size();
    Completion found = complete(text, before + cursor, catalogue);
    if (found.begin < before) return Completion{};
    found.begin -= before;
    return found;
  });
  ExitCode worst = kExitOk;
  const auto take = [&](const ShellInput& input) {
    if (interactive_) {
      editor.remember(input.is_command ? input.text : one_line(input.text) + (input.is_vertical ? "\\G" : ";"));
    }
    const ExitCode code = execute(input, "");
    if (interactive_) transaction_has_failed_ = false;  // A file's; a person has read what happened.
    if (code != kExitOk) worst = code;
    if (code != kExitOk && !interactive_ && fail_fast_) exiting_ = true;
  };
  while (!exiting_) {
    const bool is_pending = reader.is_pending();
    auto line = editor.read(prompt(is_pending));
    if (!line) break;
    if (editor.was_interrupted()) {
      reader.clear();
      continue;
    }
    if (interactive_ && !is_pending) line = bare_command(*line).value_or(*line);
    reader.add_line(*line);
    while (!exiting_) {
      const auto input = reader.next();
      if (!input) break;
      take(*input);
    }
  }
  editor.on_tab({});
  // A last statement without ';' runs when piped; at a terminal it is most likely unfinished.
  if (const auto input = reader.rest(); input && !exiting_ && !interactive_) take(*input);
  if (!interactive_) return worst;
  if (!exiting_) std::fputs("\n", stderr);
  if (connection_.in_transaction()) std::fputs("the open transaction is rolled back\n", stderr);
  return kExitOk;
}

ExitCode Shell::run_file(const std::string& name) {
  const std::string path = expand_home(name);
  if (source_depth_ == kSourceDepthMax) return bad_usage("files source each other too deep");
  struct stat status {};
  std::ifstream file(path);
  if (!file || stat(path.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) {
    print_error(Error{ErrorCode::FileNotFound, "cannot read '" + path + "'"});
    return kExitNotFound;
  }
  ++source_depth_;
  StatementReader reader;
  ExitCode worst = kExitOk;
  const auto take = [&](const ShellInput& input) {
    const ExitCode code = execute(input, path);
    if (code != kExitOk) worst = code;
    return code == kExitOk || !fail_fast_;
  };
  bool goes_on = true;
  for (std::string line; goes_on && !exiting_ && std::getline(file, line);) {
    reader.add_line(line);
    for (auto input = reader.next(); input && goes_on && !exiting_; input = goes_on ? reader.next() : std::nullopt) {
      goes_on = take(*input);
    }
  }
  if (const auto input = reader.rest(); input && goes_on && !exiting_) take(*input);
  --source_depth_;
  return worst;
}

ExitCode Shell::execute(const ShellInput& input, const std::string& file) {
  const SourcePlace place{file, interactive_ && file.empty() ? 0 : input.line};
  std::string text = input.text;
  bool is_command = input.is_command;
  if (const auto command = is_command ? std::nullopt : command_for(text)) {
    text = ":" + *command;
    is_command = true;
  }
  const bool had_transaction = connection_.in_transaction();
  const ExitCode code = is_command ? command(text) : transaction_has_failed_ ? refuse() : run_text(input, place);
  // For files that source others the places add up to the way that led there.
  if (code != kExitOk && (is_command || transaction_has_failed_)) print_place(place);
  if (!is_command && code != kExitOk && had_transaction) fail_transaction(place);
  return code;
}

// Any error ends the whole transaction, at the latest here.
void Shell::fail_transaction(const SourcePlace& place) {
  if (connection_.in_transaction()) (void)connection_.rollback().has_value();
  std::fputs("the transaction is rolled back\n", stderr);
  // Why: what a script does next was meant to be part of it.
  transaction_has_failed_ = place.line != 0;
}

ExitCode Shell::refuse() {
  print_error(Error{ErrorCode::TransactionTerminated,
                    "the transaction has failed and is rolled back; :rollback or :commit ends it"});
  return kExitFailed;
}

ExitCode Shell::run_text(const ShellInput& input, const SourcePlace& place) {
  OutputStyle style = style_;
  if (is_width_auto_) style.columns_max = screen_of_stdout().columns;
  if (input.is_vertical) style.format = Format::Vertical;
  return run_statement(connection_, input.text, parameters_, style, place);
}

ExitCode Shell::command(const std::string& text) {
  const auto space = text.find_first_of(" \t");
  const std::string typed = text.substr(1, space == std::string::npos ? space : space - 1);
  const std::string argument = space == std::string::npos ? "" : trim(text.substr(space));
  const ShellCommand* found = find_command(typed);
  if (found == nullptr) return bad_usage("unknown command ':" + typed + "', :help lists them");
  const std::string name(found->name);
  if (found->kind == ArgumentKind::Nothing && !argument.empty()) return bad_usage(":" + name + " takes nothing behind it");
  if (name == "use") return use(argument);
  if (name == "param" && !argument.empty() && argument != "clear") return set_parameter(argument);
  if (name == "param" || name == "params") {
    if (argument == "clear") parameters_.clear();
    return show_parameters();
  }
  if (name == "begin" || name == "commit" || name == "rollback") return transaction(name);
  if (name == "source") return argument.empty() ? bad_usage("write :source FILE") : run_file(argument);
  if (name == "format") return set("output " + argument);
  if (name == "set") return argument.empty() ? show_settings() : set(argument);
  if (name == "help") std::fputs(help_text().c_str(), stderr);
  else exiting_ = true;
  return kExitOk;
}

ExitCode Shell::use(const std::string& name) {
  if (connection_.in_transaction()) {
    print_error(Error{ErrorCode::TransactionAlreadyOpen, "The database cannot be switched inside a transaction."});
    return kExitFailed;
  }
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
    explain(table.error(), statement, {});
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
  if (std::exchange(transaction_has_failed_, false)) {
    if (verb == "rollback") return kExitOk;
    transaction_has_failed_ = verb == "begin";
    return refuse();
  }
  if (verb == "begin") {
    done = connection_.begin();
  } else if (verb == "rollback") {
    done = connection_.rollback();
  } else if (auto committed = connection_.commit(); !committed) {
    done = std::move(committed.error());
  }
  if (done && interactive_ && verb != "begin") fmt::print(stderr, "{}\n", verb == "commit" ? "committed" : "rolled back");
  if (done) return kExitOk;
  print_error(done.error());
  return exit_code_of(done.error(), &connection_);
}

ExitCode Shell::set(const std::string& text) {
  const auto space = text.find_first_of(" \t");
  const ShellSetting* setting = find_setting(text.substr(0, space));
  if (setting == nullptr) return bad_usage("there is no setting '" + text.substr(0, space) + "', :set lists them");
  const std::string value = space == std::string::npos ? "" : trim(text.substr(space));
  const auto refuse = [&] { return bad_usage(fmt::format("'{}' is one of {}", setting->name, setting->values)); };
  if (value.empty()) return refuse();
  if (setting->name == "pager") return set_pager(value);
  if (setting->name == "width") return set_width(value);
  if (setting->name == "output") {
    const auto format = parse_format(value);
    if (!format) return refuse();
    style_.format = *format;
    style_.footer = is_for_people(*format);
    return kExitOk;
  }
  if (setting->name == "on-error") {
    if (value != "stop" && value != "continue") return refuse();
    fail_fast_ = value == "stop";
    return kExitOk;
  }
  const auto is_on = parse_switch(value);
  if (!is_on) return refuse();
  (setting->name == "timing" ? style_.timing : style_.footer) = *is_on;
  return kExitOk;
}

ExitCode Shell::set_pager(const std::string& value) {
  // Results that another program reads are left alone.
  if (!interactive_ || screen_of_stdout().rows == 0) return kExitOk;
  const auto is_on = parse_switch(value);
  if (is_on == false) style_.pager.clear();
  else style_.pager = is_on ? pager_command() : value;
  if (is_on == true && style_.pager.empty()) return bad_usage("there is no pager: NEXUS_PAGER or PAGER names one");
  return kExitOk;
}

ExitCode Shell::set_width(const std::string& value) {
  const auto number = parse_integer(value);
  is_width_auto_ = equal_ignoring_case(value, "auto");
  if (is_width_auto_) return kExitOk;
  if (!equal_ignoring_case(value, "off") && (!number || *number < 1 || *number > kWidthMax)) {
    return bad_usage(fmt::format("'width' is auto, off or a number up to {}", kWidthMax));
  }
  style_.columns_max = number ? static_cast<std::size_t>(*number) : 0;
  return kExitOk;
}

ExitCode Shell::show_settings() const {
  const auto switched = [](bool is_on) { return std::string(is_on ? "on" : "off"); };
  for (const auto& setting : shell_settings()) {
    std::string value;
    if (setting.name == "output") value = format_name(style_.format);
    if (setting.name == "timing") value = switched(style_.timing);
    if (setting.name == "footer") value = switched(style_.footer);
    if (setting.name == "pager") value = style_.pager.empty() ? "off" : style_.pager;
    if (setting.name == "width") value = style_.columns_max == 0 ? "off" : std::to_string(style_.columns_max);
    if (setting.name == "width" && is_width_auto_) value = "auto";
    if (setting.name == "on-error") value = fail_fast_ ? "stop" : "continue";
    fmt::print("{:<9} {:<9} {} ({})\n", setting.name, value, setting.help, setting.values);
  }
  std::fflush(stdout);
  return kExitOk;
}

}  // namespace nexus::host
