// Lists, maps, map projections, comprehensions, quantifiers and reduce.
#include "exec/context.h"
#include "exec/evaluators/evaluators.h"
#include "value/compare.h"

namespace nexus::exec {

namespace {

class ListEvaluator final : public Evaluator {
 public:
  explicit ListEvaluator(Evaluators items) : items_(std::move(items)) {}
  Result<Value> compute(Context& context, Value* row) override {
    List list;
    list.reserve(items_.size());
    for (const auto& item : items_) {
      NX_TRY(Value value, item->evaluate(context, row));
      NX_TRY_DO(check_depth(value));
      list.push_back(std::move(value));
    }
    return Value::list(std::move(list));
  }

 private:
  Evaluators items_;
};

class MapEvaluator final : public Evaluator {
 public:
  MapEvaluator(std::vector<std::string> keys, Evaluators values) : keys_(std::move(keys)), values_(std::move(values)) {}
  Result<Value> compute(Context& context, Value* row) override {
    Map map;
    map.reserve(keys_.size());
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      NX_TRY(Value value, values_[i]->evaluate(context, row));
      NX_TRY_DO(check_depth(value));
      map.emplace_back(keys_[i], std::move(value));
    }
    return Value::map(make_map(std::move(map)));
  }

 private:
  std::vector<std::string> keys_;
  Evaluators values_;
};

class MapProjectionEvaluator final : public Evaluator {
 public:
  MapProjectionEvaluator(EvaluatorPtr subject, std::vector<ProjectionEntry> entries)
      : subject_(std::move(subject)), entries_(std::move(entries)) {}

  Result<Value> compute(Context& context, Value* row) override {
    Operand subject;
    NX_TRY_DO(subject.load(*subject_, context, row));
    if (subject->is_null()) return Value::null();
    Map map;
    for (auto& entry : entries_) {
      if (entry.value == nullptr) {
        NX_TRY(Map all, properties(context, *subject));
        map.insert(map.end(), std::make_move_iterator(all.begin()), std::make_move_iterator(all.end()));
        continue;
      }
      NX_TRY(Value value, entry.value->evaluate(context, row));
      NX_TRY_DO(check_depth(value));
      map.emplace_back(entry.key, std::move(value));
    }
    return Value::map(make_map(std::move(map)));
  }

 private:
  static Result<Map> properties(Context& context, const Value& subject) {
    if (subject.is(Type::Map)) return subject.map();
    if (subject.is(Type::Node) || subject.is(Type::Relationship)) return context.graph.properties(subject);
    return type_error("a NODE, RELATIONSHIP or MAP before {.*}", subject);
  }

  EvaluatorPtr subject_;
  std::vector<ProjectionEntry> entries_;
};

// The list of a list expression; nullptr for null.
Result<const List*> list_of(const Value& value) {
  if (value.is_null()) return static_cast<const List*>(nullptr);
  if (!value.is(Type::List)) return type_error("a LIST after IN", value);
  return &value.list();
}

class ComprehensionEvaluator final : public Evaluator {
 public:
  ComprehensionEvaluator(plan::Slot variable, EvaluatorPtr list, EvaluatorPtr where, EvaluatorPtr projection)
      : variable_(variable),
        list_(std::move(list)),
        where_(std::move(where)),
        projection_(std::move(projection)) {}

  Result<Value> compute(Context& context, Value* row) override {
    NX_TRY(const Value source, list_->evaluate(context, row));
    NX_TRY(const List* list, list_of(source));
    if (list == nullptr) return Value::null();
    List made;
    Charge charge(context.budget);
    for (const Value& item : *list) {
      NX_TRY_DO(context.tick());
      row[variable_] = item;
      if (where_) {
        NX_TRY(const bool wanted, passes(*where_, context, row));
        if (!wanted) continue;
      }
      Value value = item;
      if (projection_) {
        NX_TRY(value, projection_->evaluate(context, row));
      }
      NX_TRY_DO(check_depth(value));
      NX_TRY_DO(charge.add(sizeof(Value) + value.heap_bytes()));
      made.push_back(std::move(value));
    }
    row[variable_] = Value();
    return Value::list(std::move(made));
  }

