// Store::compact(): a new log that holds the live state instead of the way to it.
// The steps and why a crash between any two of them is harmless: docs/format/log.md.
#include "storage/log_reader.h"
#include "storage/operations.h"
#include "storage/store_parts.h"
#include "storage/workspace.h"

namespace nexus::storage {
namespace {

constexpr std::uint64_t kWorthwhileBytes = 8 * 1024 * 1024;
constexpr std::uint64_t kShortTailBytes = 256 * 1024;
constexpr int kCatchUpRounds = 4;

// What the snapshot describes, taken in the writer slot.
struct Start {
  LogPosition old;
  const DatabaseVersion* version = nullptr;
  IdState ids;
  std::array<std::size_t, 3> tokens{};
};

class Rewriter {
 public:
  Rewriter(Store::Parts& store, Start start)
      : store_(store), start_(std::move(start)), operations_(store.graph.memory) {
    made_.header = {store.options.uuid, start_.old.header.generation + 1, start_.old.last_lsn + 1,
                    store.components.random->next()};
    made_.name = log_name(made_.header.generation, made_.header.salt);
    made_.last_lsn = start_.old.last_lsn;
    made_.last_timestamp = start_.version->timestamp;
    seed_ = frame_seed(made_.header);
    read_bytes_ = start_.old.bytes;
    read_lsn_ = start_.old.last_lsn + 1;
  }

  Result<> write_snapshot() {
    const Bytes header = encode_log_header(made_.header);
    NX_TRY_DO(store_.logs->create(made_.name, header));
    is_created_ = true;
    made_.bytes = header.size();
    const Workspace view(store_.graph, start_.version);
    NX_TRY_DO(write_tokens());
    NX_TRY_DO(write_nodes(view));
    NX_TRY_DO(write_relationships(view));
    for (const SchemaRule& rule : view.schema().rules()) operations_.define_rule(rule);
    NX_TRY_DO(flush(operations_.take()));
    OperationWriter last(store_.graph.memory);
    last.ids(start_.ids);
    const std::vector<Bytes> ids = last.take();
    return put(FrameKind::SnapshotEnd, made_.last_timestamp, ids.front());
  }

  // Copies what the old log has got meanwhile. Answers how much that was.
  Result<std::uint64_t> catch_up() {
    const std::uint64_t before = read_bytes_;
    LogReader reader(*store_.logs, start_.old.name, frame_seed(start_.old.header), read_bytes_, read_lsn_);
    const std::uint64_t end = store_.log->bytes();
    while (reader.offset() < end) {
      NX_TRY(const std::optional<Frame> frame, reader.next());
      if (!frame.has_value()) {
        return Error{ErrorCode::Corruption, "the log " + start_.old.name + " cannot be read back"};
      }
      NX_TRY_DO(put(frame->head.kind, frame->head.timestamp, frame->payload));
      made_.last_timestamp = frame->head.timestamp;
    }
    read_bytes_ = reader.offset();
    read_lsn_ = reader.next_lsn();
    NX_TRY_DO(write_out());
    return read_bytes_ - before;
  }

  Result<> sync() {
    NX_TRY_DO(store_.logs->sync(made_.name));
    return Done{};
  }
  const LogPosition& made() const { return made_; }
  void abandon() {
    if (is_created_) (void)store_.logs->remove(made_.name);
  }

 private:
  Result<> write_tokens() {
    for (const TokenKind kind : {TokenKind::Label, TokenKind::Type, TokenKind::Key}) {
      const Tokens& tokens = store_.graph.tokens(kind);
      for (TokenId token = 0; token < start_.tokens[static_cast<std::size_t>(kind)]; ++token) {
        operations_.token(kind, token, tokens.name(token));
      }
    }
    return flush(operations_.take_full());
  }

  Result<> write_nodes(const Workspace& view) {
    NodeId batch[256];
    ScanPosition position;
    while (const std::size_t count = view.scan_nodes(position, batch)) {
      for (std::size_t i = 0; i < count; ++i) {
        const NodeRow& row = *view.node(batch[i]);
        operations_.create_node(batch[i], row.labels, properties_of(row));
      }
      NX_TRY_DO(flush(operations_.take_full()));
    }
    return Done{};
  }

