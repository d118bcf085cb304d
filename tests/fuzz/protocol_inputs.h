// What hostile and broken clients send: Bolt conversations and HTTP requests, made from right ones by damage.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/bolt/dialect.h"
#include "tests/support/random_value.h"

namespace nexus::fuzz {

class ProtocolInputs {
 public:
  explicit ProtocolInputs(std::uint64_t seed) : values_(seed) {}

  // A handshake and messages, most of them damaged somewhere: order, fields, types, nesting, chunks, bytes.
  std::string bolt();
  // One or more requests on one connection.
  std::string http();

  std::uint64_t below(std::uint64_t limit) { return values_.below(limit); }
  bool chance(std::uint64_t percent) { return below(100) < percent; }

 private:
  using Payloads = std::vector<std::string>;

  std::string pick(const std::vector<std::string_view>& choices) { return std::string(choices[below(choices.size())]); }

  std::string handshake();
  std::string payload(std::uint8_t tag, const List& fields);
  Value extra();
  Value pull(std::int64_t rows);
  void append_scene(Payloads& messages);
  void append_statement(Payloads& messages);
  void disturb(Payloads& messages);
  std::string damaged_payload(std::string bytes);
  std::string nest();
  std::string huge_header();
  std::string chunked(std::string_view payload, bool is_broken);
  std::string damaged(std::string bytes);

  std::string request();
  std::string target(std::string_view route);
  std::string body();
  std::string headers(std::string_view content, bool is_chunked);

  tests::RandomValues values_;
  service::bolt::Dialect dialect_;
};

}  // namespace nexus::fuzz
