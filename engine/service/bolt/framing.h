// Chunks: how messages travel. Two bytes of length, that many bytes, …, two zero bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace nexus::service::bolt {

// The peer broke the protocol.
inline Error violation(std::string what) { return Error{ErrorCode::InvalidRequest, std::move(what)}; }

constexpr std::size_t kChunkBytesMax = 0xFFFF;

// Puts the chunks of arriving bytes together.
class Dechunker {
 public:
  // Takes bytes from the front of `bytes`; a message when one is complete. Zero-length chunks
  // between messages (keep-alives) are passed over. InvalidRequest: longer than `bytes_max`.
  Result<std::optional<std::string>> next(std::string_view& bytes, std::uint64_t bytes_max);
  std::size_t buffered_bytes() const { return message_.size(); }

 private:
  std::string message_;
  std::string head_;            // The first byte of a length that is cut in two.
  std::size_t chunk_left_ = 0;  // Of the chunk that is being read.
};

// One message at the end of a string: open, write its payload, close.
class MessageFrame {
 public:
  explicit MessageFrame(std::string& out) : out_(out), start_(out.size()) { out_.append(2, '\0'); }
  void close();
  // As if it had never been opened.
  void discard() { out_.resize(start_); }

 private:
  std::string& out_;
  std::size_t start_;
};

}  // namespace nexus::service::bolt
