// The outside world, as four small interfaces that hosts implement and constructors receive.
//
// Why: nothing in the engine happens by itself. A simulation passes fakes and is
// deterministic; WebAssembly passes what JavaScript offers. (The fifth component,
// files, is nexus::Vfs in <nexus/vfs.h>.)
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace nexus {

class Clock {
 public:
  virtual ~Clock() = default;
  // Nanoseconds since 1970-01-01T00:00Z; may jump.
  virtual std::int64_t wall_nanoseconds() = 0;
  // Nanoseconds since an arbitrary start; never goes back.
  virtual std::int64_t monotonic_nanoseconds() = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  // Uniform 64 bits. Hosts give entropy good enough for session tokens.
  // Threads: may be called concurrently.
  virtual std::uint64_t next() = 0;
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;
  // Runs `task` soon, on some thread (native) or before returning to the host's loop (inline).
  virtual void submit(std::function<void()> task) = 0;
};

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

class Log {
 public:
  virtual ~Log() = default;
  // One line, no newline, never a credential or a parameter's value.
  virtual void write(LogLevel level, std::string_view message) = 0;
};

}  // namespace nexus
