#include "service/neo4j_http.h"

#include "service/handlers.h"
#include "service/problem.h"

namespace nexus::service {
namespace {

Error invalid(std::string what) { return Error{ErrorCode::ProtocolViolation, std::move(what)}; }

struct Counter {
  std::string_view camel;
  std::string_view snake;  // One lacks an s, as clients know it.
  std::uint64_t UpdateCounters::*count;
};

constexpr Counter kCounters[] = {
    {"nodesCreated", "nodes_created", &UpdateCounters::nodes_created},
    {"nodesDeleted", "nodes_deleted", &UpdateCounters::nodes_deleted},
    {"propertiesSet", "properties_set", &UpdateCounters::properties_set},
    {"relationshipsCreated", "relationships_created", &UpdateCounters::relationships_created},
    {"relationshipsDeleted", "relationship_deleted", &UpdateCounters::relationships_deleted},
    {"labelsAdded", "labels_added", &UpdateCounters::labels_added},
    {"labelsRemoved", "labels_removed", &UpdateCounters::labels_removed},
    {"systemUpdates", "system_updates", &UpdateCounters::system_updates},
};
// Statements that count these come with the schema commands.
constexpr std::string_view kZeros[][2] = {{"indexesAdded", "indexes_added"},
                                          {"indexesRemoved", "indexes_removed"},
                                          {"constraintsAdded", "constraints_added"},
                                          {"constraintsRemoved", "constraints_removed"}};

}  // namespace

int neo4j_http_status(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unauthorized: return 401;
    case ErrorCode::DatabaseNotFound:
    case ErrorCode::GraphNotFound:
    case ErrorCode::TransactionNotFound: return 404;
    case ErrorCode::DatabaseUnavailable: return 503;
    default: break;
  }
  return neo4j_status(error.code).find("DatabaseError") == std::string_view::npos ? 400 : 500;
}

void append_neo4j_error(std::string& out, const Error& error) {
  append_json_string(out += "{\"code\":", neo4j_status(error.code));
  append_json_string(out += ",\"message\":", error.message);
  out += '}';
}

HttpResponse neo4j_errors(const Error& error) {
  std::string body = "{\"errors\":[";
  append_neo4j_error(body, error);
  HttpResponse response = json_response(neo4j_http_status(error), body + "]}");
  if (response.status == 401) {
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Neo4j\", Bearer realm=\"Neo4j\"");
  }
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Result<Value> neo4j_body(const HttpRequest& request) {
  if (request.body.empty()) return Value::map({});
  auto body = parse_json(request.body);
  if (!body) return invalid(body.error().message);
  if (!body->is(Type::Map)) return invalid("The body must be a JSON object.");
  return body;
}

std::string lower_text(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

Result<std::string> text_of(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  if (value == nullptr || value->is_null()) return std::string();
  if (!value->is(Type::String)) return invalid("'" + std::string(name) + "' must be a string.");
  return std::string(value->string());
}

Result<bool> flag_of(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  if (value == nullptr || value->is_null()) return false;
  if (!value->is(Type::Boolean)) return invalid("'" + std::string(name) + "' must be true or false.");
  return value->boolean();
}

Result<Neo4jStatement> read_statement(const Value& object) {
  Neo4jStatement statement;
  NX_TRY(statement.text, text_of(object, "statement"));
  const Value* parameters = object.find("parameters");
  if (parameters != nullptr && !parameters->is_null()) {
    if (!parameters->is(Type::Map)) return invalid("'parameters' must be an object.");
    statement.parameters = parameters->map();
  }
  return statement;
}

void append_array(std::string& out, std::size_t count, const std::function<void(std::size_t)>& append_item) {
  out += '[';
  for (std::size_t at = 0; at < count; ++at) {
    if (at != 0) out += ',';
    append_item(at);
  }
  out += ']';
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  append_array(out, texts.size(), [&](std::size_t at) { append_json_string(out, texts[at]); });
}

void append_all_counters(std::string& out, const UpdateCounters& counters, CounterNames names) {
  const bool camel = names == CounterNames::Camel;
  out += std::string("{\"") + (camel ? "containsUpdates" : "contains_updates") + "\":";
  out += counters.contains_updates() ? "true" : "false";
  out += std::string(",\"") + (camel ? "containsSystemUpdates" : "contains_system_updates") + "\":";
  out += counters.system_updates != 0 ? "true" : "false";
  for (const Counter& counter : kCounters) {
    append_json_string(out += ',', camel ? counter.camel : counter.snake);
    out += ':' + std::to_string(counters.*counter.count);
  }
  for (const auto& name : kZeros) {
    append_json_string(out += ',', name[camel ? 0 : 1]);
    out += ":0";
  }
  out += '}';
}

}  // namespace nexus::service
