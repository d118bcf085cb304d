#include "host-native/components.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/random.h>
#include <time.h>

#include <array>
#include <cerrno>

#include "base/check.h"

namespace nexus::host {
namespace {

std::int64_t read_clock(clockid_t which) {
  timespec now{};
  NX_CHECK(clock_gettime(which, &now) == 0);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warning: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

// spdlog's JSON pattern does not escape: the message is made harmless here.
std::string json_safe(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

}  // namespace

std::int64_t SystemClock::wall_nanoseconds() { return read_clock(CLOCK_REALTIME); }
std::int64_t SystemClock::monotonic_nanoseconds() { return read_clock(CLOCK_MONOTONIC); }

std::uint64_t OsRandom::next() {
  // Why thread_local: the kernel is asked once for 32 numbers, and no lock is shared.
  thread_local std::array<std::uint64_t, 32> pool;
  thread_local std::size_t left = 0;
  if (left == 0) {
    // Up to 256 bytes are never cut short; only the wait for early entropy can be interrupted.
    ssize_t got = 0;
    do {
      got = getrandom(pool.data(), sizeof pool, 0);
    } while (got < 0 && errno == EINTR);
    NX_CHECK(got == static_cast<ssize_t>(sizeof pool));
    left = pool.size();
  }
  return pool[--left];
}

ThreadPoolScheduler::ThreadPoolScheduler(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

ThreadPoolScheduler::~ThreadPoolScheduler() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void ThreadPoolScheduler::submit(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  ready_.notify_one();
}

void ThreadPoolScheduler::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

struct SpdlogLog::Logger {
  LogFormat format;
  std::shared_ptr<spdlog::logger> out;
};

SpdlogLog::SpdlogLog(LogFormat format, LogLevel lowest) : logger_(std::make_unique<Logger>()) {
  logger_->format = format;
  logger_->out = std::make_shared<spdlog::logger>("nexus", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger_->out->set_level(spdlog_level(lowest));
  logger_->out->set_pattern(format == LogFormat::Json
                                ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%v"})"
                                : "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v",
                            spdlog::pattern_time_type::utc);
}

SpdlogLog::~SpdlogLog() = default;

void SpdlogLog::write(LogLevel level, std::string_view message) {
  const auto text = logger_->format == LogFormat::Json ? json_safe(message) : std::string(message);
  logger_->out->log(spdlog_level(level), "{}", text);
}

}  // namespace nexus::host
