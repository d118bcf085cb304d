#include "host-native/http/body_pipe.h"

#include <algorithm>

namespace nexus::host {

bool BodyPipe::push(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return true;
  if (taken_ != 0) bytes_.erase(0, std::exchange(taken_, 0));
  bytes_ += bytes;
  changed_.notify_one();
  is_full_ = bytes_.size() >= kPipeBytes;
  return !is_full_;
}

void BodyPipe::finish() {
  const std::lock_guard lock(mutex_);
  is_finished_ = true;
  changed_.notify_one();
}

void BodyPipe::fail(std::string why) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(why);
  changed_.notify_one();
}

Result<std::size_t> BodyPipe::read(std::span<std::uint8_t> out) {
  std::size_t count = 0;
  bool has_room = false;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return taken_ < bytes_.size() || is_finished_ || !failure_.empty(); });
    if (taken_ == bytes_.size() && !failure_.empty()) return Error{ErrorCode::InvalidRequest, failure_};
    count = std::min(out.size(), bytes_.size() - taken_);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(taken_), count, out.begin());
    taken_ += count;
    has_room = is_full_ && bytes_.size() - taken_ < kPipeBytes / 2;
    if (has_room) is_full_ = false;
  }
  if (has_room) on_room_();
  return count;
}

void BodyPipe::close() {
  bool was_full = false;
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    bytes_ = {};
    taken_ = 0;
    was_full = std::exchange(is_full_, false);
  }
  if (was_full) on_room_();
}

}  // namespace nexus::host
