// PackWriter: PackStream values as bytes at the end of a string; always the shortest form.
//
// The caller keeps the promises he makes: after list(n) come n values, after dictionary(n)
// n pairs of string() and a value, after structure(n, tag) n fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nexus::service::bolt {

class PackWriter {
 public:
  explicit PackWriter(std::string& out) : out_(out) {}

  void null() { byte(0xC0); }
  void boolean(bool value) { byte(value ? 0xC3 : 0xC2); }
  void integer(std::int64_t value);
  void real(double value);
  void string(std::string_view text);
  void bytes(std::string_view bytes);
  void list(std::size_t size) { header(size, 0x90, 0xD4); }
  void dictionary(std::size_t size) { header(size, 0xA0, 0xD8); }
  // Requires: fields <= 15.
  void structure(std::size_t fields, std::uint8_t tag);

  std::string& out() { return out_; }

  // Stands for a value that the dialect has no form for: whoever sends the message asks is_refused() first.
  void refuse() { null(), refused_ = true; }
  bool is_refused() const { return refused_; }

 private:
  void byte(unsigned value) { out_ += static_cast<char>(value); }
  void big_endian(std::uint64_t value, unsigned bytes);
  // `tiny` for up to 15, else `first` for one byte of size and the two markers after it for two and four.
  void header(std::size_t size, unsigned tiny, unsigned first);

  std::string& out_;
  bool refused_ = false;
};

}  // namespace nexus::service::bolt
