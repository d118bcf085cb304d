// The printer's names, strings and entry points.
#include "syntax/printer.h"

#include "syntax/lexer.h"
#include "syntax/printer_state.h"

namespace nexus::syntax {
namespace {

// Words that would be read as something else where a variable may stand.
constexpr std::string_view kReserved[] = {
    "ALL",    "AND",   "ANY",     "AS",     "CASE",     "COLLECT", "CONTAINS", "COUNT",  "CREATE", "DELETE", "DETACH",
    "DISTINCT", "ELSE", "END",    "ENDS",   "EXISTS",   "FALSE",   "FOR",      "IF",     "IN",     "INF",    "INFINITY",
    "IS",     "LIMIT", "MATCH",   "MERGE",  "NAN",  "NEXT",      "NONE",    "NOT",      "NULL",   "OFFSET", "ON",     "OR",
    "ORDER",  "REMOVE", "RETURN", "SET",    "SHORTEST", "SINGLE",  "SKIP",     "STARTS", "THEN",   "TRUE",   "UNION",
    "UNWIND", "WHEN",  "WHERE",   "WITH",   "XOR",      "YIELD"};

bool is_word(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  const Tokens tokens = tokenize(name);
  const Token& first = tokens.list[0];
  return tokens.list.size() == 2 && first.kind == TokenKind::Word && first.begin == 0 && first.end == name.size();
}

bool is_reserved(std::string_view name) {
  for (const std::string_view word : kReserved) {
    if (equals_word(name, word)) return true;
  }
  return false;
}

std::string in_backticks(std::string_view name) {
  std::string quoted = "`";
  for (const char byte : name) {
    if (byte == '`') quoted += '`';
    quoted += byte;
  }
  return quoted + '`';
}

template <class Part>
std::string printed(const Part& part) {
  Printer printer;
  printer.add(part);
  return printer.take();
}

}  // namespace

void Printer::put(Name name) { out_ += quote_name(name.text); }
void Printer::put(Key key) { out_ += is_word(key.text) ? std::string(key.text) : in_backticks(key.text); }

void Printer::names(const std::vector<std::string>& items) {
  separated(items, ", ", [this](const std::string& item) { put(Name{item}); });
}

void Printer::dotted(const std::vector<std::string>& parts) {
  separated(parts, ".", [this](const std::string& part) { put(Name{part}); });
}

void Printer::put(const Statement& statement) {
  if (statement.mode != ExecutionMode::Run) put(statement.mode == ExecutionMode::Explain ? "EXPLAIN " : "PROFILE ");
  if (statement.version) add(*statement.version, " ");
  if (statement.use) add("USE ", *statement.use, " ");
  std::visit([this](const auto& alternative) { node(alternative); }, statement.node);
}

std::string print(const Statement& statement) { return printed(statement); }
std::string print(const RegularQuery& query) { return printed(query); }
std::string print(const Clause& clause) { return printed(clause); }
std::string print(const Expression& expression) { return printed(expression); }
std::string print(const PatternPath& path) { return printed(path); }
std::string print(const TypeName& type) { return printed(type); }

std::string quote_name(std::string_view name) {
  return is_word(name) && !is_reserved(name) ? std::string(name) : in_backticks(name);
}

std::string quote_string(std::string_view text) {
  static constexpr std::string_view kMeanings = "\\'\b\f\n\r\t";
  static constexpr std::string_view kEscapes = "\\'bfnrt";
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string quoted = "'";
  for (const char byte : text) {
    const std::size_t index = kMeanings.find(byte);
    const auto code = static_cast<unsigned char>(byte);
    if (index != std::string_view::npos) {
      (quoted += '\\') += kEscapes[index];
    } else if (code < 0x20) {
      quoted += "\\u00";
      (quoted += kDigits[code >> 4]) += kDigits[code & 15];
    } else {
      quoted += byte;
    }
  }
  return quoted + '\'';
}

}  // namespace nexus::syntax
