#include "instance/system/dropped_databases.h"

#include "instance/caller.h"

namespace nexus::instance::system {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Value number(std::uint64_t value) { return Value::integer(static_cast<std::int64_t>(value)); }

Value moment(std::int64_t nanoseconds) {
  DateTime time;
  time.epoch_seconds = nanoseconds / kSecond;
  time.nanoseconds = static_cast<std::uint32_t>(nanoseconds % kSecond);
  return Value::date_time(std::move(time));
}

}  // namespace

void add_dropped_databases(procedure::Registry& registry) {
  plan::ProcedureSignature signature;
  signature.name = "nexus.droppedDatabases";
  signature.description = "Lists the dropped databases that UNDROP DATABASE can bring back.";
  signature.is_system_allowed = true;
  for (const char* name : {"name", "databaseID"}) {
    signature.outputs.push_back({name, function::types(Type::String), "STRING"});
  }
  for (const char* name : {"dropTime", "expiresAt"}) {
    signature.outputs.push_back({name, function::types(Type::DateTime), "ZONED DATETIME"});
  }
  for (const char* name : {"nodeCount", "relationshipCount", "storeBytes"}) {
    signature.outputs.push_back({name, function::types(Type::Integer), "INTEGER"});
  }
  registry.add(std::move(signature), [](exec::ProcedureContext& context, List) -> exec::StreamResult {
    const Caller& caller = caller_of(context);
    std::vector<List> rows;
    for (const DroppedDatabaseInfo& info : caller.administration.databases().dropped(caller.identity)) {
      rows.push_back({Value::string(info.name), Value::string(info.uuid), moment(info.dropped_nanoseconds),
                      moment(info.expires_nanoseconds), number(info.node_count), number(info.relationship_count),
                      number(info.store_bytes)});
    }
    return std::unique_ptr<exec::RowStream>(std::make_unique<exec::ListStream>(std::move(rows)));
  });
}

}  // namespace nexus::instance::system
