#include "service/bolt/answers.h"

#include "service/plan_tree.h"

namespace nexus::service::bolt {
namespace {

enum Signature : std::uint8_t { kSuccess = 0x70, kRecord = 0x71, kIgnored = 0x7E, kFailure = 0x7F };

Value count(std::uint64_t value) { return Value::integer(static_cast<std::int64_t>(value)); }

// "DivisionByZero" → "division by zero"
std::string words(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper && !out.empty()) out += ' ';
    out += is_upper ? static_cast<char>(c + 32) : c;
  }
  return out;
}

// The condition that a GQLSTATUS class names.
std::string_view condition(std::string_view status) {
  const std::string_view status_class = status.substr(0, 2);
  if (status_class == "08") return "connection exception";
  if (status_class == "22") return "data exception";
  if (status_class == "25") return "invalid transaction state";
  if (status_class == "2D") return "invalid transaction termination";
  if (status_class == "42") return "syntax error or access rule violation";
  if (status_class == "51") return "system configuration or operation exception";
  if (status_class == "52") return "procedure exception";
  if (status_class == "53") return "function exception";
  if (status_class == "G1") return "dependent object error";
  return "general processing exception";
}

// "TransientError" of "Neo.TransientError.Transaction.Outdated" as "TRANSIENT_ERROR"
std::string_view classification(std::string_view status) {
  if (status.find("TransientError") != std::string_view::npos) return "TRANSIENT_ERROR";
  if (status.find("DatabaseError") != std::string_view::npos) return "DATABASE_ERROR";
  return "CLIENT_ERROR";
}

Value diagnostic_record(const Error& error) {
  Map record{{"CURRENT_SCHEMA", Value::string("/")},
             {"OPERATION", Value::string("")},
             {"OPERATION_CODE", Value::string("0")},
             {"_classification", Value::string(classification(neo4j_status(error.code)))}};
  if (error.position.is_known()) {
    record.emplace_back("_position", Value::map({{"column", count(error.position.column)},
                                                 {"line", count(error.position.line)},
                                                 {"offset", count(error.position.offset)}}));
  }
  return Value::map(std::move(record));
}

Value failure_metadata(const Error& error, const Dialect& dialect) {
  if (!dialect.has_gql_errors()) {
    return Value::map({{"code", Value::string(neo4j_status(error.code))}, {"message", Value::string(error.message)}});
  }
  const std::string_view status = gql_status(error.code);
  std::string description = "error: " + std::string(condition(status)) + " - " + words(error_name(error.code)) + ". ";
  description += error.message;
  return Value::map({{"description", Value::string(description)},
                     {"diagnostic_record", diagnostic_record(error)},
                     {"gql_status", Value::string(status)},
                     {"message", Value::string(error.message)},
                     {"neo4j_code", Value::string(neo4j_status(error.code))}});
}

Map stats(const UpdateCounters& counters) {
  const std::pair<const char*, std::uint64_t> all[] = {{"constraints-added", counters.constraints_added},
                                                       {"constraints-removed", counters.constraints_removed},
                                                       {"indexes-added", counters.indexes_added},
                                                       {"indexes-removed", counters.indexes_removed},
                                                       {"labels-added", counters.labels_added},
                                                       {"labels-removed", counters.labels_removed},
                                                       {"nodes-created", counters.nodes_created},
                                                       {"nodes-deleted", counters.nodes_deleted},
                                                       {"properties-set", counters.properties_set},
                                                       {"relationships-created", counters.relationships_created},
                                                       {"relationships-deleted", counters.relationships_deleted},
                                                       {"system-updates", counters.system_updates}};
  Map made;
  for (const auto& [name, number] : all) {
    if (number != 0) made.emplace_back(name, count(number));
  }
  if (counters.contains_updates()) made.emplace_back("contains-updates", Value::boolean(true));
  if (counters.system_updates != 0) made.emplace_back("contains-system-updates", Value::boolean(true));
  return make_map(std::move(made));
}

// The status every result has.
Value outcome(bool has_columns, std::uint64_t row_count) {
  const char* status = "00000";
  const char* description = "note: successful completion";
  if (!has_columns) {
    status = "00001";
    description = "note: successful completion - omitted result";
  } else if (row_count == 0) {
    status = "02000";
    description = "note: no data";
  }
  return Value::map({{"gql_status", Value::string(status)}, {"status_description", Value::string(description)}});
}

}  // namespace

void write_ignored(std::string& out) {
  MessageFrame frame(out);
  PackWriter(out).structure(0, kIgnored);
  frame.close();
}

void write_failure(std::string& out, const Error& error, const Dialect& dialect) {
  MessageFrame frame(out);
  PackWriter writer(out);
  writer.structure(1, kFailure);
  write_value(writer, failure_metadata(error, dialect), dialect);
  frame.close();
}

void write_success(std::string& out, Map metadata, const Dialect& dialect) {
  MessageFrame frame(out);
  PackWriter writer(out);
  writer.structure(1, kSuccess);
  write_value(writer, Value::map(make_map(std::move(metadata))), dialect);
  frame.close();
}

Result<> write_record(std::string& out, const List& row, const Dialect& dialect) {
  const std::size_t begin = out.size();
  MessageFrame frame(out);
  PackWriter writer(out);
  writer.structure(1, kRecord);
  writer.list(row.size());
  for (const Value& value : row) write_value(writer, value, dialect);
  frame.close();
  if (!writer.is_refused()) return Done{};
  out.resize(begin);
  return Error{ErrorCode::NotImplemented, "Type VECTOR is not supported before Bolt 6.0; toFloatList() makes a list of it."};
}

Map summary_metadata(const Summary& summary, bool has_columns, std::uint64_t row_count, bool in_transaction,
                     const Dialect& dialect) {
  Map metadata{{"t_last", count(summary.elapsed_us / 1'000)}};
  if (!summary.statement_type.empty()) metadata.emplace_back("type", Value::string(summary.statement_type));
  if (!summary.database.empty()) metadata.emplace_back("db", Value::string(summary.database));
  if (!in_transaction && !summary.bookmark.empty()) metadata.emplace_back("bookmark", Value::string(summary.bookmark));
  Map counters = stats(summary.counters);
  if (!counters.empty()) metadata.emplace_back("stats", Value::map(std::move(counters)));
  if (summary.plan_tree) metadata.emplace_back(summary.is_profile ? "profile" : "plan", plan_value(*summary.plan_tree));
  if (dialect.has_statuses()) metadata.emplace_back("statuses", Value::list({outcome(has_columns, row_count)}));
  return metadata;
}

}  // namespace nexus::service::bolt
