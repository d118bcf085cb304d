// Lowering: from a bound plan to operators that can run in one transaction.
//
// It resolves what the plan leaves open (parameters, procedures), folds constants, and decides
// from the effects of the parts where reading and writing must be kept apart.
#pragma once

#include <vector>

#include "exec/effects.h"
#include "exec/operators/operators.h"
#include "plan/plan.h"

namespace nexus::exec {

class Lowering {
 public:
  // The plan and the context outlive what is made.
  Lowering(Context& context, std::size_t width)
      : context_(context), width_(width), outer_(std::make_shared<OuterRow>()) {}

  // `downstream`: what happens to the rows afterwards. Errors: MissingParameter,
  // ProcedureNotFound, NestingTooDeep.
  Result<OperatorPtr> lower(const plan::Plan* root, Effects downstream);
  // The inner plan of a USE, in the context of the graph it names.
  Result<InnerPlan> lower_guest(const plan::UseGraph& use, Effects downstream);
  // A plan that starts from a row given later; the same errors.
  Result<InnerPlan> lower_inner(const plan::PlanPtr& plan);

 private:
  // What surrounds the operator that is being made.
  struct Surroundings {
    Effects upstream;
    Effects downstream;
  };

  bool is_inner() const { return inner_depth_ != 0; }
  Barriers barriers(EffectBits writes) const;
  // Eager where needed around an operator that writes while it pulls.
  OperatorPtr apart_before(OperatorPtr input, EffectBits writes);
  OperatorPtr apart_after(OperatorPtr made, EffectBits writes);

  Result<OperatorPtr> make(const plan::Argument& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::AllNodesScan& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::LabelScan& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::NodeByIdSeek& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::RelationshipByIdSeek& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::NodeIndexSeek& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::RelationshipIndexSeek& op, OperatorPtr input);
  Result<IndexSeekParts> index_seek(const plan::IndexSeek& seek);
  Result<OperatorPtr> make(const plan::RelationshipScan& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Expand& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::VarExpand& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::RepeatExpand& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::SelectPaths& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::ShortestPath& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Filter& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::OptionalApply& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Apply& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::TransactionalApply& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::LoadCsv& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Project& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Aggregate& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Distinct& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Sort& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Skip& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Limit& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Unwind& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Union& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Eager& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Create& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Update& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Delete& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Merge& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::Foreach& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::ProcedureCall& op, OperatorPtr input);
  Result<OperatorPtr> make(const plan::UseGraph& op, OperatorPtr input);

  using CreateItem = std::variant<plan::CreateNode, plan::CreateRelationship>;
  Result<std::vector<CreateStep>> create_steps(const std::vector<CreateItem>& items);
  Result<CreateStep> create_step(const plan::CreateNode& item);
  Result<CreateStep> create_step(const plan::CreateRelationship& item);
  Result<PropertySource> property_source(const plan::ExpressionPtr& properties);
  Result<std::vector<NameSource>> name_sources(storage::TokenKind kind, const std::vector<plan::LabelSource>& sources);
  Result<NameSource> name_source(storage::TokenKind kind, const plan::LabelSource& source);
  Result<std::vector<UpdateStepPtr>> update_steps(const std::vector<plan::UpdateItem>& items);
  Result<UpdateStepPtr> update_step(const plan::SetProperty& item);
  Result<UpdateStepPtr> update_step(const plan::SetProperties& item);
  Result<UpdateStepPtr> update_step(const plan::SetLabels& item);
  Result<UpdateStepPtr> update_step(const plan::RemoveProperty& item);
  Result<UpdateStepPtr> update_step(const plan::RemoveLabels& item);

  // Expressions: compile.cc. A null pointer stays null.
  Result<EvaluatorPtr> compile(const plan::ExpressionPtr& expression);
  Result<Evaluators> compile_all(const std::vector<plan::ExpressionPtr>& expressions);
  Result<std::vector<Assignment>> compile_items(const std::vector<plan::ProjectionItem>& items);
  Result<LabelCheckPtr> compile_test(const plan::LabelTest& test);
  // The value itself when all operands are constants and nothing goes wrong.
  EvaluatorPtr folded(EvaluatorPtr evaluator, bool is_constant);

  Result<EvaluatorPtr> compile(const plan::Constant& node);
  Result<EvaluatorPtr> compile(const plan::ParameterRef& node);
  Result<EvaluatorPtr> compile(const plan::SlotRef& node);
  Result<EvaluatorPtr> compile(const plan::PropertyOf& node);
  Result<EvaluatorPtr> compile(const plan::IndexOf& node);
  Result<EvaluatorPtr> compile(const plan::SliceOf& node);
  Result<EvaluatorPtr> compile(const plan::Unary& node);
  Result<EvaluatorPtr> compile(const plan::BinaryChain& node);
  Result<EvaluatorPtr> compile(const plan::ComparisonChain& node);
  Result<EvaluatorPtr> compile(const plan::Logical& node);
  Result<EvaluatorPtr> compile(const plan::HasLabels& node);
  Result<EvaluatorPtr> compile(const plan::IsTyped& node);
  Result<EvaluatorPtr> compile(const plan::ScalarCall& node);
  Result<EvaluatorPtr> compile(const plan::ListOf& node);
  Result<EvaluatorPtr> compile(const plan::MapOf& node);
  Result<EvaluatorPtr> compile(const plan::MapProjection& node);
  Result<EvaluatorPtr> compile(const plan::CaseOf& node);
  Result<EvaluatorPtr> compile(const plan::ListComprehension& node);
  Result<EvaluatorPtr> compile(const plan::Quantifier& node);
  Result<EvaluatorPtr> compile(const plan::Reduce& node);
  Result<EvaluatorPtr> compile(const plan::Subquery& node);
  Result<EvaluatorPtr> compile(const plan::PathOf& node);

  // Deep chains of clauses cost stack while they run; WebAssembly has one megabyte.
  static constexpr std::size_t kOperatorsMax = 1000;
  static constexpr std::uint32_t kExpressionDepthMax = 600;
  static constexpr std::uint32_t kInnerDepthMax = 50;

  Context& context_;
  std::size_t width_;
  OuterRowPtr outer_;
  Surroundings around_;
  std::uint32_t expression_depth_ = 0;
  std::uint32_t inner_depth_ = 0;
};

}  // namespace nexus::exec
