// StoreBatches: the transactions of CALL … IN TRANSACTIONS, from the store a statement works on.
#pragma once

#include <optional>

#include "instance/work.h"

namespace nexus::instance {

class StoreBatches final : public exec::BatchTransactions {
 public:
  StoreBatches(Work& work, bool writes) : work_(work), writes_(writes) {}

  Result<std::unique_ptr<storage::Transaction>> begin() override {
    if (!writes_) return work_.store().begin_read();
    return work_.new_write({work_.cancellation().deadline_nanoseconds(), &work_.cancellation().requested()});
  }
  Result<> commit(storage::Transaction& transaction) override {
    if (!transaction.has_writes()) return Done{};
    NX_TRY(receipt_, work_.database().commit(transaction));
    return Done{};
  }
  Result<bool> pause(std::int64_t nanoseconds) override;
  // Of the last batch that wrote.
  const std::optional<storage::CommitReceipt>& last_receipt() const { return receipt_; }

 private:
  Work& work_;
  bool writes_;
  std::optional<storage::CommitReceipt> receipt_;
};

}  // namespace nexus::instance
