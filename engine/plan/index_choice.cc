#include "plan/index_choice.h"

#include <algorithm>

#include "plan/copy_expression.h"

namespace nexus::plan {
namespace {

enum class TestKind : std::uint8_t { Equal, Among, Lower, Upper, Prefix, Exists };

// What one predicate says about one property of the entity.
struct PropertyTest {
  TestKind kind;
  const std::string* key;
  const Expression* operand;  // Null for Exists.
};

const std::string* property_of(const Expression& expression, Slot entity) {
  const auto* property = std::get_if<PropertyOf>(&expression.node);
  if (property == nullptr) return nullptr;
  const auto* subject = std::get_if<SlotRef>(&property->subject->node);
  return subject != nullptr && subject->slot == entity ? &property->key : nullptr;
}

std::optional<TestKind> comparison(BinaryOperator op, bool property_is_left) {
  switch (op) {
    case BinaryOperator::Equal: return TestKind::Equal;
    case BinaryOperator::Less:
    case BinaryOperator::LessOrEqual: return property_is_left ? TestKind::Upper : TestKind::Lower;
    case BinaryOperator::Greater:
    case BinaryOperator::GreaterOrEqual: return property_is_left ? TestKind::Lower : TestKind::Upper;
    case BinaryOperator::Add:
    case BinaryOperator::Subtract:
    case BinaryOperator::Multiply:
    case BinaryOperator::Divide:
    case BinaryOperator::Modulo:
    case BinaryOperator::Power:
    case BinaryOperator::Concatenate:
    case BinaryOperator::NotEqual:
    case BinaryOperator::In:
    case BinaryOperator::StartsWith:
    case BinaryOperator::EndsWith:
    case BinaryOperator::Contains:
    case BinaryOperator::Matches: break;
  }
  return std::nullopt;
}

void add_tests(const Expression& predicate, Slot entity, std::vector<PropertyTest>& tests) {
  if (const auto* chain = std::get_if<ComparisonChain>(&predicate.node)) {
    const Expression* left = chain->first.get();
    for (const ComparisonChain::Step& step : chain->steps) {
      const Expression* right = step.operand.get();
      if (const std::string* key = property_of(*left, entity)) {
        if (const auto kind = comparison(step.op, true)) tests.push_back({*kind, key, right});
      }
      if (const std::string* key = property_of(*right, entity)) {
        if (const auto kind = comparison(step.op, false)) tests.push_back({*kind, key, left});
      }
      left = right;
    }
  } else if (const auto* binary = std::get_if<BinaryChain>(&predicate.node)) {
    if (binary->steps.size() != 1) return;
    const std::string* key = property_of(*binary->first, entity);
    if (key == nullptr) return;
    const Expression* operand = binary->steps[0].operand.get();
    if (binary->steps[0].op == BinaryOperator::In) tests.push_back({TestKind::Among, key, operand});
    if (binary->steps[0].op == BinaryOperator::StartsWith) tests.push_back({TestKind::Prefix, key, operand});
  } else if (const auto* unary = std::get_if<Unary>(&predicate.node)) {
    const std::string* key = property_of(*unary->operand, entity);
    if (key != nullptr && unary->op == UnaryOperator::IsNotNull) tests.push_back({TestKind::Exists, key, nullptr});
  }
}

class Chooser {
 public:
  explicit Chooser(std::vector<PropertyTest> tests) : tests_(std::move(tests)) {}

  IndexChoice ask(const catalog::IndexShape& index) const {
    IndexChoice choice{&index, 0, {index.label, index.keys, {}, nullptr, nullptr, nullptr, nullptr}};
    std::size_t at = 0;
    for (; at < index.keys.size(); ++at) {
      ExpressionPtr value = operand(TestKind::Equal, index.keys[at]);
      if (!value) break;
      choice.seek.equal.push_back(std::move(value));
      choice.score += kEqualityScore;
    }
    if (at == index.keys.size()) {
      choice.score += index.is_unique ? kEqualityScore / 2 : 1;
      return choice;
    }
    add_rest(index.keys[at], choice);
    if (choice.score == 0 && has(TestKind::Exists, index.keys[0])) choice.score = 1;
    if (choice.score == 0) choice.index = nullptr;
    return choice;
  }

 private:
  void add_rest(const std::string& key, IndexChoice& choice) const {
    IndexSeek& seek = choice.seek;
    if ((seek.among = operand(TestKind::Among, key))) {
      choice.score += kEqualityScore / 2;
    } else if ((seek.prefix = operand(TestKind::Prefix, key))) {
      choice.score += 2 * kRangeScore;
    } else {
      seek.lower = operand(TestKind::Lower, key);
      seek.upper = operand(TestKind::Upper, key);
      choice.score += (seek.lower ? kRangeScore : 0) + (seek.upper ? kRangeScore : 0);
    }
  }

  bool has(TestKind kind, const std::string& key) const {
    return std::any_of(tests_.begin(), tests_.end(),
                       [&](const PropertyTest& test) { return test.kind == kind && *test.key == key; });
  }
  ExpressionPtr operand(TestKind kind, const std::string& key) const {
    for (const PropertyTest& test : tests_) {
      if (test.kind != kind || *test.key != key) continue;
      if (ExpressionPtr copied = copy_expression(*test.operand)) return copied;
    }
    return nullptr;
  }

  std::vector<PropertyTest> tests_;
};

}  // namespace

IndexChoice choose_index(const PatternGraph& graph, storage::EntityKind kind, Slot entity, const std::string& label,
                         const std::function<bool(const PatternPredicate&)>& is_usable, const IndexHint* hint) {
  IndexChoice best;
  if (graph.indexes == nullptr) return best;
  std::vector<PropertyTest> tests;
  for (const PatternPredicate& predicate : graph.predicates) {
    // Read once: by the property itself, not by what it is compared with.
    if (std::count(predicate.needs.begin(), predicate.needs.end(), entity) != 1 || !is_usable(predicate)) continue;
    add_tests(*predicate.expression, entity, tests);
  }
  if (tests.empty()) return best;
  const Chooser chooser(std::move(tests));
  for (const catalog::IndexShape& index : *graph.indexes) {
    if (index.entity != kind || index.label != label) continue;
    if (hint != nullptr && (hint->label != label || hint->keys != index.keys)) continue;
    IndexChoice choice = chooser.ask(index);
    if (choice.index != nullptr && choice.score > best.score) best = std::move(choice);
  }
  return best;
}

}  // namespace nexus::plan