  Result<> write_relationships(const Workspace& view) {
    RelationshipId batch[256];
    ScanPosition position;
    while (const std::size_t count = view.scan_relationships(position, batch)) {
      for (std::size_t i = 0; i < count; ++i) {
        const RelationshipRow& row = *view.relationship(batch[i]);
        operations_.create_relationship(batch[i], {row.type, row.start, row.end}, properties_of(row));
      }
      NX_TRY_DO(flush(operations_.take_full()));
    }
    return Done{};
  }

  Result<> flush(const std::vector<Bytes>& pieces) {
    for (const Bytes& piece : pieces) NX_TRY_DO(put(FrameKind::Snapshot, made_.last_timestamp, piece));
    return write_out();
  }

  Result<> put(FrameKind kind, Timestamp timestamp, ByteView payload) {
    ++made_.last_lsn;
    append_frame(out_, seed_, {kind, made_.last_lsn, made_.last_lsn - 1, timestamp}, payload);
    return out_.size() < kShortTailBytes ? Result<>(Done{}) : write_out();
  }

  Result<> write_out() {
    if (out_.size() == 0) return Done{};
    NX_TRY_DO(store_.logs->append(made_.name, out_.view()));
    made_.bytes += out_.size();
    out_.clear();
    return Done{};
  }

  Store::Parts& store_;
  Start start_;
  OperationWriter operations_;
  LogPosition made_;
  std::uint32_t seed_ = 0;
  ByteWriter out_;
  std::uint64_t read_bytes_ = 0;  // How far the old log is copied.
  std::uint64_t read_lsn_ = 0;
  bool is_created_ = false;
};

Result<Start> start_rewrite(Store::Parts& store) {
  NX_TRY_DO(store.slot.acquire({}));
  Start start;
  Result<> synced = store.log->sync();
  if (synced) {
    start.old = store.log->position();
    start.version = store.graph.versions.pin_head();
    start.ids = store.graph.ids.state();
    start.tokens = store.logged_tokens;
  }
  store.slot.release();
  if (!synced) return std::move(synced.error());
  return start;
}

Result<> finish_rewrite(Store::Parts& store, Rewriter& rewriter) {
  for (int round = 0; round < kCatchUpRounds; ++round) {
    NX_TRY(const std::uint64_t copied, rewriter.catch_up());
    if (copied < kShortTailBytes) break;
  }
  NX_TRY_DO(rewriter.sync());  // The bulk of it before writers have to wait.
  NX_TRY_DO(store.slot.acquire({}));
  const auto last_step = [&]() -> Result<> {
    NX_TRY_DO(store.log->sync());
    NX_TRY_DO(rewriter.catch_up());
    NX_TRY_DO(rewriter.sync());
    return store.log->switch_to(rewriter.made());
  };
  Result<> done = last_step();
  store.slot.release();
  return done;
}

}  // namespace

bool Store::wants_compaction() const {
  if (parts_->log == nullptr || parts_->log->has_failed()) return false;
  const LogPosition position = parts_->log->position();
  return position.bytes > kWorthwhileBytes && position.bytes > 3 * position.synced_bytes &&
         position.bytes > memory_bytes();
}

Result<> Store::prepare_for_schema() {
  if (parts_->log == nullptr) return Done{};
  const LogPosition position = parts_->log->position();
  return position.name.empty() || position.header.version >= kLogVersion ? Result<>(Done{}) : compact();
}

Result<> Store::compact() {
  if (parts_->log == nullptr) return Done{};
  const std::lock_guard<std::mutex> guard(parts_->compaction);
  NX_TRY_DO(parts_->log->check());
  if (parts_->log->position().name.empty()) return Done{};
  NX_TRY(Start start, start_rewrite(*parts_));
  const DatabaseVersion* pinned = start.version;
  Rewriter rewriter(*parts_, std::move(start));
  Result<> done = rewriter.write_snapshot();
  if (done) done = finish_rewrite(*parts_, rewriter);
  parts_->graph.versions.unpin(pinned);
  // After a failed switch the new log may be the one that counts.
  if (!done && !parts_->log->has_failed()) rewriter.abandon();
  return done;
}

}  // namespace nexus::storage
