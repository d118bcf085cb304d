// nexus: one program, a command for each task.
#include <langinfo.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "host-native/cli/commands.h"
#include "host-native/cli/options.h"

int main(int argc, char** argv) {
  using namespace nexus::host;
  std::setlocale(LC_CTYPE, "");
  // Text is UTF-8 whatever the machine says; a terminal that cannot show it is rarer than a missing setting.
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
  std::signal(SIGPIPE, SIG_IGN);

  CLI::App app{"Nexus, a property-graph database that speaks Cypher: many databases in one instance.", "nexus"};
  app.set_version_flag("--version", "nexus " NEXUS_VERSION);
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  nexus serve --data ./data\n"
             "  nexus shell                              # talks to http://127.0.0.1:7474\n"
             "  nexus shell --data ./data -d flights     # opens the directory itself\n"
             "  nexus query 'MATCH (n) RETURN count(n)'\n"
             "  nexus db list");
  std::vector<std::pair<CLI::App*, Command>> commands;
  const auto add = [&](const char* name, const char* text, Command (*make)(CLI::App&)) {
    CLI::App* command = app.add_subcommand(name, text);
    commands.emplace_back(command, make(*command));
  };
  add("serve", "Serve a data directory over HTTP", add_serve);
  add("shell", "Type statements, or pipe them in", add_shell);
  add("query", "Run one statement", add_query);
  add("db", "List, create, switch, drop, show, stop and start databases", add_db);
  add("import", "Load CSV, JSON Lines or JSON into a database", add_import);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  for (const auto& [command, run] : commands) {
    if (command->parsed()) return run();
  }
  return kExitUsage;
}
