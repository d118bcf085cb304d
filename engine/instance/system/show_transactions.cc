#include "instance/system/show_transactions.h"

#include <algorithm>

#include "instance/caller.h"
#include "instance/database_name.h"
#include "instance/work.h"
#include "procedure/signature.h"
#include "value/temporal/temporal.h"

namespace nexus::instance::system {
namespace {

using Facts = Work::Facts;

constexpr std::int64_t kDurationSecond = 1'000'000'000;

std::string id_of(const Facts& facts) { return facts.database + "-transaction-" + std::to_string(facts.number); }
std::string query_id_of(const Facts& facts) { return "query-" + std::to_string(facts.number); }

Value duration_of(std::int64_t nanoseconds) {
  Duration duration{};
  duration.seconds = nanoseconds / kDurationSecond;
  duration.nanoseconds = static_cast<std::int32_t>(nanoseconds % kDurationSecond);
  return Value::duration(duration);
}

Value instant_of(std::int64_t nanoseconds) {
  DateTime time;
  time.epoch_seconds = nanoseconds / kDurationSecond;
  time.nanoseconds = static_cast<std::uint32_t>(nanoseconds % kDurationSecond);
  return Value::date_time(std::move(time));
}

struct TransactionColumn {
  const char* name;
  Type type;
  const char* type_text;
  bool is_default;
  Value (*value)(const Facts& facts, std::int64_t now);  // Null: nothing here knows it.
};

constexpr TransactionColumn kTransactionColumns[] = {
    {"database", Type::String, "STRING", true, [](const Facts& f, std::int64_t) { return Value::string(f.database); }},
    {"transactionId", Type::String, "STRING", true, [](const Facts& f, std::int64_t) { return Value::string(id_of(f)); }},
    {"currentQueryId", Type::String, "STRING", true,
     [](const Facts& f, std::int64_t) { return Value::string(f.text ? query_id_of(f) : std::string()); }},
    {"connectionId", Type::String, "STRING", true, [](const Facts&, std::int64_t) { return Value::string(""); }},
    {"clientAddress", Type::String, "STRING", true, [](const Facts&, std::int64_t) { return Value::string(""); }},
    {"username", Type::String, "STRING", true, [](const Facts& f, std::int64_t) { return Value::string(f.user); }},
    {"currentQuery", Type::String, "STRING", true,
     [](const Facts& f, std::int64_t) { return Value::string(f.text ? *f.text : std::string()); }},
    {"startTime", Type::DateTime, "ZONED DATETIME", true,
     [](const Facts& f, std::int64_t) { return instant_of(f.started_wall); }},
    {"status", Type::String, "STRING", true,
     [](const Facts& f, std::int64_t) { return Value::string(f.reason ? "Terminated" : "Running"); }},
    {"elapsedTime", Type::Duration, "DURATION", true,
     [](const Facts& f, std::int64_t now) { return duration_of(now - f.started); }},
    {"outerTransactionId", Type::String, "STRING", false, [](const Facts&, std::int64_t) { return Value::string(""); }},
    {"metaData", Type::Map, "MAP", false, [](const Facts&, std::int64_t) { return Value::map({}); }},
    {"planner", Type::String, "STRING", false, nullptr},
    {"runtime", Type::String, "STRING", false, nullptr},
    {"indexes", Type::List, "LIST<MAP>", false, nullptr},
    {"protocol", Type::String, "STRING", false, nullptr},
    {"requestUri", Type::String, "STRING", false, nullptr},
    {"currentQueryStatus", Type::String, "STRING", false,
     [](const Facts& f, std::int64_t) { return f.text ? Value::string("running") : Value::null(); }},
    {"statusDetails", Type::String, "STRING", false,
     [](const Facts& f, std::int64_t) { return Value::string(f.reason ? f.reason->message : std::string()); }},
    {"resourceInformation", Type::Map, "MAP", false, nullptr},
    {"activeLockCount", Type::Integer, "INTEGER", false, nullptr},
    {"cpuTime", Type::Duration, "DURATION", false, nullptr},
    {"waitTime", Type::Duration, "DURATION", false, nullptr},
    {"idleTime", Type::Duration, "DURATION", false, nullptr},
    {"currentQueryElapsedTime", Type::Duration, "DURATION", false,
     [](const Facts& f, std::int64_t now) { return f.text ? duration_of(now - f.statement_started) : Value::null(); }},
    {"estimatedUsedHeapMemory", Type::Integer, "INTEGER", false, nullptr},
    {"pageHits", Type::Integer, "INTEGER", false, nullptr},
    {"pageFaults", Type::Integer, "INTEGER", false, nullptr},
};

// The ids of an argument: nothing, a STRING or a list of them.
Result<std::vector<std::string>> ids_of(const Value& argument) {
  std::vector<std::string> ids;
  const auto add = [&ids](const Value& value) -> Result<> {
    if (!value.is(Type::String)) {
      return Error(ErrorCode::InvalidArgumentType, "The id of a transaction must be a STRING or a LIST<STRING>.");
    }
    ids.emplace_back(value.string());
    return Done{};
  };
  if (argument.is_null()) return ids;
  if (!argument.is(Type::List)) {
    NX_TRY_DO(add(argument));
    return ids;
  }
  for (const Value& value : argument.list()) NX_TRY_DO(add(value));
  return ids;
}

// What somebody's account has begun is theirs; the rest needs a right on its database.
bool is_allowed(const DatabaseManager& manager, const Identity& identity, const Work& work, Rights rights) {
  if (identity.account.empty() || work.identity().account == identity.account) return true;
  return manager.rights_among(identity, work.database_name(), work.database().uuid(), rights) == rights;
}

exec::StreamResult show(DatabaseManager& manager, const Identity& identity, const Environment& environment,
                        const Value& argument) {
  NX_TRY(const std::vector<std::string> ids, ids_of(argument));
  std::vector<Facts> running;
  for (const auto& work : manager.works()) {
    if (is_allowed(manager, identity, *work, right::kShowTransaction)) running.push_back(work->facts());
  }
  std::sort(running.begin(), running.end(), [](const Facts& a, const Facts& b) { return a.number < b.number; });
  std::vector<List> rows;
  for (const Facts& facts : running) {
    if (!argument.is_null() && std::find(ids.begin(), ids.end(), id_of(facts)) == ids.end()) continue;
    List row;
    for (const TransactionColumn& column : kTransactionColumns) {
      row.push_back(column.value == nullptr ? Value::null() : column.value(facts, environment.now()));
    }
    rows.push_back(std::move(row));
  }
  return procedure::stream_of(std::move(rows));
}

exec::StreamResult terminate(DatabaseManager& manager, const Identity& identity, const Value& argument) {
  NX_TRY(const std::vector<std::string> ids, ids_of(argument));
  const auto works = manager.works();
  std::vector<List> rows;
  for (const std::string& id : ids) {
    const auto found =
        std::find_if(works.begin(), works.end(), [&](const auto& work) {
          return id_of(work->facts()) == id && is_allowed(manager, identity, *work, right::kTerminateTransaction);
        });
    if (found == works.end()) {
      rows.push_back({Value::string(id), Value::null(), Value::string("Transaction not found.")});
      continue;
    }
    const std::string user = (*found)->facts().user;
    (*found)->terminate_from_statement(
        Error(ErrorCode::TransactionTerminated, "The transaction has been terminated by TERMINATE TRANSACTIONS."));
    rows.push_back({Value::string(id), Value::string(user), Value::string("Transaction terminated.")});
  }
  return procedure::stream_of(std::move(rows));
}

plan::ProcedureSignature::Field ids_field(std::string name) { return {std::move(name), function::kAny, "ANY"}; }

}  // namespace

void add_show_transactions(procedure::Registry& registry, const std::unique_ptr<DatabaseManager>& manager,
                           const Environment& environment) {
  plan::ProcedureSignature signature;
  signature.name = "SHOW TRANSACTIONS";
  signature.inputs = {ids_field("transactionIds")};
  signature.defaults = {Value::null()};
  for (const TransactionColumn& column : kTransactionColumns) {
    signature.outputs.push_back({column.name, function::types(column.type), column.type_text});
    if (column.is_default) signature.default_outputs.emplace_back(column.name);
  }
  signature.is_system_allowed = true;
  registry.add(std::move(signature), [&manager, &environment](exec::ProcedureContext& context, List arguments) {
    return show(*manager, caller_of(context).identity, environment, arguments[0]);
  });

  plan::ProcedureSignature ending;
  ending.name = "TERMINATE TRANSACTIONS";
  ending.inputs = {ids_field("transactionIds")};
  ending.outputs = {procedure::string_field("transactionId"), procedure::string_field("username"),
                    procedure::string_field("message")};
  ending.is_system_allowed = true;
  registry.add(std::move(ending), [&manager](exec::ProcedureContext& context, List arguments) {
    return terminate(*manager, caller_of(context).identity, arguments[0]);
  });
}

}  // namespace nexus::instance::system
