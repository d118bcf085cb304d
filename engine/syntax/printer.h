// print(): from syntax tree to canonical text: one line, keywords in capitals, sugar resolved.
//
// Invariant: what print() gives parses, and prints the same again.
#pragma once

#include <string>

#include "syntax/ast.h"

namespace nexus::syntax {

std::string print(const Statement& statement);
std::string print(const RegularQuery& query);
std::string print(const Clause& clause);
std::string print(const Expression& expression);
std::string print(const PatternPath& path);
std::string print(const TypeName& type);

// `name` with backticks where a variable could not stand without them.
std::string quote_name(std::string_view name);
// 'text' with its escapes.
std::string quote_string(std::string_view text);

}  // namespace nexus::syntax
