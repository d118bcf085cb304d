#include "instance/statement_rules.h"

#include "base/match.h"
#include "instance/database_name.h"
#include "instance/literal.h"

namespace nexus::instance {
namespace {

bool is_administration(syntax::ShowKind kind) {
  switch (kind) {
    case syntax::ShowKind::Databases:
    case syntax::ShowKind::DefaultDatabase:
    case syntax::ShowKind::HomeDatabase:
    case syntax::ShowKind::Aliases:
    case syntax::ShowKind::Users:
    case syntax::ShowKind::CurrentUser:
    case syntax::ShowKind::Roles:
    case syntax::ShowKind::PopulatedRoles:
    case syntax::ShowKind::Privileges:
    case syntax::ShowKind::SupportedPrivileges:
    case syntax::ShowKind::Servers: return true;
    case syntax::ShowKind::Transactions:
    case syntax::ShowKind::Functions:
    case syntax::ShowKind::Procedures:
    case syntax::ShowKind::Indexes:
    case syntax::ShowKind::Constraints:
    case syntax::ShowKind::Settings: break;
  }
  return false;
}

std::string procedure_name(const syntax::CallProcedure& call) {
  std::string name;
  for (const std::string& part : call.name) name += (name.empty() ? "" : ".") + part;
  return name;
}

// Sources of rows that the system database answers.
bool is_system_source(const syntax::Clause& clause, const procedure::Registry& procedures) {
  if (const auto* show = std::get_if<syntax::ShowCommand>(&clause.node)) {
    return show->kind != syntax::ShowKind::Indexes && show->kind != syntax::ShowKind::Constraints;
  }
  if (const auto* call = std::get_if<syntax::CallProcedure>(&clause.node)) {
    const plan::ProcedureSignature* signature = procedures.find(procedure_name(*call));
    // An unknown one is the binder's to refuse, with the better message.
    return signature == nullptr || signature->is_system_allowed;
  }
  return std::holds_alternative<syntax::TerminateTransactions>(clause.node);
}

bool is_shaping(const syntax::Clause& clause) {
  return std::holds_alternative<syntax::Return>(clause.node) || std::holds_alternative<syntax::With>(clause.node) ||
         std::holds_alternative<syntax::Unwind>(clause.node) || std::holds_alternative<syntax::Finish>(clause.node);
}

bool is_system_query(const syntax::SingleQuery& query, const procedure::Registry& procedures) {
  if (query.clauses.empty() || !is_system_source(query.clauses.front(), procedures)) return false;
  for (const syntax::Clause& clause : query.clauses) {
    if (!is_system_source(clause, procedures) && !is_shaping(clause)) return false;
  }
  return true;
}

Error misplaced_use(Position position) {
  Error error(ErrorCode::MisplacedUse, "USE can only be the first clause of a query, a UNION arm or a subquery.",
              position);
  error.compile_time = true;
  return error;
}

Result<> take_uses(syntax::RegularQuery& query, bool may_lead, Prepared& prepared);

Result<> take_uses(syntax::SingleQuery& query, bool may_lead, Prepared& prepared) {
  std::vector<syntax::Clause> kept;
  for (syntax::Clause& clause : query.clauses) {
    if (auto* use = std::get_if<syntax::Use>(&clause.node)) {
      const bool follows_import = kept.size() == 1 && std::holds_alternative<syntax::With>(kept.front().node);
      if (!may_lead || !(kept.empty() || follows_import)) return misplaced_use(clause.position);
      may_lead = false;  // One USE a query.
      prepared.inner_uses.push_back(std::move(use->graph));
      continue;
    }
    if (auto* call = std::get_if<syntax::CallSubquery>(&clause.node))
      NX_TRY_DO(take_uses(*call->query, true, prepared));
    kept.push_back(std::move(clause));
  }
  query.clauses = std::move(kept);
  return Done{};
}

Result<> take_uses(syntax::RegularQuery& query, bool may_lead, Prepared& prepared) {
  NX_TRY_DO(take_uses(query.first, may_lead, prepared));
  for (syntax::UnionPart& part : query.unions) NX_TRY_DO(take_uses(part.query, true, prepared));
  return Done{};
}

}  // namespace

Result<> note_rules(syntax::RegularQuery& query, const procedure::Registry& procedures, Prepared& prepared) {
  NX_TRY_DO(take_uses(query, false, prepared));
  if (!query.first.clauses.empty()) {
    const auto* show = std::get_if<syntax::ShowCommand>(&query.first.clauses.front().node);
    prepared.is_administration = show != nullptr && is_administration(show->kind);
  }
  prepared.is_system_allowed = is_system_query(query.first, procedures);
  for (const syntax::UnionPart& part : query.unions) {
    prepared.is_system_allowed = prepared.is_system_allowed && is_system_query(part.query, procedures);
  }
  return Done{};
}

Result<> check_use(const syntax::GraphReference& graph, std::string_view target, const Map& parameters) {
  NX_TRY(const std::string name, graph_name(graph, parameters));
  if (fold_database_name(name) == target) return Done{};
  return Error(ErrorCode::UseMismatch,
               "One statement or transaction uses one database: '" + printable_name(name) + "' is not '" +
                   printable_name(target) + "'.",
               graph.name.position);
}

Result<> check_inner_uses(const Prepared& prepared, std::string_view target, const Map& parameters) {
  for (const syntax::GraphReference& graph : prepared.inner_uses) NX_TRY_DO(check_use(graph, target, parameters));
  return Done{};
}

Error not_allowed_on_system(const Prepared& prepared) {
  return Error(ErrorCode::NotAllowedOnSystemDatabase,
               "This statement is not allowed on the system database; it can only run on a user's database.",
               prepared.statement.position);
}

}  // namespace nexus::instance
