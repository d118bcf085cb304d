// What each route does, in terms of the public instance; no route knows more than that.
#pragma once

#include <atomic>

#include "service/batch.h"
#include "service/query_api.h"
#include "service/routes.h"
#include "service/transaction_table.h"

namespace nexus::service {

class Handlers {
 public:
  Handlers(Instance& instance, Clock& clock, Random& random, const ServiceSettings& settings)
      : instance_(instance), clock_(clock), settings_(settings),
        sessions_(clock, random, settings.session_idle_ms, settings.sessions_max),
        transactions_(clock, random) {}

  SessionTable& sessions() { return sessions_; }

  // handlers_databases.cc
  HttpResponse list_databases(Exchange& exchange);
  HttpResponse create_database(Exchange& exchange);
  HttpResponse show_database(Exchange& exchange);
  HttpResponse change_database(Exchange& exchange);
  HttpResponse drop_database(Exchange& exchange);
  // handlers_aliases.cc
  HttpResponse list_aliases(Exchange& exchange);
  HttpResponse show_alias(Exchange& exchange);
  HttpResponse put_alias(Exchange& exchange);
  HttpResponse drop_alias(Exchange& exchange);
  // handlers_dump.cc
  HttpResponse dump_database(Exchange& exchange);
  HttpResponse restore_database(Exchange& exchange);
  HttpResponse list_dropped(Exchange& exchange);
  HttpResponse undrop_database(Exchange& exchange);
  // handlers_session.cc
  HttpResponse open_session(Exchange& exchange);
  HttpResponse show_session(Exchange& exchange);
  HttpResponse close_session(Exchange& exchange);
  HttpResponse show_session_database(Exchange& exchange);
  HttpResponse change_session_database(Exchange& exchange);
  // handlers_cypher.cc
  HttpResponse run_cypher(Exchange& exchange);
  // handlers_query_api.cc
  HttpResponse run_query_api(Exchange& exchange);
  HttpResponse open_transaction(Exchange& exchange);
  HttpResponse run_in_transaction(Exchange& exchange);
  HttpResponse commit_transaction(Exchange& exchange);
  HttpResponse rollback_transaction(Exchange& exchange);
  // handlers_batch.cc
  HttpResponse run_batch(Exchange& exchange);
  HttpResponse open_batch_transaction(Exchange& exchange);
  HttpResponse continue_batch(Exchange& exchange);
  HttpResponse commit_batch(Exchange& exchange);
  HttpResponse rollback_batch(Exchange& exchange);
  // handlers_server.cc
  HttpResponse discover(Exchange& exchange);
  HttpResponse show_info(Exchange& exchange);
  HttpResponse show_openapi(Exchange& exchange);
  HttpResponse show_metrics(Exchange& exchange);
  HttpResponse is_live(Exchange& exchange);
  HttpResponse is_ready(Exchange& exchange);

  std::atomic<bool> draining{false};

 private:
  // Runs one administration statement as the caller.
  Result<Summary> administer(Exchange& exchange, const std::string& statement, const Map& parameters);
  Result<std::vector<List>> show_aliases(Exchange& exchange, const std::string& name);
  HttpResponse alias_response(Exchange& exchange, int status);
  // With the cookie when `opened_by` is set.
  HttpResponse session_response(int status, const RestSession& session, const HttpRequest* opened_by);

  // A transaction on the path's database, busy with this request.
  Result<std::shared_ptr<OpenTransaction>> begin_transaction(Exchange& exchange, const RunOptions& options);
  HttpResponse continue_transaction(Exchange& exchange, bool commits);
  HttpResponse use_transaction(OpenTransaction& transaction, const QueryApiRequest& wanted, bool commits);
  enum class BatchEnd : std::uint8_t { Opens, StaysOpen, Commits };
  HttpResponse use_batch_transaction(Exchange& exchange, BatchEnd end);
  HttpResponse run_in_batch_transaction(const Exchange& exchange, OpenTransaction& transaction, const Batch& batch, BatchEnd end);

  Instance& instance_;
  Clock& clock_;
  const ServiceSettings& settings_;
  SessionTable sessions_;
  TransactionTable transactions_;
  std::atomic<std::uint64_t> statements_{0};
  std::atomic<std::uint64_t> failures_{0};
};

// One database with every column of SHOW DATABASES.
HttpResponse database_response(int status, const DatabaseInfo& info);
// Of a temporary database that says nothing: a REST session is no session of the instance.
constexpr std::uint64_t kTemporaryTtlSeconds = 3'600;

HttpResponse json_response(int status, std::string body);

}  // namespace nexus::service
