// /db/{database}/tx: batches of statements, at once or in a transaction that lives between requests.
//
// Answers are buffered. What a statement does wrong stands in `errors` and never changes the status;
// a database or a transaction that is not there is a 404, what is no batch a 400.
#include <optional>

#include "service/batch.h"
#include "service/handlers.h"
#include "service/json.h"
#include "service/problem.h"
#include "value/temporal/civil.h"

namespace nexus::service {
namespace {

// What became of a batch.
struct BatchOutcome {
  std::string results;  // The elements of `results`, of the statements before the failed one.
  std::optional<Error> error;
  std::string bookmark;
};

// "Thu, 3 Aug 2023 11:45:10 GMT"
std::string http_date(std::int64_t epoch_seconds) {
  static constexpr std::string_view kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Date date{epoch_seconds / 86'400};
  const temporal::CivilDate civil = temporal::civil_of(date);
  const temporal::ClockTime clock = temporal::clock_of(LocalTime{epoch_seconds % 86'400 * 1'000'000'000});
  const auto two_digits = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::string(kDays[temporal::day_of_week(date) - 1]) + ", " + std::to_string(civil.day) + " " +
         std::string(kMonths[civil.month - 1]) + " " + std::to_string(civil.year) + " " + two_digits(clock.hour) + ":" +
         two_digits(clock.minute) + ":" + two_digits(clock.second) + " GMT";
}

Result<Summary> run_batch_statement(Session& session, const BatchStatement& statement, const RunOptions& options,
                                    std::uint64_t& rows_left, std::string& out) {
  NX_TRY(const auto cursor, session.run(statement.text, statement.parameters, options));
  out += "{\"columns\":[";
  for (const std::string& column : cursor->columns()) append_json_string(out.back() == '[' ? out : out += ',', column);
  out += "],\"data\":[";
  std::vector<List> rows;
  for (bool more = true; more;) {
    rows.clear();
    NX_TRY(more, cursor->next(rows));
    if (rows.size() > rows_left) return Error{ErrorCode::LimitExceeded, "the answer has too many rows; use LIMIT"};
    rows_left -= rows.size();
    for (const List& row : rows) append_batch_row(out.back() == '[' ? out : out += ',', row, statement);
  }
  out += ']';
  append_batch_summary(out, cursor->summary(), statement);
  out += '}';
  return cursor->summary();
}

// Until the first failure; the results of the statements before it stay.
BatchOutcome run_statements(Session& session, const Batch& batch, std::uint64_t rows_max) {
  BatchOutcome outcome;
  for (const BatchStatement& statement : batch.statements) {
    const std::size_t before = outcome.results.size();
    if (before != 0) outcome.results += ',';
    auto summary = run_batch_statement(session, statement, batch.options, rows_max, outcome.results);
    if (!summary) {
      outcome.results.resize(before);
      outcome.error = std::move(summary.error());
      return outcome;
    }
    outcome.bookmark = summary->bookmark;
  }
  return outcome;
}

int batch_status(const BatchOutcome& outcome, int success) {
  if (!outcome.error) return success;
  const ErrorCode code = outcome.error->code;
  return code == ErrorCode::DatabaseNotFound || code == ErrorCode::TransactionNotFound ? 404 : success;
}

// Without its closing brace.
std::string batch_body(const BatchOutcome& outcome) {
  std::string body = "{\"results\":[" + outcome.results + "],\"errors\":[";
  if (outcome.error) append_client_error(body, *outcome.error);
  body += ']';
  if (!outcome.error && !outcome.bookmark.empty()) {
    append_json_string(body += ",\"lastBookmarks\":[", outcome.bookmark);
    body += ']';
  }
  return body;
}

HttpResponse closed_batch(const BatchOutcome& outcome, int success = 200) {
  return json_response(batch_status(outcome, success), batch_body(outcome) + "}");
}

HttpResponse failed_batch(Error error, int success = 200) {
  BatchOutcome outcome;
  outcome.error = std::move(error);
  return closed_batch(outcome, success);
}

// What is no batch at all is refused as any other request is.
HttpResponse no_batch(const Error& error) {
  HttpResponse response = failed_batch(error);
  response.status = http_status(error.code);
  return response;
}

// The answer of a transaction that stays open.
HttpResponse open_batch(const BatchOutcome& outcome, const HttpRequest& request, const OpenTransaction& transaction, bool is_new) {
  const std::string base = request.target.substr(0, request.target.find('/', std::string_view("/db/").size()));  // Still escaped.
  const std::string location = origin_of(request) + base + "/tx/" + transaction.id;
  std::string body = batch_body(outcome);
  append_json_string(body += ",\"commit\":", location + "/commit");
  append_json_string(body += ",\"transaction\":{\"expires\":", http_date(transaction.expires_nanoseconds / 1'000'000'000));
  HttpResponse response = json_response(is_new ? 201 : 200, body + "}}");
  if (is_new) response.headers.emplace_back("Location", location);
  return response;
}

// Its lines of JSON are another format than the bodies here.
std::optional<HttpResponse> refuse_jolt(const HttpRequest& request) {
  const std::string_view accept = request.header("Accept");
  if (accept.find("jolt") == std::string_view::npos || accept.find("application/json") != std::string_view::npos) return std::nullopt;
  return problem(406, "NotAcceptable", "the answer is application/json; Jolt is not built");
}

}  // namespace

// Counts the statements and the failure, and ends the transaction that failed or commits.
HttpResponse Handlers::run_in_batch_transaction(const Exchange& exchange, OpenTransaction& transaction, const Batch& batch,
                                                BatchEnd end) {
  statements_.fetch_add(batch.statements.size(), std::memory_order_relaxed);
  Session& session = *transaction.session;
  BatchOutcome outcome = run_statements(session, batch, settings_.rows_max);
  if (!outcome.error && end == BatchEnd::Commits) {
    auto summary = session.commit();
    if (summary) outcome.bookmark = summary->bookmark;
    else outcome.error = std::move(summary.error());
  }
  if (outcome.error) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    if (session.in_transaction()) (void)session.rollback();
  }
  if (outcome.error || end == BatchEnd::Commits) {
    transactions_.forget(transaction);
    return closed_batch(outcome, end == BatchEnd::Opens ? 201 : 200);
  }
  transactions_.give_back(transaction);
  return open_batch(outcome, exchange.request, transaction, end == BatchEnd::Opens);
}

HttpResponse Handlers::run_batch(Exchange& exchange) {
  if (auto refused = refuse_jolt(exchange.request)) return std::move(*refused);
  auto batch = read_batch(exchange.request);
  if (!batch) return no_batch(batch.error());
  const std::string database = exchange.path["database"];
  auto session = instance_.open_session(exchange.identity, database);
  if (!session) return failed_batch(std::move(session.error()));
  if (auto used = (*session)->use(database); !used) return failed_batch(std::move(used.error()));
  statements_.fetch_add(batch->statements.size(), std::memory_order_relaxed);
  // Why one runs by itself: it may be administration, or commit batches of its own.
  const bool is_transaction = batch->statements.size() > 1;
  if (is_transaction) {
    if (auto begun = (*session)->begin(batch->options); !begun) return failed_batch(std::move(begun.error()));
  }
  BatchOutcome outcome = run_statements(**session, *batch, settings_.rows_max);
  if (is_transaction && !outcome.error) {
    auto summary = (*session)->commit();
    if (summary) outcome.bookmark = summary->bookmark;
    else outcome.error = std::move(summary.error());
  }
  if (outcome.error) {
    failures_.fetch_add(1, std::memory_order_relaxed);
    if ((*session)->in_transaction()) (void)(*session)->rollback();
  }
  return closed_batch(outcome);
}

HttpResponse Handlers::open_batch_transaction(Exchange& exchange) {
  if (auto refused = refuse_jolt(exchange.request)) return std::move(*refused);
  auto batch = read_batch(exchange.request);
  if (!batch) return no_batch(batch.error());
  auto transaction = begin_transaction(exchange, batch->options);
  if (!transaction) return failed_batch(std::move(transaction.error()), 201);
  return run_in_batch_transaction(exchange, **transaction, *batch, BatchEnd::Opens);
}

HttpResponse Handlers::continue_batch(Exchange& exchange) { return use_batch_transaction(exchange, BatchEnd::StaysOpen); }

HttpResponse Handlers::commit_batch(Exchange& exchange) { return use_batch_transaction(exchange, BatchEnd::Commits); }

HttpResponse Handlers::use_batch_transaction(Exchange& exchange, BatchEnd end) {
  if (auto refused = refuse_jolt(exchange.request)) return std::move(*refused);
  auto batch = read_batch(exchange.request);
  if (!batch) return no_batch(batch.error());
  auto transaction = transactions_.take(exchange.path["id"], exchange.identity, exchange.path["database"]);
  if (!transaction) return failed_batch(std::move(transaction.error()));
  return run_in_batch_transaction(exchange, **transaction, *batch, end);
}

HttpResponse Handlers::rollback_batch(Exchange& exchange) {
  auto transaction = transactions_.take(exchange.path["id"], exchange.identity, exchange.path["database"]);
  if (!transaction) return failed_batch(std::move(transaction.error()));
  transactions_.forget(**transaction);
  auto rolled_back = (*transaction)->session->rollback();
  return rolled_back ? closed_batch({}) : failed_batch(std::move(rolled_back.error()));
}

}  // namespace nexus::service
