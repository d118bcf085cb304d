// Expressions as text: parentheses only where precedence needs them.
#include <cmath>

#include "base/match.h"
#include "base/number.h"
#include "syntax/lexer.h"
#include "syntax/printer_state.h"

namespace nexus::syntax {
namespace {

// As in parser_expression.cc.
constexpr int kOr = 1, kXor = 2, kAnd = 3, kNot = 4, kComparison = 5, kPredicate = 6, kAdditive = 7,
              kMultiplicative = 8, kPower = 9, kSign = 10, kAtom = 11;

int precedence_of(ArithmeticOperator op) {
  switch (op) {
    case ArithmeticOperator::Add:
    case ArithmeticOperator::Subtract:
    case ArithmeticOperator::Concatenate: return kAdditive;
    case ArithmeticOperator::Multiply:
    case ArithmeticOperator::Divide:
    case ArithmeticOperator::Modulo: return kMultiplicative;
    case ArithmeticOperator::Power: return kPower;
  }
  return kAtom;
}

// Whether it is what a WHEN says of its CASE's subject: IS NULL, IS A IS B, IN [1] IS NULL.
bool is_of_subject(const Expression& expression) {
  const Expression* left = &expression;
  while (left && !std::holds_alternative<CaseSubject>(left->node)) {
    left = std::visit(nexus::Match{
        [](const Predicate& predicate) -> const Expression* { return predicate.left.get(); },
        [](const IsNull& test) -> const Expression* { return test.operand.get(); },
        [](const IsTyped& test) -> const Expression* { return test.operand.get(); },
        [](const IsNormalized& test) -> const Expression* { return test.operand.get(); },
        [](const HasLabels& test) -> const Expression* { return test.base.get(); },
        [](const auto&) -> const Expression* { return nullptr; }}, left->node);
  }
  return left;
}

int precedence_of(const Expression& expression) {
  return std::visit(nexus::Match{
      [](const Or&) { return kOr; },
      [](const Xor&) { return kXor; },
      [](const And&) { return kAnd; },
      [](const Not&) { return kNot; },
      [](const Comparison&) { return kComparison; },
      [](const Predicate&) { return kPredicate; },
      [](const IsNull&) { return kPredicate; },
      [](const IsTyped&) { return kPredicate; },
      [](const IsNormalized&) { return kPredicate; },
      [](const Arithmetic& arithmetic) { return precedence_of(arithmetic.steps.front().op); },
      [](const Sign&) { return kSign; },
      // n:A.x would read on, so it is no base.
      [](const HasLabels& test) { return is_of_subject(*test.base) ? kPredicate : kSign; },
      [](const IntegerLiteral& literal) { return literal.value < 0 ? kSign : kAtom; },
      [](const FloatLiteral& literal) { return std::signbit(literal.value) ? kSign : kAtom; },
      [](const auto&) { return kAtom; }}, expression.node);
}

std::string_view sign_of(ArithmeticOperator op) {
  switch (op) {
    case ArithmeticOperator::Add: return " + ";
    case ArithmeticOperator::Subtract: return " - ";
    case ArithmeticOperator::Concatenate: return " || ";
    case ArithmeticOperator::Multiply: return " * ";
    case ArithmeticOperator::Divide: return " / ";
    case ArithmeticOperator::Modulo: return " % ";
    case ArithmeticOperator::Power: return " ^ ";
  }
  return {};
}

std::string_view sign_of(ComparisonOperator op) {
  switch (op) {
    case ComparisonOperator::Equal: return " = ";
    case ComparisonOperator::NotEqual: return " <> ";
    case ComparisonOperator::Less: return " < ";
    case ComparisonOperator::LessOrEqual: return " <= ";
    case ComparisonOperator::Greater: return " > ";
    case ComparisonOperator::GreaterOrEqual: return " >= ";
  }
  return {};
}

std::string_view words_of(PredicateOperator op) {
  switch (op) {
    case PredicateOperator::StartsWith: return " STARTS WITH ";
    case PredicateOperator::EndsWith: return " ENDS WITH ";
    case PredicateOperator::Contains: return " CONTAINS ";
    case PredicateOperator::Matches: return " =~ ";
    case PredicateOperator::In: return " IN ";
  }
  return {};
}

std::string_view text_of(TypeName::Kind kind) {
  static constexpr std::string_view kTexts[] = {
      "NOTHING", "NULL", "BOOLEAN", "STRING", "INTEGER", "FLOAT", "DATE", "LOCAL TIME", "ZONED TIME",
      "LOCAL DATETIME", "ZONED DATETIME", "DURATION", "POINT", "NODE", "RELATIONSHIP", "MAP", "PATH", "LIST",
      "PROPERTY VALUE", "ANY", "VECTOR", "ANY"};
  return kTexts[static_cast<std::size_t>(kind)];
}

bool is_equality_with_subject(const Expression& condition) {
  const auto* comparison = std::get_if<Comparison>(&condition.node);
  return comparison && comparison->steps.size() == 1 && comparison->steps[0].op == ComparisonOperator::Equal &&
         std::holds_alternative<CaseSubject>(comparison->first->node);
}

}  // namespace

void Printer::put(const Expression& expression) {
  std::visit([this](const auto& alternative) { node(alternative); }, expression.node);
}

void Printer::operand(const Expression& expression, int precedence_min) {
  if (precedence_of(expression) >= precedence_min) put(expression);
  else add("(", expression, ")");
}

void Printer::guarded(const Expression& expression) {
  const std::size_t begin = out_.size();
  put(expression);
  const Tokens tokens = tokenize(std::string_view(out_).substr(begin, 1000));
  const bool is_name = tokens.list[0].kind == TokenKind::Word || tokens.list[0].kind == TokenKind::QuotedName;
  if (!is_name || tokens.list.size() < 2) return;
  const Token& second = tokens.list[1];
  const std::string_view text = std::string_view(out_).substr(begin + second.begin, second.end - second.begin);
  if (second.kind == TokenKind::Equal || (second.kind == TokenKind::Word && equals_word(text, "IN"))) parenthesize(begin);
}

void Printer::parenthesize(std::size_t begin) {
  out_.insert(begin, "(");
  out_ += ')';
}

void Printer::arguments(const std::vector<Expression>& items, std::size_t word) {
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (at == 0) guarded(items[at]);
    else if (at == word && std::holds_alternative<Variable>(items[at].node)) add(", (", items[at], ")");
    else add(", ", items[at]);
  }
}

