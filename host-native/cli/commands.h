// The subcommands of `nexus`. Each adds its flags to the parser and answers, when chosen, an
// exit code.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace nexus::host {

using Command = std::function<int()>;

Command add_serve(CLI::App& app);
Command add_shell(CLI::App& app);
Command add_query(CLI::App& app);
Command add_db(CLI::App& app);
Command add_import(CLI::App& app);
Command add_completion(CLI::App& app);
Command add_manual(CLI::App& app);

}  // namespace nexus::host
