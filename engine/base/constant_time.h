// Comparing secrets: in time that does not tell where they differ.
#pragma once

#include <cstddef>
#include <string_view>

namespace nexus {

// Cost: the same for every wrong answer of the same length.
inline bool equal_in_constant_time(std::string_view left, std::string_view right) {
  unsigned difference = left.size() == right.size() ? 0 : 1;
  for (std::size_t at = 0; at < left.size(); ++at) {
    const char other = right.empty() ? '\0' : right[at % right.size()];
    difference |= static_cast<unsigned char>(left[at]) ^ static_cast<unsigned char>(other);
  }
  return difference == 0;
}

}  // namespace nexus
