// Every example that is a call with literals is evaluated here; the others need a query.
#include "function/function.h"

#include <set>

#include "base/number.h"
#include "base/utf8.h"
#include "function/families.h"
#include "tests/support/catch.h"
#include "value/point.h"
#include "value/text.h"

namespace nexus::function {
namespace {

class NoGraph final : public GraphView {
 public:
  Result<std::vector<std::string>> labels(std::uint64_t) const override { return std::vector<std::string>{"A", "Ö"}; }
  Result<Map> node_properties(std::uint64_t) const override { return Map{{"k", Value::integer(1)}}; }
  Result<Map> relationship_properties(std::uint64_t) const override { return Map{}; }
  Result<std::string> relationship_type(std::uint64_t id) const override {
    if (id == 13) return Error{ErrorCode::DeletedEntityAccess, "relationship 13 is deleted"};
    return std::string("T");
  }
  Result<Ends> relationship_ends(std::uint64_t) const override { return Ends{4, 5}; }
  std::string node_element_id(std::uint64_t node) const override { return "4:x:" + std::to_string(node); }
  std::string relationship_element_id(std::uint64_t id) const override { return "5:x:" + std::to_string(id); }
  std::optional<std::uint64_t> node_of_element_id(std::string_view) const override { return std::nullopt; }
  std::optional<std::uint64_t> relationship_of_element_id(std::string_view) const override { return std::nullopt; }
};

class CountingRandom final : public Random {
 public:
  std::uint64_t next() override { return state_ += 0x9E3779B97F4A7C15u; }

 private:
  std::uint64_t state_ = 0;
};

class StoppedClock final : public Clock {
 public:
  std::int64_t wall_nanoseconds() override { return 0; }
  std::int64_t monotonic_nanoseconds() override { return 0; }
};

struct World {
  NoGraph graph;
  CountingRandom random;
  StoppedClock clock;
  MemoryBudget budget{1 << 30};
  CallContext context{graph, random, budget, 1'500'000'000, 1'000'000'000, clock};
};

// Literals and calls of scalar functions: all that most examples need. Anything else makes
// the reader give up, and the example is left to the corpus.
class Reader {
 public:
  Reader(std::string_view text, CallContext& context) : text_(text), context_(context) {}

