// The openCypher TCK's feature files, read into scenarios (outlines expanded).
//
// Only the vocabulary of the TCK is understood; an unknown step is an error, never skipped.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace nexus::tck {

using TableRow = std::vector<std::string>;

struct Step {
  enum class Kind {
    EmptyGraph,
    AnyGraph,
    NamedGraph,       // text: the graph's name
    Prepare,          // text: the query
    Parameters,       // table: name, value
    Procedure,        // text: the signature; table with heading
    Execute,          // text
    Control,          // text
    Result,           // table with heading; ordered, bag_lists
    EmptyResult,
    Error,            // text: "Type|phase|detail"
    NoSideEffects,
    SideEffects,      // table: counter, amount
  };
  Kind kind;
  std::string text;
  std::vector<TableRow> table;
  bool ordered = false;
  bool bag_lists = false;  // "ignoring element order for lists"
};

struct Scenario {
  std::string id;  // "clauses/match/Match1 [3] #2": stable, the key of passing.txt
  std::string name;
  std::vector<Step> steps;
};

// All scenarios below `features`, sorted by file; throws std::runtime_error naming file and line.
std::vector<Scenario> read_features(const std::filesystem::path& features);

}  // namespace nexus::tck
