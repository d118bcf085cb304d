#include "host-native/shell/completion.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>

#include "host-native/http/validate.h"
#include "host-native/shell/commands.h"
#include "host-native/shell/completion_context.h"
#include "host-native/shell/printer.h"
#include "syntax/lexer.h"
#include "value/text.h"

namespace nexus::host {
namespace {

constexpr std::string_view kBeginnings[] = {
    "MATCH", "OPTIONAL MATCH", "RETURN", "CREATE", "MERGE", "WITH", "UNWIND", "CALL", "SHOW", "USE", "EXPLAIN", "PROFILE",
    "DROP", "ALTER", "UNDROP", "START DATABASE", "STOP DATABASE", "TERMINATE TRANSACTIONS", "LOAD CSV", "FOREACH",
    "BEGIN", "COMMIT", "ROLLBACK", "LET", "FINISH"};

constexpr std::string_view kOperators[] = {
    "AND", "OR", "XOR", "NOT", "IN", "CONTAINS", "STARTS WITH", "ENDS WITH", "IS NULL", "IS NOT NULL", "AS", "WHERE",
    "RETURN", "RETURN DISTINCT", "WITH", "WITH DISTINCT", "MATCH", "OPTIONAL MATCH", "CREATE", "MERGE", "ON CREATE SET",
    "ON MATCH SET", "SET", "REMOVE", "DELETE", "DETACH DELETE", "UNWIND", "CALL", "YIELD", "ORDER BY", "SKIP", "LIMIT",
    "ASC", "DESC", "UNION", "UNION ALL", "WHEN", "THEN", "ELSE", "END", "FOREACH", "IN TRANSACTIONS", "IF EXISTS",
    "IF NOT EXISTS", "AS COPY OF", "SET ACCESS READ ONLY", "SET ACCESS READ WRITE", "RENAME TO", "FOR", "REQUIRE",
    "OPTIONS", "WAIT", "NOWAIT", "DESTROY DATA", "FINISH", "NEXT", "USING INDEX", "USE"};

constexpr std::string_view kOperands[] = {
    "CASE", "EXISTS", "COUNT", "COLLECT", "NOT", "null", "true", "false", "DISTINCT", "ALL", "ANY", "NONE", "SINGLE"};

bool begins_with(std::string_view text, std::string_view beginning, bool ignoring_case) {
  if (text.size() < beginning.size()) return false;
  const std::string_view part = text.substr(0, beginning.size());
  return ignoring_case ? equal_ignoring_case(part, beginning) : part == beginning;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

std::string in_backticks(std::string_view name) {
  std::string out = "`";
  for (const char c : name) out.append(c == '`' ? 2 : 1, c);
  return out + "`";
}

// Collects what begins as it was typed.
class CandidateList {
 public:
  CandidateList(std::string typed, std::size_t begin) : typed_(std::move(typed)) { completion_.begin = begin; }

  // Keywords are written in the case of what was typed.
  void add_words(std::span<const std::string_view> words, std::string_view tail = " ") {
    const bool is_lower = !typed_.empty() && typed_ == lower(typed_);
    for (const auto word : words) {
      if (begins_with(word, typed_, true)) add(is_lower ? lower(word) : std::string(word), std::string(word), tail);
    }
  }

  // Exactly as they are; those that differ in case only when no other fits.
  template <class Text>
  void add_names(const std::vector<std::string>& names, std::string_view tail, const Text& text_of) {
    for (const bool ignoring_case : {false, true}) {
      bool found = false;
      for (const auto& name : names) {
        if (!begins_with(name, typed_, ignoring_case)) continue;
        add(text_of(name), name, tail);
        found = true;
      }
      if (found) return;
    }
  }
  void add_names(const std::vector<std::string>& names, std::string_view tail) {
    add_names(names, tail, [](const std::string& name) { return name; });
  }
  void add_identifiers(const std::vector<std::string>& names, std::string_view tail, bool is_quoted) {
    add_names(names, tail, [is_quoted](const std::string& name) { return is_quoted ? in_backticks(name) : quote_identifier(name); });
  }
  // Functions and procedures: the rest of a name whose qualifier is there already.
  void add_qualified(const std::vector<std::string>& names, std::string_view qualifier, std::string_view tail) {
    for (const auto& name : names) {
      if (!begins_with(name, qualifier, true)) continue;
      const std::string rest = name.substr(qualifier.size());
      if (begins_with(rest, typed_, true)) add(rest, name, tail);
    }
  }

  bool is_empty() const { return completion_.candidates.empty(); }

  Completion finish(char next) {
    auto& list = completion_.candidates;
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    if (list.size() > kCandidatesMax) list.resize(kCandidatesMax);
    // What stands behind the cursor already is not written again.
    for (auto& candidate : list) {
      if (!candidate.tail.empty() && candidate.tail[0] == next) candidate.tail.clear();
    }
    return std::move(completion_);
  }

 private:
  void add(std::string text, std::string shown, std::string_view tail) {
    completion_.candidates.push_back({std::move(text), std::move(shown), std::string(tail)});
  }

  std::string typed_;
  Completion completion_;
};

// "n.address." where the statement has an n, and "." behind anything but a word.
bool is_of_variable(const Context& context) {
  const std::string first = context.qualifier.substr(0, context.qualifier.find('.'));
  return first.empty() || std::find(context.variables.begin(), context.variables.end(), first) != context.variables.end();
}

void add_expected(CandidateList& list, const Context& context, Catalogue& catalogue) {
  const auto identifiers = [&](NameKind kind, std::string_view tail = "") {
    list.add_identifiers(catalogue.names(kind), tail, context.is_quoted);
  };
  switch (context.expected) {
    case Expected::Nothing: return;
    case Expected::Label: return identifiers(NameKind::Label);
    case Expected::RelationshipType: return identifiers(NameKind::RelationshipType);
    case Expected::PropertyKey: return identifiers(NameKind::PropertyKey, ": ");
    case Expected::Database: return identifiers(NameKind::Database, " ");
    case Expected::Parameter: return list.add_names(catalogue.names(NameKind::Parameter), "");
    case Expected::Member:
      if (!context.is_quoted && !is_of_variable(context)) {
        list.add_qualified(catalogue.names(NameKind::Function), context.qualifier, "(");
      }
      if (list.is_empty()) identifiers(NameKind::PropertyKey);
      return;
    case Expected::Procedure:
      return list.add_qualified(catalogue.names(NameKind::Procedure), context.qualifier, "(");
    default: break;
  }
  if (context.is_quoted) return list.add_identifiers(context.variables, "", true);
  switch (context.expected) {
    case Expected::Statement: return list.add_words(kBeginnings);
    case Expected::Words: return list.add_words(context.words);
    case Expected::Operator: return list.add_words(kOperators);
    case Expected::Variable: return list.add_identifiers(context.variables, "", false);
    default: break;
  }
  list.add_identifiers(context.variables, "", false);
  list.add_words(kOperands);
  // All of them would be too many to read.
  if (!context.typed.empty()) list.add_qualified(catalogue.names(NameKind::Function), "", "(");
}

Completion complete_argument(const ShellCommand& command, std::string_view argument, std::size_t begin, Catalogue& catalogue) {
  const auto blank = argument.find_last_of(" \t");
  const bool is_first = blank == std::string_view::npos;
  CandidateList list{std::string(argument), begin};
  switch (command.kind) {
    case ArgumentKind::Nothing: break;
    case ArgumentKind::Database: list.add_names(catalogue.names(NameKind::Database), ""); break;
    case ArgumentKind::Parameter: list.add_names(catalogue.names(NameKind::Parameter), " => "); break;
    case ArgumentKind::Format: list.add_names(format_names(), ""); break;
    case ArgumentKind::Word: list.add_names({"clear"}, ""); break;
    case ArgumentKind::File: {
      const auto slash = argument.rfind('/');
      const std::string folder(slash == std::string_view::npos ? std::string_view() : argument.substr(0, slash + 1));
      CandidateList files{std::string(argument.substr(folder.size())), begin + folder.size()};
      files.add_names(catalogue.files(folder), "");
      return files.finish(0);
    }
    case ArgumentKind::Setting: {
      if (is_first) {
        std::vector<std::string> names;
        for (const auto& setting : shell_settings()) names.emplace_back(setting.name);
        list.add_names(names, " ");
        break;
      }
      const ShellSetting* setting = find_setting(argument.substr(0, argument.find_first_of(" \t")));
      if (setting == nullptr) break;
      CandidateList values{std::string(argument.substr(blank + 1)), begin + blank + 1};
      values.add_names(setting_words(*setting), "");
      return values.finish(0);
    }
  }
  return list.finish(0);
}

// `line` begins with the colon, which is at `begin` of the text.
Completion complete_command(std::string_view line, std::size_t begin, Catalogue& catalogue) {
  const auto blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) {
    CandidateList list{std::string(line.substr(1)), begin + 1};
    for (const auto& command : shell_commands()) {
      list.add_names({std::string(command.name)}, command.kind == ArgumentKind::Nothing ? "" : " ");
    }
    return list.finish(0);
  }
  const ShellCommand* command = find_command(line.substr(1, blank - 1));
  const auto argument = line.find_first_not_of(" \t", blank);
  const std::size_t at = argument == std::string_view::npos ? line.size() : argument;
  if (command == nullptr) return {};
  return complete_argument(*command, line.substr(at), begin + at, catalogue);
}

bool is_command_at(std::string_view text, std::size_t at) { return at < text.size() && text[at] == ':'; }

// Where the last statement or command begins; blanks and comments may come first.
std::size_t last_beginning(std::string_view text) {
  // A command is one line and may hold anything.
  if (is_command_at(text, syntax::skip_blank(text, 0))) return 0;
  std::size_t at = 0;
  for (const auto& token : syntax::tokenize(text).list) {
    if (token.kind == syntax::TokenKind::Semicolon) at = token.end;
  }
  return at;
}

}  // namespace

Completion complete(std::string_view text, std::size_t cursor, Catalogue& catalogue) {
  const std::string_view before = text.substr(0, cursor);
  const std::size_t start = last_beginning(before);
  const std::size_t solid = syntax::skip_blank(before, start);
  if (is_command_at(before, solid)) return complete_command(before.substr(solid), solid, catalogue);
  const Context context = context_at_end(before.substr(start));
  CandidateList list(context.typed, start + context.begin);
  add_expected(list, context, catalogue);
  return list.finish(cursor < text.size() ? text[cursor] : '\0');
}

std::string common_beginning(const std::vector<Candidate>& candidates) {
  if (candidates.empty()) return "";
  std::string_view common = candidates[0].text;
  for (const auto& candidate : candidates) {
    const auto ends = std::mismatch(common.begin(), common.end(), candidate.text.begin(), candidate.text.end());
    common = common.substr(0, static_cast<std::size_t>(std::distance(common.begin(), ends.first)));
  }
  // Whole characters alone.
  const std::string& first = candidates[0].text;
  while (common.size() < first.size() && (static_cast<unsigned char>(first[common.size()]) & 0xC0) == 0x80) {
    common.remove_suffix(1);
  }
  return std::string(common);
}

}  // namespace nexus::host
