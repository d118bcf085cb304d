// Batch: rows on their way from operator to operator; every row is one whole frame.
//
// Invariant: rows() <= rows_max(), and every row is `width` cells wide. Cells behind the
// last row hold leftovers, so whoever appends a row fills all of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/check.h"
#include "nexus/value.h"

namespace nexus::exec {

class Batch {
 public:
  Batch(std::size_t width, std::size_t rows_max) : width_(width), rows_max_(rows_max) { NX_CHECK(rows_max >= 1); }

  std::size_t width() const { return width_; }
  std::size_t rows() const { return rows_; }
  std::size_t rows_max() const { return rows_max_; }
  bool is_full() const { return rows_ == rows_max_; }
  std::size_t room() const { return rows_max_ - rows_; }

  // Valid until the next append.
  Value* row(std::size_t index) {
    NX_DCHECK(index < rows_);
    return cells_.data() + index * width_;
  }

  // `source` (null: a row of nulls) is not inside this batch.
  Value* append(const Value* source) {
    Value* target = append_stale();
    if (source != nullptr) {
      std::copy(source, source + width_, target);
    } else {
      std::fill(target, target + width_, Value());
    }
    return target;
  }
  // Takes the cells' values out of `source`.
  Value* append_moved(Value* source) {
    Value* target = append_stale();
    std::move(source, source + width_, target);
    return target;
  }

  // Moves row `from` to the place of row `to`, to close gaps. Requires: to <= from.
  void shift(std::size_t from, std::size_t to) {
    if (from == to) return;
    NX_DCHECK(to < from && from < rows_);
    std::swap_ranges(row(from), row(from) + width_, row(to));
  }
  void truncate(std::size_t rows) {
    NX_DCHECK(rows <= rows_);
    rows_ = rows;
  }

  void clear() { rows_ = 0; }
  // Lets go of the values, too.
  void clear(std::size_t rows_max) {
    cells_.clear();
    rows_ = 0;
    rows_max_ = rows_max;
  }
  // Requires: at least one row fits.
  void set_rows_max(std::size_t rows_max) {
    NX_CHECK(rows_max >= 1 && rows_ <= rows_max);
    rows_max_ = rows_max;
  }

 private:
  Value* append_stale() {
    NX_DCHECK(!is_full());
    if (cells_.size() < (rows_ + 1) * width_) cells_.resize(std::max(cells_.size() * 2, (rows_ + 1) * width_));
    return cells_.data() + rows_++ * width_;
  }

  std::size_t width_;
  std::size_t rows_ = 0;
  std::size_t rows_max_;
  std::vector<Value> cells_;
};

}  // namespace nexus::exec
