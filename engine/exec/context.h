// Context: what all operators and expressions of one running statement share.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "exec/charge.h"
#include "exec/executor.h"
#include "exec/graph.h"
#include "exec/regex_cache.h"

namespace nexus::exec {

class Context {
 public:
  explicit Context(const ExecutionContext& given)
      : outside(given),
        transaction(given.transaction),
        budget(given.budget),
        graph(given.transaction, given.database_uuid),
        call{graph,        given.random, given.budget, given.statement_nanoseconds, given.transaction_nanoseconds,
             given.clock} {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const ExecutionContext outside;
  storage::Transaction& transaction;
  MemoryBudget& budget;
  Graph graph;
  function::CallContext call;
  RegexCache regexes;
  Counters counters;
  Profile profile;

  // What USE has opened on a composite database. A guest's context knows its root and its graph.
  std::map<GuestGraph*, std::unique_ptr<Context>> guests;
  Context* root = this;
  GuestGraph* current = nullptr;

  // The end of the statement, on all graphs it changed.
  Result<> settle() {
    for (const auto& [guest, context] : guests) {
      NX_TRY(const auto guard, guest->enter());
      NX_TRY_DO(context->graph.settle());
    }
    return graph.settle();
  }
  // Of all graphs together.
  Counters total() const {
    Counters sum = counters;
    for (const auto& [guest, context] : guests) sum.add(context->counters);
    return sum;
  }

  std::size_t batch_rows() const { return outside.batch_rows; }

  // Every loop that may run long calls this once a round; it asks for cancellation now and then.
  Result<> tick() {
    if (++steps_ < kStepsMax) return Done{};
    steps_ = 0;
    return outside.cancellation.check(outside.clock);
  }

 private:
  static constexpr std::uint32_t kStepsMax = 1024;
  std::uint32_t steps_ = 0;
};

}  // namespace nexus::exec
