// A database in memory and a way to run a query's text in it; for tests of the executor.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "optimizer/optimizer.h"
#include "plan/binder.h"
#include "storage/store.h"
#include "syntax/parser.h"
#include "tests/support/components.h"
#include "value/text.h"

namespace nexus::exec::test {

struct RunSettings {
  Map parameters;
  std::size_t batch_rows = kBatchRowsMax;
  bool read_only = false;
  std::uint64_t memory_bytes_max = 0;
};

struct Answer {
  std::vector<List> rows;
  Counters counters;
  std::uint64_t charged_bytes_left = 0;  // In the budget after the end.

  // "1, 'a' | 2, 'b'"
  std::string text() const {
    std::string out;
    for (const auto& row : rows) {
      if (!out.empty()) out += " | ";
      for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : ", ") + to_text(row[i]);
    }
    return out;
  }
};

class TestDatabase {
 public:
  TestDatabase() {
    storage::StoreComponents components;
    components.random = &random_;
    components.clock = &clock;
    auto opened = storage::Store::open_in_memory(components);
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
  }

  // Commits what succeeds, rolls back what fails.
  Result<Answer> run(std::string_view text, const RunSettings& settings = {}) {
    NX_TRY(auto transaction, store_->begin_write());
    auto answer = run_in(*transaction, text, settings);
    if (!answer) return answer;
    NX_TRY_DO(transaction->commit());
    return answer;
  }

  // "error <Code>" for a failure, else Answer::text().
  std::string ask(std::string_view text, const RunSettings& settings = {}) {
    auto answer = run(text, settings);
    if (!answer) return "error " + std::string(error_name(answer.error().code));
    return answer->text();
  }

  nexus::test::FakeClock clock;
  Cancellation* cancellation = nullptr;  // Null: one that never fires.

 private:
  class NoProcedures final : public ProcedureSource, public plan::ProcedureSignatures {
   public:
    const Procedure* find_procedure(std::string_view) const override { return nullptr; }
    const plan::ProcedureSignature* find(std::string_view) const override { return nullptr; }
    std::vector<std::string> names() const override { return {}; }
  };

  Result<std::shared_ptr<const plan::Statement>> prepare(std::string_view text) {
    NX_TRY(const syntax::Statement parsed, syntax::parse(text));
    const auto* query = std::get_if<syntax::RegularQuery>(&parsed.node);
    if (query == nullptr) return Error{ErrorCode::NotImplemented, "only queries run here"};
    plan::BindOptions options;
    options.procedures = &procedures_;
    NX_TRY(plan::Statement bound, plan::bind(*query, options));
    optimizer::optimize(bound);
    return std::shared_ptr<const plan::Statement>(std::make_shared<plan::Statement>(std::move(bound)));
  }

  Result<Answer> run_in(storage::Transaction& transaction, std::string_view text, const RunSettings& settings) {
    NX_TRY(auto statement, prepare(text));
    MemoryBudget budget(settings.memory_bytes_max);
    const Cancellation never;
    ExecutionContext context{transaction, settings.parameters, random_, clock, budget,
                             cancellation != nullptr ? *cancellation : never, procedures_, "test", "uuid"};
    context.read_only = settings.read_only;
    context.batch_rows = settings.batch_rows;
    Answer answer;
    {
      NX_TRY(auto execution, Execution::start(statement, context));
      for (;;) {
        NX_TRY(const std::size_t count, execution->next(answer.rows));
        if (count == 0) break;
      }
      answer.counters = execution->counters();
    }
    answer.charged_bytes_left = budget.used_bytes();
    return answer;
  }

  nexus::test::SeededRandom random_;
  NoProcedures procedures_;
  std::unique_ptr<storage::Store> store_;
};

}  // namespace nexus::exec::test
