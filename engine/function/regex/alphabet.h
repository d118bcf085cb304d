// Alphabet: code points that no set of an expression tells apart are one letter.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "function/regex/char_set.h"

namespace nexus::function::regex {

class Alphabet {
 public:
  explicit Alphabet(const std::vector<CharSet>& sets) {
    starts_.push_back(0);
    for (const CharSet& set : sets) {
      for (const CharSet::Range& range : set.ranges()) {
        starts_.push_back(range.first);
        if (range.last < kLastCodePoint) starts_.push_back(range.last + 1);
      }
    }
    std::sort(starts_.begin(), starts_.end());
    starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
    for (char32_t c = 0; c < 128; ++c) ascii_[c] = search(c);
  }

  std::size_t size() const { return starts_.size(); }
  std::uint32_t letter(char32_t c) const { return c < 128 ? ascii_[c] : search(c); }
  // Per letter, whether it is in the set.
  std::vector<bool> members(const CharSet& set) const {
    std::vector<bool> in(size());
    for (const CharSet::Range& range : set.ranges()) {
      for (std::size_t i = search(range.first); i < size() && starts_[i] <= range.last; ++i) in[i] = true;
    }
    return in;
  }

 private:
  std::uint32_t search(char32_t c) const {
    return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), c) - starts_.begin() - 1);
  }

  std::vector<char32_t> starts_;
  std::uint32_t ascii_[128];
};

}  // namespace nexus::function::regex
