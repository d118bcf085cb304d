#include "syntax/ast.h"

#include <utility>

#include "syntax/lexer.h"

namespace nexus::syntax {

std::string SymbolicName::text() const {
  std::string joined;
  for (const std::string& part : parts) {
    if (!joined.empty()) joined += '.';
    joined += part;
  }
  return joined;
}

std::size_t FunctionCall::word_argument() const {
  if (name.size() != 1) return 0;
  if (equals_word(name[0], "VECTOR") || equals_word(name[0], "VECTOR_DISTANCE")) return 2;
  return equals_word(name[0], "VECTOR_NORM") ? 1 : 0;
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
