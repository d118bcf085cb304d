// EmbeddedConnection: an instance on a data directory, in this process.
#include <thread>

#include "host-native/cli/connection.h"
#include "host-native/components.h"
#include "host-native/vfs/posix_vfs.h"
#include "nexus/instance.h"

namespace nexus::host {
namespace {

class EmbeddedConnection final : public Connection {
 public:
  explicit EmbeddedConnection(const Target& target)
      : target_(target), scheduler_(2), log_(LogFormat::Text, LogLevel::Warning) {}

  ~EmbeddedConnection() override {
    session_.reset();
    if (instance_ == nullptr) return;
    if (auto closed = instance_->close(); !closed) log_.write(LogLevel::Error, closed.error().message);
  }

  Result<> open() {
    NX_TRY(vfs_, PosixVfs::open_root(target_.data));
    NX_TRY(instance_, Instance::open({}, {*vfs_, clock_, random_, scheduler_, log_}));
    NX_TRY(session_, instance_->open_session(Identity{target_.user}, target_.database));
    return Done{};
  }

  Result<Summary> run(std::string_view text, const Map& parameters, ResultSink& sink) override {
    NX_TRY(const auto cursor, session_->run(text, parameters));
    sink.columns(cursor->columns());
    std::vector<List> batch;
    for (bool more = true; more;) {
      batch.clear();
      NX_TRY(more, cursor->next(batch));
      if (!batch.empty()) sink.rows(batch);
    }
    return cursor->summary();
  }

  std::string database() const override { return session_->database(); }
  Result<> use(std::string_view name) override { return session_->use(name); }
  std::string default_database() override { return instance_->default_database(); }
  Result<> begin() override { return session_->begin(); }
  Result<Summary> commit() override { return session_->commit(); }
  Result<> rollback() override { return session_->rollback(); }
  bool in_transaction() const override { return session_->in_transaction(); }
  Result<> dump(std::string_view name, const OnBytes& on_bytes) override {
    NX_TRY(const auto stream, instance_->dump(Identity{target_.user}, name));
    Bytes piece;
    for (bool more = true; more;) {
      piece.clear();
      NX_TRY(more, stream->next(piece));
      NX_TRY_DO(on_bytes(piece));
    }
    return Done{};
  }
  Result<> restore(std::string_view name, ByteSource& bytes) override {
    NX_TRY_DO(instance_->restore(Identity{target_.user}, name, bytes));
    return Done{};
  }
  void interrupt() override { session_->interrupt(); }
  std::string user() const override { return target_.user; }
  std::string target() const override { return target_.data; }

 private:
  Target target_;
  SystemClock clock_;
  OsRandom random_;
  ThreadPoolScheduler scheduler_;
  SpdlogLog log_;
  std::unique_ptr<PosixVfs> vfs_;
  std::unique_ptr<Instance> instance_;
  std::unique_ptr<Session> session_;
};

}  // namespace

Result<std::unique_ptr<Connection>> connect_embedded(const Target& target) {
  auto connection = std::make_unique<EmbeddedConnection>(target);
  NX_TRY_DO(connection->open());
  return std::unique_ptr<Connection>(std::move(connection));
}

Result<Table> query(Connection& connection, std::string_view text, const Map& parameters) {
  CollectingSink sink;
  NX_TRY(Summary summary, connection.run(text, parameters, sink));
  return Table{sink.names(), sink.all(), std::move(summary)};
}

}  // namespace nexus::host
