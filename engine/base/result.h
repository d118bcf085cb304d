// Result<T>: a value, or the Error that prevented it.
//
// Every fallible function in the engine returns one; the engine is compiled
// without exceptions. The member names are those of std::expected so that the
// class can become an alias the day our oldest compiler ships <expected>.
//
// Why not a variant: its moves and destructor go through tables of functions, for each T. An
// error is on the heap, so that success costs a null pointer beside the value.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "nexus/error.h"

namespace nexus {

struct Done {};  // The value of an operation that only succeeds or fails.

namespace result_internal {
Error* keep(Error error);
void drop(Error* error);
[[noreturn]] void misused();  // Asked for what is not there.
}  // namespace result_internal

template <class T = Done>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T&& value) : error_(nullptr), value_(std::move(value)) {}
  Result(const T& value) : error_(nullptr), value_(value) {}
  Result(Error error) : error_(result_internal::keep(std::move(error))) {}
  Result(Result&& other) noexcept : error_(nullptr) { take(other); }
  Result& operator=(Result&& other) noexcept {
    if (this == &other) return *this;
    clear();
    take(other);
    return *this;
  }
  Result(const Result& other) : error_(nullptr) {
    if (other.error_ != nullptr) {
      error_ = result_internal::keep(*other.error_);
    } else {
      std::construct_at(std::addressof(value_), other.value_);
    }
  }
  Result& operator=(const Result& other) { return *this = Result(other); }
  ~Result() { clear(); }

  bool has_value() const { return error_ == nullptr; }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return check(has_value()), value_; }
  const T& operator*() const& { return check(has_value()), value_; }
  T&& operator*() && { return check(has_value()), std::move(value_); }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  Error& error() { return check(!has_value()), *error_; }
  const Error& error() const { return check(!has_value()), *error_; }

 private:
  static void check(bool condition) {
    if (!condition) [[unlikely]] result_internal::misused();
  }
  void clear() {
    if (error_ != nullptr) [[unlikely]] {
      result_internal::drop(error_);
    } else {
      std::destroy_at(std::addressof(value_));
    }
  }
  // Requires: nothing is held. What was moved from stays what it was, a value or an error.
  void take(Result& other) {
    if (other.error_ != nullptr) [[unlikely]] {
      error_ = result_internal::keep(std::move(*other.error_));
    } else {
      error_ = nullptr;
      std::construct_at(std::addressof(value_), std::move(other.value_));
    }
  }

  Error* error_;  // Null: there is a value.
  union {
    T value_;
  };
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
