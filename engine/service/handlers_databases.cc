#include <algorithm>
#include <iterator>

#include "base/number.h"
#include "service/credentials.h"
#include "service/handlers.h"
#include "service/json.h"
#include "service/problem.h"
#include "value/temporal/temporal.h"

namespace nexus::service {
namespace {

constexpr std::size_t kPageMax = 10'000;
constexpr std::size_t kPageDefault = 1'000;

Value text(std::string_view value) { return Value::string(value); }
Value number(std::uint64_t value) { return Value::integer(static_cast<std::int64_t>(value)); }

Value moment(std::optional<std::int64_t> nanoseconds) {
  if (!nanoseconds) return Value::null();
  constexpr std::int64_t kSecond = 1'000'000'000;
  return Value::date_time({*nanoseconds / kSecond, static_cast<std::uint32_t>(*nanoseconds % kSecond), 0, {}});
}

// Every SHOW DATABASES column under its name, then Nexus's own.
Value database_value(const DatabaseInfo& info) {
  List aliases, constituents;
  for (const std::string& alias : info.aliases) aliases.push_back(text(alias));
  for (const std::string& constituent : info.constituents) constituents.push_back(text(constituent));
  return Value::map(make_map({{"name", text(info.name)},
                              {"databaseId", text(info.uuid)},
                              {"type", text(info.type)},
                              {"aliases", Value::list(std::move(aliases))},
                              {"constituents", Value::list(std::move(constituents))},
                              {"access", text(info.access)},
                              {"requestedStatus", text(info.requested_status)},
                              {"currentStatus", text(info.current_status)},
                              {"statusMessage", text(info.status_message)},
                              {"default", Value::boolean(info.is_default)},
                              {"home", Value::boolean(info.is_home)},
                              {"creationTime", moment(info.created_nanoseconds)},
                              {"lastStartTime", moment(info.started_nanoseconds)},
                              {"lastStopTime", moment(info.stopped_nanoseconds)},
                              {"lastCommittedTxn", number(info.last_transaction)},
                              {"options", Value::map(info.options)},
                              {"nodeCount", number(info.node_count)},
                              {"relationshipCount", number(info.relationship_count)},
                              {"storeBytes", number(info.store_bytes)},
                              {"memoryBytes", number(info.memory_bytes)},
                              {"parent", info.parent.empty() ? Value::null() : text(info.parent)},
                              {"temporary", Value::boolean(info.is_temporary)},
                              {"expiresAt", info.expires_nanoseconds ? moment(info.expires_nanoseconds)
                                                                     : Value::null()}}));
}

Result<std::size_t> page_limit(const Target& target) {
  const auto limit = target.query.find("limit");
  if (limit == target.query.end()) return kPageDefault;
  const auto wanted = parse_integer(limit->second);
  if (!wanted || *wanted < 1 || static_cast<std::uint64_t>(*wanted) > kPageMax) {
    return Error{ErrorCode::InvalidRequest, "'limit' must be between 1 and " + std::to_string(kPageMax)};
  }
  return static_cast<std::size_t>(*wanted);
}

Result<bool> query_flag(const Target& target, const std::string& name) {
  const auto at = target.query.find(name);
  if (at == target.query.end() || at->second == "false") return false;
  if (at->second == "true" || at->second.empty()) return true;
  return Error{ErrorCode::InvalidRequest, "'" + name + "' must be true or false"};
}

struct Creation {
  std::string statement;
  Map parameters;
  std::string name;
};

Result<Creation> read_creation(const HttpRequest& request) {
  NX_TRY(const Body body, Body::parse(request, {"name", "ifNotExists", "orReplace", "copyOf", "temporary", "ttlSeconds",
                                                "options", "wait"}));
  Creation creation;
  NX_TRY(creation.name, body.required_text("name"));
  NX_TRY(const auto if_not_exists, body.flag("ifNotExists"));
  NX_TRY(const auto or_replace, body.flag("orReplace"));
  NX_TRY(const auto temporary, body.flag("temporary"));
  NX_TRY(const auto ttl, body.count("ttlSeconds"));
  NX_TRY(const auto copy_of, body.text("copyOf"));
  NX_TRY(Map options, body.map("options"));
  NX_TRY_DO(body.flag("wait"));  // Always synchronous: accepted, changes nothing.
  creation.statement = or_replace.value_or(false) ? "CREATE OR REPLACE " : "CREATE ";
  creation.statement += temporary.value_or(false) ? "TEMPORARY DATABASE $name" : "DATABASE $name";
  if (if_not_exists.value_or(false)) creation.statement += " IF NOT EXISTS";
  Map parameters{{"name", text(creation.name)}};
  if (copy_of) {
    creation.statement += " AS COPY OF $copyOf";
    parameters.emplace_back("copyOf", text(*copy_of));
  }
  if (ttl) creation.statement += " TTL " + std::to_string(*ttl) + " SECONDS";
  if (!options.empty()) {
    creation.statement += " OPTIONS $options";
    parameters.emplace_back("options", Value::map(std::move(options)));
  }
  creation.parameters = make_map(std::move(parameters));
  return creation;
}

// "SET OPTION `k` $option0 REMOVE OPTION `l`": what is null is removed. Names are checked by the instance.
std::string option_changes(const Map& options, Map& parameters) {
  std::string changes;
  for (std::size_t at = 0; at < options.size(); ++at) {
    const auto& [key, value] = options[at];
    std::string quoted = "`";
    for (const char c : key) quoted.append(c == '`' ? 2 : 1, c);
    quoted += '`';
    if (value.is_null()) {
      changes += " REMOVE OPTION " + quoted;
      continue;
    }
    const std::string parameter = "option" + std::to_string(at);
    changes += " SET OPTION " + quoted + " $" + parameter;
    parameters.emplace_back(parameter, value);
  }
  return changes;
}

// One statement for each member that the caller wants changed, rename last.
Result<std::vector<std::string>> read_changes(const HttpRequest& request, Map& parameters) {
  NX_TRY(const Body body, Body::parse(request, {"access", "requestedStatus", "name", "default", "options"}));
  std::vector<std::string> statements;
  NX_TRY(const auto access, body.text("access"));
  if (access) {
    if (*access != "read-only" && *access != "read-write") {
      return Error{ErrorCode::InvalidOption, "'access' must be read-only or read-write"};
    }
    statements.push_back("ALTER DATABASE $name SET ACCESS " + std::string(*access == "read-only" ? "READ ONLY" : "READ WRITE"));
  }
  NX_TRY(const auto status, body.text("requestedStatus"));
  if (status) {
    if (*status != "online" && *status != "offline") {
      return Error{ErrorCode::InvalidOption, "'requestedStatus' must be online or offline"};
    }
    statements.push_back(*status == "online" ? "START DATABASE $name" : "STOP DATABASE $name");
  }
  NX_TRY(const auto is_default, body.flag("default"));
  if (is_default && !*is_default) {
    return Error{ErrorCode::InvalidOption, "'default' can only be true: another database takes its place"};
  }
  if (is_default) statements.push_back("CALL dbms.setDefaultDatabase($name) YIELD result RETURN result");
  NX_TRY(const Map options, body.map("options"));
  if (!options.empty()) {
    statements.push_back("ALTER DATABASE $name" + option_changes(options, parameters));
    parameters = make_map(std::move(parameters));
  }
  NX_TRY(const auto name, body.text("name"));
  if (name) {
    statements.push_back("ALTER DATABASE $name RENAME TO $newName");
    parameters.emplace_back("newName", text(*name));
    parameters = make_map(std::move(parameters));
  }
  if (statements.empty()) return Error{ErrorCode::InvalidRequest, "the body changes nothing"};
  return statements;
}

}  // namespace

HttpResponse database_response(int status, const DatabaseInfo& info) {
  std::string body;
  append_json(body, database_value(info));
  return json_response(status, std::move(body));
}

Result<Summary> Handlers::administer(Exchange& exchange, const std::string& statement, const Map& parameters) {
  NX_TRY(const auto session, instance_.open_session(exchange.identity, "system"));
  RunOptions options;
  options.temporary_ttl_seconds = kTemporaryTtlSeconds;
  NX_TRY(Table table, query(*session, statement, parameters, options));
  return std::move(table.summary);
}

HttpResponse Handlers::list_databases(Exchange& exchange) {
  auto limit = page_limit(exchange.target);
  if (!limit) return problem(limit.error());
  DatabaseFilter filter;
  filter.limit = *limit + 1;
  for (const auto& [key, value] : exchange.target.query) {
    if (key == "prefix") filter.prefix = value;
    else if (key == "status") filter.status = value;
    else if (key == "after") filter.after = value;
    else if (key != "limit") return problem(400, "InvalidRequest", "there is no query parameter '" + key + "'");
  }
  constexpr std::string_view kStatuses[] = {"", "online", "offline", "starting", "stopping", "dirty"};
  if (std::find(std::begin(kStatuses), std::end(kStatuses), filter.status) == std::end(kStatuses)) {
    return problem(400, "InvalidRequest", "'status' must be online, offline, starting, stopping or dirty");
  }
  if (const auto current = check_is_current(instance_, exchange.identity); !current) return problem(current.error());
  std::vector<DatabaseInfo> databases = instance_.databases(exchange.identity, filter);
  std::string next;
  if (databases.size() > *limit) {
    databases.resize(*limit);
    next = databases.back().name;
  }
  std::string body = "{\"databases\":[";
  for (std::size_t at = 0; at < databases.size(); ++at) {
    if (at != 0) body += ',';
    append_json(body, database_value(databases[at]));
  }
  append_json_string(body += "],\"default\":", instance_.home_database(exchange.identity));
  body += ",\"next\":";
  if (next.empty()) body += "null";
  else append_json_string(body, next);
  return json_response(200, body + "}");
}

HttpResponse Handlers::create_database(Exchange& exchange) {
  auto creation = read_creation(exchange.request);
  if (!creation) return problem(creation.error());
  auto summary = administer(exchange, creation->statement, creation->parameters);
  if (!summary) return problem(summary.error());
  auto info = instance_.database(exchange.identity, creation->name);
  if (!info) return problem(info.error());
  HttpResponse response = database_response(summary->counters.system_updates == 0 ? 200 : 201, *info);
  if (response.status == 201) response.headers.emplace_back("Location", "/api/v1/databases/" + info->name);
  return response;
}

HttpResponse Handlers::show_database(Exchange& exchange) {
  if (const auto current = check_is_current(instance_, exchange.identity); !current) return problem(current.error());
  auto info = instance_.database(exchange.identity, exchange.path["name"]);
  return info ? database_response(200, *info) : problem(info.error());
}

HttpResponse Handlers::change_database(Exchange& exchange) {
  const std::string name = exchange.path["name"];
  Map parameters{{"name", text(name)}};
  auto statements = read_changes(exchange.request, parameters);
  if (!statements) return problem(statements.error());
  for (const std::string& statement : *statements) {
    auto summary = administer(exchange, statement, parameters);
    if (!summary) return problem(summary.error());
  }
  const Value renamed = Value::map(parameters);
  const Value* new_name = renamed.find("newName");
  auto info = instance_.database(exchange.identity, new_name != nullptr ? std::string(new_name->string()) : name);
  return info ? database_response(200, *info) : problem(info.error());
}

HttpResponse Handlers::drop_database(Exchange& exchange) {
  auto if_exists = query_flag(exchange.target, "ifExists");
  if (!if_exists) return problem(if_exists.error());
  auto dump = query_flag(exchange.target, "dumpData");
  if (!dump) return problem(dump.error());
  auto cascade = query_flag(exchange.target, "cascadeAliases");
  if (!cascade) return problem(cascade.error());
  auto destroy = query_flag(exchange.target, "destroyData");
  if (!destroy) return problem(destroy.error());
  if (*dump && *destroy) return problem(400, "InvalidRequest", "dumpData and destroyData do not go together");
  std::string statement = "DROP DATABASE $name";
  if (*if_exists) statement += " IF EXISTS";
  if (*cascade) statement += " CASCADE ALIASES";
  if (*dump) statement += " DUMP DATA";
  if (*destroy) statement += " DESTROY DATA";
  auto summary = administer(exchange, statement, {{"name", text(exchange.path["name"])}});
  if (!summary) return problem(summary.error());
  return HttpResponse{204, {}, {}, nullptr};
}

}  // namespace nexus::service
