// to_text(): a plan as people read it, the last operator first, its input one line below.
//
// Slots are written by the names the statement gave them, others _0, _1, …; an inner plan is
// indented under its operator.
#include "base/match.h"
#include "plan/plan.h"
#include "plan/static_type.h"
#include "plan/walk.h"
#include "value/text.h"

namespace nexus::plan {
namespace {

template <class Items, class Print>
std::string list(const Items& items, Print print, std::string_view separator = ", ") {
  std::string made;
  bool first = true;
  for (const auto& item : items) {
    if (!first) made += separator;
    first = false;
    made += print(item);
  }
  return made;
}

std::string_view symbol(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::Add: return "+";
    case BinaryOperator::Subtract: return "-";
    case BinaryOperator::Multiply: return "*";
    case BinaryOperator::Divide: return "/";
    case BinaryOperator::Modulo: return "%";
    case BinaryOperator::Power: return "^";
    case BinaryOperator::Concatenate: return "||";
    case BinaryOperator::Equal: return "=";
    case BinaryOperator::NotEqual: return "<>";
    case BinaryOperator::Less: return "<";
    case BinaryOperator::LessOrEqual: return "<=";
    case BinaryOperator::Greater: return ">";
    case BinaryOperator::GreaterOrEqual: return ">=";
    case BinaryOperator::In: return "IN";
    case BinaryOperator::StartsWith: return "STARTS WITH";
    case BinaryOperator::EndsWith: return "ENDS WITH";
    case BinaryOperator::Contains: return "CONTAINS";
    case BinaryOperator::Matches: return "=~";
  }
  return "?";
}

std::string_view name(QuantifierKind kind) {
  switch (kind) {
    case QuantifierKind::All: return "all";
    case QuantifierKind::Any: return "any";
    case QuantifierKind::None: return "none";
    case QuantifierKind::Single: return "single";
  }
  return "?";
}

std::string length(std::uint64_t min, std::optional<std::uint64_t> max) {
  return "*" + std::to_string(min) + ".." + (max ? std::to_string(*max) : "");
}

// The text of a statement's operators and expressions.
class Printer {
 public:
  explicit Printer(const SlotNames& names) : names_(names) {}

  std::string text(const ExpressionPtr& expression) const { return expression ? text(*expression) : std::string("null"); }
  std::string slot(Slot number) const {
    if (number < names_.size() && !names_[number].empty()) return names_[number];
    return "_" + std::to_string(number);
  }
  std::string slots(const std::vector<Slot>& numbers) const {
    return list(numbers, [&](Slot number) { return slot(number); });
  }

  std::string join(const std::vector<ExpressionPtr>& items, std::string_view separator = ", ") const {
    return list(
        items, [&](const ExpressionPtr& item) { return text(item); }, separator);
  }

  std::string text(const Unary& unary) const {
    switch (unary.op) {
      case UnaryOperator::Not: return "NOT " + text(unary.operand);
      case UnaryOperator::Negate: return "-" + text(unary.operand);
      case UnaryOperator::Plus: return "+" + text(unary.operand);
      case UnaryOperator::IsNull: return text(unary.operand) + " IS NULL";
      case UnaryOperator::IsNotNull: return text(unary.operand) + " IS NOT NULL";
    }
    return "?";
  }

  std::string text(const Logical& logical) const {
    switch (logical.op) {
      case LogicalOperator::And: return "(" + join(logical.operands, " AND ") + ")";
      case LogicalOperator::Or: return "(" + join(logical.operands, " OR ") + ")";
      case LogicalOperator::Xor: return "(" + join(logical.operands, " XOR ") + ")";
    }
    return "?";
  }

  std::string text(const LabelTest& test) const {
    const auto inner = [&](const LabelTestPtr& operand) { return text(*operand); };
    switch (test.kind) {
      case LabelTest::Kind::Label: return test.name;
      case LabelTest::Kind::Wildcard: return "%";
      case LabelTest::Kind::And: return "(" + list(test.operands, inner, "&") + ")";
      case LabelTest::Kind::Or: return "(" + list(test.operands, inner, "|") + ")";
      case LabelTest::Kind::Not: return "!" + text(*test.operands.front());
      case LabelTest::Kind::Dynamic: return (test.any ? "$any(" : "$(") + text(test.expression) + ")";
    }
    return "?";
  }

