// Store::compact(): a new log that holds the live state instead of the way to it.
// The steps and why a crash between any two of them is harmless: docs/format/log.md.
#include "storage/log_reader.h"
#include "storage/snapshot_walk.h"
#include "storage/store_parts.h"

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
      : store_(store), start_(std::move(start)) {
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
    SnapshotWalk walk(store_.graph, start_.version, start_.ids, start_.tokens);
    std::vector<SnapshotPiece> pieces;
    for (bool more = true; more;) {
      pieces.clear();
      NX_TRY(more, walk.next(pieces));
      for (const SnapshotPiece& piece : pieces) NX_TRY_DO(put(piece.kind, piece.timestamp, piece.payload));
    }
    return Done{};
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
