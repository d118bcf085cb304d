// Deterministic stand-ins for the outside world: fakes, never mocks.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/components.h"

namespace nexus::test {

// Every look moves time by a microsecond, so that two moments differ. Safe to share between threads.
class FakeClock final : public Clock {
 public:
  std::int64_t wall_nanoseconds() override { return start_ + ticks_.fetch_add(1'000); }
  std::int64_t monotonic_nanoseconds() override { return ticks_.fetch_add(1'000); }
  void advance(std::int64_t nanoseconds) { ticks_.fetch_add(nanoseconds); }

 private:
  static constexpr std::int64_t start_ = 1'700'000'000'000'000'000;  // 2023-11-14T22:13:20Z
  std::atomic<std::int64_t> ticks_{0};
};

// splitmix64 over a counter: the same seed, the same numbers.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}
  std::uint64_t next() override {
    std::uint64_t mixed = state_.fetch_add(0x9E3779B97F4A7C15u) + 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
  }

 private:
  std::atomic<std::uint64_t> state_;
};

class InlineScheduler final : public Scheduler {
 public:
  void submit(std::function<void()> task) override { task(); }
};

class QuietLog final : public Log {
 public:
  void write(LogLevel, std::string_view) override {}
};

}  // namespace nexus::test
