// engine_bench [SECONDS]: hot paths of the engine in one process, in memory.
//
// Each figure is printed beside a bare loop measured in the same run, because the machine's
// own speed varies more than most changes do. How to read it: bench/README.md.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/support/test_instance.h"

namespace {

using nexus::test::must;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Calls `work(i)` for about `seconds`; answers nanoseconds per call.
template <class Work>
double time_per_call(double seconds, Work work) {
  const auto start = Clock::now();
  std::uint64_t calls = 0;
  while (seconds_since(start) < seconds) {
    for (int i = 0; i < 64; ++i) work(calls++);
  }
  return seconds_since(start) * 1e9 / static_cast<double>(calls);
}

// What a point read costs without a database: one look-up in a hash map of as many entries.
double bare_lookup(double seconds, std::uint64_t nodes) {
  std::unordered_map<std::uint64_t, std::int64_t> map;
  for (std::uint64_t i = 0; i < nodes; ++i) map[i] = static_cast<std::int64_t>(i);
  std::int64_t sum = 0;
  const double cost = time_per_call(seconds, [&](std::uint64_t i) { sum += map[(i * 7919) % nodes]; });
  return sum == 42 ? 0 : cost;
}

// What creating nodes costs without a database: one small object each, kept in a vector.
double bare_create(std::size_t nodes) {
  struct Object {
    std::vector<int> labels;
    std::vector<std::pair<int, std::int64_t>> properties;
  };
  const auto start = Clock::now();
  std::vector<Object*> objects;
  for (std::size_t i = 0; i < nodes; ++i) objects.push_back(new Object{{1}, {{1, static_cast<std::int64_t>(i)}}});
  const double cost = seconds_since(start) * 1e9 / static_cast<double>(nodes);
  for (Object* object : objects) delete object;
  return cost;
}

void create_nodes(nexus::Session& session, std::size_t nodes) {
  const auto start = Clock::now();
  const nexus::Map parameters{{"n", nexus::Value::integer(static_cast<std::int64_t>(nodes))}};
  must(nexus::query(session, "UNWIND range(0, $n - 1) AS i CREATE (:N {i: i})", parameters));
  const double cost = seconds_since(start) * 1e9 / static_cast<double>(nodes);
  const double bare = bare_create(nodes);
  std::printf("create %zu nodes by UNWIND    %8.0f ns/node  %10.0f nodes/s  %6.1fx a bare vector of objects\n", nodes,
              cost, 1e9 / cost, cost / bare);
}

// A point read by an indexed property, against the scan it replaces and a bare hash look-up; then
// what one index costs every node that is created.
void indexed(nexus::Session& session, double seconds, std::size_t nodes, double bare) {
  nexus::Map parameters{{"i", nexus::Value::integer(0)}};
  const auto read = [&](std::uint64_t i) {
    parameters[0].second = nexus::Value::integer(static_cast<std::int64_t>((i * 7919) % nodes));
    must(nexus::query(session, "MATCH (p:P {i: $i}) RETURN p.i AS i", parameters));
  };
  const nexus::Map count{{"n", nexus::Value::integer(static_cast<std::int64_t>(nodes))}};
  const auto create = [&](const char* text) {
    const auto start = Clock::now();
    must(nexus::query(session, text, count));
    return seconds_since(start) * 1e9 / static_cast<double>(nodes);
  };
  const double plain = create("UNWIND range(0, $n - 1) AS i CREATE (:P {i: i})");
  const double scan = time_per_call(seconds / 8, read);
  must(nexus::query(session, "CREATE INDEX FOR (p:P) ON (p.i)"));
  const double seek = time_per_call(seconds, read);
  std::printf("point read by indexed property %8.0f ns       %10.0f /s       %6.1fx a bare hash look-up, scan %.0fx\n",
              seek, 1e9 / seek, seek / bare, scan / seek);
  must(nexus::query(session, "CREATE INDEX FOR (q:Q) ON (q.i)"));
  const double ordered = create("UNWIND range(0, $n - 1) AS i CREATE (:Q {i: i})");
  const double scattered = create("UNWIND range(0, $n - 1) AS i CREATE (:Q {i: (i * 7919) % $n + $n})");
  std::printf("create nodes with one index    %8.0f ns/node  %10.0f nodes/s  %6.2fx without, %.2fx in no order\n",
              ordered, 1e9 / ordered, ordered / plain, scattered / plain);
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// What 10,000 registered databases cost the one that is used: the same statements, in turns with an instance that has
// one database only.
// Processor time of this thread alone: a difference of one in a hundred is lost in what others do to the wall clock.
double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// The two take turns of some milliseconds, so that what changes the machine's speed meets both.
// With none beside, it says what the method itself is off by.
void beside_many(double seconds, int databases) {
  constexpr int kTurns = 300, kCalls = 1'000;
  nexus::test::TestInstance alone, crowded;
  const auto admin = crowded.session("system");
  for (int i = 0; i < databases; ++i) must(nexus::query(*admin, "CREATE DATABASE `tenant-" + std::to_string(i) + "`"));
  const std::unique_ptr<nexus::Session> sessions[] = {alone.session(), crowded.session()};
  for (const auto& session : sessions) must(nexus::query(*session, "UNWIND range(0, 9999) AS i CREATE (:N {i: i})"));
  nexus::Map parameters{{"id", nexus::Value::integer(0)}};
  constexpr const char* kStatements[] = {"MATCH (n) WHERE id(n) = $id RETURN n.i AS i",
                                         "MATCH (n) WHERE id(n) = $id SET n.i = n.i + 1"};
  for (const char* statement : kStatements) {
    std::vector<double> ratios;
    const int turns = std::max(3, static_cast<int>(kTurns * std::min(seconds, 4.0)));
    for (int turn = 0; turn < turns; ++turn) {
      double cost[2];
      for (const int which : {turn % 2, 1 - turn % 2}) {
        const double start = processor_seconds();
        for (std::int64_t i = 0; i < kCalls; ++i) {
          parameters[0].second = nexus::Value::integer((i * 7919) % 10'000);
          must(nexus::query(*sessions[which], statement, parameters));
        }
        cost[which] = processor_seconds() - start;
      }
      ratios.push_back(cost[1] / cost[0]);
    }
    std::sort(ratios.begin(), ratios.end());
    const std::size_t count = ratios.size();
    std::printf("with %5d databases beside    %8.3fx with none (median of %zu turns, half of them in %.3f to %.3f): %s\n",
                databases, ratios[count / 2], count, ratios[count / 4], ratios[count * 3 / 4], statement);
  }
}

// Throw-away databases, one for each test of a suite: what they cost, and whether their memory comes back.
void temporary(int count) {
  nexus::test::TestInstance instance;
  const auto session = instance.session("system");
  const auto cycle = [&](int i) {
    const std::string name = "test-" + std::to_string(i);
    const nexus::Map parameters{{"name", nexus::Value::string(name)}};
    must(nexus::query(*session, "CREATE TEMPORARY DATABASE $name", parameters));
    must(nexus::query(*instance.session(name), "UNWIND range(1, 100) AS i CREATE (:N {i: i})-[:R]->(:M)"));
    must(nexus::query(*session, "DROP DATABASE $name", parameters));
  };
  for (int i = 0; i < 100; ++i) cycle(i);
  const std::uint64_t before = resident_bytes();
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) cycle(i);
  const double each = seconds_since(start) * 1e6 / count;
  std::printf("temporary database, 200 nodes  %8.0f us to make, fill and drop; %d of them: resident %.1f MB before, %.1f "
              "after\n", each, count, static_cast<double>(before) / 1e6, static_cast<double>(resident_bytes()) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
  temporary(1'000);
  constexpr std::size_t kNodes = 100'000;
  nexus::test::TestInstance instance;
  const auto session = instance.session();
  create_nodes(*session, kNodes);

  const double bare = bare_lookup(seconds / 4, kNodes);
  nexus::Map parameters{{"id", nexus::Value::integer(0)}};
  const double point = time_per_call(seconds, [&](std::uint64_t i) {
    parameters[0].second = nexus::Value::integer(static_cast<std::int64_t>((i * 7919) % kNodes));
    must(nexus::query(*session, "MATCH (n) WHERE id(n) = $id RETURN n.i AS i", parameters));
  });
  std::printf("point read by id, same text    %8.0f ns       %10.0f /s       %6.1fx a bare hash look-up (%.0f ns)\n",
              point, 1e9 / point, point / bare, bare);

  const double cold = time_per_call(seconds, [&](std::uint64_t i) {
    must(nexus::query(*session, "MATCH (n) WHERE id(n) = " + std::to_string((i * 7919) % kNodes) + " RETURN n.i AS i"));
  });
  std::printf("point read by id, new text     %8.0f ns       %10.0f /s       %6.1fx the same text\n", cold, 1e9 / cold,
              cold / point);

  const double scan = time_per_call(seconds, [&](std::uint64_t) {
    must(nexus::query(*session, "MATCH (n:N) WHERE n.i % 2 = 0 RETURN count(n) AS n"));
  });
  std::printf("scan, filter, count per node   %8.1f ns       %10.0f nodes/s\n", scan / kNodes, kNodes * 1e9 / scan);

  const double write = time_per_call(seconds, [&](std::uint64_t i) {
    parameters[0].second = nexus::Value::integer(static_cast<std::int64_t>((i * 7919) % kNodes));
    must(nexus::query(*session, "MATCH (n) WHERE id(n) = $id SET n.i = n.i + 1", parameters));
  });
  std::printf("auto-commit SET, log in memory %8.0f ns       %10.0f /s       %6.1fx the point read\n", write, 1e9 / write,
              write / point);
  indexed(*session, seconds, kNodes, bare);
  beside_many(seconds, 0);
  beside_many(seconds, 10'000);
  return 0;
}
