// The canonical text of a value: a Cypher literal where Cypher has one.
//
// One form, used by the .cyt corpus, the shell and error messages: strings in single
// quotes, 3.0 for a float, NaN, Infinity; nodes (:A:B {k: 1}); relationships [:T {k: 1}];
// paths <(:A)-[:T]->(:B)>; temporal values as their quoted Cypher string.
// Bare entity ids print as (#id) and [#id]: they only reach debug output.
#pragma once

#include <string>

#include "nexus/value.h"

namespace nexus {

std::string to_text(const Value& value);
void append_text(std::string& out, const Value& value);

// 'it\'s': the quoted form of a string.
std::string quote_string(std::string_view text);
// An identifier as Cypher writes it, in backticks only where needed.
std::string quote_identifier(std::string_view name);

}  // namespace nexus