  std::string text(const Subquery& subquery) const {
    switch (subquery.kind) {
      case SubqueryKind::Exists: return "EXISTS {…}";
      case SubqueryKind::Count: return "COUNT {…}";
      case SubqueryKind::Collect: return "COLLECT {… " + text(subquery.result) + "}";
    }
    return "?";
  }

  std::string text(const CaseOf& node) const {
    std::string made = "CASE";
    if (node.subject) made += " " + text(node.subject);
    for (const CaseOf::When& when : node.whens) made += " WHEN " + text(when.condition) + " THEN " + text(when.value);
    if (node.otherwise) made += " ELSE " + text(node.otherwise);
    return made + " END";
  }

  std::string text(const MapProjection& node) const {
    return text(node.subject) + " {" +
           list(node.entries,
                [&](const MapProjection::Entry& entry) {
                  return entry.value ? entry.key + ": " + text(entry.value) : std::string(".*");
                }) +
           "}";
  }

  std::string text(const TypeTest& test) const {
    std::string made = test.types == 0 ? "" : types_text(test.types);
    for (const TypeTest& part : test.lists) {
      if (!made.empty()) made += " | ";
      made += part.vector.is_any() ? "LIST<" + text(part) + ">" : to_text(part.vector);
    }
    if (made.empty()) return test.nullable ? "NULL" : "NOTHING";
    return made + (test.nullable ? "" : " NOT NULL");
  }

  template <class Chain>
  std::string chain_text(const Chain& chain) const {
    std::string made = "(" + text(chain.first);
    for (const auto& step : chain.steps) made += " " + std::string(symbol(step.op)) + " " + text(step.operand);
    return made + ")";
  }

  std::string text(const Expression& expression) const {
    return std::visit(
        Match{
            [&](const Constant& node) { return to_text(node.value); },
            [&](const ParameterRef& node) { return "$" + node.name; },
            [&](const SlotRef& node) { return slot(node.slot); },
            [&](const PropertyOf& node) { return text(node.subject) + "." + node.key; },
            [&](const IndexOf& node) { return text(node.subject) + "[" + text(node.index) + "]"; },
            [&](const SliceOf& node) {
              return text(node.subject) + "[" + (node.from ? text(node.from) : "") + ".." +
                     (node.to ? text(node.to) : "") + "]";
            },
            [&](const Unary& node) { return text(node); },
            [&](const BinaryChain& node) { return chain_text(node); },
            [&](const ComparisonChain& node) { return chain_text(node); },
            [&](const Logical& node) { return text(node); },
            [&](const HasLabels& node) { return text(node.subject) + ":" + text(*node.test); },
            [&](const IsTyped& node) {
              return text(node.subject) + (node.negated ? " IS NOT :: " : " IS :: ") + text(node.test);
            },
            [&](const ScalarCall& node) { return std::string(node.function->name) + "(" + join(node.arguments) + ")"; },
            [&](const ListOf& node) { return "[" + join(node.items) + "]"; },
            [&](const MapOf& node) {
              return "{" + list(node.entries, [&](const auto& entry) { return entry.first + ": " + text(entry.second); }) +
                     "}";
            },
            [&](const MapProjection& node) { return text(node); },
            [&](const CaseOf& node) { return text(node); },
            [&](const ListComprehension& node) {
              return "[" + slot(node.variable) + " IN " + text(node.list) +
                     (node.where ? " WHERE " + text(node.where) : "") +
                     (node.projection ? " | " + text(node.projection) : "") + "]";
            },
            [&](const Quantifier& node) {
              return std::string(name(node.kind)) + "(" + slot(node.variable) + " IN " + text(node.list) + " WHERE " +
                     text(node.where) + ")";
            },
            [&](const Reduce& node) {
              return "reduce(" + slot(node.accumulator) + " = " + text(node.initial) + ", " + slot(node.variable) +
                     " IN " + text(node.list) + " | " + text(node.body) + ")";
            },
            [&](const Subquery& node) { return text(node); },
            [&](const PathOf& node) { return "path(" + slots(node.slots) + ")"; },
        },
        expression.node);
  }

