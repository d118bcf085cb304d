#include "exec/effects.h"

#include "base/match.h"

namespace nexus::exec {

namespace {

// Adds up the effects of expressions and plans, whatever shape they come in.
class Gathering {
 public:
  Effects sum;

  // Whoever looks at the structure finds what was there before.
  void reads(EffectBits bits) {
    sum.reads |= bits;
    if ((bits & kStructure) != 0) acts(kFinds);
  }
  void writes(EffectBits bits) { sum.writes |= bits; }
  void acts(ActBits bits) { sum.acts |= bits; }

  void add(const plan::ExpressionPtr& expression) {
    if (expression) std::visit([this](const auto& node) { visit(node); }, expression->node);
  }
  void add(const plan::PlanPtr& plan) {
    if (plan) sum.add(effects(*plan));
  }
  template <class Item>
  void add(const std::vector<Item>& items) {
    for (const auto& item : items) add(item);
  }
  void add(const std::pair<std::string, plan::ExpressionPtr>& entry) { add(entry.second); }
  void add(const plan::BinaryChain::Step& step) { add(step.operand); }
  void add(const plan::ComparisonChain::Step& step) { add(step.operand); }
  void add(const plan::CaseOf::When& when) {
    add(when.condition);
    add(when.value);
  }
  void add(const plan::MapProjection::Entry& entry) { add(entry.value); }
  void add(const plan::ProjectionItem& item) { add(item.expression); }
  void add(const plan::AggregateItem& item) { add(item.arguments); }
  void add(const plan::SortKey& key) { add(key.expression); }
  void add(const plan::LabelSource& label) { add(label.expression); }
  void add(const plan::LabelTestPtr& test) {
    add(test->expression);
    add(test->operands);
  }
  void add(const std::variant<plan::CreateNode, plan::CreateRelationship>& item) {
    std::visit(Match{
                   [this](const plan::CreateNode& node) {
                     add(node.labels);
                     add(node.properties);
                   },
                   [this](const plan::CreateRelationship& relationship) {
                     add(relationship.type);
                     add(relationship.properties);
                   },
               },
               item);
    acts(kCreates);
    writes(kStructure);
  }
  void add(const plan::UpdateItem& item) {
    std::visit(Match{
                   [this](const plan::SetProperty& set) {
                     add(set.subject);
                     add(set.dynamic_key);
                     add(set.value);
                     acts(kSetsProperties);
                     writes(kProperties);
                   },
                   [this](const plan::SetProperties& set) {
                     add(set.value);
                     reads(kProperties);  // The value may be an entity.
                     acts(kSetsProperties);
                     writes(kProperties);
                   },
                   [this](const plan::SetLabels& set) {
                     add(set.labels);
                     acts(kSetsLabels);
                     writes(kLabels);
                   },
                   [this](const plan::RemoveProperty& remove) {
                     add(remove.subject);
                     add(remove.dynamic_key);
                     acts(kSetsProperties);
                     writes(kProperties);
                   },
                   [this](const plan::RemoveLabels& remove) {
                     add(remove.labels);
                     acts(kRemovesLabels);
                     writes(kLabels);
                   },
               },
               item);
  }

  // Expressions.
  void visit(const plan::Constant&) {}
  void visit(const plan::ParameterRef&) {}
  void visit(const plan::SlotRef&) {}
  void visit(const plan::PropertyOf& node) {
    reads(kProperties);
    add(node.subject);
  }
  void visit(const plan::IndexOf& node) {
    reads(kProperties);
    add(node.subject);
    add(node.index);
  }
  void visit(const plan::SliceOf& node) {
    add(node.subject);
    add(node.from);
    add(node.to);
  }
  void visit(const plan::Unary& node) { add(node.operand); }
  void visit(const plan::BinaryChain& node) {
    add(node.first);
    add(node.steps);
  }
  void visit(const plan::ComparisonChain& node) {
    add(node.first);
    add(node.steps);
  }
  void visit(const plan::Logical& node) { add(node.operands); }
  void visit(const plan::HasLabels& node) {
    reads(kLabels);
    add(node.subject);
    add(node.test);
  }
  void visit(const plan::IsTyped& node) { add(node.subject); }
  void visit(const plan::ScalarCall& node) {
    for (const auto& parameter : node.function->parameters) {
      if ((parameter.types & function::kEntity) != 0) reads(kLabels | kProperties);
    }
    add(node.arguments);
  }
  void visit(const plan::ListOf& node) { add(node.items); }
  void visit(const plan::MapOf& node) { add(node.entries); }
  void visit(const plan::MapProjection& node) {
    reads(kProperties);
    add(node.subject);
    add(node.entries);
  }
  void visit(const plan::CaseOf& node) {
    add(node.subject);
    add(node.whens);
    add(node.otherwise);
  }
  void visit(const plan::ListComprehension& node) {
    add(node.list);
    add(node.where);
    add(node.projection);
  }
  void visit(const plan::Quantifier& node) {
    add(node.list);
    add(node.where);
  }
  void visit(const plan::Reduce& node) {
    add(node.initial);
    add(node.list);
    add(node.body);
  }
  void visit(const plan::Subquery& node) {
    add(node.plan);
    add(node.result);
  }
  void visit(const plan::PathOf&) {}

