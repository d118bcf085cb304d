#include "service/plan_tree.h"

#include <algorithm>
#include <vector>

namespace nexus::service {
namespace {

Value text(std::string_view value) { return Value::string(value); }

// A plan's lines, read from the top: deeper lines below an operator are its inner plans, the
// next line at the same depth is its input.
class PlanLines {
 public:
  PlanLines(std::string_view plan, const char* arguments_key) : arguments_key_(arguments_key) {
    while (!plan.empty()) {
      const std::string_view line = plan.substr(0, plan.find('\n'));
      plan.remove_prefix(std::min(plan.size(), line.size() + 1));
      const std::size_t depth = line.find_first_not_of(' ');
      if (depth != std::string_view::npos) lines_.push_back({depth, line.substr(depth)});
    }
  }

  // Requires: there is a line left. Cost: recursion as deep as the plan, up to kLinesMax.
  Value read() {
    const Line line = lines_[at_++];
    List children;
    while (at_ < lines_.size() && at_ < kLinesMax && lines_[at_].depth > line.depth) children.push_back(read());
    const bool has_input = line.text != "Argument" && at_ < lines_.size() && lines_[at_].depth == line.depth;
    if (has_input && at_ < kLinesMax) children.push_back(read());
    const std::size_t end = std::min(line.text.find_first_of(" ("), line.text.size());
    std::string_view details = line.text.substr(end);
    if (!details.empty() && details.front() == ' ') details.remove_prefix(1);
    Map arguments;
    if (!details.empty()) arguments.emplace_back("Details", text(details));
    return Value::map(make_map({{arguments_key_, Value::map(std::move(arguments))},
                       {"children", Value::list(std::move(children))},
                       {"identifiers", Value::list({})},
                       {"operatorType", text(line.text.substr(0, end))}}));
  }
  bool is_empty() const { return lines_.empty(); }

 private:
  // Operators beyond it are left out: a value cannot be nested much deeper.
  static constexpr std::size_t kLinesMax = 100;
  struct Line {
    std::size_t depth;
    std::string_view text;
  };
  const char* arguments_key_;
  std::vector<Line> lines_;
  std::size_t at_ = 0;
};

}  // namespace

Value plan_tree(std::string_view plan, const char* arguments_key) {
  PlanLines lines(plan, arguments_key);
  return lines.is_empty() ? Value::null() : lines.read();
}

}  // namespace nexus::service
