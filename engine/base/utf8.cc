#include "base/utf8.h"

#include "base/check.h"

namespace nexus {
namespace {

constexpr CodePoint kInvalid{kReplacementCharacter, 1};

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// False when the sequence at the start of `text` is not well-formed.
bool decode(std::string_view text, CodePoint& out) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) {
    out = {lead, 1};
    return true;
  }
  const std::uint32_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return false;
  char32_t value = lead & (0x7Fu >> length);
  for (std::uint32_t i = 1; i < length; ++i) {
    if (!is_continuation(byte(i))) return false;
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return false;
  out = {value, length};
  return true;
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  NX_DCHECK(!text.empty());
  CodePoint found = kInvalid;
  return decode(text, found) ? found : kInvalid;
}

CodePoint last_code_point(std::string_view text) {
  NX_DCHECK(!text.empty());
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    const std::string_view tail = text.substr(text.size() - length);
    if (is_continuation(static_cast<unsigned char>(tail[0]))) continue;
    CodePoint found = kInvalid;
    if (decode(tail, found) && found.bytes == length) return found;
    break;
  }
  return kInvalid;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    CodePoint found = kInvalid;
    if (!decode(text, found)) return false;
    text.remove_prefix(found.bytes);
  }
  return true;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    at += static_cast<unsigned char>(text[at]) < 0x80 ? 1 : first_code_point(text.substr(at)).bytes;
  }
  return count;
}

std::size_t code_point_offset(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) {
    at += static_cast<unsigned char>(text[at]) < 0x80 ? 1 : first_code_point(text.substr(at)).bytes;
  }
  return at;
}

void append_code_point(std::string& out, char32_t value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
    return;
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) value = kReplacementCharacter;
  if (value < 0x800) {
    out += static_cast<char>(0xC0 | value >> 6);
  } else {
    if (value < 0x10000) {
      out += static_cast<char>(0xE0 | value >> 12);
    } else {
      out += static_cast<char>(0xF0 | value >> 18);
      out += static_cast<char>(0x80 | (value >> 12 & 0x3F));
    }
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
  }
  out += static_cast<char>(0x80 | (value & 0x3F));
}

}  // namespace nexus
