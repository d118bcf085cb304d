#include "instance/system/show_databases.h"

#include "instance/caller.h"
#include "instance/database_name.h"

namespace nexus::instance::system {
namespace {

struct Row {
  const DatabaseInfo& info;
  const std::string& address;
  const std::string& server_id;
  bool is_composite() const { return info.type == "composite"; }
  // A composite database has no store of its own to tell about.
  bool is_online() const { return info.current_status == "online" && !is_composite(); }
};

struct Column {
  const char* name;
  Type type;
  const char* type_text;
  bool is_default;    // Returned without YIELD.
  bool is_in_single;  // Also in SHOW DEFAULT DATABASE and SHOW HOME DATABASE.
  Value (*value)(const Row& row);
};

Value text(std::string_view value) { return Value::string(value); }
Value integer(std::uint64_t value) { return Value::integer(static_cast<std::int64_t>(value)); }

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

Value instant(std::int64_t nanoseconds) {
  std::int64_t seconds = nanoseconds / kNanosecondsPerSecond;
  std::int64_t rest = nanoseconds % kNanosecondsPerSecond;
  if (rest < 0) {
    rest += kNanosecondsPerSecond;
    --seconds;
  }
  DateTime time;
  time.epoch_seconds = seconds;
  time.nanoseconds = static_cast<std::uint32_t>(rest);
  return Value::date_time(std::move(time));
}
Value instant_or_null(const std::optional<std::int64_t>& nanoseconds) {
  return nanoseconds ? instant(*nanoseconds) : Value::null();
}

Value strings(const std::vector<std::string>& items) {
  List list;
  for (const std::string& item : items) list.push_back(text(item));
  return Value::list(std::move(list));
}

Value count_or_null(const Row& row, std::uint64_t count) { return row.is_composite() ? Value::null() : integer(count); }

constexpr Column kColumns[] = {
    {"name", Type::String, "STRING", true, true, [](const Row& row) { return text(row.info.name); }},
    {"type", Type::String, "STRING", true, true, [](const Row& row) { return text(row.info.type); }},
    {"aliases", Type::List, "LIST<STRING>", true, true, [](const Row& row) { return strings(row.info.aliases); }},
    {"access", Type::String, "STRING", true, true, [](const Row& row) { return text(row.info.access); }},
    {"databaseID", Type::String, "STRING", false, true,
     [](const Row& row) { return row.is_online() ? text(row.info.uuid) : Value::null(); }},
    {"serverID", Type::String, "STRING", false, true, [](const Row& row) { return text(row.server_id); }},
    {"address", Type::String, "STRING", true, true, [](const Row& row) { return text(row.address); }},
    {"role", Type::String, "STRING", true, true,
     [](const Row& row) { return row.is_composite() ? Value::null() : text("primary"); }},
    {"writer", Type::Boolean, "BOOLEAN", true, true,
     [](const Row& row) { return Value::boolean(!row.is_composite()); }},
    {"requestedStatus", Type::String, "STRING", true, true,
     [](const Row& row) { return text(row.info.requested_status); }},
    {"currentStatus", Type::String, "STRING", true, true, [](const Row& row) { return text(row.info.current_status); }},
    {"statusMessage", Type::String, "STRING", true, true, [](const Row& row) { return text(row.info.status_message); }},
    {"default", Type::Boolean, "BOOLEAN", true, false,
     [](const Row& row) { return Value::boolean(row.info.is_default); }},
    {"home", Type::Boolean, "BOOLEAN", true, false, [](const Row& row) { return Value::boolean(row.info.is_home); }},
    {"currentPrimariesCount", Type::Integer, "INTEGER", false, true,
     [](const Row& row) { return count_or_null(row, row.is_online() ? 1 : 0); }},
    {"currentSecondariesCount", Type::Integer, "INTEGER", false, true,
     [](const Row& row) { return count_or_null(row, 0); }},
    {"requestedPrimariesCount", Type::Integer, "INTEGER", false, true,
     [](const Row& row) { return count_or_null(row, 1); }},
    {"requestedSecondariesCount", Type::Integer, "INTEGER", false, true,
     [](const Row& row) { return count_or_null(row, 0); }},
    {"creationTime", Type::DateTime, "ZONED DATETIME", false, true,
     [](const Row& row) { return instant(row.info.created_nanoseconds); }},
    {"lastStartTime", Type::DateTime, "ZONED DATETIME", false, true,
     [](const Row& row) { return instant_or_null(row.info.started_nanoseconds); }},
    {"lastStopTime", Type::DateTime, "ZONED DATETIME", false, true,
     [](const Row& row) { return instant_or_null(row.info.stopped_nanoseconds); }},
    {"store", Type::String, "STRING", false, true,
     [](const Row& row) { return row.is_online() ? text("nexus-log-1.0") : Value::null(); }},
    {"lastCommittedTxn", Type::Integer, "INTEGER", false, true,
     [](const Row& row) { return row.is_online() ? integer(row.info.last_transaction) : Value::null(); }},
    {"replicationLag", Type::Integer, "INTEGER", false, true,
     [](const Row& row) { return row.is_online() ? integer(0) : Value::null(); }},
    {"constituents", Type::List, "LIST<STRING>", true, true,
     [](const Row& row) { return strings(row.info.constituents); }},
    {"defaultLanguage", Type::String, "STRING", false, true, [](const Row&) { return text("CYPHER 5"); }},
    {"options", Type::Map, "MAP", false, true,
     [](const Row& row) { return row.is_composite() ? Value::null() : Value::map(row.info.options); }},
    {"nodeCount", Type::Integer, "INTEGER", false, true, [](const Row& row) { return integer(row.info.node_count); }},
    {"relationshipCount", Type::Integer, "INTEGER", false, true,
     [](const Row& row) { return integer(row.info.relationship_count); }},
    {"storeBytes", Type::Integer, "INTEGER", false, true, [](const Row& row) { return integer(row.info.store_bytes); }},
    {"memoryBytes", Type::Integer, "INTEGER", false, true,
     [](const Row& row) { return integer(row.info.memory_bytes); }},
    {"parent", Type::String, "STRING", false, true,
     [](const Row& row) { return row.info.parent.empty() ? Value::null() : text(row.info.parent); }},
    {"temporary", Type::Boolean, "BOOLEAN", false, true,
     [](const Row& row) { return Value::boolean(row.info.is_temporary); }},
};

enum class Which : std::uint8_t { Named, Default, Home };

bool has_column(const Column& column, Which which) { return which == Which::Named || column.is_in_single; }

plan::ProcedureSignature signature_of(std::string name, Which which) {
  plan::ProcedureSignature signature;
  signature.name = std::move(name);
  if (which == Which::Named) {
    signature.inputs.push_back({"name", function::types(Type::String), "STRING"});
    signature.defaults.push_back(Value::null());
  }
  for (const Column& column : kColumns) {
    if (!has_column(column, which)) continue;
    signature.outputs.push_back({column.name, function::types(column.type), column.type_text});
    if (column.is_default) signature.default_outputs.emplace_back(column.name);
  }
  signature.is_system_allowed = true;
  return signature;
}

List row_of(const Row& row, Which which) {
  List values;
  for (const Column& column : kColumns) {
    if (has_column(column, which)) values.push_back(column.value(row));
  }
  return values;
}

// One database a row. Cost: a page of them at a time, so that thousands need no memory.
class DatabaseStream final : public exec::RowStream {
 public:
  DatabaseStream(DatabaseManager& manager, const Identity& identity, std::string address)
      : manager_(manager), identity_(identity), address_(std::move(address)) {}

