// `nexus shell`: statements and ":" commands, typed or piped.
#pragma once

#include <string>

#include "host-native/cli/connection.h"
#include "host-native/cli/statement_run.h"
#include "host-native/shell/line_editor.h"
#include "host-native/shell/statements.h"

namespace nexus::host {

class Shell {
 public:
  Shell(Connection& connection, OutputStyle style, bool interactive, bool fail_fast)
      : connection_(connection), style_(style), interactive_(interactive), fail_fast_(fail_fast) {}

  // Until :exit or the end of the input; the last failure's code when not interactive.
  ExitCode run(LineEditor& editor);
  Map& parameters() { return parameters_; }
  // The statements and commands of a file.
  ExitCode run_file(const std::string& path);

 private:
  ExitCode execute(const ShellInput& input);
  ExitCode command(const ShellInput& input);
  ExitCode use(const std::string& name);
  ExitCode set_parameter(const std::string& text);
  ExitCode show_parameters();
  ExitCode transaction(const std::string& verb);
  std::string prompt(bool continued) const;

  Connection& connection_;
  OutputStyle style_;
  bool interactive_;
  bool fail_fast_;
  bool exiting_ = false;
  int source_depth_ = 0;
  Map parameters_;
};

}  // namespace nexus::host
