// What reads bytes from outside, one function each: it may refuse them, it may not break.
//
// libFuzzer calls them with bytes of its own (libfuzzer_main.cc), the ordinary tests with the files of
// tests/fuzz/corpus (corpus_main.cc), where every input that once broke something stays.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace nexus::fuzz {

void statement(ByteView bytes);  // Lexer and parser; what is printed parses and prints the same.
void value(ByteView bytes);      // The binary form of property values.
void log(ByteView bytes);        // Operations of a store's log, in a frame whose checksum is right.
void pack(ByteView bytes);       // PackStream, the first byte chooses the dialect.
void json(ByteView bytes);       // JSON, plain and typed.

struct Target {
  std::string_view name;
  void (*run)(ByteView);
};
constexpr Target kTargets[] = {{"statement", statement}, {"value", value}, {"log", log}, {"pack", pack}, {"json", json}};

}  // namespace nexus::fuzz