  Result<bool> next(List& row) override {
    if (at_ == page_.size()) {
      if (is_last_) return false;
      DatabaseFilter filter;
      filter.limit = kPageRows;
      if (!page_.empty()) filter.after = page_.back().name;
      page_ = manager_.list(identity_, filter);
      is_last_ = page_.size() < kPageRows;
      at_ = 0;
      if (page_.empty()) return false;
    }
    row = row_of({page_[at_++], address_, manager_.server_id()}, Which::Named);
    return true;
  }

 private:
  static constexpr std::size_t kPageRows = 256;
  DatabaseManager& manager_;
  const Identity& identity_;
  const std::string address_;
  std::vector<DatabaseInfo> page_;
  std::size_t at_ = 0;
  bool is_last_ = false;
};

}  // namespace

void add_show_databases(procedure::Registry& registry, std::string address) {
  const auto one = [address](exec::ProcedureContext& context, std::string_view name, Which which) -> exec::StreamResult {
    DatabaseManager& manager = caller_of(context).administration.databases();
    std::vector<List> rows;
    if (const auto info = manager.info(caller_of(context).identity, name))
      rows.push_back(row_of({*info, address, manager.server_id()}, which));
    return std::unique_ptr<exec::RowStream>(std::make_unique<exec::ListStream>(std::move(rows)));
  };
  registry.add(signature_of("SHOW DATABASES", Which::Named), [address, one](exec::ProcedureContext& context, List arguments) -> exec::StreamResult {
    if (!arguments.empty() && !arguments[0].is_null()) return one(context, arguments[0].string(), Which::Named);
    const Caller& caller = caller_of(context);
    return std::unique_ptr<exec::RowStream>(
        std::make_unique<DatabaseStream>(caller.administration.databases(), caller.identity, address));
  });
  registry.add(signature_of("SHOW DEFAULT DATABASE", Which::Default), [one](exec::ProcedureContext& context, List) {
    return one(context, caller_of(context).administration.databases().default_database(), Which::Default);
  });
  registry.add(signature_of("SHOW HOME DATABASE", Which::Home), [one](exec::ProcedureContext& context, List) {
    const Caller& caller = caller_of(context);
    return one(context, caller.administration.databases().home_database(caller.identity), Which::Home);
  });
}

}  // namespace nexus::instance::system
