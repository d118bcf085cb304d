// The engine's outside world as this process has it: clocks, entropy, a thread pool, spdlog.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/components.h"

namespace nexus::host {

class SystemClock final : public Clock {
 public:
  std::int64_t wall_nanoseconds() override;
  std::int64_t monotonic_nanoseconds() override;
};

// getrandom(2), a few hundred bytes at a time for each thread.
class OsRandom final : public Random {
 public:
  std::uint64_t next() override;
};

// Invariant: every submitted task runs; the destructor waits for them.
class ThreadPoolScheduler final : public Scheduler {
 public:
  explicit ThreadPoolScheduler(std::size_t threads);
  ~ThreadPoolScheduler() override;
  void submit(std::function<void()> task) override;

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

enum class LogFormat : std::uint8_t { Text, Json };

// Lines on stderr. Threads: may be used concurrently.
class SpdlogLog final : public Log {
 public:
  SpdlogLog(LogFormat format, LogLevel lowest);
  ~SpdlogLog() override;
  void write(LogLevel level, std::string_view message) override;

 private:
  struct Logger;
  std::unique_ptr<Logger> logger_;
};

}  // namespace nexus::host
