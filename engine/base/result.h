// Result<T>: a value, or the Error that prevented it.
//
// Every fallible function in the engine returns one; the engine is compiled
// without exceptions. The member names are those of std::expected so that the
// class can become an alias the day our oldest compiler ships <expected>.
#pragma once

#include <utility>
#include <variant>

#include "base/check.h"
#include "nexus/error.h"

namespace nexus {

struct Done {};  // The value of an operation that only succeeds or fails.

template <class T = Done>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { NX_CHECK(has_value()); return *std::get_if<0>(&state_); }
  const T& operator*() const& { NX_CHECK(has_value()); return *std::get_if<0>(&state_); }
  T&& operator*() && { NX_CHECK(has_value()); return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  Error& error() { NX_CHECK(!has_value()); return *std::get_if<1>(&state_); }
  const Error& error() const { NX_CHECK(!has_value()); return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace nexus

#define NX_CONCAT_(a, b) a##b
#define NX_CONCAT(a, b) NX_CONCAT_(a, b)
#define NX_TRY_(result, target, expression)      \
  auto result = (expression);                    \
  if (!result) return std::move(result.error()); \
  target = std::move(*result)

// NX_TRY(auto page, pager.read(id)): unwraps, or returns the error to our caller.
#define NX_TRY(target, expression) NX_TRY_(NX_CONCAT(nx_result_, __LINE__), target, expression)

// NX_TRY_DO(file.sync()): the same, for a Result<> with nothing to unwrap.
#define NX_TRY_DO(expression)                                                     \
  do {                                                                            \
    if (auto nx_done = (expression); !nx_done) return std::move(nx_done.error()); \
  } while (false)
