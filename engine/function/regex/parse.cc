// The reader of regular expressions: recursive descent, one method per level.
#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "function/regex/program.h"

namespace nexus::function::regex {
namespace {

constexpr int kGroupsDeepMax = 100;
constexpr std::uint32_t kRepeatMax = 1000;
constexpr std::size_t kFoldCostMax = 1'000'000;

Error syntax_error(std::string what) {
  return Error{ErrorCode::InvalidRegularExpression, "the regular expression " + std::move(what)};
}

Error unsupported(std::string_view what) {
  return syntax_error("uses " + std::string(what) + ", which cannot be matched in linear time");
}

class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern), bytes_(pattern.size()) {}

  Result<Tree> run() {
    NX_TRY(tree_.root, choice(0));
    if (!rest_.empty()) return syntax_error("has a ) without ( at byte " + place());
    return std::move(tree_);
  }

 private:
  struct Flags {
    bool ignores_case = false;
    bool dot_takes_breaks = false;  // (?s)
    bool is_multi_line = false;     // (?m)
    bool has_unix_lines = false;    // (?d)
  };

  // Reading.
  std::string place() const { return std::to_string(bytes_ - rest_.size()); }
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_[0]; }
  bool accept(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  char32_t next_code_point() {
    const CodePoint point = first_code_point(rest_);
    rest_.remove_prefix(point.bytes);
    return point.value;
  }

  // Building.
  NodeIndex add(Node node) {
    tree_.nodes.push_back(std::move(node));
    return static_cast<NodeIndex>(tree_.nodes.size() - 1);
  }
  NodeIndex add_assertion(Assertion assertion) {
    Node node;
    node.kind = Node::Kind::Assert;
    node.assertion = assertion;
    return add(std::move(node));
  }
  NodeIndex add_parts(Node::Kind kind, std::vector<NodeIndex> parts) {
    if (parts.size() == 1) return parts[0];
    Node node;
    node.kind = parts.empty() ? Node::Kind::Empty : kind;
    node.parts = std::move(parts);
    return add(std::move(node));
  }
  // Normalises, and folds case when the flag is on.
  Result<CharSet> finish_set(CharSet set) {
    set.normalize();
    if (!flags_.ignores_case) return set;
    CharSet folded = set.folded(fold_cost_);
    if (fold_cost_ > kFoldCostMax) return syntax_error("has too many large classes that ignore case");
    return folded;
  }
  Result<NodeIndex> add_set(CharSet set) {
    NX_TRY(CharSet finished, finish_set(std::move(set)));
    Node node;
    node.kind = Node::Kind::Set;
    node.set = static_cast<std::uint32_t>(tree_.sets.size());
    tree_.sets.push_back(std::move(finished));
    return add(std::move(node));
  }
  Result<NodeIndex> add_character(char32_t c) {
    CharSet set;
    set.add(c, c);
    return add_set(std::move(set));
  }

  Result<NodeIndex> choice(int depth);
  Result<NodeIndex> sequence(int depth);
  Result<NodeIndex> atom(int depth);
  Result<NodeIndex> group(int depth);
  Result<NodeIndex> quantified(NodeIndex repeated);
  Result<NodeIndex> escape();
  Result<NodeIndex> dot();
  Result<bool> read_flags();
  Result<std::optional<std::pair<std::uint32_t, std::uint32_t>>> read_counts();
  Result<std::optional<CharSet>> class_escape(char32_t c);
  Result<CharSet> property_class(bool negated);
  Result<char32_t> character_escape(char32_t c);
  Result<char32_t> hexadecimal(std::size_t digits_min, std::size_t digits_max);
  Result<CharSet> bracket(int depth);
  Result<CharSet> bracket_items(int depth, bool& has_intersection);
  Result<std::optional<CharSet>> bracket_item(int depth, char32_t& single);

  std::string_view rest_;
  std::size_t bytes_;
  Flags flags_;
  Tree tree_;
  std::size_t fold_cost_ = 0;
};

// Flags set inside a group end with it.
Result<NodeIndex> Parser::choice(int depth) {
  if (depth > kGroupsDeepMax) return syntax_error("nests groups too deep");
  const Flags outer = flags_;
  std::vector<NodeIndex> branches;
  do {
    NX_TRY(const NodeIndex branch, sequence(depth));
    branches.push_back(branch);
  } while (accept("|"));
  flags_ = outer;
  return add_parts(Node::Kind::Choice, std::move(branches));
}

