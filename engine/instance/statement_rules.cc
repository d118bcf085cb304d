#include "instance/statement_rules.h"

#include "base/match.h"

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
  bool has_source = false;
  for (const syntax::Clause& clause : query.clauses) {
    if (std::holds_alternative<syntax::Use>(clause.node) && !has_source) continue;
    if (!has_source && !is_system_source(clause, procedures)) return false;
    has_source = true;
    if (!is_system_source(clause, procedures) && !is_shaping(clause)) return false;
  }
  return has_source;
}

Error misplaced_use(Position position) {
  Error error(ErrorCode::MisplacedUse, "USE can only be the first clause of a query, a UNION arm or a subquery.",
              position);
  error.compile_time = true;
  return error;
}

Result<> check_place_of_uses(const syntax::RegularQuery& query, bool may_lead);

Result<> check_place_of_uses(const syntax::SingleQuery& query, bool may_lead) {
  std::size_t before = 0;
  for (const syntax::Clause& clause : query.clauses) {
    if (std::holds_alternative<syntax::Use>(clause.node)) {
      const bool follows_import = before == 1 && std::holds_alternative<syntax::With>(query.clauses.front().node);
      if (!may_lead || !(before == 0 || follows_import)) return misplaced_use(clause.position);
      may_lead = false;  // One USE a query.
    } else {
      ++before;
    }
    if (const auto* call = std::get_if<syntax::CallSubquery>(&clause.node))
      NX_TRY_DO(check_place_of_uses(*call->query, true));
    if (const auto* conditional = std::get_if<syntax::Conditional>(&clause.node)) {
      for (const auto& branch : conditional->branches) NX_TRY_DO(check_place_of_uses(*branch.query, true));
    }
  }
  return Done{};
}

Result<> check_place_of_uses(const syntax::RegularQuery& query, bool may_lead) {
  if (query.before) NX_TRY_DO(check_place_of_uses(*query.before, may_lead));
  NX_TRY_DO(check_place_of_uses(query.first, may_lead || query.before != nullptr));
  for (const syntax::UnionPart& part : query.unions) NX_TRY_DO(check_place_of_uses(part.query, true));
  return Done{};
}

}  // namespace

Result<> note_rules(const syntax::RegularQuery& query, const procedure::Registry& procedures, Prepared& prepared) {
  NX_TRY_DO(check_place_of_uses(query, false));
  const syntax::SingleQuery& first = syntax::first_query(query).first;
  if (!first.clauses.empty()) {
    const auto* show = std::get_if<syntax::ShowCommand>(&first.clauses.front().node);
    prepared.is_administration = show != nullptr && is_administration(show->kind);
  }
  prepared.is_system_allowed = !query.before && is_system_query(query.first, procedures);
  for (const syntax::UnionPart& part : query.unions) {
    prepared.is_system_allowed = prepared.is_system_allowed && is_system_query(part.query, procedures);
  }
  return Done{};
}

Error not_allowed_on_system(const Prepared& prepared) {
  return Error(ErrorCode::NotAllowedOnSystemDatabase,
               "This statement is not allowed on the system database; it can only run on a user's database.",
               prepared.statement.position);
}

}  // namespace nexus::instance