  // Operators, without their inputs.
  void visit(const plan::Argument&) {}
  void visit(const plan::AllNodesScan&) { reads(kStructure); }
  void visit(const plan::LabelScan&) { reads(kStructure | kLabels); }
  void visit(const plan::NodeByIdSeek& op) {
    reads(kStructure);
    add(op.ids);
  }
  void visit(const plan::RelationshipByIdSeek& op) {
    reads(kStructure);
    add(op.ids);
  }
  void add(const plan::IndexSeek& seek) {
    reads(kEverything);
    add(seek.equal);
    add(seek.among);
    add(seek.lower);
    add(seek.upper);
    add(seek.prefix);
  }
  void visit(const plan::NodeIndexSeek& op) { add(op.seek); }
  void visit(const plan::RelationshipIndexSeek& op) { add(op.seek); }
  void visit(const plan::RelationshipScan&) { reads(kStructure); }
  void visit(const plan::Expand&) { reads(kStructure); }
  void visit(const plan::VarExpand& op) {
    reads(kStructure);
    add(op.step_predicate);
  }
  void visit(const plan::RepeatExpand& op) {
    reads(kStructure);
    add(op.inner);
  }
  void visit(const plan::SelectPaths& op) { add(op.count); }
  void visit(const plan::ShortestPath& op) {
    reads(kStructure);
    add(op.step_predicate);
    add(op.paths);
    add(op.predicate);
  }
  void visit(const plan::Filter& op) { add(op.predicate); }
  void visit(const plan::OptionalApply& op) { add(op.inner); }
  void visit(const plan::Apply& op) { add(op.inner); }
  void visit(const plan::TransactionalApply& op) {
    add(op.rows);
    add(op.seconds);
    add(op.inner);
  }
  void visit(const plan::LoadCsv& op) {
    acts(kLoads);
    add(op.url);
  }
  void visit(const plan::Project& op) { add(op.items); }
  void visit(const plan::Aggregate& op) {
    add(op.grouping);
    add(op.aggregates);
  }
  void visit(const plan::Distinct&) {}
  void visit(const plan::Sort& op) {
    add(op.keys);
    add(op.limit);
  }
  void visit(const plan::Skip& op) { add(op.count); }
  void visit(const plan::Limit& op) { add(op.count); }
  void visit(const plan::Unwind& op) { add(op.list); }
  void visit(const plan::Union& op) { add(op.inputs); }
  void visit(const plan::Eager&) {}
  void visit(const plan::Create& op) { add(op.items); }
  void visit(const plan::Update& op) { add(op.items); }
  void visit(const plan::Delete& op) {
    add(op.targets);
    acts(kDeletes);
    writes(kEverything);
  }
  void visit(const plan::Merge& op) {
    reads(kEverything);
    add(op.match);
    add(op.items);
    add(op.on_create);
    add(op.on_match);
  }
  void visit(const plan::Foreach& op) {
    add(op.list);
    add(op.inner);
  }
  void visit(const plan::UseGraph& op) {
    add(op.name);
    add(op.inner);
  }
  void visit(const plan::ProcedureCall& op) {
    sum.reads |= kEverything;
    sum.calls.push_back(&op);
    add(op.arguments);
  }
};

}  // namespace

Effects own_effects(const plan::Plan& plan) {
  Gathering gathering;
  std::visit([&](const auto& op) { gathering.visit(op); }, plan.op);
  return gathering.sum;
}

Effects effects(const plan::Plan& plan) {
  Effects sum;
  for (const plan::Plan* at = &plan; at != nullptr; at = input_of(*at)) sum.add(own_effects(*at));
  return sum;
}

Effects effects(const plan::Expression& expression) {
  Gathering gathering;
  std::visit([&](const auto& node) { gathering.visit(node); }, expression.node);
  return gathering.sum;
}

const plan::Plan* input_of(const plan::Plan& plan) {
  return std::visit(
      [](const auto& op) -> const plan::Plan* {
        if constexpr (requires { op.input; }) {
          return op.input.get();
        } else {
          return nullptr;
        }
      },
      plan.op);
}

}  // namespace nexus::exec