Result<NodeIndex> Parser::sequence(int depth) {
  std::vector<NodeIndex> parts;
  while (!at_end() && peek() != '|' && peek() != ')') {
    if (accept("\\Q")) {
      while (!at_end() && !accept("\\E")) {
        NX_TRY(const NodeIndex character, add_character(next_code_point()));
        parts.push_back(character);
      }
      continue;
    }
    NX_TRY(const NodeIndex part, atom(depth));
    NX_TRY(const NodeIndex repeated, quantified(part));
    parts.push_back(repeated);
  }
  return add_parts(Node::Kind::Sequence, std::move(parts));
}

Result<NodeIndex> Parser::atom(int depth) {
  const char32_t c = next_code_point();
  switch (c) {
    case '(': return group(depth);
    case '[': {
      NX_TRY(CharSet set, bracket(depth));
      Node node;
      node.kind = Node::Kind::Set;
      node.set = static_cast<std::uint32_t>(tree_.sets.size());
      tree_.sets.push_back(std::move(set));
      return add(std::move(node));
    }
    case '.': return dot();
    case '^': return add_assertion(flags_.is_multi_line ? Assertion::LineStart : Assertion::TextStart);
    case '$': return add_assertion(flags_.is_multi_line ? Assertion::LineEnd : Assertion::TextEndOrBreak);
    case '\\': return escape();
    case '*':
    case '+':
    case '?': return syntax_error("repeats nothing at byte " + place());
    case '{': return syntax_error("has a { that repeats nothing at byte " + place());
    default: return add_character(c);
  }
}

Result<NodeIndex> Parser::dot() {
  CharSet breaks;
  if (!flags_.dot_takes_breaks) {
    breaks.add('\n', '\n');
    if (!flags_.has_unix_lines) {
      breaks.add('\r', '\r');
      breaks.add(0x85, 0x85);
      breaks.add(0x2028, 0x2029);
    }
  }
  breaks.normalize();
  Node node;
  node.kind = Node::Kind::Set;
  node.set = static_cast<std::uint32_t>(tree_.sets.size());
  tree_.sets.push_back(breaks.complement());
  return add(std::move(node));
}

Result<NodeIndex> Parser::group(int depth) {
  const Flags outer = flags_;
  if (accept("?")) {
    if (peek() == '=' || peek() == '!' || rest_.starts_with("<=") || rest_.starts_with("<!")) {
      return unsupported("lookaround");
    }
    if (peek() == '>') return unsupported("an atomic group");
    if (accept("<")) {
      const std::size_t end = rest_.find('>');
      if (end == 0 || end == std::string_view::npos) return syntax_error("has a group name without end");
      rest_.remove_prefix(end + 1);
    } else if (!accept(":")) {
      NX_TRY(const bool is_group, read_flags());
      // (?i) holds until the group around it ends.
      if (!is_group) return add({});
    }
  }
  NX_TRY(const NodeIndex inside, choice(depth + 1));
  if (!accept(")")) return syntax_error("has a ( without )");
  flags_ = outer;
  return inside;
}

// After "(?": i, s, m, u and d, a - that switches off, then ")" (false) or ":" (true).
Result<bool> Parser::read_flags() {
  bool on = true;
  while (!at_end()) {
    const char32_t c = next_code_point();
    switch (c) {
      case ')': return false;
      case ':': return true;
      case '-': on = false; break;
      case 'i': flags_.ignores_case = on; break;
      case 's': flags_.dot_takes_breaks = on; break;
      case 'm': flags_.is_multi_line = on; break;
      case 'd': flags_.has_unix_lines = on; break;
      case 'u': break;  // Case is always that of Unicode.
      default: return syntax_error("has an unknown flag at byte " + place());
    }
  }
  return syntax_error("has a ( without )");
}

