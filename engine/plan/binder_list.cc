// The binder: expressions that bring variables of their own, and CASE.
#include "plan/binder_internal.h"

namespace nexus::plan {
namespace {

// Declares names for an inner expression, as long as this lives.
//
// Aggregates have no place inside: the inner expression runs per item, not per row. What the
// projection has computed is out of reach when one of the names would mean something else.
class Locals {
 public:
  Locals(Scope& scope, std::vector<Variable> variables)
      : scope_(scope), count_(variables.size()), aggregation_(scope.aggregation) {
    for (const Variable& variable : variables) {
      if (scope.find(variable.name) != nullptr) shadows_ = true;
    }
    if (shadows_) computed_.swap(scope.computed);
    scope.aggregation = nullptr;
    for (Variable& variable : variables) scope.locals.push_back(std::move(variable));
  }
  ~Locals() {
    scope_.locals.resize(scope_.locals.size() - count_);
    scope_.aggregation = aggregation_;
    if (shadows_) computed_.swap(scope_.computed);
  }
  Locals(const Locals&) = delete;
  Locals& operator=(const Locals&) = delete;

 private:
  Scope& scope_;
  std::size_t count_;
  Aggregation* aggregation_;
  bool shadows_ = false;
  std::vector<Computed> computed_;
};

// The operand of CaseSubject = operand, or null.
const syntax::Expression* compared_to_subject(const syntax::Expression& condition) {
  const auto* comparison = std::get_if<syntax::Comparison>(&condition.node);
  if (comparison == nullptr || comparison->steps.size() != 1) return nullptr;
  if (!std::holds_alternative<syntax::CaseSubject>(comparison->first->node)) return nullptr;
  const syntax::ComparisonStep& step = comparison->steps.front();
  return step.op == syntax::ComparisonOperator::Equal ? &step.operand : nullptr;
}

// WHEN a, b as {a, b}; empty when the condition is anything but equality.
std::vector<const syntax::Expression*> subject_values(const syntax::Expression& condition) {
  std::vector<const syntax::Expression*> values;
  if (const syntax::Expression* value = compared_to_subject(condition)) return {value};
  const auto* either = std::get_if<syntax::Or>(&condition.node);
  if (either == nullptr) return values;
  for (const syntax::Expression& operand : either->operands) {
    const syntax::Expression* value = compared_to_subject(operand);
    if (value == nullptr) return {};
    values.push_back(value);
  }
  return values;
}

StaticType known(StaticType type) { return type.types == 0 ? StaticType{} : type; }

}  // namespace

Result<Typed> Binder::bind_list_operand(const syntax::Expression& list, std::string_view what, Scope& scope) {
  NX_TRY(Typed bound, bind_expression(list, scope));
  if (!bound.type.can_be(Type::List)) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                  std::string(what) + " needs a LIST, not " + types_text(bound.type.types), list.position);
  }
  return bound;
}

Result<Typed> Binder::bind_list_comprehension(const syntax::ListComprehension& comprehension, Position position,
                                              Scope& scope) {
  NX_TRY(Typed list, bind_list_operand(*comprehension.list, "a list comprehension", scope));
  const Slot slot = new_slot(comprehension.variable);
  ListComprehension made{slot, std::move(list.expression), nullptr, nullptr};
  function::TypeSet elements = list.type.elements;
  const Locals locals(scope, {{comprehension.variable, slot, StaticType{list.type.elements}}});
  if (comprehension.where) {
    NX_TRY(Typed where, bind_boolean(*comprehension.where, scope, "WHERE"));
    made.where = std::move(where.expression);
  }
  if (comprehension.projection) {
    NX_TRY(Typed projection, bind_expression(*comprehension.projection, scope));
    elements = projection.type.types;
    made.projection = std::move(projection.expression);
  }
  return Typed{make_expression(std::move(made), position), list_of(elements)};
}

