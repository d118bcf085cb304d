// /db/{database}/query/v2: Neo4j's Query API, one statement at a time, alone or in an explicit
// transaction that lives between requests. Answers are buffered; errors stand in `errors`.
#include "service/query_api.h"

#include "service/bookmark.h"
#include "service/handlers.h"
#include "service/json.h"
#include "service/problem.h"
#include "value/temporal/temporal.h"

namespace nexus::service {
namespace {

using Wanted = QueryApiRequest;

bool is_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) | 0x20u) != static_cast<unsigned char>(lower[at])) return false;
  }
  return true;
}

Result<Wanted> read_wanted(const HttpRequest& request) {
  NX_TRY(const Body body, Body::parse(request, {"statement", "parameters", "accessMode", "includeCounters", "bookmarks",
                                                "impersonatedUser", "txType", "maxExecutionTime", "txMetadata"}));
  Wanted wanted;
  NX_TRY(wanted.statement, body.text("statement"));
  NX_TRY(wanted.parameters, body.map("parameters"));
  NX_TRY(const auto access, body.text("accessMode"));
  if (access && !is_word(*access, "read") && !is_word(*access, "write")) {
    return Error{ErrorCode::InvalidRequest, "'accessMode' must be Read or Write"};
  }
  if (access && is_word(*access, "read")) wanted.options.access = AccessMode::Read;
  NX_TRY(const auto user, body.text("impersonatedUser"));
  if (user) return Error{ErrorCode::NotImplemented, "'impersonatedUser' is not built yet"};
  NX_TRY(List bookmarks, body.list("bookmarks"));
  const Value bookmark_list = Value::list(std::move(bookmarks));
  NX_TRY_DO(check_bookmarks(&bookmark_list));
  NX_TRY(const auto seconds, body.count("maxExecutionTime"));
  if (seconds && *seconds > 1'000'000'000) return Error{ErrorCode::InvalidRequest, "'maxExecutionTime' is too long"};
  wanted.options.timeout_ms = seconds.value_or(0) * 1'000;
  NX_TRY(const auto counters, body.flag("includeCounters"));
  wanted.counters = counters.value_or(false);
  const bool typed = request.header("Accept").find("application/vnd.neo4j.query") != std::string_view::npos;
  wanted.has_vectors = !typed || request.header("Accept").find("query.v1.1") != std::string_view::npos;
  wanted.append = typed ? append_typed_json : append_json;
  wanted.content_type = !typed                ? "application/json"
                        : wanted.has_vectors ? "application/vnd.neo4j.query.v1.1"
                                             : "application/vnd.neo4j.query.v1.0";
  return wanted;
}

void append_flag(std::string& out, std::string_view name, bool flag) {
  append_json_string(out, name);
  out += flag ? ":true" : ":false";
}

void append_query_counters(std::string& out, const UpdateCounters& counters) {
  const std::pair<std::string_view, std::uint64_t> all[] = {
      {"nodesCreated", counters.nodes_created},
      {"nodesDeleted", counters.nodes_deleted},
      {"propertiesSet", counters.properties_set},
      {"relationshipsCreated", counters.relationships_created},
      {"relationshipsDeleted", counters.relationships_deleted},
      {"labelsAdded", counters.labels_added},
      {"labelsRemoved", counters.labels_removed},
      {"systemUpdates", counters.system_updates}};
  append_flag(out += ",\"counters\":{", "containsUpdates", counters.contains_updates());
  append_flag(out += ',', "containsSystemUpdates", counters.system_updates != 0);
  for (const auto& [name, count] : all) {
    append_json_string(out += ',', name);
    out += ':' + std::to_string(count);
  }
  out += '}';
}

void append_bookmarks(std::string& out, const Summary& summary) {
  if (summary.bookmark.empty()) return;
  append_json_string(out += out.back() == '{' ? "\"bookmarks\":[" : ",\"bookmarks\":[", summary.bookmark);
  out += ']';
}

void append_transaction(std::string& out, const OpenTransaction& transaction) {
  append_json_string(out += out.back() == '{' ? "\"transaction\":{\"id\":" : ",\"transaction\":{\"id\":", transaction.id);
  const std::int64_t seconds = transaction.expires_nanoseconds / 1'000'000'000;
  append_json_string(out += ",\"expires\":", format_date_time({seconds, 0, 0, {}}));
  out += '}';
}

HttpResponse failure(const Error& error) {
  HttpResponse response = problem(error);  // Its status and headers, with a body that these clients read.
  response.headers.front().second = "application/json";
  append_client_error(response.body = "{\"errors\":[", error);
  response.body += "]}";
  return response;
}

// Runs the statement and appends the members of its answer.
Result<Summary> run_statement(Session& session, const Wanted& wanted, std::uint64_t rows_max, std::string& out) {
  NX_TRY(const auto cursor, session.run(*wanted.statement, wanted.parameters, wanted.options));
  out += "\"data\":{\"fields\":[";
  for (const std::string& column : cursor->columns()) append_json_string(out.back() == '[' ? out : out += ',', column);
  out += "],\"values\":[";
  std::uint64_t count = 0;
  std::vector<List> rows;
  for (bool more = true; more;) {
    rows.clear();
    NX_TRY(more, cursor->next(rows));
    for (const List& row : rows) {
      if (++count > rows_max) {
        return Error{ErrorCode::LimitExceeded, "the answer has more than " + std::to_string(rows_max) + " rows"};
      }
      if (count > 1) out += ',';
      const std::size_t begin = out.size();
      out += '[';
      for (const Value& value : row) wanted.append(out.back() == '[' ? out : out += ',', value);
      out += ']';
      // The quotes of strings are escaped, so this stands where a vector is and nowhere else.
      if (!wanted.has_vectors && out.find(R"({"$type":"Vector")", begin) != std::string::npos) {
        return Error{ErrorCode::NotImplemented, "Type VECTOR is not supported."};
      }
    }
  }
  out += "]}";
  if (wanted.counters) append_query_counters(out, cursor->summary().counters);
  if (!cursor->summary().plan.empty()) append_json_string(out += ",\"queryPlan\":", cursor->summary().plan);
  return cursor->summary();
}

HttpResponse answer(const Wanted& wanted, std::string body) {
  HttpResponse response = json_response(202, std::move(body) + "}");
  response.headers.front().second = wanted.content_type;
  return response;
}

Error needs_statement() { return Error{ErrorCode::InvalidRequest, "'statement' is missing"}; }

}  // namespace

