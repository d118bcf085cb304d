// EmbeddedConnection: an instance on a data directory, in this process.
#include <thread>

#include "host-native/cli/connection.h"
#include "host-native/components.h"
#include "host-native/password_hasher.h"
#include "host-native/vfs/posix_vfs.h"
#include "nexus/access.h"

namespace nexus::host {
namespace {

// The instance with what it stands on; closed with its last connection.
struct OpenInstance {
  ~OpenInstance() {
    if (instance == nullptr) return;
    if (auto closed = instance->close(); !closed) log.write(LogLevel::Error, closed.error().message);
  }

  SystemClock clock;
  OsRandom random;
  ScryptHasher passwords{random};
  ThreadPoolScheduler scheduler{2};
  SpdlogLog log{LogFormat::Text, LogLevel::Warning};
  std::unique_ptr<PosixVfs> vfs;
  std::unique_ptr<Instance> instance;
};

class EmbeddedConnection final : public Connection {
 public:
  EmbeddedConnection(const Target& target, std::shared_ptr<OpenInstance> opened)
      : target_(target), opened_(std::move(opened)) {}

  Result<> open() {
    NX_TRY(session_, instance().open_session(Identity{target_.user}, target_.database));
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
  std::string default_database() override { return instance().default_database(); }
  Result<> begin() override { return session_->begin(); }
  Result<Summary> commit() override { return session_->commit(); }
  Result<> rollback() override { return session_->rollback(); }
  bool in_transaction() const override { return session_->in_transaction(); }
  Result<> dump(std::string_view name, const OnBytes& on_bytes) override {
    NX_TRY(const auto stream, instance().dump(Identity{target_.user}, name));
    Bytes piece;
    for (bool more = true; more;) {
      piece.clear();
      NX_TRY(more, stream->next(piece));
      NX_TRY_DO(on_bytes(piece));
    }
    return Done{};
  }
  Result<> restore(std::string_view name, ByteSource& bytes) override {
    NX_TRY_DO(instance().restore(Identity{target_.user}, name, bytes));
    return Done{};
  }
  Result<std::unique_ptr<Connection>> twin(std::string_view database) override {
    Target target = target_;
    target.database = std::string(database);
    auto connection = std::make_unique<EmbeddedConnection>(target, opened_);
    NX_TRY_DO(connection->open());
    return std::unique_ptr<Connection>(std::move(connection));
  }
  void interrupt() override { session_->interrupt(); }
  std::string user() const override { return target_.user; }
  std::string target() const override { return target_.data; }

 private:
  Instance& instance() { return *opened_->instance; }

  Target target_;
  std::shared_ptr<OpenInstance> opened_;
  std::unique_ptr<Session> session_;
};

}  // namespace

Result<std::unique_ptr<Connection>> connect_embedded(const Target& target) {
  auto opened = std::make_shared<OpenInstance>();
  NX_TRY(opened->vfs, PosixVfs::open_root(target.data));
  NX_TRY(opened->instance,
         Instance::open({}, {*opened->vfs, opened->clock, opened->random, opened->scheduler, opened->log, nullptr,
                             &opened->passwords, &make_access_control}));
  auto connection = std::make_unique<EmbeddedConnection>(target, std::move(opened));
  NX_TRY_DO(connection->open());
  return std::unique_ptr<Connection>(std::move(connection));
}

Result<Table> query(Connection& connection, std::string_view text, const Map& parameters) {
  CollectingSink sink;
  NX_TRY(Summary summary, connection.run(text, parameters, sink));
  return Table{sink.names(), sink.all(), std::move(summary)};
}

}  // namespace nexus::host
