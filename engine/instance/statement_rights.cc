#include "instance/statement_rights.h"

#include "base/match.h"
#include "exec/effects.h"

namespace nexus::instance {
namespace {

struct ActRights {
  exec::ActBits act;
  Rights rights;
};
constexpr ActRights kActRights[] = {
    {exec::kFinds, right::kMatch},           {exec::kCreates, right::kCreate},
    {exec::kDeletes, right::kDelete},        {exec::kSetsLabels, right::kSetLabel},
    {exec::kRemovesLabels, right::kRemoveLabel}, {exec::kSetsProperties, right::kSetProperty},
    {exec::kLoads, right::kLoad},
};

Rights rights_of_call(const plan::ProcedureCall& call, const plan::ProcedureSignatures& procedures) {
  if (call.name == "SHOW INDEXES") return right::kShowIndex;
  if (call.name == "SHOW CONSTRAINTS") return right::kShowConstraint;
  if (call.name == "SHOW SETTINGS") return right::kShowSetting;
  const plan::ProcedureSignature* signature = procedures.find(call.name);
  if (signature == nullptr) return right::kMatch | right::kWrite;
  if (signature->writes) return right::kMatch | right::kWrite;
  return signature->is_system_allowed ? 0 : right::kMatch;
}

}  // namespace

Rights rights_of(const plan::Statement& statement, const plan::ProcedureSignatures& procedures) {
  if (!statement.root) return 0;
  const exec::Effects effects = exec::effects(*statement.root);
  Rights rights = 0;
  for (const ActRights& one : kActRights) {
    if ((effects.acts & one.act) != 0) rights |= one.rights;
  }
  for (const plan::ProcedureCall* call : effects.calls) rights |= rights_of_call(*call, procedures);
  return rights;
}

Rights rights_of(const syntax::Statement& statement) {
  return std::visit(Match{[](const syntax::CreateIndex&) { return right::kCreateIndex; },
                          [](const syntax::DropIndex&) { return right::kDropIndex; },
                          [](const syntax::CreateConstraint&) { return right::kCreateConstraint; },
                          [](const syntax::DropConstraint&) { return right::kDropConstraint; },
                          [](const auto&) { return Rights{0}; }},
                    statement.node);
}

}  // namespace nexus::instance
