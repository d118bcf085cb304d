#include "base/check.h"

#include <cstdio>
#include <cstdlib>
#include <exception>

#include <boost/assert/source_location.hpp>

namespace nexus::base {

void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, expression);
  std::abort();
}

}  // namespace nexus::base

// Boost's containers call these where exceptions are off; only running out of
// memory or of hash table size leads here, and neither can be survived in place.
namespace boost {
[[noreturn]] void throw_exception(const std::exception& error);
[[noreturn]] void throw_exception(const std::exception& error, const source_location& where);

void throw_exception(const std::exception& error) {
  nexus::base::check_failed(error.what(), "boost", 0);
}
void throw_exception(const std::exception& error, const source_location& where) {
  nexus::base::check_failed(error.what(), where.file_name(), static_cast<int>(where.line()));
}
}  // namespace boost
