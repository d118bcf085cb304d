#include "function/regex/char_set.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "function/string/letter_case.h"

namespace nexus::function::regex {
namespace {

constexpr char32_t kLastCased = 0x1E943;

CharSet of(std::initializer_list<CharSet::Range> ranges) {
  CharSet set;
  for (const CharSet::Range& range : ranges) set.add(range.first, range.last);
  set.normalize();
  return set;
}

bool contains(const CharSet& set, char32_t c) {
  const auto& ranges = set.ranges();
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), c,
                       [](char32_t wanted, const CharSet::Range& range) { return wanted < range.first; });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

// Letters that a change of case and back does not return to, such as the final sigma.
// A constant table, made on first use.
const std::vector<char32_t>& one_way_letters() {
  static const std::vector<char32_t> letters = [] {
    std::vector<char32_t> found;
    for (char32_t c = 0x80; c <= kLastCased; ++c) {
      const char32_t upper = upper_code_point(c);
      const char32_t lower = lower_code_point(c);
      if ((upper != c && lower_code_point(upper) != c) || (lower != c && upper_code_point(lower) != c)) {
        found.push_back(c);
      }
    }
    return found;
  }();
  return letters;
}

}  // namespace

void CharSet::normalize() {
  std::sort(ranges_.begin(), ranges_.end(),
            [](const Range& left, const Range& right) { return left.first < right.first; });
  std::vector<Range> joined;
  for (const Range& range : ranges_) {
    if (!joined.empty() && range.first <= joined.back().last + 1) {
      joined.back().last = std::max(joined.back().last, range.last);
    } else {
      joined.push_back(range);
    }
  }
  ranges_ = std::move(joined);
}

CharSet CharSet::complement() const {
  CharSet result;
  char32_t next = 0;
  for (const Range& range : ranges_) {
    if (range.first > next) result.add(next, range.first - 1);
    next = range.last + 1;
  }
  if (next <= kLastCodePoint) result.add(next, kLastCodePoint);
  return result;
}

CharSet CharSet::intersection(const CharSet& other) const {
  CharSet either = complement();
  either.add(other.complement());
  either.normalize();
  return either.complement();
}

CharSet CharSet::folded(std::size_t& cost) const {
  CharSet result = *this;
  for (const Range& range : ranges_) {
    const char32_t last = std::min(range.last, kLastCased);
    for (char32_t c = range.first; c <= last; ++c) {
      ++cost;
      const char32_t lower = lower_code_point(c);
      const char32_t upper = upper_code_point(c);
      if (lower != c) result.add(lower, lower);
      if (upper != c) {
        result.add(upper, upper);
        // The third of a trio: ς and σ share Σ, and its lower case is σ.
        result.add(lower_code_point(upper), lower_code_point(upper));
      }
    }
  }
  result.normalize();
  CharSet complete = result;
  for (const char32_t c : one_way_letters()) {
    if (contains(result, upper_code_point(c)) || contains(result, lower_code_point(c))) complete.add(c, c);
  }
  complete.normalize();
  return complete;
}

CharSet digits() { return of({{'0', '9'}}); }
CharSet white_space() { return of({{'\t', '\r'}, {' ', ' '}}); }
CharSet word_characters() { return of({{'a', 'z'}, {'A', 'Z'}, {'_', '_'}, {'0', '9'}}); }
CharSet horizontal_space() {
  return of({{' ', ' '}, {'\t', '\t'}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x200A},
             {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}});
}
CharSet vertical_space() { return of({{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}); }

CharSet named_class(const char* name) {
  const auto is = [name](const char* wanted) { return std::strcmp(name, wanted) == 0; };
  if (is("Lower")) return of({{'a', 'z'}});
  if (is("Upper")) return of({{'A', 'Z'}});
  if (is("Alpha")) return of({{'a', 'z'}, {'A', 'Z'}});
  if (is("Digit")) return digits();
  if (is("Alnum")) return of({{'a', 'z'}, {'A', 'Z'}, {'0', '9'}});
  if (is("Punct")) return of({{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}});
  if (is("Graph")) return of({{'!', '~'}});
  if (is("Print")) return of({{' ', '~'}});
  if (is("Blank")) return of({{' ', ' '}, {'\t', '\t'}});
  if (is("Cntrl")) return of({{0, 0x1F}, {0x7F, 0x7F}});
  if (is("XDigit")) return of({{'0', '9'}, {'a', 'f'}, {'A', 'F'}});
  if (is("Space")) return white_space();
  if (is("ASCII")) return of({{0, 0x7F}});
  return {};
}

}  // namespace nexus::function::regex
