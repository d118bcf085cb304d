#include "storage/log_reader.h"

#include <algorithm>

namespace nexus::storage {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kTailWindowBytes = 32 * 1024 * 1024;
constexpr std::size_t kFrameBytesMax = kFrameHeadBytes + kFrameBodyBytesMax;

}  // namespace

Result<> LogReader::fill(std::size_t bytes) {
  if (is_at_end_ || available().size() >= bytes) return Done{};
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  while (!is_at_end_ && buffer_.size() < bytes) {
    const std::size_t have = buffer_.size();
    // Grown step by step: a length read from damaged bytes must not allocate 16 MiB at once for nothing.
    buffer_.resize(have + kReadBytes);
    NX_TRY(const std::size_t count, logs_.read(name_, offset_ + have, std::span(buffer_).subspan(have)));
    buffer_.resize(have + count);
    is_at_end_ = count < kReadBytes;
  }
  return Done{};
}

Result<std::optional<Frame>> LogReader::next() {
  NX_TRY_DO(fill(kFrameHeadBytes));
  if (available().size() < kFrameHeadBytes) return std::optional<Frame>();
  const std::size_t length = *ByteReader(available()).u32();
  if (length > kFrameBodyBytesMax) return std::optional<Frame>();
  NX_TRY_DO(fill(kFrameHeadBytes + length));
  std::optional<Frame> frame = read_frame(available(), seed_);
  if (!frame.has_value() || frame->head.lsn != next_lsn_) return std::optional<Frame>();
  offset_ += frame->bytes;
  begin_ += frame->bytes;
  ++next_lsn_;
  return frame;
}

Result<> LogReader::check_tail() {
  std::uint64_t at = offset_;
  NX_TRY(const std::uint64_t size, logs_.size(name_));
  Bytes window(static_cast<std::size_t>(std::min<std::uint64_t>(kTailWindowBytes, size - offset_ + 1)));
  for (;;) {
    NX_TRY(const std::size_t count, logs_.read(name_, at, window));
    const ByteView bytes = ByteView(window).first(count);
    const bool is_last = count < window.size();
    // Frames near the window's end are looked at again with the next window.
    const std::size_t end = is_last ? count : count - kFrameBytesMax;
    for (std::size_t i = 0; i < end; ++i) {
      if (!may_be_frame(bytes.subspan(i), next_lsn_, next_lsn_ + count + (at - offset_))) continue;
      const std::optional<Frame> frame = read_frame(bytes.subspan(i), seed_);
      if (!frame.has_value() || frame->head.durable_lsn < next_lsn_) continue;
      return Error{ErrorCode::Corruption, "the log " + name_ + " is damaged at byte " + std::to_string(offset_) +
                                              ", but goes on at byte " + std::to_string(at + i)};
    }
    if (is_last) return Done{};
    at += end;
  }
}

}  // namespace nexus::storage
