// The strict reading of an HTTP/1 request head that comes before the parser's lenient one.
//
// Why: Boost.Beast takes heads that two programs can understand differently (an unknown
// transfer coding as "no body", repeated lengths, folded lines): the raw material of request
// smuggling. What passes here means the same to everybody; what does not is answered with
// an error and a closed connection.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace nexus::host {

constexpr std::size_t kHeadBytesMax = std::size_t{16} << 10;
constexpr std::size_t kHeadersMax = 100;
constexpr std::size_t kTargetBytesMax = std::size_t{8} << 10;

struct Rejection {
  int status;
  std::string_view reason;  // A sentence for the answer's body.
};

// `head`: everything up to and including the empty line. nullopt: it is fine.
std::optional<Rejection> validate_head(std::string_view head);

// Ignores the case of ASCII letters.
bool equal_ignoring_case(std::string_view left, std::string_view right);

}  // namespace nexus::host
