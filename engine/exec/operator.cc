#include "exec/operator.h"

namespace nexus::exec {

Result<> Operator::next(Context& context, Batch& batch) {
  NX_CHECK(!batch.is_full());
  if (ended_) return Done{};
  const std::size_t rows_before = batch.rows();
  NX_TRY_DO(context.tick());
  NX_TRY_DO(produce(context, batch));
  NX_CHECK(batch.rows() >= rows_before && batch.rows() <= batch.rows_max());
  ended_ = batch.rows() == rows_before;
  return Done{};
}

}  // namespace nexus::exec
