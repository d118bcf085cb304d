// Where a query runs: its leading USE against the session's database, and what USE may say inside.
#include <algorithm>

#include "instance/database_name.h"
#include "instance/literal.h"
#include "instance/query_pipeline.h"

namespace nexus::instance {
namespace {

// The name or element id that a USE says, when it can be known before the query runs.
Result<std::optional<std::string>> written_name(const plan::GraphUse& use, const Map& parameters) {
  if (!use.parameter) return use.name;
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const MapEntry& entry) { return entry.first == *use.parameter; });
  if (found == parameters.end()) {
    return Error(ErrorCode::MissingParameter, "Expected parameter(s): " + *use.parameter, use.position);
  }
  if (found->second.is(Type::String)) return std::optional<std::string>(found->second.string());
  return Error(ErrorCode::InvalidArgumentType, "The argument of graph.byName() must be a STRING.", use.position);
}

// The database's name, or the name itself where it leads nowhere.
Result<std::string> named_database(const Request& request, const plan::GraphUse& use) {
  NX_TRY(std::optional<std::string> name, written_name(use, request.parameters));
  if (!name) {
    return Error(ErrorCode::NotComposite,
                 "Only on a composite database can the argument of USE be computed; here it is a literal or a parameter.",
                 use.position);
  }
  if (!use.is_element_id) return std::move(*name);
  const auto uuid = uuid_of_element_id(*name);
  auto known = uuid ? request.core.manager->name_of(*uuid) : std::nullopt;
  if (known) return std::move(*known);
  return Error(ErrorCode::ElementIdGraphNotFound,
               "There is no graph for element id '" + printable_name(*name) + "'.", use.position);
}

Error composite_from_outside(std::string_view name, Position position) {
  return Error(ErrorCode::CompositeFromOutside,
               "'" + printable_name(name) + "' belongs to a composite database; open the session on that one to use it.",
               position);
}

Result<> check_inner_use(const Request& request, const Target& target, const plan::GraphUse& use) {
  NX_TRY(const std::string name, named_database(request, use));
  // The name that chose the target means it, whatever happens to that name meanwhile.
  if (fold_database_name(name) == target.asked) return Done{};
  const NameKind kind = request.core.manager->look_up(request.identity, name);
  if (kind.kind != NameKind::Kind::Unknown && kind.uuid == target.uuid) return Done{};
  if (kind.kind == NameKind::Kind::Unknown) {
    return Error(ErrorCode::GraphNotFound, "Graph not found: " + printable_name(name), use.position);
  }
  return Error(ErrorCode::UseMismatch,
               "One statement or transaction uses one database: '" + printable_name(name) + "' is not '" +
                   printable_name(target.name) + "'.",
               use.position);
}

Result<> check_command_use(const Request& request, const Target& target) {
  const auto& use = request.prepared->statement.use;
  if (!use) return Done{};
  NX_TRY(std::string name, graph_name(*use, request.parameters));
  return check_inner_use(request, target, plan::GraphUse{std::move(name), {}, false, use->name.position});
}

// Of a command on indexes or constraints, which has no plan; it may name a constituent of the session's database.
Result<Target> choose_command_target(const Request& request, std::string_view current) {
  DatabaseManager& manager = *request.core.manager;
  const auto& use = request.prepared->statement.use;
  if (!use) return manager.find(request.identity, current, right::kAccess);
  NX_TRY(const std::string name, graph_name(*use, request.parameters));
  const NameKind kind = manager.look_up(request.identity, name);
  const bool is_own = manager.look_up(request.identity, current).database == (kind.composite.empty() ? kind.database : kind.composite);
  if ((kind.kind == NameKind::Kind::Composite || !kind.composite.empty()) && !is_own) {
    return composite_from_outside(name, use->name.position);
  }
  return manager.find(request.identity, name, right::kAccess, ErrorCode::GraphNotFound);
}

}  // namespace

Result<> check_uses(const Request& request, const Target& target) {
  if (!request.prepared->plan) return check_command_use(request, target);
  if (target.is_composite) return Done{};  // Each USE is looked up when it is reached.
  for (const plan::GraphUse& use : request.prepared->plan->uses) NX_TRY_DO(check_inner_use(request, target, use));
  return Done{};
}

Result<Target> choose_target(const Request& request, std::string_view current) {
  const Prepared& prepared = *request.prepared;
  DatabaseManager& manager = *request.core.manager;
  if (!prepared.plan) return choose_command_target(request, current);
  const bool has_use = prepared.plan->begins_with_use;
  // On a composite database the leading USE is a step of the plan like the others.
  const auto is_composite = [&] { return manager.look_up(request.identity, current).kind == NameKind::Kind::Composite; };
  if (!has_use || (!prepared.is_administration && is_composite())) {
    const std::string_view name = prepared.is_administration ? kSystemDatabase : current;
    NX_TRY(Target target, manager.find(request.identity, name, right::kAccess));
    NX_TRY_DO(check_uses(request, target));
    return target;
  }
  const plan::GraphUse& use = prepared.plan->uses.front();
  NX_TRY(const std::string name, named_database(request, use));
  const NameKind kind = manager.look_up(request.identity, name);
  if (prepared.is_administration && kind.kind != NameKind::Kind::System) {
    return Error(ErrorCode::NotSystemDatabase,
                 "This is an administration command and it runs on the system database only.", use.position);
  }
  if (kind.kind == NameKind::Kind::Composite || !kind.composite.empty()) {
    return composite_from_outside(name, use.position);
  }
  NX_TRY(Target target, manager.find(request.identity, name, right::kAccess, ErrorCode::GraphNotFound));
  NX_TRY_DO(check_uses(request, target));
  return target;
}

}  // namespace nexus::instance
