// Patterns as text.
#include "base/match.h"
#include "syntax/printer_state.h"

namespace nexus::syntax {

void Printer::put(const LabelName& name) {
  if (name.dynamic) add(name.any ? "$any(" : "$(", *name.dynamic, ")");
  else put(Key{name.name});
}

// Levels: 0 may be A|B, 1 may be A&B, 2 is a single operand.
void Printer::label(const LabelExpression& labels, int level) {
  const auto joined = [this, level](const auto& operands, std::string_view between, int own_level) {
    if (own_level < level) put("(");
    separated(operands, between, [this, own_level](const LabelExpression& item) { label(item, own_level + 1); });
    if (own_level < level) put(")");
  };
  std::visit(nexus::Match{
      [this](const LabelName& name) { put(name); },
      [this](const LabelWildcard&) { put("%"); },
      [this](const LabelNot& negation) {
        put("!");
        label(*negation.operand, 2);
      },
      [&joined](const LabelAnd& conjunction) { joined(conjunction.operands, "&", 1); },
      [&joined](const LabelOr& alternatives) { joined(alternatives.operands, "|", 0); }}, labels.node);
}

void Printer::put(const NodePattern& pattern) {
  put("(");
  if (pattern.variable) put(Name{*pattern.variable});
  optional(":", pattern.labels);
  optional(pattern.variable || pattern.labels ? " " : "", pattern.properties);
  optional(pattern.variable || pattern.labels || pattern.properties ? " WHERE " : "WHERE ", pattern.where);
  put(")");
}

void Printer::put(const RelationshipPattern& pattern) {
  put(pattern.direction == Direction::Left ? "<-" : "-");
  const std::size_t begin = out_.size();
  if (pattern.variable) put(Name{*pattern.variable});
  optional(":", pattern.types);
  optional("", pattern.length);
  optional(out_.size() > begin ? " " : "", pattern.properties);
  optional(out_.size() > begin ? " WHERE " : "WHERE ", pattern.where);
  if (out_.size() > begin) {
    out_.insert(begin, "[");
    put("]");
  }
  put(pattern.direction == Direction::Right ? "->" : "-");
  optional("", pattern.quantifier);
}

void Printer::put(const GroupPattern& group) {
  put("(");
  if (group.variable) add(Name{*group.variable}, " = ");
  for (const PatternElement& element : group.elements) put(element);
  optional(" WHERE ", group.where);
  put(")");
  optional("", group.quantifier);
}

void Printer::put(const Quantifier& quantifier) {
  if (!quantifier.max && quantifier.min <= 1) return put(quantifier.min == 1 ? "+" : "*");
  add("{", std::to_string(quantifier.min), ",");
  if (quantifier.max) put(std::to_string(*quantifier.max));
  put("}");
}

void Printer::put(const VariableLength& length) {
  put("*");
  if (length.min) put(std::to_string(*length.min));
  if (length.min && length.min == length.max) return;
  if (length.min || length.max) put("..");
  if (length.max) put(std::to_string(*length.max));
}

void Printer::put(const PatternElement& element) {
  std::visit([this](const auto& alternative) { put(alternative); }, element.node);
}

void Printer::put(const PathSelector& selector) {
  switch (selector.kind) {
    case PathSelectorKind::None:
    case PathSelectorKind::ShortestPath:
    case PathSelectorKind::AllShortestPaths: return;
    case PathSelectorKind::AllPaths: return put("ALL ");
    case PathSelectorKind::AllShortest: return put("ALL SHORTEST ");
    case PathSelectorKind::Any: put("ANY "); break;
    case PathSelectorKind::ShortestPaths: put(selector.count ? "SHORTEST " : "ANY SHORTEST "); break;
    case PathSelectorKind::ShortestPathGroups: put("SHORTEST "); break;
  }
  if (selector.count) add(*selector.count, " ");
  if (selector.kind == PathSelectorKind::ShortestPathGroups) put("GROUPS ");
}

void Printer::put(const PatternPath& path) {
  if (path.variable) add(Name{*path.variable}, " = ");
  const bool is_one = path.selector.kind == PathSelectorKind::ShortestPath;
  const bool is_function = is_one || path.selector.kind == PathSelectorKind::AllShortestPaths;
  if (is_function) put(is_one ? "shortestPath(" : "allShortestPaths(");
  else put(path.selector);
  for (const PatternElement& element : path.elements) put(element);
  if (is_function) put(")");
}

}  // namespace nexus::syntax
