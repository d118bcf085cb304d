#include "exec/executor.h"

#include <algorithm>

#include "exec/hydrate.h"
#include "exec/lower.h"

namespace nexus::exec {

void Counters::add(const Counters& other) {
  nodes_created += other.nodes_created;
  nodes_deleted += other.nodes_deleted;
  relationships_created += other.relationships_created;
  relationships_deleted += other.relationships_deleted;
  properties_set += other.properties_set;
  labels_added += other.labels_added;
  labels_removed += other.labels_removed;
}

struct Execution::Parts {
  Parts(std::shared_ptr<const plan::Statement> given, const ExecutionContext& outside)
      : statement(std::move(given)), context(outside), batch(statement->frame_width, kBatchRowsMax) {}

  std::shared_ptr<const plan::Statement> statement;
  Context context;
  OperatorPtr root;
  Batch batch;
  // Grows, so that a point query pays for one row.
  std::size_t rows_wanted = 8;
  bool is_finished = false;

  Result<> pull() {
    batch.clear();
    batch.set_rows_max(std::min(rows_wanted, context.batch_rows()));
    rows_wanted = std::min(rows_wanted * 4, kBatchRowsMax);
    NX_TRY_DO(root->next(context, batch));
    if (batch.rows() != 0) return Done{};
    is_finished = true;
    NX_TRY_DO(context.outside.cancellation.check(context.outside.clock));
    return context.settle();
  }
};

namespace {

Result<> check_start(const plan::Statement& statement, const ExecutionContext& context) {
  const bool writes = statement.type == plan::StatementType::Write || statement.type == plan::StatementType::ReadWrite;
  if (writes && context.read_only) {
    return Error{ErrorCode::WriteInReadAccess, "the statement writes, but its access mode is read"};
  }
  for (const auto& name : statement.parameters) {
    const bool given = std::any_of(context.parameters.begin(), context.parameters.end(),
                                   [&](const MapEntry& entry) { return entry.first == name; });
    if (given) continue;
    Error missing{ErrorCode::MissingParameter, "parameter $" + name + " is missing"};
    missing.compile_time = true;
    return missing;
  }
  return context.cancellation.check(context.clock);
}

}  // namespace

Result<std::unique_ptr<Execution>> Execution::start(std::shared_ptr<const plan::Statement> statement,
                                                    ExecutionContext context) {
  NX_CHECK(statement != nullptr && context.batch_rows >= 1 && context.batch_rows <= kBatchRowsMax);
  NX_TRY_DO(check_start(*statement, context));
  auto parts = std::make_unique<Parts>(std::move(statement), context);
  if (parts->statement->in_transactions && context.batches == nullptr) {
    return Error{ErrorCode::BatchesInTransaction,
                 "CALL … IN TRANSACTIONS runs in transactions of its own, not inside an open one"};
  }
  Effects downstream;
  if (!parts->statement->columns.empty()) downstream.reads = kLabels | kProperties;
  Lowering lowering(parts->context, parts->statement->frame_width);
  NX_TRY(parts->root, lowering.lower(parts->statement->root.get(), downstream));
  return std::unique_ptr<Execution>(new Execution(std::move(parts)));
}

Execution::Execution(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Execution::~Execution() = default;

Result<std::size_t> Execution::pull() {
  Parts& parts = *parts_;
  while (!parts.is_finished) {
    NX_TRY_DO(parts.pull());
    if (!parts.statement->columns.empty() && parts.batch.rows() != 0) return parts.batch.rows();
  }
  return std::size_t{0};
}

void Execution::append_row(std::size_t row, List& cells) {
  const Value* from = parts_->batch.row(row);
  for (const auto& column : parts_->statement->columns) cells.push_back(hydrate(parts_->context.graph, from[column.slot]));
}

Result<std::size_t> Execution::next(std::vector<List>& rows) {
  NX_TRY(const std::size_t count, pull());
  rows.reserve(rows.size() + count);
  for (std::size_t i = 0; i < count; ++i) {
    List row;
    row.reserve(parts_->statement->columns.size());
    append_row(i, row);
    rows.push_back(std::move(row));
  }
  return count;
}

Result<std::size_t> Execution::next_cells(std::vector<Value>& cells) {
  NX_TRY(const std::size_t count, pull());
  cells.reserve(cells.size() + count * parts_->statement->columns.size());
  for (std::size_t i = 0; i < count; ++i) append_row(i, cells);
  return count;
}

const Profile& Execution::profile() const { return parts_->context.profile; }

Counters Execution::counters() const { return parts_->context.total(); }

}  // namespace nexus::exec
