// Completion: what Tab offers, as a function of the text around the cursor and of the names that a catalogue knows.
//
// What the text before the cursor expects is told by its tokens alone, so that unfinished statements complete as
// well; a wrong guess offers too much or nothing. Only the names that are expected are asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nexus::host {

enum class NameKind : std::uint8_t { Label, RelationshipType, PropertyKey, Function, Procedure, Database, Parameter };

class Catalogue {
 public:
  virtual ~Catalogue() = default;
  // In any order; empty when they are not known, for whatever reason.
  virtual std::vector<std::string> names(NameKind kind) = 0;
  // What is in a folder, folders with a '/' at their ends. Empty: the current one.
  virtual std::vector<std::string> files(const std::string& folder) = 0;
};

struct Candidate {
  std::string text;   // Replaces what was typed.
  std::string shown;  // In a list.
  std::string tail;   // Behind the text when there is no other candidate.
  auto operator<=>(const Candidate&) const = default;
};

struct Completion {
  std::size_t begin = 0;  // Byte where what is replaced begins; it ends at the cursor.
  std::vector<Candidate> candidates;  // Sorted, each once, kCandidatesMax at most.
};

constexpr std::size_t kCandidatesMax = 1'000;

// `text`: the statement or command that is being typed, maybe behind complete ones.
Completion complete(std::string_view text, std::size_t cursor, Catalogue& catalogue);

// What all candidates begin with.
std::string common_beginning(const std::vector<Candidate>& candidates);

}  // namespace nexus::host
