// The .cyt golden file: its grammar, as docs/cyt.md states it, and nothing about running it.
//
// A blank line ends a block. There are no loops, variables or conditions.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nexus::cyt {

struct Directive {
  enum class Kind {
    Do,         // must succeed; expected: side effects
    Query,      // expected: a table; ordered
    Error,      // argument: code; expected: "line:column: message", or part of it
    Plan,       // argument: logical | optimized | physical; expected: the plan's text
    Expr,       // body lines: expression => value
    Params,     // argument: a map literal, for the next block
    As,         // argument: session name
    Use,        // argument: database name
    Reopen,     // argument: "" or "crash"
  };
  Kind kind;
  std::size_t line;  // 1-based, of the directive.
  std::string argument;
  std::vector<std::string> body;
  std::vector<std::string> expected;
  bool has_expected = false;
};

struct Case {
  std::string name;
  std::size_t line;
  std::string graph;                // "empty" or the fixture's name
  std::string skip;                 // Reason and issue; empty: runs.
  std::string only_mode;            // Empty: every mode.
  std::vector<Directive> directives;
};

struct File {
  std::filesystem::path path;
  std::vector<Case> cases;
};

// Throws std::runtime_error naming file and line.
File read_file(const std::filesystem::path& path);

}  // namespace nexus::cyt
