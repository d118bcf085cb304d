#include "plan/suggestion.h"

#include <algorithm>
#include <vector>

namespace nexus::plan {
namespace {

constexpr std::size_t kNameBytesMax = 64;  // Cost: the distance is quadratic in the length.

// Edits (insert, remove, replace a byte) from one word to the other.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t column = 0; column <= to.size(); ++column) row[column] = column;
  for (std::size_t line = 1; line <= from.size(); ++line) {
    std::size_t diagonal = row[0];
    row[0] = line;
    for (std::size_t column = 1; column <= to.size(); ++column) {
      const std::size_t replaced = diagonal + (from[line - 1] == to[column - 1] ? 0 : 1);
      diagonal = row[column];
      row[column] = std::min({replaced, row[column] + 1, row[column - 1] + 1});
    }
  }
  return row[to.size()];
}

}  // namespace

std::string lower(std::string_view text) {
  std::string made(text.substr(0, kNameBytesMax));
  for (char& c : made) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return made;
}

// A third of the letters may be wrong: of one or two none, so that `x` never suggests `y`.
Suggestion::Suggestion(std::string_view wanted) : wanted_(lower(wanted)), distance_(wanted_.size() / 3 + 1) {}

void Suggestion::consider(std::string_view candidate) {
  if (candidate.empty()) return;
  const std::size_t edits = distance(wanted_, lower(candidate));
  if (edits >= distance_) return;
  best_ = candidate;
  distance_ = edits;
}

std::string Suggestion::text() const { return best_.empty() ? std::string() : ", did you mean `" + best_ + "`?"; }

}  // namespace nexus::plan
