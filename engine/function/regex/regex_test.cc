#include "function/regex/regex.h"

#include <chrono>
#include <random>
#include <set>

#include "function/regex/program.h"
#include "tests/support/catch.h"

namespace nexus::function {
namespace {

// "yes", "no", or the error's code.
std::string match(std::string_view text, std::string_view pattern) {
  const Result<Regex> regex = Regex::compile(pattern);
  if (!regex) return std::string(error_name(regex.error().code));
  const bool first = regex->full_match(text);
  CHECK(regex->full_match(text) == first);  // Cold and warm agree.
  return first ? "yes" : "no";
}

TEST_CASE("the whole text has to match") {
  CHECK(match("abc", "abc") == "yes");
  CHECK(match("abcd", "abc") == "no");
  CHECK(match("", "") == "yes");
  CHECK(match("", "a*") == "yes");
  CHECK(match("aab", "a*b") == "yes");
  CHECK(match("ab", "a|ab") == "yes");
  CHECK(match("abcabc", "(abc){2}") == "yes");
  CHECK(match("aaaa", "a{2,3}") == "no");
  CHECK(match("aaa", "a{2,3}?") == "yes");
  CHECK(match("aaaa", "a{2,}") == "yes");
  CHECK(match("Andres", "And.*") == "yes");
  CHECK(match("file.txt", ".*\\.txt") == "yes");
  CHECK(match("a1", "(?<name>[a-z])(?:\\d)") == "yes");
  CHECK(match("", "()*") == "yes");
  CHECK(match("x", "(a|b|)*x") == "yes");
}

TEST_CASE("classes") {
  CHECK(match("b", "[a-c]") == "yes");
  CHECK(match("d", "[^a-c]") == "yes");
  CHECK(match("-", "[a-]") == "yes");
  CHECK(match("]", "[]a]") == "yes");
  CHECK(match("e", "[a-z&&[^aeiou]]") == "no");
  CHECK(match("f", "[a-z&&[^aeiou]]") == "yes");
  CHECK(match("9", "[a-c[7-9]]") == "yes");
  CHECK(match("_", "\\w") == "yes");
  CHECK(match("\u00E9", "\\w") == "no");
  CHECK(match(" \t", "\\s\\h") == "yes");
  CHECK(match("\r\n", "\\R") == "yes");
  CHECK(match("a.c", "\\Qa.c\\E") == "yes");
  CHECK(match("abc", "\\Qa.c\\E") == "no");
  CHECK(match("A", "\\p{Upper}") == "yes");
  CHECK(match("A", "\\P{Upper}") == "no");
  CHECK(match("\u00E9", "\\x{e9}") == "yes");
  CHECK(match("\u00E9", "\\u00E9") == "yes");
}

TEST_CASE("text is code points") {
  CHECK(match("\U0001F600", ".") == "yes");
  CHECK(match("na\u00EFve", "na.ve") == "yes");
  CHECK(match("\u4E2D\u6587", "[\u4E00-\u9FFF]{2}") == "yes");
  CHECK(match("\xFF", ".") == "yes");
}

TEST_CASE("flags") {
  CHECK(match("HELLO", "(?i)hello") == "yes");
  CHECK(match("\u00C4RGER", "(?i)\u00E4rger") == "yes");
  CHECK(match("\u03C2", "(?i)\u03A3") == "yes");
  CHECK(match("aB", "a(?i)b") == "yes");
  CHECK(match("AB", "(?i:a)b") == "no");
  CHECK(match("Q", "(?i)[a-z]") == "yes");
  CHECK(match("a\nb", "a.b") == "no");
  CHECK(match("a\nb", "(?s)a.b") == "yes");
  CHECK(match("a\rb", "(?d)a.b") == "yes");
  CHECK(match("a\nb", "(?s)a$.b") == "no");
  CHECK(match("a\nb", "(?sm)a$.^b") == "yes");
  CHECK(match("A", "(?i-i)a") == "no");
}

TEST_CASE("assertions") {
  CHECK(match("abc", "^abc$") == "yes");
  CHECK(match("a\n", "a$\n") == "yes");
  CHECK(match("a b", "a\\b \\bb") == "yes");
  CHECK(match("ab", "a\\bb") == "no");
  CHECK(match("ab", "a\\Bb") == "yes");
  CHECK(match("ab", "\\Aab\\z") == "yes");
  CHECK(match("ab", "a^b") == "no");
}

TEST_CASE("what is malformed or not linear is refused") {
  for (const char* bad : {"(", ")", "[", "a**", "*a", "a{2", "a{3,2}", "a{1001}", "\\", "[b-a]", "(?<n", "\\q",
                          "(?q)a", "(a)\\1", "(?=a)", "(?<=a)", "(?!a)", "(?>a)", "a++", "\\k<n>",
                          "\\p{Klingon}", "\\x{110000}", "{1}", "\\G", "(?i"}) {
    CHECK(match("a", bad) == "InvalidRegularExpression");
  }
  CHECK(match("a", "((a{100}){100}){100}") == "InvalidRegularExpression");
  CHECK(match("a", "((((){1000}){1000}){1000}){1000}") == "InvalidRegularExpression");
  CHECK(match("a", std::string(5000, '(') + std::string(5000, ')')) == "InvalidRegularExpression");
  CHECK(match("a", std::string(20'000, 'a')) == "InvalidRegularExpression");
  const Result<Regex> error = Regex::compile("a(?=b)");
  CHECK(error.error().message == "the regular expression uses lookaround, which cannot be matched in linear time");
}

TEST_CASE("patterns that explode elsewhere stay linear") {
  const std::string text(20'000, 'a');
  const auto start = std::chrono::steady_clock::now();
  CHECK(match(text, "(a|a)*b") == "no");
  CHECK(match(text, "(a*)*b") == "no");
  CHECK(match(text, "(.*a){20}") == "yes");
  CHECK(match(text, "\\b(a+)+\\b") == "yes");
  // An automaton of exponential size is forgotten in time.
  std::string mixed;
  std::mt19937 random(5);
  for (int i = 0; i < 20'000; ++i) mixed += random() % 2 == 0 ? 'a' : 'b';
  mixed[mixed.size() - 18] = 'a';
  CHECK(match(mixed, "(a|b)*a(a|b){17}") == "yes");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

// The obvious matcher: every end that a node can reach from a place, one path at a time.
std::set<std::size_t> ends(const regex::Tree& tree, regex::NodeIndex index, std::string_view text, std::size_t from) {
  using Kind = regex::Node::Kind;
  const regex::Node& node = tree.nodes[index];
  std::set<std::size_t> reached;
  switch (node.kind) {
    case Kind::Empty:
    case Kind::Assert: return {from};
    case Kind::Set:
      for (const regex::CharSet::Range& range : tree.sets[node.set].ranges()) {
        const auto c = from < text.size() ? static_cast<char32_t>(text[from]) : regex::kLastCodePoint + 1;
        if (c >= range.first && c <= range.last) reached.insert(from + 1);
      }
      return reached;
    case Kind::Choice:
      for (const regex::NodeIndex part : node.parts) reached.merge(ends(tree, part, text, from));
      return reached;
    case Kind::Sequence:
      reached = {from};
      for (const regex::NodeIndex part : node.parts) {
        std::set<std::size_t> next;
        for (const std::size_t at : reached) next.merge(ends(tree, part, text, at));
        reached = std::move(next);
      }
      return reached;
    case Kind::Repeat: break;
  }
  std::set<std::size_t> now = {from};
  // More rounds than letters cannot reach anything new.
  for (std::uint32_t round = 0; round <= std::min<std::uint32_t>(node.most, 20); ++round) {
    if (round >= node.least) reached.insert(now.begin(), now.end());
    std::set<std::size_t> next;
    for (const std::size_t at : now) next.merge(ends(tree, node.parts[0], text, at));
    now = std::move(next);
  }
  return reached;
}

TEST_CASE("random patterns agree with the obvious matcher") {
  std::mt19937 random(9);
  const auto pick = [&random](const char* const (&pieces)[12]) { return std::string(pieces[random() % 12]); };
  static constexpr const char* kAtoms[12] = {"a",     "b",   ".",      "[ab]",   "[^a]", "(a|b)",
                                             "(ab|)", "(a*b)", "\\w", "(?:ba)", "(b|a*)", "\\d"};
  static constexpr const char* kRepeats[12] = {"", "", "", "", "", "*", "+", "?", "{2}", "{1,3}", "*?", "{0,}"};
  int wrong = 0;
  for (int i = 0; i < 400; ++i) {
    std::string pattern;
    for (std::uint32_t parts = random() % 5; parts > 0; --parts) pattern += pick(kAtoms) + pick(kRepeats);
    const Result<regex::Tree> tree = regex::parse(pattern);
    const Result<Regex> compiled = Regex::compile(pattern);
    REQUIRE((tree && compiled));
    for (int j = 0; j < 30; ++j) {
      std::string text;
      for (std::uint32_t letters = random() % 7; letters > 0; --letters) text += "ab1"[random() % 3];
      const bool expected = ends(*tree, tree->root, text, 0).count(text.size()) != 0;
      if (compiled->full_match(text) != expected) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("any bytes are a pattern or an error, never a crash") {
  std::mt19937 random(21);
  static constexpr char kLetters[] = "ab()[]{}*+?|\\^$.-,&12pdQEixu:<>=!\xC3\xA9\xFF ";
  for (int i = 0; i < 20'000; ++i) {
    std::string pattern;
    for (std::uint32_t letters = random() % 14; letters > 0; --letters) {
      pattern += kLetters[random() % (sizeof kLetters - 1)];
    }
    const Result<Regex> regex = Regex::compile(pattern);
    if (regex) static_cast<void>(regex->full_match("ab\u00E91"));
  }
}

}  // namespace
}  // namespace nexus::function
