#include "exec/operator.h"

namespace nexus::exec {

Result<> Operator::next(Context& context, Batch& batch) {
  NX_CHECK(!batch.is_full());
  if (ended_) return Done{};
  const std::size_t rows_before = batch.rows();
  NX_TRY_DO(context.tick());
  NX_TRY_DO(profile_ == nullptr ? produce(context, batch) : produce_measured(context, batch));
  NX_CHECK(batch.rows() >= rows_before && batch.rows() <= batch.rows_max());
  ended_ = batch.rows() == rows_before;
  return Done{};
}

Result<> Operator::produce_measured(Context& context, Batch& batch) {
  const std::size_t rows_before = batch.rows();
  const std::uint64_t reads_before = context.graph.reads();
  const std::int64_t started = context.outside.clock.monotonic_nanoseconds();
  Result<> produced = produce(context, batch);
  profile_->nanoseconds += context.outside.clock.monotonic_nanoseconds() - started;
  profile_->db_hits += context.graph.reads() - reads_before;
  profile_->rows += batch.rows() - rows_before;
  return produced;
}

}  // namespace nexus::exec