Result<NodeIndex> Parser::quantified(NodeIndex repeated) {
  std::pair<std::uint32_t, std::uint32_t> counts;
  if (accept("*")) {
    counts = {0, kUnlimited};
  } else if (accept("+")) {
    counts = {1, kUnlimited};
  } else if (accept("?")) {
    counts = {0, 1};
  } else {
    NX_TRY(const auto read, read_counts());
    if (!read) return repeated;
    counts = *read;
  }
  // Whether a repeat is greedy or lazy makes no difference to whether the whole text matches.
  if (accept("+")) return unsupported("a possessive repeat");
  accept("?");
  if (peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{') {
    return syntax_error("repeats a repeat at byte " + place());
  }
  Node node;
  node.kind = Node::Kind::Repeat;
  node.least = counts.first;
  node.most = counts.second;
  node.parts = {repeated};
  return add(std::move(node));
}

Result<std::optional<std::pair<std::uint32_t, std::uint32_t>>> Parser::read_counts() {
  using Counts = std::optional<std::pair<std::uint32_t, std::uint32_t>>;
  if (!accept("{")) return Counts{};
  const auto number = [this]() -> std::optional<std::uint32_t> {
    std::optional<std::uint32_t> value;
    for (; peek() >= '0' && peek() <= '9'; rest_.remove_prefix(1)) {
      value = std::min(value.value_or(0) * 10 + static_cast<std::uint32_t>(peek() - '0'), kRepeatMax + 1);
    }
    return value;
  };
  const auto least = number();
  auto most = least;
  if (accept(",")) {
    most = number();
    if (!most) most = kUnlimited;
  }
  if (!least || !accept("}")) return syntax_error("has a malformed {…} before byte " + place());
  if (*least > kRepeatMax || (*most != kUnlimited && *most > kRepeatMax)) {
    return syntax_error("repeats more than " + std::to_string(kRepeatMax) + " times");
  }
  if (*least > *most) return syntax_error("has a {…} whose limits are reversed before byte " + place());
  return Counts{{*least, *most}};
}

Result<NodeIndex> Parser::escape() {
  if (at_end()) return syntax_error("ends with a backslash");
  const char32_t c = next_code_point();
  switch (c) {
    case 'A': return add_assertion(Assertion::TextStart);
    case 'z': return add_assertion(Assertion::TextEnd);
    case 'Z': return add_assertion(Assertion::TextEndOrBreak);
    case 'b': return add_assertion(Assertion::WordBorder);
    case 'B': return add_assertion(Assertion::NoWordBorder);
    case 'G': return unsupported("\\G");
    case 'k': return unsupported("a back reference");
    case 'R': {
      NX_TRY(const NodeIndex carriage, add_character('\r'));
      NX_TRY(const NodeIndex feed, add_character('\n'));
      NX_TRY(const NodeIndex single, add_set(vertical_space()));
      const NodeIndex both = add_parts(Node::Kind::Sequence, {carriage, feed});
      return add_parts(Node::Kind::Choice, {both, single});
    }
    default: break;
  }
  if (c >= '1' && c <= '9') return unsupported("a back reference");
  NX_TRY(std::optional<CharSet> set, class_escape(c));
  if (set) return add_set(std::move(*set));
  NX_TRY(const char32_t character, character_escape(c));
  return add_character(character);
}

// \d and its like, or nullopt.
Result<std::optional<CharSet>> Parser::class_escape(char32_t c) {
  using Maybe = std::optional<CharSet>;
  switch (c) {
    case 'd': return Maybe{digits()};
    case 'D': return Maybe{digits().complement()};
    case 's': return Maybe{white_space()};
    case 'S': return Maybe{white_space().complement()};
    case 'w': return Maybe{word_characters()};
    case 'W': return Maybe{word_characters().complement()};
    case 'h': return Maybe{horizontal_space()};
    case 'H': return Maybe{horizontal_space().complement()};
    case 'v': return Maybe{vertical_space()};
    case 'V': return Maybe{vertical_space().complement()};
    case 'p':
    case 'P': {
      NX_TRY(CharSet set, property_class(c == 'P'));
      return Maybe{std::move(set)};
    }
    default: return Maybe{};
  }
}

Result<CharSet> Parser::property_class(bool negated) {
  const std::size_t end = rest_.find('}');
  if (!accept("{") || end == std::string_view::npos) return syntax_error("has a \\p without {…}");
  const std::string name(rest_.substr(0, end - 1));
  rest_.remove_prefix(end);
  const CharSet set = named_class(name.c_str());
  if (set.ranges().empty()) return syntax_error("names the class \\p{" + name + "}, which is not known");
  return negated ? set.complement() : set;
}

Result<char32_t> Parser::hexadecimal(std::size_t digits_min, std::size_t digits_max) {
  char32_t value = 0;
  std::size_t count = 0;
  for (; count < digits_max && !at_end(); ++count, rest_.remove_prefix(1)) {
    const char c = peek();
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) break;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  if (count < digits_min || value > kLastCodePoint) {
    return syntax_error("has a malformed code point before byte " + place());
  }
  return value;
}

// What follows a backslash and is one character.
Result<char32_t> Parser::character_escape(char32_t c) {
  switch (c) {
    case 't': return char32_t{'\t'};
    case 'n': return char32_t{'\n'};
    case 'r': return char32_t{'\r'};
    case 'f': return char32_t{'\f'};
    case 'a': return char32_t{7};
    case 'e': return char32_t{27};
    case 'u': return hexadecimal(4, 4);
    case 'x': {
      if (!accept("{")) return hexadecimal(2, 2);
      NX_TRY(const char32_t value, hexadecimal(1, 6));
      if (!accept("}")) return syntax_error("has a \\x{ without }");
      return value;
    }
    case '0': {
      char32_t value = 0;
      std::size_t count = 0;
      for (; count < 3 && peek() >= '0' && peek() <= '7' && value * 8 <= 0377; ++count, rest_.remove_prefix(1)) {
        value = value * 8 + static_cast<char32_t>(peek() - '0');
      }
      if (count == 0) return syntax_error("has a \\0 without octal digits");
      return value;
    }
    case 'c': {
      if (at_end()) return syntax_error("ends with \\c");
      return next_code_point() ^ 64;
    }
    default: break;
  }
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (is_letter) return syntax_error("has the unknown escape \\" + std::string(1, static_cast<char>(c)));
  return c;
}

// After "[": ranges, classes, nested brackets and &&, up to and including "]".
Result<CharSet> Parser::bracket(int depth) {
  if (depth > kGroupsDeepMax) return syntax_error("nests classes too deep");
  const bool negated = accept("^");
  std::optional<CharSet> result;
  bool has_intersection = false;
  do {
    NX_TRY(CharSet items, bracket_items(depth, has_intersection));
    result = result ? result->intersection(items) : std::move(items);
  } while (has_intersection);
  if (!accept("]")) return syntax_error("has a [ without ]");
  return negated ? result->complement() : std::move(*result);
}

// The union up to "]" or "&&".
Result<CharSet> Parser::bracket_items(int depth, bool& has_intersection) {
  CharSet set;
  has_intersection = false;
  bool is_first = true;
  while (!at_end() && (peek() != ']' || is_first)) {
    if (accept("&&")) {
      has_intersection = true;
      break;
    }
    is_first = false;
    char32_t low = 0;
    NX_TRY(const std::optional<CharSet> item, bracket_item(depth, low));
    if (item) {
      set.add(*item);
      continue;
    }
    char32_t high = low;
    if (rest_.size() >= 2 && rest_[0] == '-' && rest_[1] != ']' && rest_[1] != '[') {
      rest_.remove_prefix(1);
      NX_TRY(const std::optional<CharSet> wrong, bracket_item(depth, high));
      if (wrong || high < low) return syntax_error("has a range whose limits are wrong before byte " + place());
    }
    set.add(low, high);
  }
  return finish_set(std::move(set));
}

// A set, or nullopt and one character in `single`.
Result<std::optional<CharSet>> Parser::bracket_item(int depth, char32_t& single) {
  using Maybe = std::optional<CharSet>;
  const char32_t c = next_code_point();
  if (c == '[') {
    NX_TRY(CharSet nested, bracket(depth + 1));
    return Maybe{std::move(nested)};
  }
  single = c;
  if (c != '\\') return Maybe{};
  if (at_end()) return syntax_error("ends with a backslash");
  const char32_t escaped = next_code_point();
  NX_TRY(Maybe set, class_escape(escaped));
  if (set) return set;
  NX_TRY(single, character_escape(escaped));
  return Maybe{};
}

}  // namespace

Result<Tree> parse(std::string_view pattern) { return Parser(pattern).run(); }

}  // namespace nexus::function::regex
