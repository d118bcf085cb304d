#include "host-native/cli/program.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <string_view>

#include "host-native/cli/options.h"
#include "host-native/cli/word_completion.h"

namespace nexus::host {

Program::Program() {
  app_ = std::make_unique<CLI::App>("Nexus, a property-graph database that speaks Cypher: many databases in one instance.",
                                    "nexus");
  app_->set_version_flag("--version", "nexus " NEXUS_VERSION, "Print the version and exit");
  app_->require_subcommand(1);
  app_->footer("Examples:\n"
               "  nexus serve --data ./data\n"
               "  nexus shell                              # talks to http://127.0.0.1:7474\n"
               "  nexus shell --data ./data -d flights     # opens the directory itself\n"
               "  nexus query 'MATCH (n) RETURN count(n)'\n"
               "  nexus db list");
  const auto add = [&](const char* name, const char* text, Command (*make)(CLI::App&)) {
    CLI::App* command = app_->add_subcommand(name, text);
    commands_.emplace_back(command, make(*command));
  };
  add("serve", "Serve a data directory over HTTP", add_serve);
  add("shell", "Type statements, or pipe them in", add_shell);
  add("query", "Run one statement", add_query);
  add("db", "List, create, switch, drop, show, stop and start databases", add_db);
  add("import", "Load CSV, JSON Lines or JSON into a database", add_import);
  add("completion", "Print what makes a command shell complete nexus", add_completion);
  add("manual", "Print or write the manual pages", add_manual);
}

Program::~Program() = default;

int Program::run(int argc, char** argv) {
  // The completion scripts ask here, before anything is parsed: what they pass on is unfinished.
  if (argc > 2 && std::string_view(argv[1]) == "complete" && std::string_view(argv[2]) == "--") {
    return print_completions(*app_, std::vector<std::string>(argv + 3, argv + argc));
  }
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app_->exit(error) == 0 ? kExitOk : kExitUsage;
  }
  for (const auto& [command, run] : commands_) {
    if (command->parsed()) return run();
  }
  return kExitUsage;
}

}  // namespace nexus::host
