// What a statement expects where its text ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nexus::host {

enum class Expected : std::uint8_t {
  Nothing,           // Inside strings, comments and numbers, and where a new name is made.
  Statement,         // The first word.
  Words,             // One of Context::words: a keyword before allows these alone.
  Operator,          // Something is complete: what may come behind it, clauses among it.
  Expression,
  Variable,
  Label,
  RelationshipType,
  Member,            // Behind a dot: a property, or a function with a qualified name.
  PropertyKey,       // In the map of a pattern.
  Procedure,
  Database,
  Parameter,
};

struct Context {
  Expected expected = Expected::Nothing;
  std::size_t begin = 0;  // Of the word that is being typed, its opening backtick included.
  std::string typed;      // Without the backtick.
  bool is_quoted = false;
  std::string qualifier;  // "apoc.coll." for Member and Procedure.
  std::vector<std::string_view> words;
  std::vector<std::string> variables;  // Of the statement.
};

// Requires: fewer than 2^32 bytes.
Context context_at_end(std::string_view statement);

}  // namespace nexus::host
