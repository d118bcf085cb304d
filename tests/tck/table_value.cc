#include "tests/tck/table_value.h"

#include <algorithm>
#include <vector>

#include "base/number.h"

namespace nexus::tck {
namespace {

// One parser, two products: canonical text always, and a Value where one exists.
struct Parsed {
  std::string text;
  Value value;
};

class Parser {
 public:
  Parser(std::string_view text, bool bag_lists) : text_(text), bag_lists_(bag_lists) {}

  Result<Parsed> whole() {
    NX_TRY(Parsed parsed, value());
    blanks();
    if (at_ != text_.size()) return wrong("the end");
    return parsed;
  }

 private:
  Error wrong(std::string_view wanted) const {
    return Error(ErrorCode::Internal, "expected " + std::string(wanted) + " at " + std::to_string(at_) + " of " + std::string(text_));
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool take(std::string_view token) {
    blanks();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  char peek() {
    blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  Result<Parsed> value() {
    switch (peek()) {
      case '\'': return string();
      case '[': return list_or_relationship();
      case '{': return map();
      case '(': return node();
      case '<': return path();
      default: return word();
    }
  }

  Result<Parsed> string() {
    std::string text;
    std::size_t end = at_ + 1;
    for (; end < text_.size() && text_[end] != '\''; ++end) {
      if (text_[end] == '\\' && end + 1 < text_.size()) {
        ++end;
        if (text_[end] == 'n') { text += '\n'; continue; }
        if (text_[end] == 't') { text += '\t'; continue; }
        if (text_[end] == 'r') { text += '\r'; continue; }
        if (text_[end] == 'b') { text += '\b'; continue; }
        if (text_[end] == 'f') { text += '\f'; continue; }
      }
      text += text_[end];
    }
    if (end >= text_.size()) return wrong("a closing quote");
    at_ = end + 1;
    return Parsed{"'" + text + "'", Value::string(text)};
  }

  Result<Parsed> word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view(",]}):> \n|").find(text_[at_]) == std::string_view::npos) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    if (word == "null") return Parsed{"null", Value::null()};
    if (word == "true" || word == "false") return Parsed{std::string(word), Value::boolean(word == "true")};
    if (word == "NaN") return Parsed{"NaN", Value::real(*parse_double("1e999") - *parse_double("1e999"))};
    if (word == "Inf" || word == "Infinity") return Parsed{"Infinity", Value::real(*parse_double("1e999"))};
    if (word == "-Inf" || word == "-Infinity") return Parsed{"-Infinity", Value::real(*parse_double("-1e999"))};
    if (const auto integer = parse_integer(word)) return Parsed{std::to_string(*integer), Value::integer(*integer)};
    // Compared as doubles: the two zeros are one.
    if (const auto real = parse_double(word)) return Parsed{format_double(*real == 0 ? 0.0 : *real), Value::real(*real)};
    return wrong("a value");
  }

  Result<Parsed> list_or_relationship() {
    take("[");
    if (peek() == ':') return relationship();
    std::vector<std::string> texts;
    List items;
    while (!take("]")) {
      if (!texts.empty() && !take(",")) return wrong("a comma");
      NX_TRY(Parsed item, value());
      texts.push_back(std::move(item.text));
      items.push_back(std::move(item.value));
    }
    if (bag_lists_) std::sort(texts.begin(), texts.end());
    return Parsed{"[" + joined(texts) + "]", Value::list(std::move(items))};
  }

  static std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) (all += all.empty() ? "" : ", ") += text;
    return all;
  }

  std::string name() {
    blanks();
    std::string name;
    if (take("`")) {
      while (at_ < text_.size() && text_[at_] != '`') name += text_[at_++];
      ++at_;
      return name;
    }
    while (at_ < text_.size() && std::string_view(": {}[]()<>,|").find(text_[at_]) == std::string_view::npos) name += text_[at_++];
    return name;
  }

  Result<Parsed> map() {
    take("{");
    std::vector<std::string> texts;
    Map entries;
    while (!take("}")) {
      if (!texts.empty() && !take(",")) return wrong("a comma");
      const std::string key = name();
      if (!take(":")) return wrong("a colon");
      NX_TRY(Parsed entry, value());
      texts.push_back(key + ": " + entry.text);
      entries.emplace_back(key, std::move(entry.value));
    }
    std::sort(texts.begin(), texts.end());
    return Parsed{"{" + joined(texts) + "}", Value::map(make_map(std::move(entries)))};
  }

  Result<std::string> labels_and_properties(char close) {
    std::vector<std::string> labels;
    while (take(":")) labels.push_back(":" + name());
    std::sort(labels.begin(), labels.end());
    std::string text;
    for (const std::string& label : labels) text += label;
    if (peek() == '{') {
      NX_TRY(const Parsed properties, map());
      if (properties.text != "{}") text += " " + properties.text;
    }
    if (!take(std::string_view(&close, 1))) return wrong("a closing bracket");
    return text;
  }

  Result<Parsed> node() {
    take("(");
    NX_TRY(const std::string inside, labels_and_properties(')'));
    return Parsed{"(" + inside + ")", Value::null()};
  }

  Result<Parsed> relationship() {
    NX_TRY(const std::string inside, labels_and_properties(']'));
    return Parsed{"[" + inside + "]", Value::null()};
  }

  Result<Parsed> path() {
    take("<");
    NX_TRY(Parsed first, node());
    std::string text = "<" + first.text;
    while (!take(">")) {
      const bool left = take("<-");
      if (!left && !take("-")) return wrong("a relationship");
      take("[");
      NX_TRY(const Parsed relationship_text, relationship());
      if (!take("->")) {
        if (!take("-")) return wrong("an arrow");
      }
      NX_TRY(const Parsed next, node());
      text += (left ? "<-" : "-") + relationship_text.text + (left ? "-" : "->") + next.text;
    }
    return Parsed{text + ">", Value::null()};
  }

  std::string_view text_;
  bool bag_lists_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::string> canonical(std::string_view text, bool bag_lists) {
  NX_TRY(Parsed parsed, Parser(text, bag_lists).whole());
  return std::move(parsed.text);
}

Result<Value> parse_value(std::string_view text) {
  NX_TRY(Parsed parsed, Parser(text, false).whole());
  return std::move(parsed.value);
}

}  // namespace nexus::tck
