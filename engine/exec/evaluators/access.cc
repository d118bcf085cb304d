// Into values: properties, list elements, slices, labels, types.
#include <algorithm>

#include "exec/context.h"
#include "exec/evaluators/evaluators.h"
#include "value/temporal/temporal.h"
#include "value/text.h"

namespace nexus::exec {

namespace {

std::optional<Value> point_component(const Point& point, std::string_view key) {
  const bool is_geographic = point.srid == 4326 || point.srid == 4979;
  if (key == "x" || (is_geographic && key == "longitude")) return Value::real(point.x);
  if (key == "y" || (is_geographic && key == "latitude")) return Value::real(point.y);
  if (point.has_z() && (key == "z" || (is_geographic && key == "height"))) return Value::real(point.z);
  if (key == "srid") return Value::integer(point.srid);
  if (key == "crs") {
    if (is_geographic) return Value::string(point.has_z() ? "wgs-84-3d" : "wgs-84");
    return Value::string(point.has_z() ? "cartesian-3d" : "cartesian");
  }
  return std::nullopt;
}

// Of anything but an entity.
Result<Value> component(const Value& subject, std::string_view key) {
  if (subject.is_null()) return Value::null();
  if (subject.is(Type::Map)) {
    const Value* found = subject.find(key);
    return found != nullptr ? *found : Value::null();
  }
  std::optional<Value> found;
  if (subject.is_temporal() || subject.is(Type::Duration)) {
    found = temporal_component(subject, key);
  } else if (subject.is(Type::Point)) {
    found = point_component(subject.point(), key);
  } else {
    return Error{ErrorCode::InvalidArgumentType, "cannot read property " + quote_identifier(key) + " of a value of type " +
                                                     std::string(type_name(subject.type()))};
  }
  if (found) return *std::move(found);
  return Error{ErrorCode::InvalidArgumentValue,
               std::string(type_name(subject.type())) + " has no component " + quote_identifier(key)};
}

bool is_entity(const Value& value) { return value.is(Type::Node) || value.is(Type::Relationship); }

class PropertyEvaluator final : public Evaluator {
 public:
  PropertyEvaluator(EvaluatorPtr subject, std::string_view key)
      : subject_(std::move(subject)), key_(storage::TokenKind::Key, key) {}

  Result<Value> compute(Context& context, Value* row) override {
    Operand subject;
    NX_TRY_DO(subject.load(*subject_, context, row));
    if (is_entity(*subject)) return context.graph.property(*subject, key_);
    return component(*subject, key_.name());
  }

 private:
  EvaluatorPtr subject_;
  Token key_;
};

// Null when outside of the list; negative positions count from the end.
Value element(const List& list, std::int64_t position) {
  const auto size = static_cast<std::int64_t>(list.size());
  if (position < 0) position += size;
  if (position < 0 || position >= size) return Value::null();
  return list[static_cast<std::size_t>(position)];
}

class IndexEvaluator final : public Evaluator {
 public:
  IndexEvaluator(EvaluatorPtr subject, EvaluatorPtr index) : subject_(std::move(subject)), index_(std::move(index)) {}

  Result<Value> compute(Context& context, Value* row) override {
    Operand subject, index;
    NX_TRY_DO(subject.load(*subject_, context, row));
    NX_TRY_DO(index.load(*index_, context, row));
    if (subject->is_null() || index->is_null()) return Value::null();
    if (subject->is(Type::List)) {
      if (!index->is(Type::Integer)) return type_error("an INTEGER as list position", *index);
      return element(subject->list(), index->integer());
    }
    if (!subject->is(Type::Map) && !is_entity(*subject)) {
      return type_error("a LIST, MAP, NODE or RELATIONSHIP before [...]", *subject);
    }
    if (!index->is(Type::String)) {
      return Error{ErrorCode::MapElementAccessByNonString,
                   "a key must be a STRING, got " + std::string(type_name(index->type()))};
    }
    if (is_entity(*subject)) return context.graph.property(*subject, index->string());
    return component(*subject, index->string());
  }

