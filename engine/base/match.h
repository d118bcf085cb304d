// Match: one lambda per alternative of a std::variant, for std::visit.
//
// Closed trees (syntax, plan) are variants; leaving a case out does not compile.
#pragma once

namespace nexus {

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;  // clang 14 needs the guide.

}  // namespace nexus
