// SET's and REMOVE's items.
//
// Null in the place of an entity is no error: nothing is set.
#include "exec/context.h"
#include "exec/operators/writes.h"
#include "value/text.h"

namespace nexus::exec {

namespace {

bool has_properties(const Value& value) { return value.is(Type::Node) || value.is(Type::Relationship); }

// Whether there is something to change. Errors: not an entity, deleted.
Result<bool> can_change(Context& context, const Value& subject) {
  if (subject.is_null()) return false;
  if (!has_properties(subject)) return type_error("a NODE or RELATIONSHIP to change", subject);
  const bool exists = subject.is(Type::Node) ? context.graph.is_node(subject.entity_id())
                                             : context.graph.is_relationship(subject.entity_id());
  if (!exists) return context.graph.deleted(subject);
  return true;
}

// Requires: the entity is there. A null removes.
Result<> assign(Context& context, const Value& subject, Token& key, Value value) {
  if (value.is_null()) {
    const auto known = key.find(context.transaction);
    if (!known) return Done{};
    NX_TRY(const Value old, context.graph.property(subject, key));
    if (old.is_null()) return Done{};
  }
  NX_TRY(const storage::TokenId id, key.intern(context.transaction));
  ++context.counters.properties_set;
  const std::uint64_t entity = subject.entity_id();
  if (subject.is(Type::Node)) return context.transaction.set_node_property(entity, id, std::move(value));
  return context.transaction.set_relationship_property(entity, id, std::move(value));
}

class SetProperty final : public UpdateStep {
 public:
  explicit SetProperty(PropertyParts parts) : parts_(std::move(parts)), key_(storage::TokenKind::Key, parts_.key) {}

  Result<> run(Context& context, Value* row) override {
    NX_TRY(const Value subject, parts_.subject->evaluate(context, row));
    Value value;
    if (parts_.value) {
      NX_TRY(value, parts_.value->evaluate(context, row));
    }
    NX_TRY(const bool changes, can_change(context, subject));
    if (!changes) return Done{};
    if (!parts_.dynamic_key) return assign(context, subject, key_, std::move(value));
    NX_TRY(const Value name, parts_.dynamic_key->evaluate(context, row));
    if (!name.is(Type::String)) return type_error("a STRING as property key", name);
    Token key(storage::TokenKind::Key, name.string());
    return assign(context, subject, key, std::move(value));
  }

 private:
  PropertyParts parts_;
  Token key_;
};

class SetProperties final : public UpdateStep {
 public:
  SetProperties(plan::Slot subject, EvaluatorPtr value, bool merge)
      : subject_(subject), value_(std::move(value)), merge_(merge) {}

  Result<> run(Context& context, Value* row) override {
    NX_TRY(const Value value, value_->evaluate(context, row));
    const Value subject = row[subject_];
    NX_TRY(const bool changes, can_change(context, subject));
    if (!changes) return Done{};
    Map wanted;
    if (has_properties(value)) {
      NX_TRY(wanted, context.graph.properties(value));
    } else if (value.is(Type::Map)) {
      wanted = value.map();
    } else if (!value.is_null()) {
      return type_error("a MAP, NODE or RELATIONSHIP as properties", value);
    } else if (merge_) {
      return Done{};
    }
    if (!merge_) NX_TRY_DO(remove_others(context, subject, wanted));
    for (auto& entry : wanted) {
      Token key(storage::TokenKind::Key, entry.first);
      NX_TRY_DO(assign(context, subject, key, std::move(entry.second)));
    }
    return Done{};
  }

 private:
  static Result<> remove_others(Context& context, const Value& subject, const Map& wanted) {
    NX_TRY(const Map old, context.graph.properties(subject));
    const Value kept = Value::map(wanted);
    for (const auto& entry : old) {
      if (kept.find(entry.first) != nullptr) continue;
      Token key(storage::TokenKind::Key, entry.first);
      NX_TRY_DO(assign(context, subject, key, Value::null()));
    }
    return Done{};
  }

  plan::Slot subject_;
  EvaluatorPtr value_;
  bool merge_;
};

class ChangeLabels final : public UpdateStep {
 public:
  ChangeLabels(plan::Slot subject, std::vector<NameSource> labels, bool adds)
      : subject_(subject), labels_(std::move(labels)), adds_(adds) {}

  Result<> run(Context& context, Value* row) override {
    const Value subject = row[subject_];
    NX_TRY(const bool changes, can_change(context, subject));
    if (!changes) return Done{};
    if (!subject.is(Type::Node)) return type_error("a NODE to change labels of", subject);
    std::vector<storage::TokenId> ids;
    for (auto& label : labels_) NX_TRY_DO(adds_ ? label.intern(context, row, ids) : label.find(context, row, ids));
    for (const auto id : ids) NX_TRY_DO(change(context, subject.entity_id(), id));
    return Done{};
  }

 private:
  Result<> change(Context& context, storage::NodeId node, storage::TokenId label) {
    if (context.transaction.has_label(node, label) == adds_) return Done{};
    ++(adds_ ? context.counters.labels_added : context.counters.labels_removed);
    return adds_ ? context.transaction.add_label(node, label) : context.transaction.remove_label(node, label);
  }

  plan::Slot subject_;
  std::vector<NameSource> labels_;
  bool adds_;
};

}  // namespace

UpdateStepPtr make_set_property(PropertyParts parts) { return std::make_unique<SetProperty>(std::move(parts)); }
UpdateStepPtr make_set_properties(plan::Slot subject, EvaluatorPtr value, bool merge) {
  return std::make_unique<SetProperties>(subject, std::move(value), merge);
}
UpdateStepPtr make_set_labels(plan::Slot subject, std::vector<NameSource> labels) {
  return std::make_unique<ChangeLabels>(subject, std::move(labels), true);
}
UpdateStepPtr make_remove_labels(plan::Slot subject, std::vector<NameSource> labels) {
  return std::make_unique<ChangeLabels>(subject, std::move(labels), false);
}

}  // namespace nexus::exec
