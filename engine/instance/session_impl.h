// SessionImpl: a Session of an instance.
//
//            begin              a statement fails
//   auto ──────────▶ open ────────────────────────▶ failed
//    ▲ commit, rollback │                              │ rollback; commit answers the error
//    └──────────────────┴──────────────────────────────┘
//
// Invariant: after a failure inside a transaction nothing runs until its end, so that what a
// client believes to be part of the transaction is never committed on its own.
#pragma once

#include <mutex>
#include <vector>

#include "instance/administration.h"
#include "instance/query_pipeline.h"

namespace nexus::instance {

class SessionImpl final : public Session {
 public:
  // Requires: `database` exists or was not chosen by the client.
  SessionImpl(Core& core, Identity identity, std::string database);
  ~SessionImpl() override;

  Result<std::unique_ptr<Cursor>> run(std::string_view text, const Map& parameters, const RunOptions& options) override;
  std::string database() const override { return database_; }
  Result<> use(std::string_view name) override;
  Result<> begin(const RunOptions& options) override;
  Result<Summary> commit() override;
  Result<> rollback() override;
  bool in_transaction() const override { return transaction_ != nullptr; }
  void interrupt() override;

 private:
  using CursorResult = Result<std::unique_ptr<Cursor>>;

  using PreparedPtr = std::shared_ptr<const Prepared>;

  CursorResult run_command(const PreparedPtr& prepared, const Map& parameters, const RunOptions& options);
  Result<> check_administration(const Prepared& prepared, const Map& parameters) const;
  CursorResult administer(const PreparedPtr& prepared, const Map& parameters, const RunOptions& options);
  CursorResult control_transaction(syntax::TransactionCommand::Kind kind, const RunOptions& options);
  CursorResult switch_database(const Prepared& prepared, const syntax::SessionUse& use, const Map& parameters);
  CursorResult run_in_transaction(Request request);
  CursorResult run_schema(Request request);
  std::unique_ptr<Cursor> answer(std::vector<std::string> columns, std::vector<List> rows, Summary summary) const;
  void track(const std::shared_ptr<Work>& work);
  void fail_transaction();

  Core& core_;
  const std::shared_ptr<Caller> caller_;  // Cursors keep it alive.
  std::string database_;

  std::shared_ptr<Work> transaction_;
  Target transaction_target_;
  bool transaction_is_read_only_ = false;
  bool transaction_has_failed_ = false;

  std::mutex running_mutex_;
  std::vector<std::weak_ptr<Work>> running_;  // For interrupt().
};

}  // namespace nexus::instance
