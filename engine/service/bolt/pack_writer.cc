#include "service/bolt/pack_writer.h"

#include <cstring>

#include "base/check.h"

namespace nexus::service::bolt {

void PackWriter::big_endian(std::uint64_t value, unsigned bytes) {
  for (unsigned at = bytes; at-- > 0;) byte(static_cast<unsigned>(value >> (8 * at)) & 0xFF);
}

void PackWriter::integer(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= -16 && value <= 127) {
    big_endian(bits, 1);
  } else if (value >= -128 && value <= 127) {
    byte(0xC8);
    big_endian(bits, 1);
  } else if (value >= -32'768 && value <= 32'767) {
    byte(0xC9);
    big_endian(bits, 2);
  } else if (value >= -2'147'483'648LL && value <= 2'147'483'647LL) {
    byte(0xCA);
    big_endian(bits, 4);
  } else {
    byte(0xCB);
    big_endian(bits, 8);
  }
}

void PackWriter::real(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  byte(0xC1);
  big_endian(bits, 8);
}

void PackWriter::string(std::string_view text) {
  header(text.size(), 0x80, 0xD0);
  out_ += text;
}

void PackWriter::bytes(std::string_view bytes) {
  const bool is_short = bytes.size() <= 0xFF;
  NX_CHECK(bytes.size() <= 0xFFFF);
  byte(is_short ? 0xCC : 0xCD);
  big_endian(bytes.size(), is_short ? 1 : 2);
  out_ += bytes;
}

void PackWriter::structure(std::size_t fields, std::uint8_t tag) {
  NX_CHECK(fields <= 15);
  byte(0xB0 + static_cast<unsigned>(fields));
  byte(tag);
}

void PackWriter::header(std::size_t size, unsigned tiny, unsigned first) {
  if (size <= 15) {
    byte(tiny + static_cast<unsigned>(size));
  } else if (size <= 0xFF) {
    byte(first);
    big_endian(size, 1);
  } else if (size <= 0xFFFF) {
    byte(first + 1);
    big_endian(size, 2);
  } else {
    NX_CHECK(size <= 0x7FFFFFFF);
    byte(first + 2);
    big_endian(size, 4);
  }
}

}  // namespace nexus::service::bolt
