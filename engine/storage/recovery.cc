#include "storage/recovery.h"

#include "storage/log_reader.h"
#include "storage/operations.h"

namespace nexus::storage {
namespace {

Error corrupt(const std::string& log, const char* what) {
  return Error{ErrorCode::Corruption, "the log " + log + " " + what};
}

Result<LogHeader> read_header(LogStore& logs, const std::string& name) {
  Bytes bytes(kLogHeaderBytes);
  NX_TRY(const std::size_t count, logs.read(name, 0, bytes));
  return decode_log_header(ByteView(bytes).first(count));
}

// Without a manifest nothing was ever acknowledged, unless somebody lost the manifest.
Result<> check_orphan(LogStore& logs, const std::string& name) {
  const auto header = read_header(logs, name);
  if (!header) return header.error().code == ErrorCode::Corruption ? Result<>(Done{}) : Result<>(header.error());
  LogReader reader(logs, name, frame_seed(*header), kLogHeaderBytes, header->first_lsn);
  NX_TRY(const auto frame, reader.next());
  if (!frame.has_value()) return Done{};
  return corrupt(name, "holds commits, but the manifest that names it is missing");
}

Result<> remove_orphans(LogStore& logs, const std::string& kept) {
  NX_TRY(const std::vector<std::string> names, logs.list());
  if (kept.empty()) {
    for (const std::string& name : names) {
      if (is_log_name(name)) NX_TRY_DO(check_orphan(logs, name));
    }
  }
  for (const std::string& name : names) {
    // Why errors are ignored: an orphan harms nobody, and a read-only disk must not keep us from reading.
    if (is_log_name(name) && name != kept) (void)logs.remove(name);
  }
  return Done{};
}

// Applies the frames of one log. All of it is one edit: nobody can have a snapshot in between.
class Replay {
 public:
  Replay(LogStore& logs, const Manifest& manifest, const LogHeader& header, Graph& graph)
      : logs_(logs),
        manifest_(manifest),
        reader_(logs, manifest.log_name, frame_seed(header), kLogHeaderBytes, header.first_lsn),
        graph_(graph),
        pinned_(graph.versions.pin_head()),
        workspace_(graph, pinned_),
        kept_bytes_(kLogHeaderBytes),
        kept_lsn_(header.first_lsn - 1) {
    workspace_.enable_writes();
    workspace_.defer_indexes();
  }
  ~Replay() {
    workspace_.discard();
    graph_.versions.unpin(pinned_);
  }
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  Result<> run() {
    for (;;) {
      NX_TRY(const std::optional<Frame> next, reader_.next());
      if (!next.has_value()) break;
      NX_TRY_DO(frame(*next));
    }
    NX_TRY_DO(finish_tail());
    if (is_snapshot_) return corrupt(manifest_.log_name, "ends within its snapshot");
    graph_.ids.finish();
    NX_TRY_DO(workspace_.build_indexes());
    NX_TRY_DO(workspace_.prepare_publish());
    if (timestamp_ == 0) return Done{};
    workspace_.publish(timestamp_);
    graph_.versions.make_visible(timestamp_);
    return Done{};
  }

  LogPosition position(const LogHeader& header) const {
    return {manifest_.log_name, header, kept_bytes_, manifest_.synced_bytes, kept_lsn_, timestamp_};
  }

 private:
  Result<> frame(const Frame& frame) {
    const FrameKind kind = frame.head.kind;
    const bool belongs_to_snapshot = kind == FrameKind::Snapshot || kind == FrameKind::SnapshotEnd;
    const bool is_first = kept_bytes_ == kLogHeaderBytes && parts_.empty();
    is_snapshot_ = is_snapshot_ || (belongs_to_snapshot && is_first);
    if (belongs_to_snapshot != is_snapshot_) return corrupt(manifest_.log_name, "has a snapshot in the wrong place");
    switch (kind) {
      case FrameKind::Part:
        parts_.emplace_back(frame.payload.begin(), frame.payload.end());
        return Done{};
      case FrameKind::Commit: return commit(frame);
      case FrameKind::Snapshot:
      case FrameKind::SnapshotEnd:
        NX_TRY_DO(apply(frame.payload));
        is_snapshot_ = kind == FrameKind::Snapshot;
        timestamp_ = frame.head.timestamp;
        break;
      case FrameKind::Certificate:
        if (!parts_.empty()) return corrupt(manifest_.log_name, "has a transaction without an end");
        break;
    }
    keep();
    return Done{};
  }

  Result<> commit(const Frame& frame) {
    if (frame.head.timestamp <= timestamp_) return corrupt(manifest_.log_name, "has commits out of order");
    for (const Bytes& part : parts_) NX_TRY_DO(apply(part));
    parts_.clear();
    NX_TRY_DO(apply(frame.payload));
    timestamp_ = frame.head.timestamp;
    keep();
    return Done{};
  }

  Result<> apply(ByteView payload) { return apply_operations(payload, graph_, workspace_, ApplyMode::Recovery); }

  void keep() {
    kept_bytes_ = reader_.offset();
    kept_lsn_ = reader_.next_lsn() - 1;
  }

  // What follows the last complete transaction: nothing, the rest of a crash, or damage.
  Result<> finish_tail() {
    NX_TRY(const std::uint64_t size, logs_.size(manifest_.log_name));
    if (reader_.offset() < size) {
      if (reader_.offset() < manifest_.synced_bytes) return corrupt(manifest_.log_name, "is damaged");
      NX_TRY_DO(reader_.check_tail());
    }
    if (kept_bytes_ < manifest_.synced_bytes) return corrupt(manifest_.log_name, "is cut off");
    if (kept_bytes_ < size) NX_TRY_DO(logs_.truncate(manifest_.log_name, kept_bytes_));
    return Done{};
  }

  LogStore& logs_;
  const Manifest& manifest_;
  LogReader reader_;
  Graph& graph_;
  const DatabaseVersion* pinned_;
  Workspace workspace_;
  std::vector<Bytes> parts_;  // Of the transaction that is being read.
  bool is_snapshot_ = false;  // Its end is still to come.
  std::uint64_t kept_bytes_;
  std::uint64_t kept_lsn_;
  Timestamp timestamp_ = 0;
};

}  // namespace

Result<LogPosition> recover(LogStore& logs, BlobStore& blobs, const DatabaseUuid& uuid, Graph& graph) {
  auto bytes = blobs.get(kManifestName);
  if (!bytes && bytes.error().code != ErrorCode::FileNotFound) return std::move(bytes.error());
  if (!bytes) {
    NX_TRY_DO(remove_orphans(logs, {}));
    return LogPosition{};
  }
  NX_TRY(const Manifest manifest, decode_manifest(*bytes));
  if (manifest.uuid != uuid) return Error{ErrorCode::Corruption, "the manifest belongs to another database"};
  auto header = read_header(logs, manifest.log_name);
  if (!header && header.error().code == ErrorCode::FileNotFound) return corrupt(manifest.log_name, "is missing");
  if (!header) return std::move(header.error());
  if (header->uuid != uuid || header->generation != manifest.generation) {
    return corrupt(manifest.log_name, "is not the one that the manifest means");
  }
  Replay replay(logs, manifest, *header, graph);
  NX_TRY_DO(replay.run());
  NX_TRY_DO(remove_orphans(logs, manifest.log_name));
  return replay.position(*header);
}

}  // namespace nexus::storage
