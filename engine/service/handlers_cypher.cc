// POST /api/v1/cypher: one statement, answered whole or as a stream of lines.
#include "service/handlers.h"
#include "service/json.h"
#include "service/problem.h"

namespace nexus::service {
namespace {

using Append = void (*)(std::string&, const Value&);

struct CypherRequest {
  std::string query;
  Map parameters;
  RunOptions options;
  bool profile = false;
  bool stream = false;
  Append append = append_json;
  std::string content_type = "application/json";
};

Result<CypherRequest> read_request(const HttpRequest& request) {
  NX_TRY(const Body body, Body::parse(request, {"query", "parameters", "database", "accessMode", "timeoutMs", "maxRows",
                                                "profile"}));
  CypherRequest wanted;
  NX_TRY(wanted.query, body.required_text("query"));
  NX_TRY(wanted.parameters, body.map("parameters"));
  NX_TRY(const auto database, body.text("database"));
  wanted.options.database = database.value_or("");
  NX_TRY(const auto access, body.text("accessMode"));
  if (access && *access != "READ" && *access != "WRITE") {
    return Error{ErrorCode::InvalidRequest, "'accessMode' must be READ or WRITE"};
  }
  if (access && *access == "READ") wanted.options.access = AccessMode::Read;
  NX_TRY(const auto timeout, body.count("timeoutMs"));
  wanted.options.timeout_ms = timeout.value_or(0);
  NX_TRY(const auto rows, body.count("maxRows"));
  wanted.options.rows_max = rows.value_or(0);
  NX_TRY(const auto profile, body.flag("profile"));
  wanted.profile = profile.value_or(false);
  const std::string_view accept = request.header("Accept");
  wanted.stream = accept.find("application/x-ndjson") != std::string_view::npos;
  if (accept.find("application/vnd.nexus.typed+json") != std::string_view::npos) {
    wanted.append = append_typed_json;
    wanted.content_type = "application/vnd.nexus.typed+json";
  }
  return wanted;
}

void append_columns(std::string& out, const std::vector<std::string>& columns) {
  out += "\"columns\":[";
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (at != 0) out += ',';
    append_json_string(out, columns[at]);
  }
  out += ']';
}

void append_row(std::string& out, const List& row, Append append) {
  out += '[';
  for (std::size_t at = 0; at < row.size(); ++at) {
    if (at != 0) out += ',';
    append(out, row[at]);
  }
  out += ']';
}

void append_counters(std::string& out, const UpdateCounters& counters) {
  out += "\"counters\":{";
  for (const UpdateCounter& one : kUpdateCounters) {
    if (out.back() != '{') out += ',';
    append_json_string(out, one.name);
    out += ':' + std::to_string(counters.*one.count);
  }
  out += '}';
}

void append_plan(std::string& out, const PlanTree& tree) {
  append_json_string(out += "{\"operatorType\":", tree.operator_type);
  append_json_string(out += ",\"details\":", tree.details);
  if (tree.rows) out += ",\"rows\":" + std::to_string(*tree.rows);
  if (tree.db_hits) out += ",\"dbHits\":" + std::to_string(*tree.db_hits);
  if (tree.time_ns) out += ",\"timeNs\":" + std::to_string(*tree.time_ns);
  out += ",\"children\":[";
  for (const PlanTree& child : tree.children) {
    if (&child != &tree.children.front()) out += ',';
    append_plan(out, child);
  }
  out += "]}";
}

void append_summary(std::string& out, const Summary& summary) {
  append_counters(out, summary.counters);
  append_json_string(out += ",\"statementType\":", summary.statement_type);
  if (!summary.plan.empty()) append_json_string(out += ",\"plan\":", summary.plan);
  if (summary.plan_tree) append_plan(out += summary.is_profile ? ",\"profile\":" : ",\"planTree\":", *summary.plan_tree);
  out += ",\"notifications\":[]";
  append_json_string(out += ",\"database\":", summary.database);
  out += ",\"bookmark\":";
  if (summary.bookmark.empty()) out += "null";
  else append_json_string(out, summary.bookmark);
  out += ",\"elapsedUs\":" + std::to_string(summary.elapsed_us);
}

// A header line, a line a row, a summary line; or a last line with the error. Memory stays
// at one batch, because the next is pulled only when the last was sent.
class RowLines final : public BodyStream {
 public:
  RowLines(std::unique_ptr<Session> session, std::unique_ptr<Cursor> cursor, Append append)
      : session_(std::move(session)), cursor_(std::move(cursor)), append_(append) {}
  ~RowLines() override { cursor_.reset(); }  // Before its session.

