// Batches: what /db/{database}/tx takes and answers, statements that succeed or fail together.
//
// A row has up to two forms. "row": values, entities as their properties alone, with a `meta` that says
// which entity each value is. "graph": the nodes and relationships of the row, each once.
#pragma once

#include <string>
#include <vector>

#include "nexus/service.h"
#include "nexus/session.h"

namespace nexus::service {

struct BatchStatement {
  std::string text;
  Map parameters;
  bool with_stats = false;
  bool as_row = true;
  bool as_graph = false;
};

struct Batch {
  static constexpr std::size_t kStatementsMax = 10'000;

  std::vector<BatchStatement> statements;  // None: keeps a transaction alive.
  RunOptions options;                      // From the headers Access-Mode and Bookmarks.
};

// InvalidRequest, InvalidBookmark, LimitExceeded; NotImplemented for a form of rows that is not known here.
Result<Batch> read_batch(const HttpRequest& request);

// One element of `data`.
void append_batch_row(std::string& out, const List& row, const BatchStatement& statement);
// The members behind `data`: stats when asked for, the plan when there is one.
void append_batch_summary(std::string& out, const Summary& summary, const BatchStatement& statement);

}  // namespace nexus::service
