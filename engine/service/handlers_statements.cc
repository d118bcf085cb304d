// The older transactional interface: /db/{name}/tx, a list of statements a request. Whatever
// happens to them the status is 200 (201 for a new transaction); errors stand in the body.
#include <map>
#include <optional>

#include "service/bookmark.h"
#include "service/handlers.h"
#include "service/neo4j_http.h"
#include "service/plan_tree.h"
#include "value/temporal/temporal.h"

namespace nexus::service {
namespace {

constexpr std::size_t kStatementsMax = 10'000;

struct Wanted {
  Neo4jStatement statement;
  bool stats = false;
  bool rows = true;
  bool graph = false;
};

Result<Wanted> read_wanted(const Value& object) {
  Wanted wanted;
  if (!object.is(Type::Map)) return Error{ErrorCode::ProtocolViolation, "A statement must be an object."};
  NX_TRY(wanted.statement, read_statement(object));
  if (wanted.statement.text.empty()) return Error{ErrorCode::ProtocolViolation, "'statement' is missing."};
  NX_TRY(wanted.stats, flag_of(object, "includeStats"));
  const Value* contents = object.find("resultDataContents");
  if (contents == nullptr || !contents->is(Type::List)) return wanted;
  wanted.rows = false;
  for (const Value& content : contents->list()) {
    const std::string name = content.is(Type::String) ? lower_text(content.string()) : std::string();
    if (name != "row" && name != "graph") {
      return Error{ErrorCode::ProtocolViolation, "'resultDataContents' may hold row and graph."};
    }
    wanted.rows = wanted.rows || name == "row";
    wanted.graph = wanted.graph || name == "graph";
  }
  return wanted;
}

Result<std::vector<Wanted>> read_statements(const HttpRequest& request) {
  NX_TRY(const Value body, neo4j_body(request));
  std::vector<Wanted> all;
  const Value* statements = body.find("statements");
  if (statements == nullptr || statements->is_null()) return all;
  if (!statements->is(Type::List) || statements->list().size() > kStatementsMax) {
    return Error{ErrorCode::ProtocolViolation, "'statements' must be a list of at most 10000 statements."};
  }
  for (const Value& object : statements->list()) {
    NX_TRY(Wanted wanted, read_wanted(object));
    all.push_back(std::move(wanted));
  }
  return all;
}

Result<RunOptions> read_headers(const Exchange& exchange) {
  RunOptions options;
  options.database = exchange.path.at("name");
  options.session_commands = false;
  const std::string access = lower_text(exchange.request.header("Access-Mode"));
  if (access == "read") options.access = AccessMode::Read;
  else if (!access.empty() && access != "write") {
    return Error{ErrorCode::ProtocolViolation, "The header Access-Mode must be READ or WRITE."};
  }
  const std::string_view bookmarks = exchange.request.header("Bookmarks");
  if (bookmarks.empty()) return options;
  NX_TRY(const Value list, parse_json(bookmarks));
  NX_TRY_DO(check_bookmarks(&list));
  return options;
}

// A node or relationship of a row, whose plain form is its properties alone.
void append_row_value(std::string& out, const Value& value) {
  switch (value.type()) {
    case Type::Node: return append_json(out, Value::map(value.node().properties));
    case Type::Relationship: return append_json(out, Value::map(value.relationship().properties));
    case Type::Path: {
      const PathData& path = value.path();
      return append_array(out, path.nodes.size() + path.relationships.size(), [&](std::size_t at) {
        append_row_value(out, at % 2 == 0 ? path.nodes[at / 2] : path.relationships[at / 2]);
      });
    }
    case Type::List:
      return append_array(out, value.list().size(), [&](std::size_t at) { append_row_value(out, value.list()[at]); });
    default: return append_json(out, value);
  }
}

void append_meta(std::string& out, const Value& value) {
  const auto entity = [&out](std::uint64_t id, std::string_view element_id, std::string_view type) {
    out += "{\"id\":" + std::to_string(id);
    append_json_string(out += ",\"elementId\":", element_id);
    append_json_string(out += ",\"type\":", type);
    out += ",\"deleted\":false}";
  };
  switch (value.type()) {
    case Type::Node: return entity(value.node().id, value.node().element_id, "node");
    case Type::Relationship: return entity(value.relationship().id, value.relationship().element_id, "relationship");
    case Type::Path: {
      const PathData& path = value.path();
      return append_array(out, path.nodes.size() + path.relationships.size(), [&](std::size_t at) {
        append_meta(out, at % 2 == 0 ? path.nodes[at / 2] : path.relationships[at / 2]);
      });
    }
    default: out += "null";
  }
}

// The entities in a row, each once, in the order of their ids.
struct Entities {
  std::map<std::uint64_t, const NodeData*> nodes;
  std::map<std::uint64_t, const RelationshipData*> relationships;