  bool next(std::string& out) override {
    if (!started_) {
      started_ = true;
      append_columns(out += '{', cursor_->columns());
      out += "}\n";
      return true;
    }
    if (ended_) return false;
    rows_.clear();
    auto more = cursor_->next(rows_);
    if (!more) {
      ended_ = true;
      append_error_members(out += "{\"error\":{", more.error());
      out += "}}\n";
      return true;
    }
    for (const List& row : rows_) {
      append_row(out, row, append_);
      out += '\n';
    }
    if (!*more) {
      ended_ = true;
      append_summary(out += "{\"summary\":{", cursor_->summary());
      out += "}}\n";
    }
    return true;
  }

 private:
  std::unique_ptr<Session> session_;
  std::unique_ptr<Cursor> cursor_;
  Append append_;
  std::vector<List> rows_;
  bool started_ = false;
  bool ended_ = false;
};

Result<std::string> buffered_rows(Cursor& cursor, const CypherRequest& wanted, std::uint64_t rows_max) {
  std::string body = "{";
  append_columns(body, cursor.columns());
  body += ",\"rows\":[";
  std::uint64_t count = 0;
  std::vector<List> rows;
  for (bool more = true; more;) {
    rows.clear();
    NX_TRY(more, cursor.next(rows));
    for (const List& row : rows) {
      if (++count > rows_max) {
        return Error{ErrorCode::LimitExceeded, "the answer has more than " + std::to_string(rows_max) +
                                                   " rows; ask for application/x-ndjson or use LIMIT"};
      }
      if (count > 1) body += ',';
      append_row(body, row, wanted.append);
    }
  }
  append_summary(body += "],", cursor.summary());
  return body + "}";
}

Error needs_session(std::string_view what) {
  return Error{ErrorCode::SessionNotFound,
               std::string(what) + " needs a session; make one with POST /api/v1/session and send its Nexus-Session header"};
}

}  // namespace

HttpResponse Handlers::run_cypher(Exchange& exchange) {
  statements_.fetch_add(1, std::memory_order_relaxed);
  const auto failed = [this](const Error& error) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    return problem(error);
  };
  auto wanted = read_request(exchange.request);
  if (!wanted) return failed(wanted.error());
  // Why an error: the statement would run on the default database, which is not the one that is meant.
  if (exchange.names_unknown_session && wanted->options.database.empty()) {
    return failed(Error{ErrorCode::SessionNotFound, "there is no such session (any more); make one with POST /api/v1/session"});
  }
  const std::string start = exchange.session ? exchange.session->database : std::string();
  auto session = instance_.open_session(exchange.identity, start);
  if (!session) return failed(session.error());
  const std::string text = (wanted->profile ? "PROFILE " : "") + wanted->query;
  wanted->options.temporary_ttl_seconds = kTemporaryTtlSeconds;
  auto cursor = (*session)->run(text, wanted->parameters, wanted->options);
  if (!cursor) return failed(cursor.error());
  if ((*session)->in_transaction()) {
    cursor->reset();
    (void)(*session)->rollback();
    return failed(Error{ErrorCode::TransactionTypeForbidden,
                        "a transaction cannot stay open over this call; send one statement at a time"});
  }
  HttpResponse response;
  if (wanted->stream) {
    response.headers.emplace_back("Content-Type", "application/x-ndjson");
    response.stream = std::make_unique<RowLines>(std::move(*session), std::move(*cursor), wanted->append);
    return response;
  }
  auto body = buffered_rows(**cursor, *wanted, settings_.rows_max);
  if (!body) return failed(body.error());
  if (const auto& switched = (*cursor)->summary().switched_to) {
    if (!exchange.session) return failed(needs_session("switching the database"));
    sessions_.set_database(exchange.session->token, exchange.identity, *switched);
  }
  response = json_response(200, std::move(*body));
  response.headers.front().second = wanted->content_type;
  return response;
}

}  // namespace nexus::service