Result<Typed> Binder::bind_quantifier(const syntax::QuantifierExpression& quantifier, Position position, Scope& scope) {
  NX_TRY(Typed list, bind_list_operand(*quantifier.list, "a quantifier", scope));
  const Slot slot = new_slot(quantifier.variable);
  QuantifierKind kind = QuantifierKind::All;
  switch (quantifier.kind) {
    case syntax::QuantifierKind::All: break;
    case syntax::QuantifierKind::Any: kind = QuantifierKind::Any; break;
    case syntax::QuantifierKind::None: kind = QuantifierKind::None; break;
    case syntax::QuantifierKind::Single: kind = QuantifierKind::Single; break;
  }
  const Locals locals(scope, {{quantifier.variable, slot, StaticType{list.type.elements}}});
  NX_TRY(Typed where, bind_boolean(*quantifier.where, scope, "WHERE"));
  return Typed{
      make_expression(Quantifier{kind, slot, std::move(list.expression), std::move(where.expression)}, position),
      one(Type::Boolean)};
}

Result<Typed> Binder::bind_reduce(const syntax::Reduce& reduce, Position position, Scope& scope) {
  NX_TRY(Typed initial, bind_expression(*reduce.initial, scope));
  NX_TRY(Typed list, bind_list_operand(*reduce.list, "reduce()", scope));
  const Slot accumulator = new_slot(reduce.accumulator);
  const Slot variable = new_slot(reduce.variable);
  // What the accumulator becomes is known only after the step is: nothing is assumed.
  const Locals locals(
      scope, {{reduce.accumulator, accumulator, {}}, {reduce.variable, variable, StaticType{list.type.elements}}});
  NX_TRY(Typed step, bind_expression(*reduce.step, scope));
  return Typed{make_expression(Reduce{accumulator, std::move(initial.expression), variable, std::move(list.expression),
                                      std::move(step.expression)},
                               position)};
}

Result<Typed> Binder::bind_case(const syntax::CaseExpression& expression, Position position, Scope& scope) {
  CaseOf made;
  if (expression.subject) {
    for (const syntax::CaseBranch& branch : expression.branches) {
      if (subject_values(branch.condition).empty()) return bind_case_by_value(expression, position, scope);
    }
    NX_TRY(Typed subject, bind_expression(*expression.subject, scope));
    made.subject = std::move(subject.expression);
  }
  return bind_case_branches(expression, std::move(made), position, scope);
}

Result<Typed> Binder::bind_case_branches(const syntax::CaseExpression& expression, CaseOf made, Position position,
                                         Scope& scope) {
  StaticType type{0, 0};
  for (const syntax::CaseBranch& branch : expression.branches) {
    std::vector<const syntax::Expression*> conditions{&branch.condition};
    if (made.subject) conditions = subject_values(branch.condition);
    for (const syntax::Expression* condition : conditions) {
      Typed test;
      if (made.subject) {
        NX_TRY(test, bind_expression(*condition, scope));
      } else {
        NX_TRY(test, bind_boolean(*condition, scope, "WHEN"));
      }
      NX_TRY(Typed result, bind_expression(branch.result, scope));
      type = either(type, result.type);
      made.whens.push_back({std::move(test.expression), std::move(result.expression)});
    }
  }
  if (expression.otherwise) {
    NX_TRY(Typed otherwise, bind_expression(*expression.otherwise, scope));
    type = either(type, otherwise.type);
    made.otherwise = std::move(otherwise.expression);
  }
  return Typed{make_expression(std::move(made), position), known(type)};
}

// CASE x WHEN > 5 …: as [value IN [x] | CASE WHEN value > 5 …][0], so that x is evaluated once.
Result<Typed> Binder::bind_case_by_value(const syntax::CaseExpression& expression, Position position, Scope& scope) {
  NX_TRY(Typed subject, bind_expression(*expression.subject, scope));
  const Slot slot = new_slot();
  std::optional<Variable> surrounding = Variable{"", slot, subject.type};
  surrounding.swap(scope.case_value);
  Result<Typed> searched = bind_case_branches(expression, CaseOf{}, position, scope);
  surrounding.swap(scope.case_value);
  if (!searched) return searched;
  ListOf list;
  list.items.push_back(std::move(subject.expression));
  ListComprehension each{slot, make_expression(std::move(list), position), nullptr, std::move(searched->expression)};
  return Typed{make_expression(IndexOf{make_expression(std::move(each), position),
                                       make_expression(Constant{Value::integer(0)}, position)},
                               position),
               searched->type};
}

}  // namespace nexus::plan