  std::string arrow(Slot from, Slot relationship, Slot to, Direction direction, const std::vector<std::string>& types,
                    const std::string& length = {}) const {
    std::string inside = "[" + slot(relationship);
    if (!types.empty())
      inside += ":" + list(
                          types, [&](const std::string& type) { return type; }, "|");
    inside += length + "]";
    const std::string left = direction == Direction::Incoming ? "<-" : "-";
    const std::string right = direction == Direction::Outgoing ? "->" : "-";
    return "(" + slot(from) + ")" + left + inside + right + "(" + slot(to) + ")";
  }

  std::string distinct_text(const std::vector<Slot>& others) const {
    return others.empty() ? std::string() : " other than " + slots(others);
  }

  std::string assignment(const ProjectionItem& item) const {
    const std::string name = slot(item.slot);
    const std::string value = text(item.expression);
    return name == value ? name : name + " = " + value;  // A column without AS is called what it is.
  }

  std::string text(const AggregateItem& item) const {
    const std::string name = slot(item.slot);
    const std::string value = std::string(item.function->name) + "(" + (item.distinct ? "DISTINCT " : "") +
                              (item.arguments.empty() ? "*" : join(item.arguments)) + ")";
    return name == value ? name : name + " = " + value;
  }

  std::string labels_text(const std::vector<LabelSource>& labels) const {
    std::string made;
    for (const LabelSource& label : labels)
      made += ":" + (label.expression ? "$(" + text(label.expression) + ")" : label.name);
    return made;
  }

  std::string properties_text(const ExpressionPtr& properties) const { return properties ? " " + text(properties) : ""; }

  std::string text(const std::variant<CreateNode, CreateRelationship>& item) const {
    return std::visit(
        Match{
            [&](const CreateNode& node) {
              return "(" + slot(node.slot) + labels_text(node.labels) + properties_text(node.properties) + ")";
            },
            [&](const CreateRelationship& made) {
              const std::string type = made.type.expression ? "$(" + text(made.type.expression) + ")" : made.type.name;
              return "(" + slot(made.start) + ")-[" + slot(made.slot) + ":" + type + properties_text(made.properties) +
                     "]->(" + slot(made.end) + ")";
            },
        },
        item);
  }

  std::string key_text(const std::string& key, const ExpressionPtr& dynamic) const {
    return dynamic ? "[" + text(dynamic) + "]" : "." + key;
  }

  std::string text(const UpdateItem& item) const {
    return std::visit(
        Match{
            [&](const SetProperty& set) {
              return "SET " + text(set.subject) + key_text(set.key, set.dynamic_key) + " = " + text(set.value);
            },
            [&](const SetProperties& set) {
              return "SET " + slot(set.subject) + (set.merge ? " += " : " = ") + text(set.value);
            },
            [&](const SetLabels& set) { return "SET " + slot(set.subject) + labels_text(set.labels); },
            [&](const RemoveProperty& removed) {
              return "REMOVE " + text(removed.subject) + key_text(removed.key, removed.dynamic_key);
            },
            [&](const RemoveLabels& removed) { return "REMOVE " + slot(removed.subject) + labels_text(removed.labels); },
        },
        item);
  }

  std::string text(const SortKey& key) const { return text(key.expression) + (key.descending ? " DESC" : ""); }

  std::string text(const Merge& op) const {
    std::string made = "Merge " + texts(op.items);
    if (!op.on_create.empty()) made += " ON CREATE " + texts(op.on_create);
    if (!op.on_match.empty()) made += " ON MATCH " + texts(op.on_match);
    return made;
  }

