// parse(): from text to syntax tree, and nothing about what the names mean.
//
// Every error is a compile time error with a position. Text after the statement is never
// ignored; one trailing semicolon is allowed.
// Cost: linear in the text; no construct is parsed twice.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "syntax/ast.h"

namespace nexus::syntax {

struct ParseLimits {
  std::uint32_t text_bytes_max = 1u << 20;   // QueryTooLong beyond.
  std::uint32_t nesting_max = 500;           // NestingTooDeep beyond.
  std::uint32_t expressions_max = 200'000;   // QueryTooLong beyond.
};

Result<Statement> parse(std::string_view text, const ParseLimits& limits = {});
// One expression alone, without parameters' values: literals from tools and tests.
Result<ExpressionPtr> parse_expression(std::string_view text, const ParseLimits& limits = {});

struct StatementText {
  std::string_view text;  // Into the script, trimmed, without semicolon; never empty.
  Position position;      // Of its first character in the script.
};
// A script cut at the semicolons that stand outside strings, comments and backticks.
// Comments alone make no statement. An unclosed quote runs to the end: parse() reports it.
std::vector<StatementText> split_statements(std::string_view script);

}  // namespace nexus::syntax
