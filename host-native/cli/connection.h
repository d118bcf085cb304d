// Connection: where a command's statements go: an instance in this process or a server.
//
// Threads: interrupt() may be called from any thread and from a signal's watcher, everything
// else from one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "nexus/session.h"
#include "nexus/vfs.h"

namespace nexus::host {

// Receives a result while it arrives: columns() once, then any number of batches.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual void columns(const std::vector<std::string>& names) = 0;
  virtual void rows(const std::vector<List>& batch) = 0;
};

class Connection {
 public:
  virtual ~Connection() = default;

  // One statement in the current database, inside the open transaction if there is one.
  virtual Result<Summary> run(std::string_view text, const Map& parameters, ResultSink& sink) = 0;

  virtual std::string database() const = 0;
  virtual Result<> use(std::string_view name) = 0;
  virtual std::string default_database() = 0;

  virtual Result<> begin() = 0;
  virtual Result<Summary> commit() = 0;
  virtual Result<> rollback() = 0;
  virtual bool in_transaction() const = 0;

  // One database as the bytes of a dump, and a new one from them.
  using OnBytes = std::function<Result<>(ByteView)>;
  virtual Result<> dump(std::string_view name, const OnBytes& on_bytes) = 0;
  virtual Result<> restore(std::string_view name, ByteSource& bytes) = 0;

  // A second conversation with the same server or instance, on this database and outside any transaction. It may
  // outlive this one and be used by another thread.
  virtual Result<std::unique_ptr<Connection>> twin(std::string_view database) = 0;

  virtual void interrupt() = 0;
  virtual std::string user() const = 0;
  // "http://127.0.0.1:7474" or the data directory.
  virtual std::string target() const = 0;
  // The last failure was one of reaching the server, not of the statement.
  virtual bool is_lost() const { return false; }
};

// Keeps everything; for small results.
class CollectingSink final : public ResultSink {
 public:
  void columns(const std::vector<std::string>& names) override { names_ = names; }
  void rows(const std::vector<List>& batch) override { rows_.insert(rows_.end(), batch.begin(), batch.end()); }
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<List>& all() const { return rows_; }

 private:
  std::vector<std::string> names_;
  std::vector<List> rows_;
};

Result<Table> query(Connection& connection, std::string_view text, const Map& parameters = {});

struct Target {
  std::string data;      // A data directory, or
  std::string uri;       // a server; one of the two is set.
  std::string database;  // Empty: the default.
  std::string user;
  std::string password;
  // Of an https:// server: who vouches for it besides the system's authorities (a PEM file, may be empty), or nobody
  // has to.
  std::string tls_ca;
  bool tls_unchecked = false;
};

Result<std::unique_ptr<Connection>> connect_embedded(const Target& target);
Result<std::unique_ptr<Connection>> connect_http(const Target& target);
inline Result<std::unique_ptr<Connection>> connect(const Target& target) {
  return target.data.empty() ? connect_http(target) : connect_embedded(target);
}

}  // namespace nexus::host