  void add(const Value& value) {
    if (value.is(Type::Node)) nodes.emplace(value.node().id, &value.node());
    if (value.is(Type::Relationship)) relationships.emplace(value.relationship().id, &value.relationship());
    if (value.is(Type::Path)) {
      for (const Value& node : value.path().nodes) add(node);
      for (const Value& relationship : value.path().relationships) add(relationship);
    }
    if (value.is(Type::List)) {
      for (const Value& item : value.list()) add(item);
    }
    if (value.is(Type::Map)) {
      for (const auto& [key, item] : value.map()) add(item);
    }
  }
};

void append_graph(std::string& out, const List& row) {
  Entities entities;
  for (const Value& value : row) entities.add(value);
  const char* separator = "";
  out += "{\"nodes\":[";
  for (const auto& [id, node] : entities.nodes) {
    out += std::string(separator) + "{\"id\":\"" + std::to_string(id) + "\"";
    append_json_string(out += ",\"elementId\":", node->element_id);
    append_texts(out += ",\"labels\":", node->labels);
    append_json(out += ",\"properties\":", Value::map(node->properties));
    out += '}';
    separator = ",";
  }
  separator = "";
  out += "],\"relationships\":[";
  for (const auto& [id, relationship] : entities.relationships) {
    out += std::string(separator) + "{\"id\":\"" + std::to_string(id) + "\"";
    append_json_string(out += ",\"elementId\":", relationship->element_id);
    append_json_string(out += ",\"type\":", relationship->type);
    out += ",\"startNode\":\"" + std::to_string(relationship->start) + "\"";
    append_json_string(out += ",\"startNodeElementId\":", relationship->start_element_id);
    out += ",\"endNode\":\"" + std::to_string(relationship->end) + "\"";
    append_json_string(out += ",\"endNodeElementId\":", relationship->end_element_id);
    append_json(out += ",\"properties\":", Value::map(relationship->properties));
    out += '}';
    separator = ",";
  }
  out += "]}";
}

void append_data(std::string& out, const List& row, const Wanted& wanted) {
  out += '{';
  if (wanted.rows) {
    append_array(out += "\"row\":", row.size(), [&](std::size_t at) { append_row_value(out, row[at]); });
    append_array(out += ",\"meta\":", row.size(), [&](std::size_t at) { append_meta(out, row[at]); });
  }
  if (wanted.graph) append_graph(out += wanted.rows ? ",\"graph\":" : "\"graph\":", row);
  out += '}';
}

Result<> append_statement(std::string& out, Session& session, const Wanted& wanted, const RunOptions& options,
                          std::uint64_t& rows_left) {
  NX_TRY(const std::unique_ptr<Cursor> cursor, session.run(wanted.statement.text, wanted.statement.parameters, options));
  std::string result;
  append_texts(result += "{\"columns\":", cursor->columns());
  result += ",\"data\":[";
  std::vector<List> rows;
  for (bool more = true; more;) {
    rows.clear();
    NX_TRY(more, cursor->next(rows));
    for (const List& row : rows) {
      if (rows_left-- == 0) return Error{ErrorCode::LimitExceeded, "The answer has too many rows; use LIMIT."};
      if (result.back() != '[') result += ',';
      append_data(result, row, wanted);
    }
  }
  result += ']';
  const Summary& summary = cursor->summary();
  if (wanted.stats) append_all_counters(result += ",\"stats\":", summary.counters, CounterNames::Snake);
  if (!summary.plan.empty()) {
    append_json(result += ",\"plan\":{\"root\":", plan_tree(summary.plan, "arguments"));
    result += '}';
  }
  if (out.back() != '[') out += ',';
  out += result + "}";
  return Done{};
}

// "Thu, 03 Aug 2023 11:45:10 GMT"
std::string http_date(std::int64_t epoch_seconds) {
  constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string iso = format_date_time({epoch_seconds, 0, 0, {}});  // 2023-08-03T11:45:10Z
  const std::int64_t day = epoch_seconds / 86'400;
  const std::int64_t second = epoch_seconds % 86'400;
  const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  const auto month = static_cast<std::size_t>((iso[5] - '0') * 10 + (iso[6] - '0')) - 1;
  return std::string(kDays[day % 7]) + ", " + iso.substr(8, 2) + " " + kMonths[month] + " " + iso.substr(0, 4) + " " +
         two(second / 3'600) + ":" + two(second / 60 % 60) + ":" + two(second % 60) + " GMT";
}

std::string with_errors(std::string body, const std::optional<Error>& error) {
  body += ",\"errors\":[";
  if (error) append_neo4j_error(body, *error);
  return body + "]}";
}

HttpResponse failed(const Error& error) {
  const bool is_missing = error.code == ErrorCode::TransactionNotFound;
  return json_response(is_missing ? 404 : 200, with_errors("{\"results\":[]", error));
}

}  // namespace

// Runs the statements on a session whose transaction is open, and commits it or leaves it open.
HttpResponse Handlers::run_statements(Exchange& exchange, Session& session, const std::string& id, bool commits) {
  std::string body = "{\"results\":[";
  std::optional<Error> failure;
  std::optional<Summary> committed;
  RunOptions options;
  options.session_commands = false;
  auto wanted = read_statements(exchange.request);
  if (!wanted) {
    failure = wanted.error();
  } else {
    std::uint64_t rows_left = settings_.rows_max;
    for (const Wanted& one : *wanted) {
      if (auto done = append_statement(body, session, one, options, rows_left); !done) {
        failure = done.error();
        break;
      }
    }
  }
  body += ']';
  if (failure) {
    (void)session.rollback();
  } else if (commits) {
    auto done = session.commit();
    if (done) committed = std::move(*done);
    else failure = done.error();
  }
  if (committed && !committed->bookmark.empty()) {
    append_json_string(body += ",\"lastBookmarks\":[", committed->bookmark);
    body += ']';
  }
  if (!failure && !commits) {
    const std::string url = "http://" + std::string(exchange.request.header("Host")) + "/db/" + exchange.path.at("name") + "/tx/" + id;
    append_json_string(body += ",\"commit\":", url + "/commit");
    body += ",\"transaction\":{\"expires\":\"" + http_date(clock_.wall_nanoseconds() / 1'000'000'000 + 30) + "\"}";
  }
  if (!id.empty() && (failure || commits)) transactions_.remove(id);
  return json_response(200, with_errors(std::move(body), failure));
}

HttpResponse Handlers::statements_once(Exchange& exchange) {
  auto options = read_headers(exchange);
  if (!options) return failed(options.error());
  auto session = instance_.open_session(exchange.identity);
  if (!session) return failed(session.error());
  if (auto begun = (*session)->begin(*options); !begun) return failed(begun.error());
  return run_statements(exchange, **session, {}, true);
}

HttpResponse Handlers::statements_begin(Exchange& exchange) {
  auto options = read_headers(exchange);
  if (!options) return failed(options.error());
  auto session = instance_.open_session(exchange.identity);
  if (!session) return failed(session.error());
  if (auto begun = (*session)->begin(*options); !begun) return failed(begun.error());
  auto added = transactions_.add(std::move(*session), exchange.identity.user, exchange.path.at("name"),
                                 TransactionInterface::Statements);
  if (!added) return failed(added.error());
  const std::lock_guard lock((*added)->mutex);
  HttpResponse response = run_statements(exchange, *(*added)->session, (*added)->id, false);
  if (!(*added)->session->in_transaction()) return response;
  response.status = 201;
  response.headers.emplace_back("Location", "http://" + std::string(exchange.request.header("Host")) + "/db/" +
                                                exchange.path.at("name") + "/tx/" + (*added)->id);
  return response;
}

HttpResponse Handlers::statements_continue(Exchange& exchange) { return statements_in(exchange, false); }
HttpResponse Handlers::statements_commit(Exchange& exchange) { return statements_in(exchange, true); }

HttpResponse Handlers::statements_in(Exchange& exchange, bool commits) {
  auto found = transactions_.find(exchange.path.at("id"), exchange.identity.user, exchange.path.at("name"),
                                  TransactionInterface::Statements);
  if (!found) return failed(found.error());
  const std::unique_lock lock((*found)->mutex, std::try_to_lock);
  if (!lock) return failed(Error{ErrorCode::TransactionAlreadyOpen, "Another request is using this transaction."});
  transactions_.touch(**found);
  return run_statements(exchange, *(*found)->session, (*found)->id, commits);
}

HttpResponse Handlers::statements_rollback(Exchange& exchange) {
  auto found = transactions_.find(exchange.path.at("id"), exchange.identity.user, exchange.path.at("name"),
                                  TransactionInterface::Statements);
  if (!found) return failed(found.error());
  const std::unique_lock lock((*found)->mutex, std::try_to_lock);
  if (!lock) return failed(Error{ErrorCode::TransactionAlreadyOpen, "Another request is using this transaction."});
  (void)(*found)->session->rollback();
  transactions_.remove((*found)->id);
  return json_response(200, "{\"results\":[],\"errors\":[]}");
}

}  // namespace nexus::service