HttpResponse Handlers::run_query_api(Exchange& exchange) {
  statements_.fetch_add(1, std::memory_order_relaxed);
  const auto failed = [this](const Error& error) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    return failure(error);
  };
  auto wanted = read_wanted(exchange.request);
  if (!wanted) return failed(wanted.error());
  if (!wanted->statement) return failed(needs_statement());
  auto session = instance_.open_session(exchange.identity, exchange.path["database"]);
  if (!session) return failed(session.error());
  std::string body = "{";
  auto summary = run_statement(**session, *wanted, settings_.rows_max, body);
  if (!summary) return failed(summary.error());
  if ((*session)->in_transaction()) {
    (void)(*session)->rollback();
    return failed(Error{ErrorCode::TransactionTypeForbidden, "open a transaction with POST /db/{database}/query/v2/tx"});
  }
  append_bookmarks(body, *summary);
  return answer(*wanted, std::move(body));
}

// One request of an open transaction. A failure ends it: nothing of it stays.
HttpResponse Handlers::use_transaction(OpenTransaction& transaction, const Wanted& wanted, bool commits) {
  std::string body = "{";
  Result<Summary> summary = Summary{};
  if (wanted.statement) {
    statements_.fetch_add(1, std::memory_order_relaxed);
    summary = run_statement(*transaction.session, wanted, settings_.rows_max, body);
  }
  const bool is_open = transaction.session->in_transaction();  // False after the statements COMMIT and ROLLBACK.
  if (summary && commits && is_open) summary = transaction.session->commit();
  if (!summary) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    if (transaction.session->in_transaction()) (void)transaction.session->rollback();
  }
  if (!summary || commits || !is_open) {
    transactions_.forget(transaction);
    if (!summary) return failure(summary.error());
    append_bookmarks(body, *summary);
  } else {
    transactions_.give_back(transaction);
    append_transaction(body, transaction);
  }
  return answer(wanted, std::move(body));
}

Result<std::shared_ptr<OpenTransaction>> Handlers::begin_transaction(Exchange& exchange, const RunOptions& options) {
  const std::string database = exchange.path["database"];
  NX_TRY(auto session, instance_.open_session(exchange.identity, database));
  NX_TRY_DO(session->use(database));
  NX_TRY_DO(session->begin(options));
  return transactions_.open(exchange.identity, database, std::move(session));
}

HttpResponse Handlers::open_transaction(Exchange& exchange) {
  auto wanted = read_wanted(exchange.request);
  if (!wanted) return failure(wanted.error());
  auto transaction = begin_transaction(exchange, wanted->options);
  if (!transaction) return failure(transaction.error());
  return use_transaction(**transaction, *wanted, false);
}

HttpResponse Handlers::run_in_transaction(Exchange& exchange) { return continue_transaction(exchange, false); }

HttpResponse Handlers::commit_transaction(Exchange& exchange) { return continue_transaction(exchange, true); }

HttpResponse Handlers::continue_transaction(Exchange& exchange, bool commits) {
  auto wanted = read_wanted(exchange.request);
  if (!wanted) return failure(wanted.error());
  auto transaction = transactions_.take(exchange.path["id"], exchange.identity, exchange.path["database"]);
  if (!transaction) return failure(transaction.error());
  return use_transaction(**transaction, *wanted, commits);
}

HttpResponse Handlers::rollback_transaction(Exchange& exchange) {
  auto transaction = transactions_.take(exchange.path["id"], exchange.identity, exchange.path["database"]);
  if (!transaction) return failure(transaction.error());
  transactions_.forget(**transaction);
  auto rolled_back = (*transaction)->session->rollback();
  return rolled_back ? json_response(200, "{}") : failure(rolled_back.error());
}

}  // namespace nexus::service
