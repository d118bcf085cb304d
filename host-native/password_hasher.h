// ScryptHasher: passwords as this process keeps them, by scrypt (RFC 7914).
//
//   scrypt$ln=14,r=8,p=1$<salt>$<hash>     what hash() makes; 2^ln is N, salt and hash are base64
//   1,<hash>,<salt>                        as Neo4j exports them: hexadecimal, SHA-256 in 1,024 rounds; 0,…: in one
//
// Invariant: one slow hash at a time, however many log in, so that they cannot take all cores; and only a few wait for
// it, so that they cannot take all threads: who comes beyond that gets TooManyRequests.
// Cost: 16 MiB and some 50 ms for a password, right or wrong, in whichever form it is kept.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "nexus/instance.h"

namespace nexus::host {

class ScryptHasher final : public PasswordHasher {
 public:
  static constexpr int kWaitingMax = 8;

  explicit ScryptHasher(Random& random);
  ~ScryptHasher() override;

  Result<std::string> hash(std::string_view password) override;
  bool is_hash(std::string_view text) const override;
  // InvalidArgument when `hash` is none, or costs more than a login may.
  Result<bool> matches(std::string_view password, std::string_view hash) override;
  std::string fingerprint(std::string_view password) override;

 private:
  struct Cost {
    std::uint64_t log_n = 14;
    std::uint64_t r = 8;
    std::uint64_t p = 1;
  };
  struct Stored;

  static bool parse(std::string_view text, Stored& stored);
  static bool parse_scrypt(std::string_view text, Stored& stored);
  static bool parse_exported(std::string_view text, Stored& stored);
  Result<std::string> derive(std::string_view password, std::string_view salt, const Cost& cost, std::size_t bytes);
  std::string random_bytes(std::size_t count);

  Random& random_;
  std::string key_;  // Of fingerprint().
  std::mutex slow_;
  std::atomic<int> waiting_{0};  // Whoever computes is among them.
};

}  // namespace nexus::host
