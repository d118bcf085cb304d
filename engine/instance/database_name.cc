#include "instance/database_name.h"

#include "base/utf8.h"

namespace nexus::instance {
namespace {

constexpr std::size_t kPrintableBytesMax = 80;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The rule a folded name breaks, or empty.
std::string_view broken_rule(std::string_view name) {
  if (name.size() < kDatabaseNameBytesMin || name.size() > kDatabaseNameBytesMax) {
    return "a name has 3 to 63 characters";
  }
  if (name.front() == '_' || name.substr(0, kSystemDatabase.size()) == kSystemDatabase) {
    return "names that begin with an underscore or with 'system' are reserved";
  }
  if (!is_lower(name.front()) && !is_digit(name.front())) return "a name begins with an ASCII letter or a digit";
  for (const char c : name) {
    if (!is_lower(c) && !is_digit(c) && c != '.' && c != '-') {
      return "a name consists of ASCII letters, digits, dots and dashes";
    }
  }
  if (name.back() == '.' || name.back() == '-') return "a name does not end in a dot or a dash";
  return {};
}

}  // namespace

std::string fold_database_name(std::string_view name) {
  std::string folded(name);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

Result<std::string> check_database_name(std::string_view name) {
  std::string folded = fold_database_name(name);
  const std::string_view rule = broken_rule(folded);
  if (rule.empty()) return folded;
  return Error(ErrorCode::InvalidDatabaseName,
               "Database name '" + printable_name(name) + "' is invalid: " + std::string(rule) + ".");
}

Result<std::string> check_alias_text(std::string_view name) {
  std::string folded = fold_database_name(name);
  std::string_view rule;
  if (folded.empty() || folded.size() > kAliasBytesMax) rule = "a name has 1 to 65534 bytes";
  else if (folded.front() == '_' || folded.compare(0, kSystemDatabase.size(), kSystemDatabase) == 0)
    rule = "names that begin with an underscore or with 'system' are reserved";
  else if (folded.back() == '.') rule = "a name does not end in a dot";
  if (rule.empty()) return folded;
  return Error(ErrorCode::InvalidAliasName,
               "Alias name '" + printable_name(name) + "' is invalid: " + std::string(rule) + ".");
}

std::string printable_name(std::string_view name) {
  std::string out;
  while (!name.empty() && out.size() < kPrintableBytesMax) {
    const CodePoint point = first_code_point(name);
    const bool is_control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
    append_code_point(out, is_control ? kReplacementCharacter : point.value);
    name.remove_prefix(point.bytes);
  }
  if (!name.empty()) out += "…";
  return out;
}

}  // namespace nexus::instance