  std::optional<Result<Value>> whole() {
    std::optional<Result<Value>> value = expression();
    skip_space();
    if (!value || at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool accept(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view word() {
    skip_space();
    const std::size_t start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' ||
                                  (text_[at_] == '.' && std::isalpha(static_cast<unsigned char>(text_[start]))))) {
      ++at_;
    }
    return text_.substr(start, at_ - start);
  }
  std::optional<Result<Value>> string() {
    std::string made;
    while (at_ < text_.size() && text_[at_] != '\'') {
      if (text_[at_] != '\\') {
        made += text_[at_++];
        continue;
      }
      const char c = text_[at_ + 1];
      if (c != 'n' && c != 't' && c != '\'' && c != '\\') return std::nullopt;
      made += c == 'n' ? '\n' : c == 't' ? '\t' : c;
      at_ += 2;
    }
    ++at_;
    return Value::string(made);
  }
  std::optional<Result<Value>> expression() {
    if (accept('\'')) return string();
    if (accept('[')) return list();
    if (accept('{')) return map();
    const bool negative = accept('-');
    const std::string_view name = word();
    if (name.empty()) return std::nullopt;
    if (std::isdigit(static_cast<unsigned char>(name[0]))) return number((negative ? "-" : "") + std::string(name));
    if (negative) return std::nullopt;
    if (accept('(')) return call(name);
    if (name == "null") return Value::null();
    if (name == "true" || name == "false") return Value::boolean(name == "true");
    return std::nullopt;
  }
  std::optional<Result<Value>> number(std::string digits) {
    if (at_ + 1 < text_.size() && text_[at_] == '.' && std::isdigit(static_cast<unsigned char>(text_[at_ + 1]))) {
      ++at_;
      digits += "." + std::string(word());
    }
    if (const auto integer = parse_integer(digits)) return Value::integer(*integer);
    if (const auto real = parse_double(digits)) return Value::real(*real);
    return std::nullopt;
  }
  std::optional<List> items(char end) {
    List made;
    if (accept(end)) return made;
    do {
      const std::optional<Result<Value>> item = expression();
      if (!item || !*item) return std::nullopt;
      made.push_back(**item);
    } while (accept(','));
    if (!accept(end)) return std::nullopt;
    return made;
  }
  std::optional<Result<Value>> list() {
    std::optional<List> made = items(']');
    if (!made) return std::nullopt;
    return Value::list(std::move(*made));
  }
  std::optional<Result<Value>> map() {
    Map made;
    if (accept('}')) return Value::map({});
    do {
      const std::string key(word());
      if (key.empty() || !accept(':')) return std::nullopt;
      const std::optional<Result<Value>> item = expression();
      if (!item || !*item) return std::nullopt;
      made.emplace_back(key, **item);
    } while (accept(','));
    if (!accept('}')) return std::nullopt;
    return Value::map(make_map(std::move(made)));
  }
  std::optional<Result<Value>> call(std::string_view name) {
    const ScalarFunction* function = find_scalar(name);
    std::optional<List> arguments = items(')');
    if (function == nullptr || !arguments) return std::nullopt;
    return call_scalar(*function, context_, *arguments);
  }

  std::string_view text_;
  CallContext& context_;
  std::size_t at_ = 0;
};

std::string shown(const Result<Value>& result) {
  return result ? to_text(*result) : "error " + std::string(error_name(result.error().code));
}

TEST_CASE("examples that are calls with literals yield what they say") {
  World world;
  int evaluated = 0;
  for (const ScalarFunction* function : scalar_functions()) {
    for (const Example& example : function->examples) {
      const std::optional<Result<Value>> result = Reader(example.call, world.context).whole();
      if (!result) continue;
      ++evaluated;
      CHECK(std::string(example.call) + " = " + shown(*result) ==
            std::string(example.call) + " = " + std::string(example.yields));
    }
  }
  CHECK(evaluated >= 250);
}

TEST_CASE("every function is declared completely") {
  for (const ScalarFunction* function : scalar_functions()) {
    const std::string name(function->name);
    CHECK((name + (function->call != nullptr ? "" : " has no code")) == name);
    CHECK((name + (function->summary.ends_with('.') ? "" : " has no summary")) == name);
    CHECK((name + (!function->category.empty() ? "" : " has no category")) == name);
    CHECK((name + (!function->examples.empty() ? "" : " has no example")) == name);
    const bool needs_arguments = !function->parameters.empty() && !function->parameters[0].optional;
    bool has_null_case = !needs_arguments || !function->null_in_null_out;
    for (const Example& example : function->examples) {
      if (example.call.find("null") != std::string_view::npos) has_null_case = true;
    }
    CHECK((name + (has_null_case ? "" : " has no example with null")) == name);
    bool is_optional = false;
    for (const Parameter& parameter : function->parameters) {
      CHECK((!is_optional || parameter.optional));
      is_optional = parameter.optional;
    }
  }
  for (const AggregateFunction* function : aggregate_functions()) {
    CHECK(function->make != nullptr);
    CHECK(function->examples.size() >= 2);
  }
}

TEST_CASE("functions are found in any case, and nothing else is") {
  CHECK(find_scalar("TOUPPER") == find_scalar("toUpper"));
  CHECK(find_scalar("POINT.withinbbox") != nullptr);
  CHECK(find_scalar("nothing") == nullptr);
  CHECK(find_scalar("") == nullptr);
  CHECK(find_aggregate("percentileCONT") != nullptr);
  CHECK(find_aggregate("size") == nullptr);
}

TEST_CASE("a wrong type is an error that names function, parameter and type") {
  World world;
  const Value arguments[] = {Value::integer(1)};
  const Result<Value> result = call_scalar(*find_scalar("labels"), world.context, arguments);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::InvalidArgumentValue);
  CHECK(result.error().message == "labels() expects NODE for `node`, not INTEGER");
  const Value with_null[] = {Value::null(), Value::integer(1)};
  CHECK(shown(call_scalar(*find_scalar("split"), world.context, with_null)) == "null");
}

TEST_CASE("entities answer through the graph") {
  World world;
  const auto ask = [&world](std::string_view name, const Value& value) {
    const Value arguments[] = {value};
    return shown(call_scalar(*find_scalar(name), world.context, arguments));
  };
  const Value node = Value::node(7);
  const Value joint = Value::relationship(9);
  CHECK(ask("labels", node) == "['A', 'Ö']");
  CHECK(ask("keys", node) == "['k']");
  CHECK(ask("properties", node) == "{k: 1}");
  CHECK(ask("id", joint) == "9");
  CHECK(ask("elementId", node) == "'4:x:7'");
  CHECK(ask("elementId", joint) == "'5:x:9'");
  CHECK(ask("type", joint) == "'T'");
  CHECK(ask("type", Value::relationship(13)) == "error DeletedEntityAccess");
  CHECK(ask("startNode", joint) == "(#4)");
  CHECK(ask("endNode", joint) == "(#5)");
  const Value path = Value::path({{node, Value::node(8)}, {joint}});
  CHECK(ask("nodes", path) == "[(#7), (#8)]");
  CHECK(ask("relationships", path) == "[[#9]]");
  CHECK(ask("length", path) == "1");
}

TEST_CASE("what would not fit in the budget is refused before it is built") {
  World world;
  world.budget.set_bytes_max(1 << 20);
  const Value arguments[] = {Value::integer(1), Value::integer(1'000'000)};
  CHECK(shown(call_scalar(*find_scalar("range"), world.context, arguments)) == "error MemoryLimit");
  const std::string text(10'000, 'a');
  const Value blown_up[] = {Value::string(text), Value::string("a"), Value::string(text)};
  CHECK(shown(call_scalar(*find_scalar("replace"), world.context, blown_up)) == "error MemoryLimit");
  CHECK(world.budget.used_bytes() == 0);
}

std::string aggregated(std::string_view name, const List& values, std::optional<Value> second = {}) {
  World world;
  const std::unique_ptr<Accumulator> accumulator = find_aggregate(name)->make();
  for (const Value& value : values) {
    List arguments{value};
    if (second) arguments.push_back(*second);
    if (const Result<> added = accumulator->add(world.context, arguments); !added) return shown(added.error());
  }
  const std::string result = shown(accumulator->finish(world.context));
  CHECK(world.budget.used_bytes() == 0);
  return result;
}

TEST_CASE("aggregates over numbers") {
  const auto ints = [](std::initializer_list<std::int64_t> values) {
    List list;
    for (const std::int64_t value : values) list.push_back(Value::integer(value));
    return list;
  };
  constexpr std::int64_t kLargest = 9223372036854775807;
  CHECK(aggregated("count", ints({1, 2})) == "2");
  CHECK(aggregated("sum", ints({1, 2})) == "3");
  CHECK(aggregated("sum", {}) == "0");
  CHECK(aggregated("sum", {Value::integer(1), Value::real(0.5)}) == "1.5");
  CHECK(aggregated("sum", ints({kLargest, 1})) == "error NumericOverflow");
  CHECK(aggregated("sum", {Value::string("a")}) == "error InvalidArgumentValue");
  CHECK(aggregated("sum", {Value::integer(1), Value::duration({})}) == "error InvalidArgumentValue");
  CHECK(aggregated("avg", ints({kLargest, kLargest})) == "9.223372036854776E18");
  CHECK(aggregated("avg", {Value::real(1e308), Value::real(1e308)}) == "1.0E308");
  CHECK(aggregated("avg", {Value::integer(1), Value::real(2), Value::integer(3)}) == "2.0");
  CHECK(aggregated("avg", {}) == "null");
  CHECK(aggregated("min", {Value::integer(1), Value::string("a"), Value::list({})}) == "[]");
  CHECK(aggregated("max", {Value::integer(1), Value::string("a"), Value::list({})}) == "1");
  CHECK(aggregated("min", {}) == "null");
  CHECK(aggregated("collect", ints({3, 1})) == "[3, 1]");
  CHECK(aggregated("stDev", ints({1, 3})) == "1.4142135623730951");
  CHECK(aggregated("stDevP", ints({1, 3})) == "1.0");
  CHECK(aggregated("stDev", ints({1})) == "0.0");
}

TEST_CASE("percentiles") {
  const List prices = {Value::real(30), Value::integer(10), Value::real(20)};
  CHECK(aggregated("percentileDisc", prices, Value::real(0.5)) == "20.0");
  CHECK(aggregated("percentileDisc", prices, Value::real(0)) == "10");
  CHECK(aggregated("percentileDisc", prices, Value::integer(1)) == "30.0");
  CHECK(aggregated("percentileCont", prices, Value::real(0.25)) == "15.0");
  CHECK(aggregated("percentileCont", prices, Value::integer(1)) == "30.0");
  CHECK(aggregated("percentileCont", prices, Value::real(1.1)) == "error NumberOutOfRange");
  CHECK(aggregated("percentileDisc", prices, Value::integer(-1)) == "error NumberOutOfRange");
  CHECK(aggregated("percentileDisc", {}, Value::integer(0)) == "null");
}

}  // namespace
}  // namespace nexus::function
