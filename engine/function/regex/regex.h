// Regex: the =~ operator's regular expressions, matched in time linear in the text.
//
// The syntax is Java's, code points instead of UTF-16 units: classes with && and nesting,
// \d \s \w \h \v \b \R \Q…\E \p{Alpha}, greedy and lazy repeats, groups, the flags i, s, m,
// d and u. Back references, lookaround, atomic groups and possessive repeats are refused.
// (?i) ignores the case of all scripts.
//
// Cost: compile O(pattern), at most 10,000 instructions. full_match O(text) once its
// automaton is warm, O(text * instructions) at worst.
// Threads: full_match may be called concurrently; one caller at a time uses the automaton.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace nexus::function {

namespace regex {
class Matcher;
}

class Regex {
 public:
  // Error: InvalidRegularExpression.
  static Result<Regex> compile(std::string_view pattern);

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  // Whether the whole of `text` matches.
  bool full_match(std::string_view text) const;

 private:
  explicit Regex(std::unique_ptr<regex::Matcher> matcher);

  std::unique_ptr<regex::Matcher> matcher_;
};

}  // namespace nexus::function