  std::string text(const TransactionalApply& op) const {
    std::string made = op.unit ? "TransactionalApply unit of " : "TransactionalApply of ";
    made += op.rows ? text(op.rows) : "1000";
    if (op.retries) made += " retrying for " + (op.seconds ? text(op.seconds) : "30") + " s";
    switch (op.on_error) {
      case TransactionalApply::OnError::Fail: break;
      case TransactionalApply::OnError::Continue: made += " on error continue"; break;
      case TransactionalApply::OnError::Break: made += " on error break"; break;
    }
    return made + (op.status ? " status " + slot(*op.status) : "");
  }

  std::string text(const RepeatExpand& op) const {
    std::string made = "RepeatExpand";
    if (op.to_bound) made += "Into";
    made += " (" + slot(op.from) + ")-[" + slot(op.relationships) + length(op.min, op.max) + "]-(" + slot(op.to) + ")";
    made += " of (" + slot(op.inner_from) + ")…(" + slot(op.inner_to) + ")";
    if (op.shortest != RepeatExpand::Shortest::No) made += " shortest " + std::to_string(op.count);
    if (op.shortest == RepeatExpand::Shortest::Groups) made += " groups";
    if (op.reversed) made += " reversed";
    if (!op.variables.empty()) {
      made += " lists " + list(op.variables, [&](const RepeatExpand::Variable& variable) {
                return slot(variable.list) + " of " + slot(variable.inner);
              });
    }
    return made + distinct_text(op.distinct_from);
  }

  std::string text(const ProcedureCall& op) const {
    std::string made = "ProcedureCall " + op.name + "(" + join(op.arguments) + ")";
    if (op.yields.empty()) return made;
    return made + " yields " + list(op.yields, [&](const ProcedureYield& yield) {
             return std::to_string(yield.column) + " as " + slot(yield.slot);
           });
  }

  // ":Label(a, b)) a = 1 AND b >= 2", after the slot.
  std::string seek_text(const IndexSeek& seek, std::string_view close = ")") const {
    std::string made = ":" + seek.label + "(" + list(seek.keys, [&](const std::string& key) { return key; }) + ")" +
                       std::string(close);
    std::string_view separator = " ";
    const auto add = [&](std::size_t key, std::string_view op, const ExpressionPtr& operand) {
      if (!operand) return;
      made += std::string(separator) + seek.keys[key] + " " + std::string(op) + " " + text(operand);
      separator = " AND ";
    };
    for (std::size_t i = 0; i < seek.equal.size(); ++i) add(i, "=", seek.equal[i]);
    const std::size_t next = seek.equal.size();
    add(next, "IN", seek.among);
    add(next, "STARTS WITH", seek.prefix);
    add(next, "from", seek.lower);
    add(next, "to", seek.upper);
    return made;
  }

