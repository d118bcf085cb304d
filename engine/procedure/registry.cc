#include "procedure/registry.h"

namespace nexus::procedure {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

class BodyProcedure final : public exec::Procedure {
 public:
  BodyProcedure(plan::ProcedureSignature signature, Body body)
      : signature_(std::move(signature)), body_(std::move(body)) {}

  const plan::ProcedureSignature& signature() const override { return signature_; }
  Result<std::unique_ptr<exec::RowStream>> call(exec::ProcedureContext& context, List arguments) const override {
    return body_(context, std::move(arguments));
  }

 private:
  plan::ProcedureSignature signature_;
  Body body_;
};

}  // namespace

void Registry::add(std::unique_ptr<exec::Procedure> procedure) {
  std::string key = lower(procedure->signature().name);
  by_name_.insert_or_assign(std::move(key), std::move(procedure));
}

void Registry::add(plan::ProcedureSignature signature, Body body) {
  add(std::make_unique<BodyProcedure>(std::move(signature), std::move(body)));
}

void Registry::remove(std::string_view name) { by_name_.erase(lower(name)); }

const plan::ProcedureSignature* Registry::find(std::string_view name) const {
  const exec::Procedure* procedure = find_procedure(name);
  return procedure == nullptr ? nullptr : &procedure->signature();
}

const exec::Procedure* Registry::find_procedure(std::string_view name) const {
  const auto at = by_name_.find(lower(name));
  if (at != by_name_.end()) return at->second.get();
  return parent_ == nullptr ? nullptr : parent_->find_procedure(name);
}

std::vector<const exec::Procedure*> Registry::procedures() const {
  std::map<std::string, const exec::Procedure*> all;
  collect(all);
  std::vector<const exec::Procedure*> sorted;
  for (const auto& entry : all) sorted.push_back(entry.second);
  return sorted;
}

void Registry::collect(std::map<std::string, const exec::Procedure*>& into) const {
  if (parent_ != nullptr) parent_->collect(into);
  for (const auto& [name, procedure] : by_name_) into[name] = procedure.get();
}

}  // namespace nexus::procedure
