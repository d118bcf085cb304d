// One statement from text to screen: run, print, footer or error. Shared by shell and query.
#pragma once

#include <string>

#include "host-native/cli/connection.h"
#include "host-native/cli/options.h"
#include "host-native/shell/printer.h"

namespace nexus::host {

struct OutputStyle {
  Format format = Format::Table;
  bool footer = true;           // Rows, time and changes, on stderr.
  std::size_t columns_max = 0;  // 0: never cut.
};

// For standard output as it is now: a table for a terminal, cut to its width. An explicit
// format wins.
OutputStyle style_for_stdout(const std::string& format);

// Data to stdout, everything else to stderr. SIGINT meanwhile interrupts the statement.
// `first_line`: where the statement stands in its file; 0 when there is no file.
ExitCode run_statement(Connection& connection, const std::string& text, const Map& parameters, const OutputStyle& style,
                       std::size_t first_line = 0);

// An error with its place in the statement.
void explain(const Error& error, const std::string& text, std::size_t first_line);

// "key=json" into `parameters`.
Result<> add_parameter(Map& parameters, const std::string& assignment);

}  // namespace nexus::host
