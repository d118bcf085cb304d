// HttpConnection: a server's REST API. Statements go to /api/v1/cypher and name their
// database, so that nothing but open transactions lives in the server; those use Neo4j's
// /db/{database}/query/v2/tx, which the server has as well.
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <optional>

#include "host-native/cli/connection.h"
#include "host-native/cli/http_client.h"
#include "host-native/cli/typed_json.h"
#include "service/json.h"

namespace nexus::host {
namespace {

namespace json = boost::json;

constexpr std::string_view kTypedLines = "application/x-ndjson, application/vnd.nexus.typed+json";
constexpr std::size_t kBatchRows = 256;
constexpr std::string_view kDumpType = "application/vnd.nexus.dump";
constexpr std::string_view kTypedQueryJson = "application/vnd.neo4j.query";

std::uint64_t count_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return 0;
  json::error_code ignored;
  return value->to_number<std::uint64_t>(ignored);
}

UpdateCounters decode_counters(const json::object& object) {
  UpdateCounters counters;
  for (const UpdateCounter& one : kUpdateCounters) counters.*one.count = count_of(object, one.name);
  return counters;
}

// The code whose name, or else whose status and GQLSTATUS, the server gave.
ErrorCode code_of(const std::string& name, const std::string& status, const std::string& gql) {
  constexpr ErrorCode kCodes[] = {
#define NX_CODE(code, kind, neo4j, gqlstatus) ErrorCode::code,
      NX_ERROR_CODES(NX_CODE)
#undef NX_CODE
  };
  for (const ErrorCode code : kCodes) {
    if (error_name(code) == name) return code;
  }
  for (const ErrorCode code : kCodes) {
    if (neo4j_status(code) == status && (gql.empty() || gql_status(code) == gql)) return code;
  }
  return ErrorCode::Internal;
}

Error decode_problem(const json::object& object, int status) {
  std::string message = text_of(object, "detail");
  if (message.empty()) message = text_of(object, "message");
  if (message.empty()) message = "the server answered with status " + std::to_string(status);
  Error error(code_of(text_of(object, "title"), text_of(object, "code"), text_of(object, "gqlStatus")), std::move(message));
  if (const json::value* position = object.if_contains("position"); position != nullptr && position->is_object()) {
    const json::object& place = position->get_object();
    error.position = {static_cast<std::uint32_t>(count_of(place, "line")), static_cast<std::uint32_t>(count_of(place, "column")),
                      static_cast<std::uint32_t>(count_of(place, "offset"))};
  }
  return error;
}

// The answer's object, or the error it describes in either API's way.
Result<json::object> decode_answer(const HttpAnswer& answer) {
  json::error_code failed;
  json::parse_options options;
  options.max_depth = 1'024;
  json::value parsed;
  if (!answer.body.empty()) parsed = json::parse(answer.body, failed, {}, options);
  const bool is_object = !failed && parsed.is_object();
  if (is_object) {
    const json::object& object = parsed.get_object();
    const json::value* errors = object.if_contains("errors");
    const bool listed = errors != nullptr && errors->is_array() && !errors->get_array().empty();
    if (listed && errors->get_array()[0].is_object()) return decode_problem(errors->get_array()[0].get_object(), answer.status);
    if (answer.status >= 400) return decode_problem(object, answer.status);
    return std::move(parsed.get_object());
  }
  if (answer.status >= 400) return decode_problem({}, answer.status);
  if (answer.body.empty()) return json::object{};
  return Error{ErrorCode::IoError, "the server's answer is not JSON"};
}

Error no_result() { return Error{ErrorCode::IoError, "the server's answer is no result"}; }

Result<std::vector<std::string>> decode_columns(const json::object& object, const char* key) {
  const json::value* names = object.if_contains(key);
  if (names == nullptr || !names->is_array()) return no_result();
  std::vector<std::string> columns;
  for (const auto& name : names->get_array()) columns.emplace_back(name.is_string() ? name.get_string().c_str() : "");
  return columns;
}

Result<List> decode_row(const json::value& row, std::size_t width) {
  if (!row.is_array() || row.get_array().size() != width) return no_result();
  List values;
  for (const auto& value : row.get_array()) {
    NX_TRY(auto decoded, decode_typed(value));
    values.push_back(std::move(decoded));
  }
  return values;
}

Summary decode_summary(const json::object& object) {
  Summary summary;
  summary.database = text_of(object, "database");
  summary.statement_type = text_of(object, "statementType");
  summary.plan = text_of(object, "plan");
  summary.bookmark = text_of(object, "bookmark");
  summary.elapsed_us = count_of(object, "elapsedUs");
  const json::value* counters = object.if_contains("counters");
  if (counters != nullptr && counters->is_object()) summary.counters = decode_counters(counters->get_object());
  return summary;
}

// The lines of a streamed result: {"columns": …}, a list a row, {"summary": …} or {"error": …}.
class LineReader {
 public:
  explicit LineReader(ResultSink& sink) : sink_(sink) {}

