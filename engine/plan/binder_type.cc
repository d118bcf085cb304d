// The binder: type tests, normal forms and label tests.
#include "base/match.h"
#include "plan/binder_internal.h"

namespace nexus::plan {
namespace {

using function::types;
using function::TypeSet;

constexpr Type kScalars[] = {Type::Boolean, Type::Integer, Type::Float, Type::String, Type::Date, Type::LocalTime,
                             Type::Time, Type::LocalDateTime, Type::DateTime, Type::Duration, Type::Point};
constexpr TypeSet kPropertyValue =
    function::kNumber | kTemporal | types(Type::Boolean, Type::String, Type::Duration, Type::Point, Type::Vector);

constexpr TypeSet kConstrainable = kPropertyValue | types(Type::List);

Result<TypeTest> type_test(const syntax::TypeName& name, Position position) {
  using Kind = syntax::TypeName::Kind;
  const auto plain = [&](TypeSet set) -> Result<TypeTest> { return TypeTest{set, !name.not_null, {}}; };
  switch (name.kind) {
    case Kind::Nothing: return TypeTest{0, false, {}};
    case Kind::Null: return TypeTest{0, true, {}};
    case Kind::Boolean: return plain(types(Type::Boolean));
    case Kind::String: return plain(types(Type::String));
    case Kind::Integer: return plain(types(Type::Integer));
    case Kind::Float: return plain(types(Type::Float));
    case Kind::Date: return plain(types(Type::Date));
    case Kind::LocalTime: return plain(types(Type::LocalTime));
    case Kind::ZonedTime: return plain(types(Type::Time));
    case Kind::LocalDateTime: return plain(types(Type::LocalDateTime));
    case Kind::ZonedDateTime: return plain(types(Type::DateTime));
    case Kind::Duration: return plain(types(Type::Duration));
    case Kind::Point: return plain(types(Type::Point));
    case Kind::Node: return plain(types(Type::Node));
    case Kind::Relationship: return plain(types(Type::Relationship));
    case Kind::Map: return plain(types(Type::Map));
    case Kind::Path: return plain(types(Type::Path));
    case Kind::PropertyValue: {
      TypeTest property{kPropertyValue, !name.not_null, {}};
      for (const Type scalar : kScalars) property.lists.push_back(TypeTest{types(scalar), false, {}});
      property.lists.push_back(TypeTest{function::kNumber, false, {}});
      return property;
    }
    case Kind::Any: return plain(function::kAny);
    case Kind::List: {
      const bool any = name.arguments.empty() || (name.arguments[0].kind == Kind::Any && !name.arguments[0].not_null);
      if (any) return plain(types(Type::List));
      TypeTest list{0, !name.not_null, {}};
      NX_TRY(TypeTest items, type_test(name.arguments[0], position));
      list.lists.push_back(std::move(items));
      return list;
    }
    case Kind::Vector:
      if (name.vector.is_any()) return plain(types(Type::Vector));
      return TypeTest{0, !name.not_null, {TypeTest{0, false, {}, name.vector}}};
    case Kind::Union: {
      TypeTest all{0, false, {}};
      for (const syntax::TypeName& part : name.arguments) {
        NX_TRY(TypeTest test, type_test(part, position));
        all.types |= test.types;
        all.nullable = all.nullable || test.nullable;
        for (TypeTest& list : test.lists) all.lists.push_back(std::move(list));
      }
      return all;
    }
  }
  return TypeTest{};
}

std::string_view form_name(syntax::NormalForm form) {
  switch (form) {
    case syntax::NormalForm::NFC: return "NFC";
    case syntax::NormalForm::NFD: return "NFD";
    case syntax::NormalForm::NFKC: return "NFKC";
    case syntax::NormalForm::NFKD: return "NFKD";
  }
  return "NFC";
}

}  // namespace

Result<PropertyTypes> property_types(const syntax::TypeName& type, Position position) {
  NX_TRY(const TypeTest test, type_test(type, position));
  PropertyTypes allowed{test.types, {}};
  for (const TypeTest& part : test.lists) {
    if (type.kind == syntax::TypeName::Kind::PropertyValue) break;
    if (part.vector.is_any() || (allowed.types & types(Type::Vector)) != 0) {
      return refuse(ErrorCode::NotImplemented,
                    part.vector.is_any() ? "a property type constraint on the items of lists is not supported yet"
                                         : "a property type constraint with two types of vectors is not supported yet",
                    position);
    }
    allowed = {allowed.types | types(Type::Vector), part.vector};
  }
  if (allowed.types != 0 && (allowed.types & ~kConstrainable) == 0 && test.types != kPropertyValue) return allowed;
  return refuse(ErrorCode::InvalidArgument, "a property type constraint names types that properties can have",
                position);
}

Result<Typed> Binder::bind_is_typed(const syntax::IsTyped& typed, Position position, Scope& scope) {
  NX_TRY(Typed operand, bind_expression(*typed.operand, scope));
  NX_TRY(TypeTest test, type_test(typed.type, position));
  return Typed{
      make_expression(IsTyped{std::move(operand.expression), std::move(test), typed.negated}, position),
      one(Type::Boolean)};
}

// x IS NFC NORMALIZED: x = normalize(x, 'NFC').
Result<Typed> Binder::bind_is_normalized(const syntax::IsNormalized& normalized, Position position, Scope& scope) {
  const function::ScalarFunction* normalize = function::find_scalar("normalize");
  if (normalize == nullptr) {
    return refuse(ErrorCode::NotImplemented, "IS NORMALIZED is not supported yet", position);
  }
  NX_TRY(Typed text, bind_expression(*normalized.operand, scope));
  NX_TRY(Typed again, bind_expression(*normalized.operand, scope));
  NX_TRY(Typed tested, bind_expression(*normalized.operand, scope));
  // What is no string is neither normal nor not: the comparison is with null then.
  CaseOf string_only{nullptr, {}, nullptr};
  string_only.whens.push_back(
      {make_expression(IsTyped{std::move(tested.expression), TypeTest{types(Type::String), false, {}}, false}, position),
       std::move(again.expression)});
  ScalarCall call{normalize, {}};
  call.arguments.push_back(make_expression(std::move(string_only), position));
  call.arguments.push_back(make_expression(Constant{Value::string(form_name(normalized.form))}, position));
  ComparisonChain chain{std::move(text.expression), {}};
  const BinaryOperator op = normalized.negated ? BinaryOperator::NotEqual : BinaryOperator::Equal;
  chain.steps.push_back({op, make_expression(std::move(call), position)});
  return Typed{make_expression(std::move(chain), position), one(Type::Boolean)};
}

Result<Typed> Binder::bind_has_labels(const syntax::HasLabels& labels, Position position, Scope& scope) {
  NX_TRY(Typed base, bind_expression(*labels.base, scope));
  if (!base.type.can_be(function::kEntity)) {
    return refuse(ErrorCode::InvalidArgumentTypeSyntax,
                  "labels belong to nodes and relationships, not to " + types_text(base.type.types), position);
  }
  NX_TRY(LabelTestPtr test, bind_labels(*labels.labels, scope));
  return Typed{make_expression(HasLabels{std::move(base.expression), std::move(test)}, position), one(Type::Boolean)};
}

Result<LabelTestPtr> Binder::bind_labels(const syntax::LabelExpression& labels, Scope& scope) {
  auto test = std::make_unique<LabelTest>();
  const auto all = [&](LabelTest::Kind kind, const std::vector<syntax::LabelExpression>& operands) -> Result<> {
    test->kind = kind;
    for (const syntax::LabelExpression& operand : operands) {
      NX_TRY(LabelTestPtr inner, bind_labels(operand, scope));
      test->operands.push_back(std::move(inner));
    }
    return Done{};
  };
  NX_TRY_DO(std::visit(Match{
                           [&](const syntax::LabelName& name) -> Result<> {
                             test->name = name.name;
                             if (!name.dynamic) return Done{};
                             test->any = name.any;
                             test->kind = LabelTest::Kind::Dynamic;
                             NX_TRY(Typed dynamic, bind_expression(*name.dynamic, scope));
                             test->expression = std::move(dynamic.expression);
                             return Done{};
                           },
                           [&](const syntax::LabelWildcard&) -> Result<> {
                             test->kind = LabelTest::Kind::Wildcard;
                             return Done{};
                           },
                           [&](const syntax::LabelNot& negated) -> Result<> {
                             test->kind = LabelTest::Kind::Not;
                             NX_TRY(LabelTestPtr inner, bind_labels(*negated.operand, scope));
                             test->operands.push_back(std::move(inner));
                             return Done{};
                           },
                           [&](const syntax::LabelAnd& both) { return all(LabelTest::Kind::And, both.operands); },
                           [&](const syntax::LabelOr& either) { return all(LabelTest::Kind::Or, either.operands); },
                       },
                       labels.node));
  return test;
}

}  // namespace nexus::plan
