// Lowering of CREATE, SET, REMOVE and DELETE.
#include "exec/lower.h"

namespace nexus::exec {

Result<OperatorPtr> Lowering::make(const plan::Create& op, OperatorPtr input) {
  NX_TRY(std::vector<CreateStep> steps, create_steps(op.items));
  return make_create(std::move(input), width_, std::move(steps), barriers(kStructure), context_.budget);
}

Result<OperatorPtr> Lowering::make(const plan::Update& op, OperatorPtr input) {
  EffectBits writes = 0;
  for (const auto& item : op.items) {
    const bool labels =
        std::holds_alternative<plan::SetLabels>(item) || std::holds_alternative<plan::RemoveLabels>(item);
    writes |= labels ? kLabels : kProperties;
  }
  NX_TRY(std::vector<UpdateStepPtr> steps, update_steps(op.items));
  return make_update(std::move(input), width_, std::move(steps), barriers(writes), context_.budget);
}

Result<OperatorPtr> Lowering::make(const plan::Delete& op, OperatorPtr input) {
  NX_TRY(Evaluators targets, compile_all(op.targets));
  return make_delete(std::move(input), width_, std::move(targets), op.detach, context_.budget);
}

Result<std::vector<CreateStep>> Lowering::create_steps(const std::vector<CreateItem>& items) {
  std::vector<CreateStep> steps;
  for (const auto& item : items) {
    NX_TRY(CreateStep step, std::visit([this](const auto& one) { return create_step(one); }, item));
    steps.push_back(std::move(step));
  }
  return steps;
}

Result<CreateStep> Lowering::create_step(const plan::CreateNode& item) {
  CreateStep step;
  step.slot = item.slot;
  NX_TRY(step.names, name_sources(storage::TokenKind::Label, item.labels));
  NX_TRY(step.properties, property_source(item.properties));
  return step;
}

Result<CreateStep> Lowering::create_step(const plan::CreateRelationship& item) {
  CreateStep step;
  step.is_node = false;
  step.slot = item.slot;
  step.start = item.start;
  step.end = item.end;
  NX_TRY(NameSource type, name_source(storage::TokenKind::Type, item.type));
  step.names.push_back(std::move(type));
  NX_TRY(step.properties, property_source(item.properties));
  return step;
}

Result<PropertySource> Lowering::property_source(const plan::ExpressionPtr& properties) {
  if (!properties) return PropertySource();
  const auto* map = std::get_if<plan::MapOf>(&properties->node);
  if (map == nullptr) {
    NX_TRY(EvaluatorPtr evaluator, compile(properties));
    return PropertySource(std::move(evaluator));
  }
  std::vector<PropertySource::Entry> entries;
  for (const auto& entry : map->entries) {
    NX_TRY(EvaluatorPtr value, compile(entry.second));
    entries.push_back({Token(storage::TokenKind::Key, entry.first), std::move(value)});
  }
  return PropertySource(std::move(entries));
}

Result<NameSource> Lowering::name_source(storage::TokenKind kind, const plan::LabelSource& source) {
  NX_TRY(EvaluatorPtr expression, compile(source.expression));
  return NameSource(kind, source.name, std::move(expression));
}

Result<std::vector<NameSource>> Lowering::name_sources(storage::TokenKind kind,
                                                       const std::vector<plan::LabelSource>& sources) {
  std::vector<NameSource> names;
  for (const auto& source : sources) {
    NX_TRY(NameSource name, name_source(kind, source));
    names.push_back(std::move(name));
  }
  return names;
}

Result<std::vector<UpdateStepPtr>> Lowering::update_steps(const std::vector<plan::UpdateItem>& items) {
  std::vector<UpdateStepPtr> steps;
  for (const auto& item : items) {
    NX_TRY(UpdateStepPtr step, std::visit([this](const auto& one) { return update_step(one); }, item));
    steps.push_back(std::move(step));
  }
  return steps;
}

Result<UpdateStepPtr> Lowering::update_step(const plan::SetProperty& item) {
  PropertyParts parts;
  NX_TRY(parts.subject, compile(item.subject));
  parts.key = item.key;
  NX_TRY(parts.dynamic_key, compile(item.dynamic_key));
  NX_TRY(parts.value, compile(item.value));
  return make_set_property(std::move(parts));
}
Result<UpdateStepPtr> Lowering::update_step(const plan::RemoveProperty& item) {
  PropertyParts parts;
  NX_TRY(parts.subject, compile(item.subject));
  parts.key = item.key;
  NX_TRY(parts.dynamic_key, compile(item.dynamic_key));
  return make_set_property(std::move(parts));
}
Result<UpdateStepPtr> Lowering::update_step(const plan::SetProperties& item) {
  NX_TRY(EvaluatorPtr value, compile(item.value));
  return make_set_properties(item.subject, std::move(value), item.merge);
}
Result<UpdateStepPtr> Lowering::update_step(const plan::SetLabels& item) {
  NX_TRY(std::vector<NameSource> labels, name_sources(storage::TokenKind::Label, item.labels));
  return make_set_labels(item.subject, std::move(labels));
}
Result<UpdateStepPtr> Lowering::update_step(const plan::RemoveLabels& item) {
  NX_TRY(std::vector<NameSource> labels, name_sources(storage::TokenKind::Label, item.labels));
  return make_remove_labels(item.subject, std::move(labels));
}

}  // namespace nexus::exec
