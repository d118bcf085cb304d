// Clauses and queries as text.
#include "syntax/printer_state.h"

namespace nexus::syntax {

void Printer::put(const Clause& clause) {
  std::visit([this](const auto& alternative) { node(alternative); }, clause.node);
}

void Printer::put(const SingleQuery& query) {
  separated(query.clauses, " ", [this](const Clause& clause) { put(clause); });
}

void Printer::put(const RegularQuery& query) {
  if (query.before) add(*query.before, " NEXT ");
  put(query.first);
  for (const UnionPart& part : query.unions) add(part.all ? " UNION ALL " : " UNION ", part.query);
}

void Printer::put(const SymbolicName& name) {
  if (name.parameter) add("$", Key{*name.parameter});
  else dotted(name.parts);
}

void Printer::put(const GraphReference& graph) {
  switch (graph.kind) {
    case GraphReference::Kind::Name: return put(graph.name);
    case GraphReference::Kind::ByName: return void(add("graph.byName(", *graph.argument, ")"));
    case GraphReference::Kind::ByElementId: return void(add("graph.byElementId(", *graph.argument, ")"));
  }
}

void Printer::put(const Projection& projection) {
  if (projection.distinct) put("DISTINCT ");
  if (projection.star) put(projection.items.empty() ? "*" : "*, ");
  separated(projection.items, ", ", [this](const ProjectionItem& item) {
    put(item.expression);
    if (item.alias) add(" AS ", Name{*item.alias});
  });
  put(projection.ordering);
}

void Printer::put(const Ordering& ordering) {
  if (!ordering.order_by.empty()) put(" ORDER BY ");
  separated(ordering.order_by, ", ", [this](const SortItem& item) {
    add(item.expression, item.descending ? " DESC" : "");
  });
  optional(" SKIP ", ordering.skip);
  optional(" LIMIT ", ordering.limit);
}

void Printer::put(const Hint& hint) {
  static constexpr std::string_view kWords[] = {"INDEX ", "RANGE INDEX ", "TEXT INDEX ", "POINT INDEX ",
                                                "SCAN ",  "JOIN ON "};
  add(" USING ", kWords[static_cast<std::size_t>(hint.kind)]);
  names(hint.variables);
  if (hint.kind == Hint::Kind::Join) return;
  add(":", Key{hint.label});
  if (hint.properties.empty()) return;
  put("(");
  names(hint.properties);
  put(")");
}

void Printer::node(const Match& match) {
  put(match.optional ? "OPTIONAL MATCH " : "MATCH ");
  if (match.mode == MatchMode::RepeatableElements) put("REPEATABLE ELEMENTS ");
  commas(match.patterns);
  for (const Hint& hint : match.hints) put(hint);
  optional(" WHERE ", match.where);
}

void Printer::node(const With& with) {
  add("WITH ", with.projection);
  optional(" WHERE ", with.where);
}

void Printer::node(const Create& create) {
  put("CREATE ");
  commas(create.patterns);
}

void Printer::labels_of(const std::string& variable, const std::vector<LabelName>& labels) {
  put(Name{variable});
  for (const LabelName& name : labels) add(":", name);
}

void Printer::put(const SetItem& item) {
  if (const auto* property = std::get_if<SetProperty>(&item.node)) {
    add(property->target, " = ", property->value);
  } else if (const auto* all = std::get_if<SetAll>(&item.node)) {
    add(Name{all->variable}, all->add ? " += " : " = ", all->value);
  } else {
    const auto& labels = std::get<SetLabels>(item.node);
    labels_of(labels.variable, labels.labels);
  }
}

void Printer::put(const RemoveItem& item) {
  if (const auto* property = std::get_if<RemoveProperty>(&item.node)) return put(property->target);
  const auto& labels = std::get<RemoveLabels>(item.node);
  labels_of(labels.variable, labels.labels);
}

void Printer::node(const Merge& merge) {
  add("MERGE ", merge.pattern);
  for (const MergeAction& action : merge.actions) {
    put(action.on_create ? " ON CREATE SET " : " ON MATCH SET ");
    commas(action.items);
  }
}

void Printer::node(const Set& set) {
  put("SET ");
  commas(set.items);
}

void Printer::node(const Remove& remove) {
  put("REMOVE ");
  commas(remove.items);
}

void Printer::node(const Delete& deletion) {
  put(deletion.detach ? "DETACH DELETE " : "DELETE ");
  commas(deletion.targets);
}

void Printer::node(const Foreach& loop) {
  add("FOREACH (", Name{loop.variable}, " IN ", loop.list, " | ");
  separated(loop.body, " ", [this](const Clause& clause) { put(clause); });
  put(")");
}

void Printer::put(const YieldItem& item) {
  put(Name{item.name});
  if (item.alias) add(" AS ", Name{*item.alias});
}

void Printer::put(const Yield& yield) {
  put(yield.star ? "*" : yield.items.empty() ? "-" : "");
  commas(yield.items);
  put(yield.ordering);
  optional(" WHERE ", yield.where);
}

void Printer::node(const CallProcedure& call) {
  put(call.optional ? "OPTIONAL CALL " : "CALL ");
  dotted(call.name);
  if (call.arguments) {
    put("(");
    commas(*call.arguments);
    put(")");
  }
  optional(" YIELD ", call.yield);
}

void Printer::node(const CallSubquery& call) {
  put(call.optional ? "OPTIONAL CALL " : "CALL ");
  if (call.scope) {
    put(call.scope->star ? "(*" : "(");
    names(call.scope->variables);
    put(") ");
  }
  add("{ ", *call.query, " }");
  optional("", call.in_transactions);
}

void Printer::put(const InTransactions& settings) {
  static constexpr std::string_view kReactions[] = {"FAIL", "CONTINUE", "BREAK", "RETRY"};
  const auto reaction = [](InTransactions::OnError on_error) { return kReactions[static_cast<std::size_t>(on_error)]; };
  put(" IN ");
  if (settings.concurrency) add(*settings.concurrency, " ");
  put(settings.concurrent ? "CONCURRENT TRANSACTIONS" : "TRANSACTIONS");
  if (settings.rows) add(" OF ", *settings.rows, " ROWS");
  if (settings.on_error != InTransactions::OnError::Fail) add(" ON ERROR ", reaction(settings.on_error));
  if (settings.retry_seconds) add(" FOR ", *settings.retry_seconds, " SECONDS");
  if (settings.on_error == InTransactions::OnError::Retry) add(" THEN ", reaction(settings.after_retry));
  if (settings.report_status) add(" REPORT STATUS AS ", Name{*settings.report_status});
}

void Printer::node(const Conditional& conditional) {
  separated(conditional.branches, " ", [this](const Conditional::Branch& branch) {
    if (branch.condition) add("WHEN ", *branch.condition, " THEN { ", *branch.query, " }");
    else add("ELSE { ", *branch.query, " }");
  });
}

void Printer::node(const LoadCsv& load) {
  add(load.with_headers ? "LOAD CSV WITH HEADERS FROM " : "LOAD CSV FROM ", load.url, " AS ", Name{load.variable});
  if (load.field_terminator) add(" FIELDTERMINATOR ", quote_string(*load.field_terminator));
}

void Printer::node(const ShowCommand& command) {
  static constexpr std::string_view kWords[] = {
      "DATABASES", "DEFAULT DATABASE", "HOME DATABASE", "ALIASES", "USERS", "CURRENT USER", "ROLES", "POPULATED ROLES",
      "PRIVILEGES", "SUPPORTED PRIVILEGES", "SERVERS", "TRANSACTIONS", "FUNCTIONS", "PROCEDURES", "INDEXES",
      "CONSTRAINTS", "SETTINGS"};
  const bool is_privileges = command.kind == ShowKind::Privileges;
  put("SHOW ");
  if (!command.filter.empty() && !is_privileges) add(command.filter, " ");
  if (is_privileges && command.privileges_of) put(*command.privileges_of == ShowKind::Users ? "USERS" : "ROLES");
  else put(kWords[static_cast<std::size_t>(command.kind)]);
  if (!command.names.empty() || !command.ids.empty()) put(" ");
  commas(command.names);
  commas(command.ids);
  if (command.kind == ShowKind::Aliases) put(" FOR DATABASES");
  if (is_privileges && command.privileges_of) put(" PRIVILEGES");
  if (is_privileges && !command.filter.empty()) add(" ", command.filter);
  const bool is_roles = command.kind == ShowKind::Roles || command.kind == ShowKind::PopulatedRoles;
  if (command.with_auth) put(is_roles ? " WITH USERS" : " WITH AUTH");
  if (command.executable) put(" EXECUTABLE");
  if (command.executable_by) add(" BY ", Name{*command.executable_by});
  optional(" YIELD ", command.yield);
  optional(" WHERE ", command.where);
}

void Printer::node(const TerminateTransactions& command) {
  put("TERMINATE TRANSACTIONS ");
  commas(command.ids);
  optional(" YIELD ", command.yield);
}

}  // namespace nexus::syntax
