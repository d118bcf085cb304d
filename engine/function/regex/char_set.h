// CharSet: a set of code points as sorted, disjoint ranges.
#pragma once

#include <cstddef>
#include <vector>

namespace nexus::function::regex {

constexpr char32_t kLastCodePoint = 0x10FFFF;

class CharSet {
 public:
  struct Range {
    char32_t first;
    char32_t last;
  };

  // May break the order until normalize(); the other members expect it.
  void add(char32_t first, char32_t last) { ranges_.push_back({first, last}); }
  void add(const CharSet& other) { ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end()); }
  // Sorts and joins. Cost: O(n log n).
  void normalize();

  CharSet complement() const;
  CharSet intersection(const CharSet& other) const;
  // With every letter its other case. Adds the code points it looked at to `cost`.
  CharSet folded(std::size_t& cost) const;

  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

// \d, \s, \w, \h, \v and, by their names in \p{…}, the ASCII classes of POSIX.
CharSet digits();
CharSet white_space();
CharSet word_characters();
CharSet horizontal_space();
CharSet vertical_space();
// Empty ranges() when there is none of that name.
CharSet named_class(const char* name);

}  // namespace nexus::function::regex