  Result<> add(std::string_view line) {
    json::error_code failed;
    json::parse_options options;
    options.max_depth = 1'024;
    const json::value parsed = json::parse({line.data(), line.size()}, failed, {}, options);
    if (failed) return no_result();
    if (parsed.is_array()) {
      NX_TRY(auto row, decode_row(parsed, width_));
      batch_.push_back(std::move(row));
      if (batch_.size() == kBatchRows) flush();
      return Done{};
    }
    if (!parsed.is_object()) return no_result();
    const json::object& object = parsed.get_object();
    if (const json::value* error = object.if_contains("error"); error != nullptr && error->is_object()) {
      return decode_problem(error->get_object(), 500);
    }
    if (const json::value* summary = object.if_contains("summary"); summary != nullptr && summary->is_object()) {
      summary_ = decode_summary(summary->get_object());
      return Done{};
    }
    NX_TRY(const auto columns, decode_columns(object, "columns"));
    width_ = columns.size();
    sink_.columns(columns);
    return Done{};
  }

  Result<Summary> finish() {
    flush();
    if (!summary_) return Error{ErrorCode::IoError, "the server's answer ends too early"};
    return std::move(*summary_);
  }

 private:
  void flush() {
    if (!batch_.empty()) sink_.rows(batch_);
    batch_.clear();
  }

  ResultSink& sink_;
  std::size_t width_ = 0;
  std::vector<List> batch_;
  std::optional<Summary> summary_;
};

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (plain) {
      out += c;
      continue;
    }
    constexpr std::string_view kHex = "0123456789ABCDEF";
    out += '%';
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

class HttpConnection final : public Connection {
 public:
  HttpConnection(const Target& target, std::unique_ptr<HttpClient> client) : target_(target), client_(std::move(client)) {}

  ~HttpConnection() override {
    if (in_transaction()) (void)rollback().has_value();
  }

  Result<> open() {
    const auto answer = send("GET", "/api/v1/databases?limit=1", "", "application/json");
    if (!answer && answer.error().code != ErrorCode::CredentialsExpired) return answer.error();
    default_database_ = answer ? text_of(*answer, "default") : "system";  // Where the password can be changed.
    if (target_.database.empty()) return Done{};
    return use(target_.database);
  }

  Result<Summary> run(std::string_view text, const Map& parameters, ResultSink& sink) override {
    if (in_transaction()) return run_in_transaction(text, parameters, sink);
    std::string body = R"({"query":)";
    service::append_json_string(body, text);
    if (!database_.empty()) service::append_json_string(body += R"(,"database":)", database_);
    append_parameter(body += R"(,"parameters":)", Value::map(parameters));
    LineReader reader(sink);
    NX_TRY(const auto answer, client_->send("POST", "/api/v1/cypher", body + "}", kTypedLines,
                                            [&reader](std::string_view line) { return reader.add(line); }));
    if (answer.status >= 300) {
      NX_TRY_DO(decode_answer(answer));
    }
    return reader.finish();
  }

  std::string database() const override { return database_.empty() ? default_database_ : database_; }

  Result<> use(std::string_view name) override {
    const auto answer = send("GET", "/api/v1/databases/" + percent_encoded(name), "", "application/json");
    // Why not refused: the statement that changes the password is all that may be run, and it runs somewhere.
    if (!answer && answer.error().code != ErrorCode::CredentialsExpired) return answer.error();
    database_ = std::string(name);
    return Done{};
  }

  std::string default_database() override { return default_database_; }

