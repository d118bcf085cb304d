// The Query API, version 2: /db/{name}/query/v2, one statement a request, with or without an
// open transaction. Errors before the first row decide the status; later ones stand behind the rows.
#include <optional>

#include "service/bookmark.h"
#include "service/handlers.h"
#include "service/neo4j_http.h"
#include "service/plan_tree.h"
#include "value/temporal/temporal.h"

namespace nexus::service {
namespace {

constexpr std::string_view kTyped = "application/vnd.neo4j.query";

struct QueryRequest {
  Neo4jStatement statement;
  RunOptions options;
  bool counters = false;
  Append append = append_json;
  std::string content_type = "application/json";
};

Result<RunOptions> read_options(const Value& body, const std::string& database) {
  RunOptions options;
  options.database = database;
  options.session_commands = false;
  NX_TRY(const std::string access, text_of(body, "accessMode"));
  const std::string folded = lower_text(access);
  if (folded == "read") options.access = AccessMode::Read;
  else if (!folded.empty() && folded != "write") {
    return Error{ErrorCode::ProtocolViolation, "'accessMode' must be Read or Write."};
  }
  NX_TRY(const std::string user, text_of(body, "impersonatedUser"));
  if (!user.empty()) {
    return Error{ErrorCode::Forbidden, "Impersonation is refused: this server runs statements as the user who logged on."};
  }
  NX_TRY_DO(check_bookmarks(body.find("bookmarks")));
  const Value* seconds = body.find("maxExecutionTime");
  if (seconds != nullptr && seconds->is(Type::Integer) && seconds->integer() > 0 && seconds->integer() < (1 << 30)) {
    options.timeout_ms = static_cast<std::uint64_t>(seconds->integer()) * 1'000;
  }
  const Value* metadata = body.find("txMetadata");
  if (metadata != nullptr && metadata->is(Type::Map)) options.metadata = metadata->map();
  return options;
}

Result<QueryRequest> read_query(const Exchange& exchange) {
  NX_TRY(const Value body, neo4j_body(exchange.request));
  QueryRequest wanted;
  NX_TRY(wanted.statement, read_statement(body));
  NX_TRY(wanted.options, read_options(body, exchange.path.at("name")));
  NX_TRY(wanted.counters, flag_of(body, "includeCounters"));
  if (exchange.request.header("Accept").find(kTyped) != std::string_view::npos) {
    wanted.append = append_typed_json;
    wanted.content_type = std::string(kTyped) + ".v1.0";
  }
  return wanted;
}

void append_queryplan(std::string& out, const Summary& summary) {
  if (!summary.plan.empty()) append_json(out += ",\"queryPlan\":", plan_tree(summary.plan, "arguments"));
}

// "data" and what follows it; the error of a row that could not be made, if any.
std::optional<Error> append_result(std::string& out, Cursor& cursor, const QueryRequest& wanted, std::uint64_t rows_max) {
  append_texts(out += "\"data\":{\"fields\":", cursor.columns());
  out += ",\"values\":[";
  std::optional<Error> failure;
  std::uint64_t count = 0;
  std::vector<List> rows;
  for (bool more = true; more && !failure;) {
    rows.clear();
    auto next = cursor.next(rows);
    if (!next) {
      failure = std::move(next.error());
      break;
    }
    more = *next;
    for (const List& row : rows) {
      if (++count > rows_max) {
        failure = Error{ErrorCode::LimitExceeded, "The answer has more than " + std::to_string(rows_max) + " rows; use LIMIT."};
        break;
      }
      if (count > 1) out += ',';
      append_array(out, row.size(), [&](std::size_t at) { wanted.append(out, row[at]); });
    }
  }
  out += "]}";
  if (failure) return failure;
  if (wanted.counters) append_all_counters(out += ",\"counters\":", cursor.summary().counters, CounterNames::Camel);
  append_queryplan(out, cursor.summary());
  return std::nullopt;
}

void append_bookmark(std::string& out, const std::string& bookmark) {
  if (bookmark.empty()) return;
  append_json_string(out += ",\"bookmarks\":[", bookmark);
  out += ']';
}

void append_errors(std::string& out, const Error& error) {
  append_neo4j_error(out += ",\"errors\":[", error);
  out += ']';
}

HttpResponse accepted(std::string body, const QueryRequest& wanted) {
  // A body that has nothing before its first comma has no data.
  if (body.size() > 1 && body[1] == ',') body.erase(1, 1);
  HttpResponse response = json_response(202, std::move(body) + "}");
  response.headers.front().second = wanted.content_type;
  return response;
}

}  // namespace

HttpResponse Handlers::query_once(Exchange& exchange) {
  auto wanted = read_query(exchange);
  if (!wanted) return neo4j_errors(wanted.error());
  if (wanted->statement.text.empty()) return neo4j_errors(Error{ErrorCode::ProtocolViolation, "'statement' is missing."});
  auto session = instance_.open_session(exchange.identity);
  if (!session) return neo4j_errors(session.error());
  auto cursor = (*session)->run(wanted->statement.text, wanted->statement.parameters, wanted->options);
  if (!cursor) return neo4j_errors(cursor.error());
  std::string body = "{";
  if (const auto failure = append_result(body, **cursor, *wanted, settings_.rows_max)) append_errors(body, *failure);
  else append_bookmark(body, (*cursor)->summary().bookmark);
  return accepted(std::move(body), *wanted);
}

HttpResponse Handlers::query_begin(Exchange& exchange) {
  auto wanted = read_query(exchange);
  if (!wanted) return neo4j_errors(wanted.error());
  auto session = instance_.open_session(exchange.identity);
  if (!session) return neo4j_errors(session.error());
  if (auto begun = (*session)->begin(wanted->options); !begun) return neo4j_errors(begun.error());
  auto transaction = transactions_.add(std::move(*session), exchange.identity.user, exchange.path.at("name"),
                                       TransactionInterface::QueryApi);
  if (!transaction) return neo4j_errors(transaction.error());
  exchange.path["id"] = (*transaction)->id;
  return query_in(exchange, false);
}

HttpResponse Handlers::query_continue(Exchange& exchange) { return query_in(exchange, false); }
HttpResponse Handlers::query_commit(Exchange& exchange) { return query_in(exchange, true); }

HttpResponse Handlers::query_in(Exchange& exchange, bool commits) {
  auto wanted = read_query(exchange);
  if (!wanted) return neo4j_errors(wanted.error());
  auto found = transactions_.find(exchange.path.at("id"), exchange.identity.user, exchange.path.at("name"),
                                  TransactionInterface::QueryApi);
  if (!found) return neo4j_errors(found.error());
  HttpTransaction& transaction = **found;
  const std::unique_lock lock(transaction.mutex, std::try_to_lock);
  if (!lock) {
    return neo4j_errors(Error{ErrorCode::TransactionAlreadyOpen, "Another request is using this transaction."});
  }
  const auto end = [&](const Error& error) {
    (void)transaction.session->rollback();
    transactions_.remove(transaction.id);
    return error;
  };
  std::string body = "{";
  if (!wanted->statement.text.empty()) {
    wanted->options.database.clear();
    auto cursor = transaction.session->run(wanted->statement.text, wanted->statement.parameters, wanted->options);
    if (!cursor) return neo4j_errors(end(cursor.error()));
    if (const auto failure = append_result(body, **cursor, *wanted, settings_.rows_max)) {
      cursor->reset();
      append_errors(body, end(*failure));
      return accepted(std::move(body), *wanted);
    }
  }
  if (commits) {
    auto committed = transaction.session->commit();
    transactions_.remove(transaction.id);
    if (!committed) return neo4j_errors(committed.error());
    append_bookmark(body, committed->bookmark);
    return accepted(std::move(body), *wanted);
  }
  const std::int64_t expires = transactions_.touch(transaction);
  append_json_string(body += ",\"transaction\":{\"id\":", transaction.id);
  append_json_string(body += ",\"expires\":", format_date_time({expires / 1'000'000'000, 0, 0, {}}));
  return accepted(body + "}", *wanted);
}

HttpResponse Handlers::query_rollback(Exchange& exchange) {
  auto found = transactions_.find(exchange.path.at("id"), exchange.identity.user, exchange.path.at("name"),
                                  TransactionInterface::QueryApi);
  if (!found) return neo4j_errors(found.error());
  const std::unique_lock lock((*found)->mutex, std::try_to_lock);
  if (!lock) return neo4j_errors(Error{ErrorCode::TransactionAlreadyOpen, "Another request is using this transaction."});
  (void)(*found)->session->rollback();
  transactions_.remove((*found)->id);
  return json_response(200, "{}");
}

}  // namespace nexus::service
