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
  bool timing = true;           // The time among them.
  std::size_t columns_max = 0;  // 0: never cut.
  std::string pager;            // What shows results longer than the screen; empty: nothing does.
};

// For standard output as it is now: a table for a terminal, cut to its width. An explicit
// format wins.
OutputStyle style_for_stdout(const std::string& format);

// Where a statement was read; nothing for one that was typed.
struct SourcePlace {
  std::string file;
  std::size_t line = 0;  // 1-based; 0 when there is none.
};

// Data to stdout, everything else to stderr. SIGINT meanwhile interrupts the statement.
ExitCode run_statement(Connection& connection, const std::string& text, const Map& parameters, const OutputStyle& style,
                       const SourcePlace& place = {});

// An error with its place in the statement and in the file that the statement is of.
void explain(const Error& error, const std::string& text, const SourcePlace& place);
// "  in FILE, line N", for errors that have no place of their own; nothing when there is no file.
void print_place(const SourcePlace& place);

// "key=json" into `parameters`.
Result<> add_parameter(Map& parameters, const std::string& assignment);

}  // namespace nexus::host
