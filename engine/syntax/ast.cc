#include "syntax/ast.h"

namespace nexus::syntax {

std::string SymbolicName::text() const {
  std::string joined;
  for (const std::string& part : parts) {
    if (!joined.empty()) joined += '.';
    joined += part;
  }
  return joined;
}

}  // namespace nexus::syntax
