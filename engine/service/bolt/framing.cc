#include "service/bolt/framing.h"

#include <algorithm>
#include <utility>

namespace nexus::service::bolt {
namespace {

void write_length(std::string& out, std::size_t at, std::size_t length) {
  out[at] = static_cast<char>(length >> 8);
  out[at + 1] = static_cast<char>(length & 0xFF);
}

}  // namespace

Result<std::optional<std::string>> Dechunker::next(std::string_view& bytes, std::uint64_t bytes_max) {
  while (!bytes.empty()) {
    if (chunk_left_ > 0) {
      const std::size_t taken = std::min(chunk_left_, bytes.size());
      message_ += bytes.substr(0, taken);
      bytes.remove_prefix(taken);
      chunk_left_ -= taken;
      continue;
    }
    head_ += bytes.front();
    bytes.remove_prefix(1);
    if (head_.size() < 2) continue;
    chunk_left_ = static_cast<std::size_t>(static_cast<unsigned char>(head_[0])) << 8 | static_cast<unsigned char>(head_[1]);
    head_.clear();
    if (chunk_left_ == 0 && !message_.empty()) return std::optional<std::string>(std::exchange(message_, {}));
    if (message_.size() + chunk_left_ > bytes_max) {
      return Error{ErrorCode::InvalidRequest, "a message is longer than " + std::to_string(bytes_max) + " bytes"};
    }
  }
  return std::optional<std::string>();
}

void MessageFrame::close() {
  const std::size_t length = out_.size() - start_ - 2;
  if (length <= kChunkBytesMax) {
    write_length(out_, start_, length);
    out_.append(2, '\0');
    return;
  }
  const std::string payload = out_.substr(start_ + 2);
  out_.resize(start_);
  for (std::size_t at = 0; at < payload.size(); at += kChunkBytesMax) {
    const std::size_t size = std::min(kChunkBytesMax, payload.size() - at);
    out_.append(2, '\0');
    write_length(out_, out_.size() - 2, size);
    out_.append(payload, at, size);
  }
  out_.append(2, '\0');
}

}  // namespace nexus::service::bolt
