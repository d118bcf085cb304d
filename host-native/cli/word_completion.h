// Completion of `nexus …` in command shells: a function of the command line's definition and the words typed so far.
//
// The scripts that `nexus completion` prints ask `nexus complete -- WORD…` at each Tab, so that they never differ from
// the program.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}

namespace nexus::host {

// What the value of an option or a positional is, by its type's name and its validators.
struct OptionValue {
  enum class Kind : std::uint8_t { None, Text, Choice, File, Directory, Database };
  Kind kind = Kind::None;
  std::string name;  // "DIR"
  std::vector<std::string> choices;
};
OptionValue value_of(const CLI::Option& option);

struct WordCompletion {
  OptionValue::Kind kind = OptionValue::Kind::None;  // File, Directory and Database: the words are to be found there.
  std::string prefix;  // Of the last word, before what is completed: "--format=".
  std::string typed;   // The rest of it.
  std::vector<std::pair<std::string, std::string>> words;  // With descriptions; all begin with what was typed.
  std::map<std::string, std::string> options;  // Values given before, by the option's long name without dashes.
};

// `words`: behind "nexus", the last one unfinished and maybe empty.
WordCompletion complete_words(const CLI::App& app, const std::vector<std::string>& words);

// For the scripts: a line for each candidate, a tab before its description; or ":files" or ":directories". Never an
// error, and never for longer than a second.
int print_completions(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace nexus::host
