// Scanner: a cursor over the text of a temporal value, shared by its readers.
//
// Every method either takes what it names and returns true, or takes nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nexus::temporal {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  std::string_view rest() const { return text_.substr(at_); }
  std::size_t position() const { return at_; }
  void reset(std::size_t position) { at_ = position; }
  char peek() const { return at_end() ? '\0' : text_[at_]; }

  // `wanted` is a sign or an upper-case letter; letters match in both cases.
  bool take(char wanted) {
    const char next = peek();
    const char upper = next >= 'a' && next <= 'z' ? static_cast<char>(next - 'a' + 'A') : next;
    if (at_end() || upper != wanted) return false;
    ++at_;
    return true;
  }
  // The number of digits that follow.
  std::size_t digits_ahead() const {
    std::size_t count = 0;
    while (at_ + count < text_.size() && is_digit(text_[at_ + count])) ++count;
    return count;
  }
  // Exactly `width` digits, at most 18.
  bool digits(std::size_t width, std::int64_t& number) {
    if (width == 0 || width > 18 || digits_ahead() < width) return false;
    number = 0;
    for (std::size_t i = 0; i < width; ++i) number = number * 10 + (text_[at_++] - '0');
    return true;
  }
  // "Z", "+01", "-0130", "+01:30", "+02:05:59", "+020559". Its range is the caller's to check.
  bool offset(std::int32_t& seconds);

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace nexus::temporal
