#include "host-native/import/importer.h"

#include <optional>

#include "value/text.h"

namespace nexus::host {
namespace {

// One text for 1 and "1": files disagree about what is a number.
std::string key_text(const Value& value) { return value.is(Type::String) ? std::string(value.string()) : to_text(value); }

const Value* find(const Map& map, const std::string& key) {
  for (const auto& [name, value] : map) {
    if (name == key) return value.is_null() ? nullptr : &value;
  }
  return nullptr;
}

Map rows_parameter(List rows) { return {{"rows", Value::list(std::move(rows))}}; }

// Only what a single record can be blamed for.
bool is_about_the_record(const Error& error) {
  switch (error_kind(error.code)) {
    case ErrorKind::TypeError:
    case ErrorKind::ArgumentError:
    case ErrorKind::ArithmeticError:
    case ErrorKind::SemanticError:
    case ErrorKind::ConstraintVerificationFailed:
    case ErrorKind::EntityNotFound:
    case ErrorKind::ResourceError: return true;
    case ErrorKind::SyntaxError:
    case ErrorKind::ParameterMissing:
    case ErrorKind::ProcedureError:
    case ErrorKind::DatabaseError:
    case ErrorKind::TransactionError:
    case ErrorKind::SecurityError:
    case ErrorKind::StorageError:
    case ErrorKind::InternalError: return false;
  }
  return false;
}

}  // namespace

void Importer::reject(const std::string& file, std::uint64_t line, std::string reason) {
  ++counts_.rejects;
  settings_.on_reject({file, line, std::move(reason)});
}

Result<> Importer::prepare(const std::vector<NodeJob>& nodes, const std::vector<RelationshipJob>& relationships) {
  for (const auto& job : nodes) {
    if (!job.id_column.empty()) ids_[{job.label, job.id_column}];
  }
  for (const auto& job : relationships) {
    ids_[job.from];
    ids_[job.to];
  }
  for (const auto& entry : ids_) NX_TRY_DO(load_keys(entry.first));
  return Done{};
}

Result<> Importer::load_keys(const KeyName& key) {
  const std::string property = "n." + quote_identifier(key.property);
  NX_TRY(const Table table, query(connection_, "MATCH (n:" + quote_identifier(key.label) + ") WHERE " + property +
                                                   " IS NOT NULL RETURN " + property + " AS key, id(n) AS id"));
  Ids& ids = ids_[key];
  for (const List& row : table.rows) ids.emplace(key_text(row[0]), row[1].integer());
  return Done{};
}

Result<> Importer::store(const std::string& statement, const std::string& file, std::vector<Row>& rows,
                         const std::function<void(const Row&, std::int64_t id)>& stored) {
  if (rows.empty()) return Done{};
  List values;
  for (const Row& row : rows) values.push_back(row.value);
  auto table = query(connection_, statement, rows_parameter(std::move(values)));
  if (table && table->rows.size() == rows.size()) {
    for (std::size_t i = 0; i < rows.size(); ++i) stored(rows[i], table->rows[i][0].integer());
    rows.clear();
    return Done{};
  }
  if (table) return Error{ErrorCode::Internal, "the database answered " + std::to_string(table->rows.size()) + " ids for " + std::to_string(rows.size()) + " records"};
  if (!is_about_the_record(table.error())) return std::move(table.error());
  for (const Row& row : rows) {
    auto single = query(connection_, statement, rows_parameter({row.value}));
    if (single && single->rows.size() == 1) {
      stored(row, single->rows[0][0].integer());
    } else if (single || is_about_the_record(single.error())) {
      reject(file, row.line, single ? "its nodes are gone" : single.error().message);
    } else {
      return std::move(single.error());
    }
  }
  rows.clear();
  return Done{};
}

Result<> Importer::add_nodes(const NodeJob& job, const std::string& file, RecordSource& source) {
  const std::string statement = "UNWIND $rows AS row CREATE (n:" + quote_identifier(job.label) + ") SET n = row RETURN id(n) AS id";
  std::vector<std::pair<std::string, Ids*>> keys;  // Of this label.
  Ids* unique = nullptr;
  for (auto& [key, ids] : ids_) {
    if (key.label != job.label) continue;
    keys.emplace_back(key.property, &ids);
    if (key.property == job.id_column) unique = &ids;
  }
  const auto stored = [&](const Row& row, std::int64_t id) {
    ++counts_.nodes;
    for (const auto& [property, ids] : keys) {
      if (const Value* value = find(row.fields, property)) (*ids)[key_text(*value)] = id;
    }
  };
  std::vector<Row> rows;
  constexpr std::int64_t kPending = -1;
  Record record;
  while (true) {
    NX_TRY(const bool more, source.next(record));
    if (!more) break;
    ++counts_.records;
    const Value* id = job.id_column.empty() ? nullptr : find(record.fields, job.id_column);
    if (!record.problem.empty()) {
      reject(file, record.line, record.problem);
    } else if (unique != nullptr && id == nullptr) {
      reject(file, record.line, "there is no '" + job.id_column + "'");
    } else if (unique != nullptr && !unique->emplace(key_text(*id), kPending).second) {
      reject(file, record.line, "a " + job.label + " with " + job.id_column + " " + to_text(*id) + " exists already");
    } else {
      rows.push_back({Value::map(record.fields), record.line, record.fields});
    }
    if (rows.size() < settings_.batch_records) continue;
    NX_TRY_DO(store(statement, file, rows, stored));
    settings_.on_progress(counts_, source.progress());
  }
  NX_TRY_DO(store(statement, file, rows, stored));
  settings_.on_progress(counts_, 1);
  return Done{};
}

Result<> Importer::add_relationships(const RelationshipJob& job, const std::string& file, RecordSource& source) {
  const std::string statement =
      "UNWIND $rows AS row MATCH (a) WHERE id(a) = row.a MATCH (b) WHERE id(b) = row.b "
      "CREATE (a)-[r:" + quote_identifier(job.type) + "]->(b) SET r = row.p RETURN id(r) AS id";
  const Ids& from_ids = ids_[job.from];
  const Ids& to_ids = ids_[job.to];
  // The id of the end, or nullopt with the reason in `problem`.
  const auto end = [](const Map& fields, const std::string& column, const KeyName& key, const Ids& ids, std::string& problem) {
    const Value* value = find(fields, column);
    const auto found = value == nullptr ? ids.end() : ids.find(key_text(*value));
    if (value == nullptr) problem = "there is no '" + column + "'";
    else if (found == ids.end() || found->second < 0) problem = "no " + key.label + " has " + key.property + " " + to_text(*value);
    else return std::optional<std::int64_t>(found->second);
    return std::optional<std::int64_t>();
  };
  const auto stored = [this](const Row&, std::int64_t) { ++counts_.relationships; };
  std::vector<Row> rows;
  Record record;
  while (true) {
    NX_TRY(const bool more, source.next(record));
    if (!more) break;
    ++counts_.records;
    std::string problem = record.problem;
    const auto a = problem.empty() ? end(record.fields, job.from_column, job.from, from_ids, problem) : std::nullopt;
    const auto b = problem.empty() ? end(record.fields, job.to_column, job.to, to_ids, problem) : std::nullopt;
    if (!a || !b) {
      reject(file, record.line, problem);
      continue;
    }
    Map properties;
    for (auto& field : record.fields) {
      if (field.first != job.from_column && field.first != job.to_column) properties.push_back(std::move(field));
    }
    Map row = {{"a", Value::integer(*a)}, {"b", Value::integer(*b)}, {"p", Value::map(std::move(properties))}};
    rows.push_back({Value::map(std::move(row)), record.line, {}});
    if (rows.size() < settings_.batch_records) continue;
    NX_TRY_DO(store(statement, file, rows, stored));
    settings_.on_progress(counts_, source.progress());
  }
  NX_TRY_DO(store(statement, file, rows, stored));
  settings_.on_progress(counts_, 1);
  return Done{};
}

}  // namespace nexus::host
