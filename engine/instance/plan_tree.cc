#include "instance/plan_tree.h"

#include <algorithm>

#include "plan/walk.h"

namespace nexus::instance {
namespace {

const exec::OperatorProfile* measured(const plan::Plan& plan, const exec::Profile* profile) {
  if (profile == nullptr) return nullptr;
  const auto found = profile->find(&plan);
  return found == profile->end() ? nullptr : &found->second;
}

std::vector<const plan::Plan*> children_of(const plan::Plan& plan) {
  std::vector<const plan::Plan*> children = plan::inner_plans(plan);
  if (const plan::Plan* input = plan::input_of(plan)) children.insert(children.begin(), input);
  return children;
}

void set_counts(PlanTree& tree, const plan::Plan& plan, const exec::Profile* profile) {
  const exec::OperatorProfile* own = measured(plan, profile);
  if (profile == nullptr) return;
  std::uint64_t hits = own == nullptr ? 0 : own->db_hits;
  std::int64_t time = own == nullptr ? 0 : own->nanoseconds;
  for (const plan::Plan* child : children_of(plan)) {
    if (const auto* inner = measured(*child, profile)) {
      hits -= std::min(hits, inner->db_hits);
      time -= std::min(time, inner->nanoseconds);
    }
  }
  tree.rows = own == nullptr ? 0 : own->rows;
  tree.db_hits = hits;
  tree.time_ns = static_cast<std::uint64_t>(time);
}

void append(std::string& out, const PlanTree& tree, std::size_t indent) {
  for (const PlanTree* at = &tree; at != nullptr;) {
    out.append(indent * 2, ' ');
    out += at->operator_type + (at->details.empty() ? "" : " " + at->details);
    if (at->rows) {
      out += " | rows " + std::to_string(*at->rows) + ", db hits " + std::to_string(at->db_hits.value_or(0)) +
             ", time " + std::to_string(at->time_ns.value_or(0) / 1'000) + " us";
    }
    out += '\n';
    const PlanTree* input = nullptr;
    for (const PlanTree& child : at->children) {
      if (&child == &at->children.front() && at->input_first) input = &child;
      else append(out, child, indent + 1);
    }
    at = input;
  }
}

}  // namespace

PlanTree plan_tree(const plan::Plan& root, const plan::SlotNames& names, const exec::Profile* profile) {
  const std::string title = plan::title(root, names);
  PlanTree tree;
  tree.operator_type = title.substr(0, title.find(' '));
  if (tree.operator_type.size() < title.size()) tree.details = title.substr(tree.operator_type.size() + 1);
  set_counts(tree, root, profile);
  tree.input_first = plan::input_of(root) != nullptr;
  for (const plan::Plan* child : children_of(root)) tree.children.push_back(plan_tree(*child, names, profile));
  return tree;
}

std::string to_text(const PlanTree& tree) {
  std::string made;
  append(made, tree, 0);
  return made;
}

}  // namespace nexus::instance
