// The temporal functions, in the order the reference lists them.
#include "function/temporal/families.h"

namespace nexus::function {

std::span<const ScalarFunction* const> temporal_functions() {
  static const std::vector<const ScalarFunction*> listed = [] {
    std::vector<const ScalarFunction*> all;
    for (const auto family : {instant_functions(), truncate_functions(), duration_functions()}) {
      for (const ScalarFunction& function : family) all.push_back(&function);
    }
    return all;
  }();
  return listed;
}

}  // namespace nexus::function
