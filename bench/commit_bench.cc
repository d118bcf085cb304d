// commit_bench DIRECTORY [SECONDS]: durable commits in one process, against bare syncs.
//
// Three loops take turns, so that a change in the disk's speed meets all: one thread that
// appends and syncs a file, one session that commits, and 64 sessions that commit to one
// database, whose commits share syncs.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "host-native/components.h"
#include "host-native/vfs/posix_vfs.h"
#include "nexus/instance.h"
#include "tests/support/test_instance.h"

namespace {

using nexus::test::must;
using Clock = std::chrono::steady_clock;

constexpr int kTurns = 5;
constexpr std::size_t kRecordBytes = 32;  // As the frame of such a commit.

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Rate {
  std::uint64_t count = 0;
  double seconds = 0;
  double per_second() const { return static_cast<double>(count) / seconds; }
};

void sync_bare(const std::string& path, double seconds, Rate& rate) {
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  const std::string record(kRecordBytes, 'x');
  const auto start = Clock::now();
  while (seconds_since(start) < seconds) {
    if (write(file, record.data(), record.size()) < 0 || fdatasync(file) != 0) std::abort();
    ++rate.count;
  }
  rate.seconds += seconds_since(start);
  close(file);
  unlink(path.c_str());
}

void commit(nexus::Instance& instance, std::size_t threads, double seconds, Rate& rate) {
  std::atomic<std::uint64_t> count{0};
  const auto start = Clock::now();
  std::vector<std::thread> all;
  for (std::size_t i = 0; i < threads; ++i) {
    all.emplace_back([&] {
      const auto session = must(instance.open_session(nexus::Identity{"bench"}));
      while (seconds_since(start) < seconds) {
        must(nexus::query(*session, "CREATE (:N {i: 1})"));
        ++count;
      }
    });
  }
  for (auto& thread : all) thread.join();
  rate.count += count;
  rate.seconds += seconds_since(start);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: commit_bench DIRECTORY [SECONDS]\n");
    return 2;
  }
  const std::string directory = argv[1];
  const double turn = (argc > 2 ? std::atof(argv[2]) : 2.0) / kTurns;
  const auto vfs = must(nexus::host::PosixVfs::open_root(directory));
  nexus::host::SystemClock clock;
  nexus::host::OsRandom random;
  nexus::host::ThreadPoolScheduler scheduler(2);
  nexus::host::SpdlogLog log(nexus::host::LogFormat::Text, nexus::LogLevel::Warning);
  const auto instance = must(nexus::Instance::open({}, {*vfs, clock, random, scheduler, log}));
  Rate bare, one, many;
  for (int i = 0; i < kTurns; ++i) {
    sync_bare(directory + "/bare", turn, bare);
    commit(*instance, 1, turn, one);
    commit(*instance, 64, turn, many);
  }
  std::printf("bare append and fdatasync      %10.0f /s\n", bare.per_second());
  std::printf("durable commits,  1 session    %10.0f /s   %6.2fx the bare sync\n", one.per_second(), one.per_second() / bare.per_second());
  std::printf("durable commits, 64 sessions   %10.0f /s   %6.2fx the bare sync\n", many.per_second(), many.per_second() / bare.per_second());
  must(instance->close());
  return 0;
}
