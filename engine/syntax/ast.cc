#include "syntax/ast.h"

#include <utility>

namespace nexus::syntax {

std::string SymbolicName::text() const {
  std::string joined;
  for (const std::string& part : parts) {
    if (!joined.empty()) joined += '.';
    joined += part;
  }
  return joined;
}

const RegularQuery& first_query(const RegularQuery& query) {
  const RegularQuery* first = &query;
  while (first->before) first = first->before.get();
  return *first;
}

RegularQuery& first_query(RegularQuery& query) {
  return const_cast<RegularQuery&>(first_query(std::as_const(query)));
}

}  // namespace nexus::syntax
