// `nexus shell` and `nexus query`.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "host-native/cli/commands.h"
#include "host-native/cli/options.h"
#include "host-native/cli/statement_run.h"
#include "host-native/shell/shell.h"

namespace nexus::host {
namespace {

struct QueryFlags {
  TargetFlags target;
  std::string format;
  std::vector<std::string> parameters;
  std::string statement;
  std::vector<std::string> files;
  std::string history;
  bool fail_at_end = false;
  bool quiet = false;
};

void add_common(CLI::App& command, QueryFlags& flags) {
  flags.target.add_to(command);
  add_format(command, flags.format);
  command.add_option("-P,--param", flags.parameters, "Parameter name=JSON; may be repeated")
      ->expected(1)
      ->take_all()
      ->type_name("NAME=JSON");
  command.add_flag("-q,--quiet", flags.quiet, "No footer");
}

bool add_parameters(const QueryFlags& flags, Map& parameters) {
  for (const auto& assignment : flags.parameters) {
    if (auto added = add_parameter(parameters, assignment); !added) {
      print_error(added.error());
      return false;
    }
  }
  return true;
}

OutputStyle style_of(const QueryFlags& flags) {
  OutputStyle style = style_for_stdout(flags.format);
  style.footer = style.footer && !flags.quiet;
  return style;
}

std::string history_path(const QueryFlags& flags) {
  if (flags.history == "disable" || flags.history == "in-memory") return "";
  if (!flags.history.empty()) return flags.history;
  return make_private_directory(state_directory()) ? state_directory() + "/history" : "";
}

int run_shell(const QueryFlags& flags) {
  int code = kExitOk;
  Map parameters;
  if (!add_parameters(flags, parameters)) return kExitUsage;
  const auto connection = connect_or_explain(flags.target, code);
  if (connection == nullptr) return code;
  const bool interactive = isatty(STDIN_FILENO) != 0 && flags.files.empty();
  Shell shell(*connection, style_of(flags), interactive, !flags.fail_at_end);
  shell.parameters() = std::move(parameters);
  for (const auto& file : flags.files) {
    code = shell.run_file(file);
    if (code != kExitOk && !flags.fail_at_end) return code;
  }
  if (!flags.files.empty()) return code;
  if (interactive) {
    fmt::print(stderr, "Nexus " NEXUS_VERSION ", {}. Statements end with ';', :help lists commands.\n", connection->target());
  }
  LineEditor editor(interactive, interactive ? history_path(flags) : "");
  return shell.run(editor);
}

int run_query(const QueryFlags& flags) {
  int code = kExitOk;
  Map parameters;
  if (!add_parameters(flags, parameters)) return kExitUsage;
  const auto connection = connect_or_explain(flags.target, code);
  if (connection == nullptr) return code;
  return run_statement(*connection, flags.statement, parameters, style_of(flags));
}

}  // namespace

Command add_shell(CLI::App& command) {
  auto flags = std::make_shared<QueryFlags>();
  add_common(command, *flags);
  command.add_option("--file", flags->files, "Run the statements of a file, then leave; may be repeated")
      ->expected(1)
      ->take_all()
      ->type_name("FILE");
  command.add_option("--history", flags->history, "File, 'in-memory' or 'disable'")->type_name("FILE");
  command.add_flag("--fail-at-end", flags->fail_at_end, "Go on after a failed statement");
  command.footer("Example: echo 'RETURN 1;' | nexus shell --format csv");
  return [flags] { return run_shell(*flags); };
}

Command add_query(CLI::App& command) {
  auto flags = std::make_shared<QueryFlags>();
  add_common(command, *flags);
  command.add_option("statement", flags->statement, "Cypher")->required();
  command.footer("Example: nexus query 'MATCH (a:Airport {iata: $code}) RETURN a.name' -P 'code=\"SFO\"' -d flights");
  return [flags] { return run_query(*flags); };
}

}  // namespace nexus::host
