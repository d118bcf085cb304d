#include "tests/support/cyt.h"

#include <fstream>
#include <stdexcept>

namespace nexus::cyt {
namespace {

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) {
    file_.path = path;
    std::ifstream stream(path);
    for (std::string line; std::getline(stream, line);) lines_.push_back(line);
  }

  File read() {
    while (at_ < lines_.size()) {
      const std::string line = lines_[at_++];
      if (is_blank(line) || line[0] == '#') continue;
      const std::size_t space = line.find(' ');
      const std::string word = line.substr(0, space);
      const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
      if (!read_heading(word, rest)) read_directive(word, rest);
    }
    if (file_.cases.empty()) fail("the file has no case");
    return std::move(file_);
  }

 private:
  static bool is_blank(const std::string& line) { return line.find_first_not_of(" \t\r") == std::string::npos; }

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(file_.path.string() + ":" + std::to_string(at_) + ": " + what);
  }

  bool read_heading(const std::string& word, const std::string& rest) {
    if (word == "graph") {
      if (rest.empty()) fail("graph needs a name");
      graph_ = rest;
      return true;
    }
    if (word == "case") {
      if (rest.empty()) fail("a case needs a sentence");
      file_.cases.push_back({rest, at_, graph_, {}, {}, {}});
      return true;
    }
    if (word != "skip" && word != "only") return false;
    if (file_.cases.empty()) fail(word + " stands before the first case");
    if (word == "skip") {
      if (rest.find('#') == std::string::npos) fail("skip needs a reason and an issue, #n");
      file_.cases.back().skip = rest;
    } else {
      if (rest.find(' ') == std::string::npos) fail("only needs a mode and a reason");
      file_.cases.back().only_mode = rest.substr(0, rest.find(' '));
    }
    return true;
  }

  void read_directive(const std::string& word, const std::string& rest) {
    if (file_.cases.empty()) fail("a directive stands before the first case: " + word);
    Directive directive{kind_of(word, rest), at_, rest, {}, {}, false};
    using Kind = Directive::Kind;
    const bool has_body = directive.kind == Kind::Do || directive.kind == Kind::Query || directive.kind == Kind::Error ||
                          directive.kind == Kind::Plan || directive.kind == Kind::Expr;
    if (has_body) read_body(directive);
    file_.cases.back().directives.push_back(std::move(directive));
  }

  Directive::Kind kind_of(const std::string& word, const std::string& rest) const {
    using Kind = Directive::Kind;
    if (word == "do" && rest.empty()) return Kind::Do;
    if (word == "query" && (rest.empty() || rest == "ordered")) return Kind::Query;
    if (word == "error" && !rest.empty()) return Kind::Error;
    if (word == "plan" && !rest.empty()) return Kind::Plan;
    if (word == "expr" && rest.empty()) return Kind::Expr;
    if (word == "params" && !rest.empty() && rest.front() == '{') return Kind::Params;
    if (word == "as" && !rest.empty()) return Kind::As;
    if (word == "use" && !rest.empty()) return Kind::Use;
    if (word == "reopen" && (rest.empty() || rest == "crash")) return Kind::Reopen;
    fail("not a directive: " + word + " " + rest);
  }

  void read_body(Directive& directive) {
    for (; at_ < lines_.size() && !is_blank(lines_[at_]); ++at_) {
      if (lines_[at_] == "----") {
        if (directive.has_expected) fail("a second ----");
        directive.has_expected = true;
      } else {
        (directive.has_expected ? directive.expected : directive.body).push_back(lines_[at_]);
      }
    }
    if (directive.body.empty()) fail("the block has no text");
    if (directive.kind == Directive::Kind::Query && !directive.has_expected) fail("a query needs its table under ----");
  }

  File file_;
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
  std::string graph_ = "empty";
};

}  // namespace

File read_file(const std::filesystem::path& path) { return Reader(path).read(); }

}  // namespace nexus::cyt
