// RowBuffer: rows kept for later, charged to the statement's budget.
#pragma once

#include <memory>
#include <vector>

#include "exec/charge.h"
#include "nexus/value.h"

namespace nexus::exec {

class RowBuffer {
 public:
  RowBuffer(std::size_t width, MemoryBudget& budget) : width_(width), charge_(budget) {}

  std::size_t rows() const { return rows_; }
  std::size_t width() const { return width_; }
  // Valid until clear(): rows do not move.
  Value* row(std::size_t index) { return chunks_[index / kChunkRows].get() + (index % kChunkRows) * width_; }

  // MemoryLimit when it does not fit. Takes the cells' values.
  Result<> add_moved(Value* source) {
    NX_TRY(Value * target, grow(source));
    std::move(source, source + width_, target);
    return Done{};
  }
  Result<> add(const Value* source) {
    NX_TRY(Value * target, grow(source));
    std::copy(source, source + width_, target);
    return Done{};
  }
  void clear() {
    if (chunks_.size() > 1) chunks_.resize(1);
    rows_ = 0;
    charge_.release();
  }

 private:
  static constexpr std::size_t kChunkRows = 128;

  Result<Value*> grow(const Value* source) {
    std::uint64_t bytes = width_ * sizeof(Value);
    for (std::size_t i = 0; i < width_; ++i) bytes += source[i].heap_bytes();
    NX_TRY_DO(charge_.add(bytes));
    if (rows_ == chunks_.size() * kChunkRows) chunks_.push_back(std::make_unique<Value[]>(kChunkRows * width_));
    return row(rows_++);
  }

  std::size_t width_;
  std::size_t rows_ = 0;
  std::vector<std::unique_ptr<Value[]>> chunks_;
  Charge charge_;
};

}  // namespace nexus::exec
