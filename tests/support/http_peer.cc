#include "tests/support/http_peer.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <stdexcept>
#include <utility>

#include "host-native/cli/typed_json.h"
#include "service/json.h"

namespace nexus::test {
namespace {

namespace json = boost::json;
using service::HttpRequest;
using service::HttpResponse;

constexpr std::pair<std::string_view, ErrorCode> kErrors[] = {
#define NX_CODE(name, kind, neo4j, gql) {#name, ErrorCode::name},
    NX_ERROR_CODES(NX_CODE)
#undef NX_CODE
};

[[noreturn]] void broken(const std::string& body) { throw std::runtime_error("an answer breaks the contract: " + body); }

std::string text_of(const json::value& value) {
  return std::string(value.as_string().data(), value.as_string().size());
}

// A problem document as the error that it tells of.
Error error_of(const HttpResponse& response) {
  const json::object document = json::parse(response.body).as_object();
  if (document.at("status").as_int64() != response.status) broken(response.body);
  const std::string title = text_of(document.at("title"));
  for (const auto& [name, code] : kErrors) {
    if (name != title) continue;
    Error error(code, text_of(document.at("detail")));
    if (const json::value* position = document.if_contains("position")) {
      const json::object& place = position->as_object();
      const auto number = [&place](const char* key) { return place.at(key).to_number<std::uint32_t>(); };
      error.position = {number("line"), number("column"), number("offset")};
    }
    return error;
  }
  broken(response.body);
}

UpdateCounters counters_of(const json::object& object) {
  const auto number = [&object](const char* key) { return object.at(key).to_number<std::uint64_t>(); };
  UpdateCounters counters;
  counters.nodes_created = number("nodesCreated");
  counters.nodes_deleted = number("nodesDeleted");
  counters.relationships_created = number("relationshipsCreated");
  counters.relationships_deleted = number("relationshipsDeleted");
  counters.properties_set = number("propertiesSet");
  counters.labels_added = number("labelsAdded");
  counters.labels_removed = number("labelsRemoved");
  counters.indexes_added = number("indexesAdded");
  counters.indexes_removed = number("indexesRemoved");
  counters.constraints_added = number("constraintsAdded");
  counters.constraints_removed = number("constraintsRemoved");
  counters.system_updates = number("systemUpdates");
  return counters;
}

class ReadyCursor final : public Cursor {
 public:
  explicit ReadyCursor(Table table) : table_(std::move(table)) {}
  const std::vector<std::string>& columns() const override { return table_.columns; }
  Result<bool> next(std::vector<List>& rows) override {
    if (std::exchange(is_read_, true)) return false;
    for (List& row : table_.rows) rows.push_back(std::move(row));
    return true;
  }
  const Summary& summary() const override { return table_.summary; }

 private:
  Table table_;
  bool is_read_ = false;
};

class HttpPeer final : public Session {
 public:
  explicit HttpPeer(service::HttpService& service) : service_(service) {
    const HttpResponse opened = send("POST", "/api/v1/session", "{}");
    if (opened.status != 201) broken(opened.body);
    const json::object document = json::parse(opened.body).as_object();
    token_ = text_of(document.at("session"));
    database_ = text_of(document.at("database"));
  }
  ~HttpPeer() override { (void)send("DELETE", "/api/v1/session", ""); }

  Result<std::unique_ptr<Cursor>> run(std::string_view text, const Map& parameters, const RunOptions& options) override {
    std::string body = "{\"query\":";
    service::append_json_string(body, text);
    body += ",\"parameters\":{";
    for (std::size_t at = 0; at < parameters.size(); ++at) {
      if (at != 0) body += ',';
      service::append_json_string(body, parameters[at].first);
      host::append_parameter(body += ':', parameters[at].second);
    }
    body += '}';
    if (!options.database.empty()) service::append_json_string(body += ",\"database\":", options.database);
    const HttpResponse response = send("POST", "/api/v1/cypher", body + "}");
    if (response.status != 200) return error_of(response);
    remember_database();
    NX_TRY(Table table, table_of(response.body));
    return std::unique_ptr<Cursor>(std::make_unique<ReadyCursor>(std::move(table)));
  }

  std::string database() const override { return database_; }
  Result<> use(std::string_view name) override {
    std::string body = "{\"name\":";
    service::append_json_string(body, name);
    const HttpResponse response = send("PUT", "/api/v1/session/database", body + "}");
    if (response.status != 200) return error_of(response);
    remember_database();
    return Done{};
  }

  Result<> begin(const RunOptions&) override { return no_transactions(); }
  Result<Summary> commit() override { return no_transactions(); }
  Result<> rollback() override { return no_transactions(); }
  bool in_transaction() const override { return false; }
  void interrupt() override {}

 private:
  static Error no_transactions() { return Error(ErrorCode::NotImplemented, "no explicit transactions over REST"); }

  HttpResponse send(std::string method, std::string target, std::string body) {
    HttpRequest request{std::move(method), std::move(target), {}, std::move(body), "127.0.0.1"};
    request.headers = {{"Host", "localhost:7474"}, {"Accept", "application/vnd.nexus.typed+json"}};
    if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    if (!token_.empty()) request.headers.emplace_back("Nexus-Session", token_);
    return service_.handle(request);
  }

  void remember_database() {
    const HttpResponse response = send("GET", "/api/v1/session/database", "");
    if (response.status != 200) broken(response.body);
    database_ = text_of(json::parse(response.body).as_object().at("database"));
  }

  static Result<Table> table_of(const std::string& body) {
    json::parse_options deep;
    deep.max_depth = 4'000;
    const json::value parsed = json::parse(body, {}, deep);
    const json::object& document = parsed.as_object();
    Table table;
    for (const json::value& column : document.at("columns").as_array()) table.columns.push_back(text_of(column));
    for (const json::value& row : document.at("rows").as_array()) {
      List cells;
      for (const json::value& cell : row.as_array()) {
        NX_TRY(Value value, host::decode_typed(cell));
        cells.push_back(std::move(value));
      }
      table.rows.push_back(std::move(cells));
    }
    table.summary.counters = counters_of(document.at("counters").as_object());
    if (const json::value* plan = document.if_contains("plan"); plan != nullptr && plan->is_string()) {
      table.summary.plan = text_of(*plan);
    }
    return table;
  }

  service::HttpService& service_;
  std::string token_;
  std::string database_;
};

}  // namespace

std::unique_ptr<Session> open_http_session(service::HttpService& service, std::string_view database) {
  auto session = std::make_unique<HttpPeer>(service);
  if (!database.empty() && session->database() != database) {
    if (auto used = session->use(database); !used) throw std::runtime_error(used.error().message);
  }
  return session;
}

}  // namespace nexus::test
