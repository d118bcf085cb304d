// Runs the cases of a .cyt file on an instance in memory, or on files in mode `disk`.
//
// memory: as it comes. reopen: closed and opened between any two blocks outside a
// transaction. rows1: batches of one row. raw: the optimizer is off. http: every statement
// goes through the REST service and back; cases with explicit transactions are skipped.
#pragma once

#include <string>
#include <vector>

#include "tests/support/cyt.h"

namespace nexus::cyt {

// What a failing block gave, so that --bless can write it into the file.
struct Difference {
  const Directive* directive;
  std::string message;
  std::vector<std::string> actual;
};

struct Outcome {
  std::string case_name;
  bool skipped = false;
  std::vector<Difference> differences;  // Empty: passed.
};

bool is_mode(const std::string& mode);
Outcome run_case(const Case& item, const std::string& mode, const std::filesystem::path& fixtures);

}  // namespace nexus::cyt
