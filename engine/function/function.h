// A Cypher function, declared once: what it is called, what it takes, what it
// means, what it must return for the examples, and the code that does it.
//
// The registry (all.cc) is the single list: the binder, docs/reference, completion and
// the example tests all read it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/components.h"
#include "base/memory_budget.h"
#include "base/result.h"
#include "nexus/value.h"

namespace nexus::function {

// A set of value types, one bit per Type; null is always accepted on top.
using TypeSet = std::uint32_t;
constexpr TypeSet type_bit(Type type) { return TypeSet{1} << static_cast<unsigned>(type); }
template <class... Types>
constexpr TypeSet types(Types... listed) {
  return (type_bit(listed) | ...);
}
constexpr TypeSet kAny = ~TypeSet{0};
constexpr TypeSet kNumber = types(Type::Integer, Type::Float);
constexpr TypeSet kEntity = types(Type::Node, Type::Relationship);

struct Parameter {
  std::string_view name;
  TypeSet types = kAny;
  bool optional = false;
};

// One row of documentation, and one test: `call` must print as `yields`
// ("error <Code>" for a failure).
struct Example {
  std::string_view call;
  std::string_view yields;
};

// Read by the reference and by tests alone: a build in which neither is made (NEXUS_EXAMPLES is 0) does not carry them.
struct NoExamples {
  constexpr NoExamples() = default;
  template <class Given>
  constexpr NoExamples(const Given&) {}
};
using Examples = std::conditional_t<NEXUS_EXAMPLES != 0, std::span<const Example>, NoExamples>;

// What a function may ask of the graph. Entities come as bare ids; a deleted entity's
// properties and labels answer DeletedEntityAccess.
class GraphView {
 public:
  virtual ~GraphView() = default;
  virtual Result<std::vector<std::string>> labels(std::uint64_t node) const = 0;
  virtual Result<Map> node_properties(std::uint64_t node) const = 0;
  virtual Result<Map> relationship_properties(std::uint64_t relationship) const = 0;
  virtual Result<std::string> relationship_type(std::uint64_t relationship) const = 0;
  struct Ends {
    std::uint64_t start;
    std::uint64_t end;
  };
  virtual Result<Ends> relationship_ends(std::uint64_t relationship) const = 0;
  // "4:<database uuid>:<id>" and "5:<database uuid>:<id>".
  virtual std::string node_element_id(std::uint64_t node) const = 0;
  virtual std::string relationship_element_id(std::uint64_t relationship) const = 0;
  // Node ids and relationship ids of element ids of this database.
  virtual std::optional<std::uint64_t> node_of_element_id(std::string_view text) const = 0;
  virtual std::optional<std::uint64_t> relationship_of_element_id(std::string_view text) const = 0;
};

struct CallContext {
  const GraphView& graph;
  Random& random;
  MemoryBudget& budget;           // Charge before building anything that can be large.
  std::int64_t statement_nanoseconds = 0;    // Wall clock, UTC, fixed for the statement.
  std::int64_t transaction_nanoseconds = 0;  // The same, fixed for the transaction.
  Clock& clock;                              // For the *.realtime functions only.
};

struct ScalarFunction {
  std::string_view name;  // Canonical spelling, dots included ("date.truncate"); looked up ignoring case.
  std::string_view category;  // "string", "temporal", …
  std::span<const Parameter> parameters;
  TypeSet returns = kAny;
  std::string_view summary;
  Examples examples;
  // Requires: the argument count fits `parameters`. When null_in_null_out, no argument is
  // null and every argument's type is in its parameter's set; otherwise types are checked
  // for the non-null ones only.
  Result<Value> (*call)(CallContext& context, std::span<const Value> arguments) = nullptr;
  bool null_in_null_out = true;
  bool variadic = false;         // The last parameter repeats.
  bool deterministic = true;     // False for rand(), randomUUID(), *.realtime().
};

// One group's running aggregate.
class Accumulator {
 public:
  virtual ~Accumulator() = default;
  // DISTINCT and the skipping of nulls are the caller's; count(*) calls with no argument.
  virtual Result<> add(CallContext& context, std::span<const Value> arguments) = 0;
  virtual Result<Value> finish(CallContext& context) = 0;
};

struct AggregateFunction {
  std::string_view name;
  std::span<const Parameter> parameters;
  TypeSet returns = kAny;
  std::string_view summary;
  Examples examples;
  std::unique_ptr<Accumulator> (*make)() = nullptr;
};

// Every function of the language, in the order the reference lists them.
std::span<const ScalarFunction* const> scalar_functions();
std::span<const AggregateFunction* const> aggregate_functions();

// Look-ups ignore ASCII case; nullptr when there is none.
const ScalarFunction* find_scalar(std::string_view name);
const AggregateFunction* find_aggregate(std::string_view name);

// Checks nulls and types, then calls. Errors: InvalidArgumentValue naming function, parameter and type.
// Requires: the argument count fits `parameters`.
Result<Value> call_scalar(const ScalarFunction& function, CallContext& context, std::span<const Value> arguments);

}  // namespace nexus::function
