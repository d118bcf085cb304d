// Unicode normal forms C and D (UAX #15): é as one code point or as e and an accent.
#pragma once

#include <string>
#include <string_view>

namespace nexus::function {

std::string to_nfd(std::string_view text);
std::string to_nfc(std::string_view text);

}  // namespace nexus::function
