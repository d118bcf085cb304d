#include "procedure/registry.h"

namespace nexus::procedure {

namespace {

std::string lower_case(std::string_view name) {
  std::string lowered(name);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

class BodyProcedure final : public exec::Procedure {
 public:
  BodyProcedure(plan::ProcedureSignature signature, Body body)
      : signature_(std::move(signature)), body_(std::move(body)) {}
  const plan::ProcedureSignature& signature() const override { return signature_; }
  exec::StreamResult call(exec::ProcedureContext& context, List arguments) const override {
    return body_(context, std::move(arguments));
  }

 private:
  plan::ProcedureSignature signature_;
  Body body_;
};

}  // namespace

void Registry::add(std::unique_ptr<exec::Procedure> procedure) {
  std::string key = lower_case(procedure->signature().name);
  by_name_[std::move(key)] = std::move(procedure);
}
void Registry::add(plan::ProcedureSignature signature, Body body) {
  add(std::make_unique<BodyProcedure>(std::move(signature), std::move(body)));
}
void Registry::remove(std::string_view name) { by_name_.erase(lower_case(name)); }

const exec::Procedure* Registry::find_procedure(std::string_view name) const {
  const auto found = by_name_.find(lower_case(name));
  if (found != by_name_.end()) return found->second.get();
  return parent_ != nullptr ? parent_->find_procedure(name) : nullptr;
}

const plan::ProcedureSignature* Registry::find(std::string_view name) const {
  const exec::Procedure* found = find_procedure(name);
  return found != nullptr ? &found->signature() : nullptr;
}

std::vector<std::string> Registry::names() const {
  std::vector<std::string> names;
  for (const exec::Procedure* procedure : procedures()) {
    const std::string& name = procedure->signature().name;
    if (name.find(' ') == std::string::npos) names.push_back(name);  // SHOW commands are not called.
  }
  return names;
}

void Registry::collect(std::map<std::string, const exec::Procedure*>& into) const {
  if (parent_ != nullptr) parent_->collect(into);
  for (const auto& [key, procedure] : by_name_) into[key] = procedure.get();
}

std::vector<const exec::Procedure*> Registry::procedures() const {
  std::map<std::string, const exec::Procedure*> all;
  collect(all);
  std::vector<const exec::Procedure*> sorted;
  for (const auto& [key, procedure] : all) sorted.push_back(procedure);
  return sorted;
}

}  // namespace nexus::procedure
