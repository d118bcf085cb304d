// Unicode normal forms (UAX #15): é as one code point or as e and an accent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nexus {

enum class NormalForm : std::uint8_t { NFC, NFD, NFKC, NFKD };

// Requires: valid UTF-8. Natively by utf8proc; in WebAssembly by String.prototype.normalize of what surrounds the
// module, because the tables would be a tenth of its size. Code points that are new to one of them stay as they are.
std::string normalize(std::string_view text, NormalForm form);

}  // namespace nexus
