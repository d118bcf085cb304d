// The first bytes of a connection: which version of the protocol both sides speak.
//
//   client  60 60 B0 17 and four proposals                       server  the version, or zeros
//   client  the same, one proposal is 00 00 01 FF   server  00 00 01 FF and a list (the manifest)
//   client  its choice from the list                             server  nothing
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "service/bolt/dialect.h"

namespace nexus::service::bolt {

class Handshake {
 public:
  // Takes bytes from the front of `bytes` and appends the server's to `out`; the dialect once
  // it is agreed. InvalidRequest: no Bolt, or no version in common; `out` may hold a last answer.
  Result<std::optional<Dialect>> next(std::string_view& bytes, std::string& out);

 private:
  Result<std::optional<Dialect>> read_proposals(std::string& out);
  Result<std::optional<Dialect>> read_choice();

  std::string buffer_;
  bool offered_manifest_ = false;
};

// The best version in "minor - range … minor" of a major, if this server speaks one of them.
std::optional<Version> best_version(std::uint8_t major, std::uint8_t minor, std::uint8_t range);

}  // namespace nexus::service::bolt