 private:
  plan::Slot variable_;
  EvaluatorPtr list_;
  EvaluatorPtr where_;
  EvaluatorPtr projection_;
};

struct Tally {
  std::uint64_t trues = 0, falses = 0, unknowns = 0;
};

Ternary verdict(plan::QuantifierKind kind, const Tally& tally) {
  const Ternary otherwise = tally.unknowns != 0 ? Ternary::Unknown : Ternary::False;
  switch (kind) {
    case plan::QuantifierKind::All:
      if (tally.falses != 0) return Ternary::False;
      return tally.unknowns != 0 ? Ternary::Unknown : Ternary::True;
    case plan::QuantifierKind::Any:
      return tally.trues != 0 ? Ternary::True : otherwise;
    case plan::QuantifierKind::None:
      if (tally.trues != 0) return Ternary::False;
      return tally.unknowns != 0 ? Ternary::Unknown : Ternary::True;
    case plan::QuantifierKind::Single:
      if (tally.trues > 1) return Ternary::False;
      if (tally.unknowns != 0) return Ternary::Unknown;
      return tally.trues == 1 ? Ternary::True : Ternary::False;
  }
  return Ternary::Unknown;
}

// Whether no further item can change the verdict.
bool is_decided(plan::QuantifierKind kind, const Tally& tally) {
  if (kind == plan::QuantifierKind::All) return tally.falses != 0;
  if (kind == plan::QuantifierKind::Single) return tally.trues > 1;
  return tally.trues != 0;
}

class QuantifierEvaluator final : public Evaluator {
 public:
  QuantifierEvaluator(plan::QuantifierKind kind, plan::Slot variable, EvaluatorPtr list, EvaluatorPtr where)
      : kind_(kind), variable_(variable), list_(std::move(list)), where_(std::move(where)) {}

  Result<Value> compute(Context& context, Value* row) override {
    NX_TRY(const Value source, list_->evaluate(context, row));
    NX_TRY(const List* list, list_of(source));
    if (list == nullptr) return Value::null();
    Tally tally;
    for (const Value& item : *list) {
      NX_TRY_DO(context.tick());
      row[variable_] = item;
      NX_TRY_DO(count(context, row, tally));
      if (is_decided(kind_, tally)) break;
    }
    row[variable_] = Value();
    return ternary_value(verdict(kind_, tally));
  }

 private:
  Result<> count(Context& context, Value* row, Tally& tally) {
    Operand holds;
    NX_TRY_DO(holds.load(*where_, context, row));
    if (holds->is_null()) {
      ++tally.unknowns;
    } else if (holds->is(Type::Boolean)) {
      ++(holds->is_true() ? tally.trues : tally.falses);
    } else {
      return type_error("a BOOLEAN as predicate", *holds);
    }
    return Done{};
  }

  plan::QuantifierKind kind_;
  plan::Slot variable_;
  EvaluatorPtr list_;
  EvaluatorPtr where_;
};

class ReduceEvaluator final : public Evaluator {
 public:
  explicit ReduceEvaluator(ReduceParts parts) : parts_(std::move(parts)) {}
  Result<Value> compute(Context& context, Value* row) override {
    NX_TRY(const Value source, parts_.list->evaluate(context, row));
    NX_TRY(const List* list, list_of(source));
    if (list == nullptr) return Value::null();
    NX_TRY(Value accumulator, parts_.initial->evaluate(context, row));
    row[parts_.accumulator] = std::move(accumulator);
    for (const Value& item : *list) {
      NX_TRY_DO(context.tick());
      row[parts_.variable] = item;
      NX_TRY(Value next, parts_.body->evaluate(context, row));
      row[parts_.accumulator] = std::move(next);
    }
    row[parts_.variable] = Value();
    return std::exchange(row[parts_.accumulator], Value());
  }

 private:
  ReduceParts parts_;
};

}  // namespace

EvaluatorPtr make_list(Evaluators items) { return std::make_unique<ListEvaluator>(std::move(items)); }
EvaluatorPtr make_map(std::vector<std::string> keys, Evaluators values) {
  return std::make_unique<MapEvaluator>(std::move(keys), std::move(values));
}
EvaluatorPtr make_map_projection(EvaluatorPtr subject, std::vector<ProjectionEntry> entries) {
  return std::make_unique<MapProjectionEvaluator>(std::move(subject), std::move(entries));
}
EvaluatorPtr make_comprehension(plan::Slot variable, EvaluatorPtr list, EvaluatorPtr where, EvaluatorPtr projection) {
  return std::make_unique<ComprehensionEvaluator>(variable, std::move(list), std::move(where), std::move(projection));
}
EvaluatorPtr make_quantifier(plan::QuantifierKind kind, plan::Slot variable, EvaluatorPtr list, EvaluatorPtr where) {
  return std::make_unique<QuantifierEvaluator>(kind, variable, std::move(list), std::move(where));
}
EvaluatorPtr make_reduce(ReduceParts parts) { return std::make_unique<ReduceEvaluator>(std::move(parts)); }

}  // namespace nexus::exec
