// BodyPipe: the body of a request on its way from the connection to the worker that reads it.
//
//   the strand   push() … finish() or fail()      stops when it is full, and goes on when told
//   a worker     read() … close()                 waits while it is empty
//
// Cost: at most kPipeBytes and one piece of the connection's are held.
// Threads: one that pushes, one that reads.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "nexus/vfs.h"

namespace nexus::host {

constexpr std::size_t kPipeBytes = std::size_t{256} << 10;

class BodyPipe final : public ByteSource {
 public:
  // `on_room` is called by the reader, once after each push() that answered false.
  explicit BodyPipe(std::function<void()> on_room) : on_room_(std::move(on_room)) {}

  // False when it is full now. After close() the bytes are forgotten.
  bool push(std::string_view bytes);
  void finish();
  // What read() answers from now on: InvalidRequest.
  void fail(std::string why);

  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  // Nobody reads any more.
  void close();

 private:
  const std::function<void()> on_room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string bytes_;
  std::size_t taken_ = 0;  // Of bytes_.
  bool is_full_ = false;   // Since a push() answered false.
  bool is_finished_ = false;
  bool is_closed_ = false;
  std::string failure_;
};

}  // namespace nexus::host
