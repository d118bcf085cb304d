// GraphSource: the graphs beside its own that a statement on a composite database may use.
//
// Invariant: values that leave a guest graph are hydrated, so an id of one graph is never read in another.
// Threads: open() by the thread that runs the statement.
#pragma once

#include <mutex>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::exec {

struct ExecutionContext;

class GuestGraph {
 public:
  virtual ~GuestGraph() = default;
  // For one step: its transaction stays while the guard lives. The error when it was taken away.
  virtual Result<std::unique_lock<std::mutex>> enter() = 0;
  // The host's context with the guest's transaction, names and access in place of its own.
  virtual ExecutionContext context_in(const ExecutionContext& host) = 0;
};

class GraphSource {
 public:
  virtual ~GraphSource() = default;
  // `name` as written, or an element id. The guest lives as long as the source.
  virtual Result<GuestGraph*> open(std::string_view name, bool is_element_id, bool writes) = 0;
  virtual std::vector<std::string> names() const = 0;
  virtual Result<Map> properties(std::string_view name) const = 0;
};

}  // namespace nexus::exec