  std::string title(const Operator& op) const {
    return std::visit(
        Match{
            [&](const Argument&) { return std::string("Argument"); },
            [&](const AllNodesScan& o) { return "AllNodesScan (" + slot(o.node) + ")"; },
            [&](const LabelScan& o) { return "LabelScan (" + slot(o.node) + ":" + o.label + ")"; },
            [&](const NodeByIdSeek& o) {
              return "NodeByIdSeek (" + slot(o.node) + ") " + (o.element_ids ? "elementId" : "id") + " in " + text(o.ids);
            },
            [&](const RelationshipByIdSeek& o) {
              return "RelationshipByIdSeek [" + slot(o.relationship) + "] " + (o.element_ids ? "elementId" : "id") +
                     " in " + text(o.ids);
            },
            [&](const NodeIndexSeek& o) { return "NodeIndexSeek (" + slot(o.node) + seek_text(o.seek); },
            [&](const RelationshipIndexSeek& o) { return "RelationshipIndexSeek [" + slot(o.relationship) + seek_text(o.seek, "]"); },
            [&](const RelationshipScan& o) {
              return "RelationshipScan " + arrow(o.from, o.relationship, o.to, o.direction, o.types);
            },
            [&](const Expand& o) {
              return std::string(o.to_bound ? "ExpandInto " : "Expand ") +
                     arrow(o.from, o.relationship, o.to, o.direction, o.types) +
                     (o.relationship_bound ? " along the known relationship" : "") + distinct_text(o.distinct_from);
            },
            [&](const VarExpand& o) {
              return std::string(o.to_bound ? "VarExpandInto " : "VarExpand ") +
                     arrow(o.from, o.relationships, o.to, o.direction, o.types, length(o.min, o.max)) +
                     (o.relationships_bound ? " along the known relationships" : "") + (o.reversed ? " reversed" : "") +
                     (o.step_predicate ? " each " + text(o.step_predicate) : "") + distinct_text(o.distinct_from);
            },
            [&](const RepeatExpand& o) { return text(o); },
            [&](const SelectPaths& o) {
              return "SelectPaths (" + slot(o.start) + ")…(" + slot(o.end) + ") shortest " +
                     (o.count ? text(o.count) : "1") + (o.groups ? " groups" : "") + " by " + slots(o.relationships);
            },
            [&](const ShortestPath& o) {
              return std::string(o.all ? "AllShortestPaths " : "ShortestPath ") +
                     arrow(o.from, o.relationships, o.to, o.direction, o.types, length(o.min, o.max)) +
                     (o.count > 1 ? " first " + std::to_string(o.count) : "") +
                     (o.step_predicate ? " each " + text(o.step_predicate) : "") +
                     (o.predicate ? " where " + text(o.predicate) : "");
            },
            [&](const Filter& o) { return "Filter " + text(o.predicate); },
            [&](const OptionalApply& o) { return "OptionalApply null " + slots(o.null_slots); },
            [&](const Apply& o) { return std::string(o.unit ? "Apply unit" : "Apply"); },
            [&](const TransactionalApply& o) { return text(o); },
            [&](const Project& o) {
              return "Project " + list(o.items, [&](const auto& each) { return assignment(each); }) + (o.live.empty() ? "" : " keep " + slots(o.live));
            },
            [&](const Aggregate& o) {
              return "Aggregate " + list(o.grouping, [&](const auto& each) { return assignment(each); }) +
                     (o.grouping.empty() || o.aggregates.empty() ? "" : "; ") + texts(o.aggregates);
            },
            [&](const Distinct& o) { return "Distinct " + slots(o.slots); },
            [&](const Sort& o) { return "Sort " + texts(o.keys) + (o.limit ? " first " + text(o.limit) : ""); },
            [&](const Skip& o) { return "Skip " + text(o.count); },
            [&](const Limit& o) { return "Limit " + text(o.count); },
            [&](const Unwind& o) { return "Unwind " + slot(o.slot) + " in " + text(o.list); },
            [&](const LoadCsv& o) {
              return "LoadCsv " + slot(o.row) + " in " + text(o.url) + (o.with_headers ? " with headers" : "");
            },
            [&](const Union&) { return std::string("Union"); },
            [&](const Eager&) { return std::string("Eager"); },
            [&](const Create& o) { return "Create " + texts(o.items); },
            [&](const Update& o) { return "Update " + texts(o.items); },
            [&](const Delete& o) { return std::string(o.detach ? "DetachDelete " : "Delete ") + join(o.targets); },
            [&](const Merge& o) { return text(o); },
            [&](const Foreach& o) { return "Foreach " + slot(o.variable) + " in " + text(o.list); },
            [&](const ProcedureCall& o) { return text(o); },
            [&](const UseGraph& o) { return "UseGraph " + text(o.name) + (o.is_element_id ? " as element id" : ""); },
        },
        op);
  }

  void print(const Plan& plan, std::size_t indent, std::string& into) const {
    for (const Plan* at = &plan; at != nullptr; at = input_of(*at)) {
      into.append(indent * 2, ' ');
      into += title(at->op);
      into += '\n';
      for (const Plan* inner : inner_plans(*at)) print(*inner, indent + 1, into);
    }
  }

 private:
  template <class Items>
  std::string texts(const Items& items) const {
    return list(items, [&](const auto& each) { return text(each); });
  }

  const SlotNames& names_;
};

}  // namespace

std::string title(const Plan& plan, const SlotNames& names) { return Printer(names).title(plan.op); }

std::string to_text(const Plan& plan, const SlotNames& names) {
  std::string made;
  Printer(names).print(plan, 0, made);
  return made;
}

}  // namespace nexus::plan
