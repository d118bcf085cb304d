// Upper and lower case of any script, the same on every host and without a locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nexus::function {

// The one-to-one mappings; a code point without one is returned as it is.
char32_t lower_code_point(char32_t c);
char32_t upper_code_point(char32_t c);

// Whole texts: ß becomes SS, a capital sigma at the end of a word ς.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

}  // namespace nexus::function