 private:
  EvaluatorPtr subject_;
  EvaluatorPtr index_;
};

class SliceEvaluator final : public Evaluator {
 public:
  SliceEvaluator(EvaluatorPtr subject, EvaluatorPtr from, EvaluatorPtr to)
      : subject_(std::move(subject)), from_(std::move(from)), to_(std::move(to)) {}

  Result<Value> compute(Context& context, Value* row) override {
    Operand subject, from, to;
    NX_TRY_DO(subject.load(*subject_, context, row));
    if (from_) NX_TRY_DO(from.load(*from_, context, row));
    if (to_) NX_TRY_DO(to.load(*to_, context, row));
    if (subject->is_null() || (from_ && from->is_null()) || (to_ && to->is_null())) return Value::null();
    if (!subject->is(Type::List)) return type_error("a LIST before [from..to]", *subject);
    const List& list = subject->list();
    std::int64_t first = 0, last = static_cast<std::int64_t>(list.size());
    if (from_) {
      NX_TRY(first, bound(*from, last));
    }
    if (to_) {
      NX_TRY(last, bound(*to, last));
    }
    if (first >= last) return Value::list({});
    return Value::list(List(list.begin() + first, list.begin() + last));
  }

 private:
  static Result<std::int64_t> bound(const Value& value, std::int64_t size) {
    if (!value.is(Type::Integer)) return type_error("an INTEGER as slice bound", value);
    const std::int64_t position = value.integer();
    if (position < 0) return position < -size ? 0 : position + size;
    return std::min(position, size);
  }

  EvaluatorPtr subject_;
  EvaluatorPtr from_;
  EvaluatorPtr to_;
};

class NameCheck final : public LabelCheck {
 public:
  explicit NameCheck(std::string_view name)
      : label_(storage::TokenKind::Label, name), type_(storage::TokenKind::Type, name) {}
  Result<bool> test(Context& context, const Value& entity, Value*) override {
    if (entity.is(Type::Node)) return context.graph.has_label(entity.entity_id(), label_);
    const auto record = context.graph.record(entity.entity_id());
    if (!record) return context.graph.deleted(entity);
    return type_.find(context.transaction) == record->type;
  }

 private:
  Token label_;
  Token type_;
};

class WildcardCheck final : public LabelCheck {
 public:
  Result<bool> test(Context& context, const Value& entity, Value*) override {
    if (entity.is(Type::Relationship)) return true;
    if (!context.graph.is_node(entity.entity_id())) return context.graph.deleted(entity);
    return !context.transaction.labels(entity.entity_id()).empty();
  }
};

class DynamicCheck final : public LabelCheck {
 public:
  DynamicCheck(EvaluatorPtr names, bool any) : names_(std::move(names)), any_(any) {}
  Result<bool> test(Context& context, const Value& entity, Value* row) override {
    NX_TRY(const Value names, names_->evaluate(context, row));
    if (!names.is(Type::List)) return has(context, entity, names);
    for (const Value& name : names.list()) {
      NX_TRY(const bool found, has(context, entity, name));
      if (found == any_) return any_;
    }
    return !any_;
  }

 private:
  static Result<bool> has(Context& context, const Value& entity, const Value& name) {
    if (!name.is(Type::String)) return type_error("a STRING as label", name);
    const Value held = name;  // Short strings live inside the value.
    return NameCheck(held.string()).test(context, entity, nullptr);
  }

  EvaluatorPtr names_;
  bool any_;
};

class CombinedCheck final : public LabelCheck {
 public:
  CombinedCheck(plan::LabelTest::Kind kind, std::vector<LabelCheckPtr> operands)
      : kind_(kind), operands_(std::move(operands)) {}
  Result<bool> test(Context& context, const Value& entity, Value* row) override {
    const bool is_or = kind_ == plan::LabelTest::Kind::Or;
    for (const auto& operand : operands_) {
      NX_TRY(const bool holds, operand->test(context, entity, row));
      if (kind_ == plan::LabelTest::Kind::Not) return !holds;
      if (holds == is_or) return is_or;
    }
    return !is_or;
  }

