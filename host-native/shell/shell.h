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
  Shell(Connection& connection, OutputStyle style, bool interactive, bool fail_fast);

  // Until :exit or the end of the input; the last failure's code when not interactive.
  ExitCode run(LineEditor& editor);
  Map& parameters() { return parameters_; }
  // The statements and commands of a file.
  ExitCode run_file(const std::string& path);

 private:
  // `file`: where the input was read; empty when it was typed or piped.
  ExitCode execute(const ShellInput& input, const std::string& file);
  ExitCode run_text(const ShellInput& input, const SourcePlace& place);
  ExitCode command(const std::string& text);
  void fail_transaction(const SourcePlace& place);
  ExitCode refuse();
  ExitCode use(const std::string& name);
  ExitCode set_parameter(const std::string& text);
  ExitCode show_parameters();
  ExitCode transaction(const std::string& verb);
  ExitCode set(const std::string& text);
  ExitCode set_pager(const std::string& value);
  ExitCode set_width(const std::string& value);
  ExitCode show_settings() const;
  std::string prompt(bool continued) const;

  Connection& connection_;
  OutputStyle style_;
  bool interactive_;
  bool fail_fast_;
  bool is_width_auto_ = true;
  bool exiting_ = false;
  bool transaction_has_failed_ = false;  // And is rolled back; what belongs to it is refused.
  int source_depth_ = 0;
  Map parameters_;
};

}  // namespace nexus::host