template <class Operands>
void Printer::chain(const Operands& operands, std::string_view between, int precedence) {
  separated(operands, between, [this, precedence](const Expression& item) { operand(item, precedence + 1); });
}

void Printer::node(const FloatLiteral& literal) {
  if (std::isinf(literal.value)) put(literal.value < 0 ? "-Infinity" : "Infinity");
  else if (std::isnan(literal.value)) put("NaN");
  else put(format_double(literal.value));
}

void Printer::node(const Parameter& parameter) {
  const bool is_digits = parameter.name.find_first_not_of("0123456789") == std::string::npos;
  if (is_digits && !parameter.name.empty()) add("$", parameter.name);
  else add("$", Key{parameter.name});
}

void Printer::node(const ListLiteral& literal) {
  put("[");
  arguments(literal.items);
  put("]");
}

void Printer::node(const MapLiteral& literal) {
  put("{");
  separated(literal.entries, ", ", [this](const MapEntry& entry) { add(Key{entry.key}, ": ", entry.value); });
  put("}");
}

void Printer::node(const PropertyAccess& access) {
  const bool is_number = std::holds_alternative<IntegerLiteral>(access.base->node) ||
                         std::holds_alternative<FloatLiteral>(access.base->node);
  operand(*access.base, is_number ? kAtom + 1 : kAtom);
  add(".", Key{access.key});
}

void Printer::node(const IndexAccess& access) {
  operand(*access.base, kAtom);
  add("[", *access.index, "]");
}

void Printer::node(const ListSlice& slice) {
  operand(*slice.base, kAtom);
  put("[");
  optional("", slice.from);
  put("..");
  optional("", slice.to);
  put("]");
}

void Printer::node(const HasLabels& test) {
  const bool is_condition = is_of_subject(*test.base);  // Which does not begin with a colon.
  operand(*test.base, is_condition ? kPredicate : kAtom);
  put(is_condition ? " IS " : ":");
  const std::size_t begin = out_.size();
  label(*test.labels, 1);
  const std::string_view first = std::string_view(out_).substr(begin, out_.find_first_of("&|:", begin) - begin);
  const bool reads_on = is_condition && (equals_word(first, "NOT") || equals_word(first, "NULL") ||
                                         equals_word(first, "TYPED") || equals_word(first, "NORMALIZED"));
  if (reads_on) parenthesize(begin);
}

void Printer::node(const Not& expression) {
  put("NOT ");
  operand(*expression.operand, kNot);
}

void Printer::node(const And& expression) { chain(expression.operands, " AND ", kAnd); }
void Printer::node(const Or& expression) { chain(expression.operands, " OR ", kOr); }
void Printer::node(const Xor& expression) { chain(expression.operands, " XOR ", kXor); }

void Printer::node(const Comparison& comparison) {
  operand(*comparison.first, kComparison + 1);
  for (const ComparisonStep& step : comparison.steps) {
    put(sign_of(step.op));
    operand(step.operand, kComparison + 1);
  }
}

void Printer::node(const Arithmetic& arithmetic) {
  const int precedence = precedence_of(arithmetic.steps.front().op);
  operand(*arithmetic.first, precedence + 1);
  for (const ArithmeticStep& step : arithmetic.steps) {
    put(sign_of(step.op));
    operand(step.operand, precedence + 1);
  }
}