 private:
  plan::LabelTest::Kind kind_;
  std::vector<LabelCheckPtr> operands_;
};

class HasLabelsEvaluator final : public Evaluator {
 public:
  HasLabelsEvaluator(EvaluatorPtr subject, LabelCheckPtr check)
      : subject_(std::move(subject)), check_(std::move(check)) {}
  Result<Value> compute(Context& context, Value* row) override {
    Operand subject;
    NX_TRY_DO(subject.load(*subject_, context, row));
    if (subject->is_null()) return Value::null();
    if (!is_entity(*subject)) return type_error("a NODE or RELATIONSHIP before a label", *subject);
    NX_TRY(const bool holds, check_->test(context, *subject, row));
    return Value::boolean(holds);
  }

 private:
  EvaluatorPtr subject_;
  LabelCheckPtr check_;
};

class IsTypedEvaluator final : public Evaluator {
 public:
  IsTypedEvaluator(EvaluatorPtr subject, const plan::TypeTest& test, bool negated)
      : subject_(std::move(subject)), test_(test), negated_(negated) {}
  Result<Value> compute(Context& context, Value* row) override {
    Operand subject;
    NX_TRY_DO(subject.load(*subject_, context, row));
    return Value::boolean(holds(test_, *subject) != negated_);
  }

 private:
  // Recursion as deep as the type is written.
  static bool holds(const plan::TypeTest& test, const Value& value) {
    if (value.is_null()) return test.nullable;
    if ((test.types & function::type_bit(value.type())) != 0) return true;
    return std::any_of(test.lists.begin(), test.lists.end(), [&value](const plan::TypeTest& part) {
      if (value.is(Type::Vector)) return !part.vector.is_any() && part.vector.has(value.vector());
      return value.is(Type::List) && part.vector.is_any() &&
             std::all_of(value.list().begin(), value.list().end(),
                         [&part](const Value& item) { return holds(part, item); });
    });
  }

  EvaluatorPtr subject_;
  plan::TypeTest test_;
  bool negated_;
};

}  // namespace

EvaluatorPtr make_property(EvaluatorPtr subject, std::string_view key) {
  return std::make_unique<PropertyEvaluator>(std::move(subject), key);
}
EvaluatorPtr make_index(EvaluatorPtr subject, EvaluatorPtr index) {
  return std::make_unique<IndexEvaluator>(std::move(subject), std::move(index));
}
EvaluatorPtr make_slice(EvaluatorPtr subject, EvaluatorPtr from, EvaluatorPtr to) {
  return std::make_unique<SliceEvaluator>(std::move(subject), std::move(from), std::move(to));
}
LabelCheckPtr make_label_check(std::string_view name) { return std::make_unique<NameCheck>(name); }
LabelCheckPtr make_wildcard_check() { return std::make_unique<WildcardCheck>(); }
LabelCheckPtr make_dynamic_check(EvaluatorPtr names, bool any) {
  return std::make_unique<DynamicCheck>(std::move(names), any);
}
LabelCheckPtr make_combined_check(plan::LabelTest::Kind kind, std::vector<LabelCheckPtr> operands) {
  return std::make_unique<CombinedCheck>(kind, std::move(operands));
}
EvaluatorPtr make_has_labels(EvaluatorPtr subject, LabelCheckPtr check) {
  return std::make_unique<HasLabelsEvaluator>(std::move(subject), std::move(check));
}
EvaluatorPtr make_is_typed(EvaluatorPtr subject, const plan::TypeTest& test, bool negated) {
  return std::make_unique<IsTypedEvaluator>(std::move(subject), test, negated);
}

}  // namespace nexus::exec