  Result<> begin() override {
    if (in_transaction()) return Error{ErrorCode::TransactionAlreadyOpen, "a transaction is open already"};
    const std::string path = "/db/" + percent_encoded(database()) + "/query/v2/tx";
    NX_TRY(const auto answer, send("POST", path, "{}", kTypedQueryJson));
    const json::value* transaction = answer.if_contains("transaction");
    if (transaction == nullptr || !transaction->is_object()) return Error{ErrorCode::IoError, "the server opened no transaction"};
    transaction_path_ = path + "/" + text_of(transaction->get_object(), "id");
    return Done{};
  }

  Result<Summary> commit() override {
    if (!in_transaction()) return no_transaction();
    NX_TRY_DO(send("POST", std::exchange(transaction_path_, "") + "/commit", "{}", kTypedQueryJson));
    return Summary{};
  }

  Result<> rollback() override {
    if (!in_transaction()) return no_transaction();
    NX_TRY_DO(send("DELETE", std::exchange(transaction_path_, ""), "", kTypedQueryJson));
    return Done{};
  }

  bool in_transaction() const override { return !transaction_path_.empty(); }
  Result<> dump(std::string_view name, const OnBytes& on_bytes) override {
    NX_TRY(const auto answer, client_->download(dump_path(name), kDumpType, on_bytes));
    if (answer.status >= 300) NX_TRY_DO(decode_answer(answer));
    return Done{};
  }
  Result<> restore(std::string_view name, ByteSource& bytes) override {
    NX_TRY(const auto answer, client_->upload(dump_path(name), bytes, "application/json", kDumpType));
    NX_TRY_DO(decode_answer(answer));
    return Done{};
  }

  Result<std::unique_ptr<Connection>> twin(std::string_view database) override {
    NX_TRY(auto client, HttpClient::create(target_));
    auto connection = std::make_unique<HttpConnection>(target_, std::move(client));
    connection->database_ = std::string(database);
    connection->default_database_ = default_database_;
    return std::unique_ptr<Connection>(std::move(connection));
  }

  void interrupt() override { client_->interrupt(); }
  std::string user() const override { return target_.user; }
  std::string target() const override { return target_.uri; }
  bool is_lost() const override { return client_->is_lost(); }

 private:
  static std::string dump_path(std::string_view name) {
    return "/api/v1/databases/" + percent_encoded(name) + "/dump";
  }
  static Error no_transaction() { return Error{ErrorCode::TransactionNotFound, "no transaction is open"}; }

  Result<json::object> send(std::string_view method, const std::string& path, std::string body, std::string_view accept) {
    NX_TRY(const auto answer, client_->send(method, path, std::move(body), accept));
    return decode_answer(answer);
  }

  Result<Summary> run_in_transaction(std::string_view text, const Map& parameters, ResultSink& sink) {
    std::string body = R"({"includeCounters":true,"statement":)";
    service::append_json_string(body, text);
    append_parameter(body += R"(,"parameters":)", Value::map(parameters));
    auto answer = send("POST", transaction_path_, body + "}", kTypedQueryJson);
    if (!answer) {
      transaction_path_.clear();  // The server has rolled it back.
      return std::move(answer.error());
    }
    const json::value* data = answer->if_contains("data");
    if (data == nullptr || !data->is_object()) return no_result();
    const json::value* rows = data->get_object().if_contains("values");
    if (rows == nullptr || !rows->is_array()) return no_result();
    NX_TRY(const auto columns, decode_columns(data->get_object(), "fields"));
    sink.columns(columns);
    std::vector<List> batch;
    for (const auto& row : rows->get_array()) {
      NX_TRY(auto values, decode_row(row, columns.size()));
      batch.push_back(std::move(values));
    }
    if (!batch.empty()) sink.rows(batch);
    return decode_summary(*answer);
  }

  Target target_;
  std::unique_ptr<HttpClient> client_;
  std::string database_;  // As chosen; empty: the server's default.
  std::string default_database_;
  std::string transaction_path_;
};

}  // namespace

Result<std::unique_ptr<Connection>> connect_http(const Target& target) {
  NX_TRY(auto client, HttpClient::create(target));
  auto connection = std::make_unique<HttpConnection>(target, std::move(client));
  NX_TRY_DO(connection->open());
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace nexus::host
