#include "host-native/http/worker_pool.h"

#include <atomic>
#include <future>
#include <thread>

#include "tests/support/catch.h"

using nexus::host::WorkerPool;

TEST_CASE("every task runs before the pool is gone") {
  std::atomic<int> done{0};
  {
    WorkerPool pool(3, 3);
    for (int i = 0; i < 1'000; ++i) pool.post([&done] { ++done; });
  }
  CHECK(done == 1'000);
}

TEST_CASE("what waits behind endless tasks gets a thread of its own, for as long as it needs it") {
  std::promise<void> end;
  const std::shared_future<void> ended = end.get_future().share();
  WorkerPool pool(2, 4);
  std::atomic<int> running{0};
  for (int i = 0; i < 2; ++i) {
    pool.post([&running, ended] {
      ++running;
      ended.wait();
    });
  }
  while (running < 2) std::this_thread::yield();
  std::promise<void> heard;
  pool.post([&heard] { heard.set_value(); });
  pool.relieve();
  CHECK(pool.threads() == 2);  // It has not waited for long yet.
  pool.relieve();
  heard.get_future().wait();
  while (pool.threads() > 2) std::this_thread::yield();

  // And never more of them than allowed.
  std::atomic<int> more{0};
  for (int i = 0; i < 5; ++i) {
    pool.post([&more, ended] {
      ++more;
      ended.wait();
    });
  }
  pool.relieve();
  pool.relieve();
  while (more < 2) std::this_thread::yield();
  CHECK(pool.threads() == 4);
  pool.relieve();
  CHECK(pool.threads() == 4);
  end.set_value();
  pool.join();
  CHECK(more == 5);
}
