// The clocks and the declarations; what the functions compute is tests/query/temporal.cyt.
#include "function/temporal/families.h"
#include "tests/support/catch.h"
#include "value/temporal/temporal.h"

namespace nexus::function {
namespace {

class NoGraph final : public GraphView {
 public:
  Result<std::vector<std::string>> labels(std::uint64_t) const override { return std::vector<std::string>{}; }
  Result<Map> node_properties(std::uint64_t) const override { return Map{}; }
  Result<Map> relationship_properties(std::uint64_t) const override { return Map{}; }
  Result<std::string> relationship_type(std::uint64_t) const override { return std::string(); }
  Result<Ends> relationship_ends(std::uint64_t) const override { return Ends{0, 0}; }
  std::string node_element_id(std::uint64_t) const override { return {}; }
  std::string relationship_element_id(std::uint64_t) const override { return {}; }
  std::optional<std::uint64_t> node_of_element_id(std::string_view) const override { return std::nullopt; }
  std::optional<std::uint64_t> relationship_of_element_id(std::string_view) const override { return std::nullopt; }
};

class NoRandom final : public Random {
 public:
  std::uint64_t next() override { return 0; }
};

class WallClock final : public Clock {
 public:
  std::int64_t wall_nanoseconds() override { return 86'400'000'000'123; }
  std::int64_t monotonic_nanoseconds() override { return 0; }
};

// The statement begins a nanosecond before the epoch, the transaction a day before.
std::string call(std::string_view name, std::vector<Value> arguments) {
  NoGraph graph;
  NoRandom random;
  MemoryBudget budget(0);
  WallClock clock;
  CallContext context{graph, random, budget, -1, -86'400'000'000'000, clock};
  const Result<Value> result = call_scalar(*find_scalar(name), context, arguments);
  return result ? format_temporal(*result) : "error " + std::string(error_name(result.error().code));
}

TEST_CASE("three clocks, each in any zone") {
  CHECK(call("datetime", {}) == "1969-12-31T23:59:59.999999999Z");
  CHECK(call("datetime.statement", {}) == "1969-12-31T23:59:59.999999999Z");
  CHECK(call("datetime.transaction", {}) == "1969-12-31T00:00Z");
  CHECK(call("datetime.realtime", {}) == "1970-01-02T00:00:00.000000123Z");
  CHECK(call("date", {}) == "1969-12-31");
  CHECK(call("date.statement", {Value::string("Asia/Tokyo")}) == "1970-01-01");
  CHECK(call("time.transaction", {Value::string("Asia/Tokyo")}) == "09:00+09:00");
  CHECK(call("localtime.realtime", {Value::string("-01:30")}) == "22:30:00.000000123");
  CHECK(call("localdatetime.realtime", {Value::string("Mars/Olympus")}) == "error InvalidArgument");
}

TEST_CASE("a zone alone means now, and truncation starts from now") {
  const auto zone = [](std::string_view name) {
    return std::vector<Value>{Value::map(make_map({{"timezone", Value::string(name)}}))};
  };
  CHECK(call("datetime", zone("Europe/London")) == "1970-01-01T00:59:59.999999999+01:00[Europe/London]");
  CHECK(call("date", zone("Asia/Tokyo")) == "1970-01-01");
  CHECK(call("time", zone("Asia/Kolkata")) == "05:29:59.999999999+05:30");
  CHECK(call("date.truncate", {Value::string("year")}) == "1969-01-01");
}

TEST_CASE("only the real time changes within a statement") {
  for (const ScalarFunction* function : temporal_functions()) {
    CHECK(function->deterministic == (function->name.find(".realtime") == std::string_view::npos));
  }
}

}  // namespace
}  // namespace nexus::function
