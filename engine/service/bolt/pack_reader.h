// PackReader: one message's PackStream bytes as Values, with limits on everything.
//
// Two kinds of errors. InvalidRequest: the bytes are no PackStream and the rest of the
// message means nothing; the connection ends. Any other code: a well-formed value that this
// server refuses (a graph entity as parameter, an impossible date); the request fails.
//
// Invariant: the reader never reads past its bytes, and of all values announced and not yet
// read there are never more than bytes left, so that nested counts reserve no more than one.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "nexus/value.h"
#include "service/bolt/dialect.h"

namespace nexus::service::bolt {

struct PackLimits {
  std::uint32_t depth_max = 200;
  std::uint64_t values_max = 4'000'000;
};

class PackReader {
 public:
  PackReader(ByteView bytes, Dialect dialect, PackLimits limits = {})
      : bytes_(bytes), dialect_(dialect), limits_(limits) {}

  // The head of a structure: its tag, with `fields` set to the number of values that follow.
  Result<std::uint8_t> structure(std::size_t& fields);
  // Reads one whole value. A refused value does not stop the reading: the first refusal is
  // kept, null stands in its place, and refusal() tells, so that the rest is still checked.
  Result<Value> value();
  const std::optional<Error>& refusal() const { return refusal_; }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  Result<std::uint64_t> big_endian(unsigned bytes);
  Result<std::size_t> count(unsigned bytes);
  Result<> announce(std::size_t values);
  Result<ByteView> raw(std::size_t size);
  Result<Value> read(std::uint32_t depth);
  Result<Value> read_sized(std::uint8_t marker, std::uint32_t depth);
  Result<Value> integer(unsigned bytes);
  Result<Value> real();
  Result<Value> string(std::size_t size);
  Result<Value> list(std::size_t size, std::uint32_t depth);
  Result<Value> dictionary(std::size_t size, std::uint32_t depth);
  Result<Value> structured(std::size_t fields, std::uint32_t depth);
  Result<Value> bytes(std::size_t size);
  Value refuse(Error error);

  ByteView bytes_;
  Dialect dialect_;
  PackLimits limits_;
  std::size_t at_ = 0;
  std::uint64_t values_ = 0;     // Announced, read or not.
  std::uint64_t announced_ = 0;  // And not yet read.
  std::optional<Error> refusal_;
  bool in_vector_ = false;  // Where bytes are read, as strings; elsewhere they are refused.
};

}  // namespace nexus::service::bolt