void Printer::node(const Sign& sign) {
  put(sign.negative ? "-" : "+");
  const std::size_t begin = out_.size();
  operand(*sign.operand, kSign);
  // A sign would be read as the number's own: -(1), -(1:A), -(1[0]).
  if (out_[begin] >= '0' && out_[begin] <= '9') parenthesize(begin);
}

void Printer::node(const Predicate& predicate) {
  operand(*predicate.left, kPredicate);
  put(words_of(predicate.op));
  operand(*predicate.right, kPredicate + 1);
}

void Printer::node(const IsNull& test) {
  operand(*test.operand, kPredicate);
  put(test.negated ? " IS NOT NULL" : " IS NULL");
}

void Printer::node(const IsTyped& test) {
  operand(*test.operand, kPredicate);
  add(test.negated ? " IS NOT :: " : " IS :: ", test.type);
}

void Printer::node(const IsNormalized& test) {
  static constexpr std::string_view kForms[] = {"NFC", "NFD", "NFKC", "NFKD"};
  operand(*test.operand, kPredicate);
  add(test.negated ? " IS NOT " : " IS ", kForms[static_cast<std::size_t>(test.form)], " NORMALIZED");
}

// Unions in their closed form, so that no bar stands free.
void Printer::put(const TypeName& type) {
  if (type.kind == TypeName::Kind::Vector) put(to_text(type.vector));
  else put(text_of(type.kind));
  if (type.kind == TypeName::Kind::List || type.kind == TypeName::Kind::Union) {
    put("<");
    separated(type.arguments, " | ", [this](const TypeName& argument) { put(argument); });
    put(">");
  }
  if (type.not_null) put(" NOT NULL");
}

void Printer::node(const FunctionCall& call) {
  if (call.name.size() == 1) {
    const bool reserved = quote_name(call.name[0])[0] == '`' && equals_word(call.name[0], "NOT");
    if (reserved) add("`", call.name[0], "`");
    else put(Key{call.name[0]});
  } else {
    dotted(call.name);
  }
  put(call.distinct ? "(DISTINCT " : "(");
  arguments(call.arguments, call.word_argument());
  put(")");
}

void Printer::node(const CaseExpression& expression) {
  put("CASE");
  optional(" ", expression.subject);
  for (const CaseBranch& branch : expression.branches) {
    put(" WHEN ");
    if (!expression.subject) put(branch.condition);
    else if (const auto* alternatives = std::get_if<Or>(&branch.condition.node)) {
      separated(alternatives->operands, ", ", [this](const Expression& condition) { case_condition(condition); });
    } else {
      case_condition(branch.condition);
    }
    add(" THEN ", branch.result);
  }
  optional(" ELSE ", expression.otherwise);
  put(" END");
}

void Printer::case_condition(const Expression& condition) {
  if (is_equality_with_subject(condition)) {
    const auto& comparison = std::get<Comparison>(condition.node);
    return put(comparison.steps[0].operand);
  }
  const std::size_t begin = out_.size();
  put(condition);  // The subject prints as nothing, its operator with a space before.
  if (out_.size() > begin && out_[begin] == ' ') out_.erase(begin, 1);
}

void Printer::node(const QuantifierExpression& quantifier) {
  static constexpr std::string_view kNames[] = {"all(", "any(", "none(", "single("};
  add(kNames[static_cast<std::size_t>(quantifier.kind)], Name{quantifier.variable}, " IN ", *quantifier.list, " WHERE ",
      *quantifier.where, ")");
}

void Printer::node(const ListComprehension& comprehension) {
  add("[", Name{comprehension.variable}, " IN ", *comprehension.list);
  optional(" WHERE ", comprehension.where);
  optional(" | ", comprehension.projection);
  put("]");
}

void Printer::node(const PatternComprehension& comprehension) {
  add("[", *comprehension.pattern);
  optional(" WHERE ", comprehension.where);
  add(" | ", *comprehension.projection, "]");
}

void Printer::node(const Reduce& reduce) {
  add("reduce(", Name{reduce.accumulator}, " = ", *reduce.initial, ", ", Name{reduce.variable}, " IN ", *reduce.list,
      " | ", *reduce.step, ")");
}

void Printer::node(const MapProjection& projection) {
  add(Name{projection.variable}, " {");
  separated(projection.items, ", ", [this](const MapProjectionItem& item) {
    using Kind = MapProjectionItem::Kind;
    switch (item.kind) {
      case Kind::AllProperties: return put(".*");
      case Kind::Property: return void(add(".", Key{item.name}));
      case Kind::Variable: return put(Name{item.name});
      case Kind::Entry: return void(add(Key{item.name}, ": ", *item.value));
    }
  });
  put("}");
}

void Printer::node(const SubqueryExpression& subquery) {
  static constexpr std::string_view kNames[] = {"EXISTS { ", "COUNT { ", "COLLECT { "};
  add(kNames[static_cast<std::size_t>(subquery.kind)], *subquery.query, " }");
}

}  // namespace nexus::syntax
