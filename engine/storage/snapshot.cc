#include "storage/snapshot.h"

#include "storage/snapshot_walk.h"
#include "storage/store_parts.h"
#include "vfs/file_stores.h"

namespace nexus::storage {
namespace {

constexpr std::size_t kBatchRows = 256;
constexpr std::size_t kWriteBytes = 256 * 1024;

}  // namespace

SnapshotWalk::SnapshotWalk(Graph& graph, const DatabaseVersion* version, IdState ids,
                           const std::array<std::size_t, 3>& token_counts)
    : graph_(graph),
      timestamp_(version->timestamp),
      view_(graph, version),
      operations_(graph.memory),
      ids_(std::move(ids)),
      token_counts_(token_counts) {}

Result<bool> SnapshotWalk::next(std::vector<SnapshotPiece>& pieces) {
  switch (stage_) {
    case Stage::Tokens: tokens(); break;
    case Stage::Nodes: nodes(); break;
    case Stage::Relationships: relationships(); break;
    case Stage::End: end(pieces); return true;
    case Stage::Done: return false;
  }
  add(pieces, FrameKind::Snapshot, operations_.take_full());
  return true;
}

void SnapshotWalk::tokens() {
  for (const TokenKind kind : {TokenKind::Label, TokenKind::Type, TokenKind::Key}) {
    const Tokens& all = graph_.tokens(kind);
    for (TokenId token = 0; token < token_counts_[static_cast<std::size_t>(kind)]; ++token) {
      operations_.token(kind, token, all.name(token));
    }
  }
  stage_ = Stage::Nodes;
}

void SnapshotWalk::nodes() {
  NodeId batch[kBatchRows];
  const std::size_t count = view_.scan_nodes(position_, batch);
  for (std::size_t i = 0; i < count; ++i) {
    const NodeRow& row = *view_.node(batch[i]);
    operations_.create_node(batch[i], row.labels, properties_of(row));
  }
  if (count != 0) return;
  position_ = {};
  stage_ = Stage::Relationships;
}

void SnapshotWalk::relationships() {
  RelationshipId batch[kBatchRows];
  const std::size_t count = view_.scan_relationships(position_, batch);
  for (std::size_t i = 0; i < count; ++i) {
    const RelationshipRow& row = *view_.relationship(batch[i]);
    operations_.create_relationship(batch[i], {row.type, row.start, row.end}, properties_of(row));
  }
  if (count == 0) stage_ = Stage::End;
}

void SnapshotWalk::end(std::vector<SnapshotPiece>& pieces) {
  for (const SchemaRule& rule : view_.schema().rules()) operations_.define_rule(rule);
  add(pieces, FrameKind::Snapshot, operations_.take());
  OperationWriter last(graph_.memory);
  last.ids(ids_);
  add(pieces, FrameKind::SnapshotEnd, last.take());
  stage_ = Stage::Done;
}

void SnapshotWalk::add(std::vector<SnapshotPiece>& pieces, FrameKind kind, std::vector<Bytes> payloads) const {
  for (Bytes& payload : payloads) pieces.push_back({kind, timestamp_, std::move(payload)});
}

struct Snapshot::Parts {
  Parts(Graph& its_graph, const DatabaseVersion* pinned, const std::array<std::size_t, 3>& token_counts)
      : graph(its_graph), version(pinned), walk(its_graph, pinned, its_graph.ids.state(), token_counts) {}
  ~Parts() { graph.versions.unpin(version); }

  Graph& graph;
  const DatabaseVersion* version;
  SnapshotWalk walk;
};

Snapshot::Snapshot(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Snapshot::~Snapshot() = default;

Timestamp Snapshot::timestamp() const { return parts_->version->timestamp; }
std::uint64_t Snapshot::node_count() const { return parts_->version->counts.nodes; }
std::uint64_t Snapshot::relationship_count() const { return parts_->version->counts.relationships; }

Result<bool> Snapshot::next(std::vector<SnapshotPiece>& pieces) { return parts_->walk.next(pieces); }

// Why the slot: between two commits the newest version, the names and the ids belong together.
Result<std::unique_ptr<Snapshot>> Store::snapshot(WaitLimits limits) {
  NX_TRY_DO(parts_->slot.acquire(limits));
  // What a copy shows must not be lost by its source in a crash.
  Result<> synced = parts_->log != nullptr && !parts_->log->has_failed() ? parts_->log->sync() : Result<>(Done{});
  std::unique_ptr<Snapshot::Parts> made;
  if (synced) {
    Graph& graph = parts_->graph;
    std::array<std::size_t, 3> token_counts{};
    for (const TokenKind kind : {TokenKind::Label, TokenKind::Type, TokenKind::Key}) {
      token_counts[static_cast<std::size_t>(kind)] = graph.tokens(kind).size();
    }
    made = std::make_unique<Snapshot::Parts>(
        graph, has_failed() ? graph.versions.pin_visible() : graph.versions.pin_head(), token_counts);
  }
  parts_->slot.release();
  if (!synced) return std::move(synced.error());
  return std::unique_ptr<Snapshot>(new Snapshot(std::move(made)));
}

Result<std::unique_ptr<Store>> Store::open_in_memory(StoreComponents components, Snapshot& content) {
  auto parts = std::make_unique<Parts>(StoreOptions{}, components);
  Graph& graph = parts->graph;
  const DatabaseVersion* pinned = graph.versions.pin_head();
  const auto load = [&]() -> Result<> {
    Workspace workspace(graph, pinned);
    workspace.enable_writes();
    workspace.defer_indexes();
    std::vector<SnapshotPiece> pieces;
    for (bool more = true; more;) {
      pieces.clear();
      NX_TRY(more, content.next(pieces));
      for (const SnapshotPiece& piece : pieces) {
        NX_TRY_DO(apply_operations(piece.payload, graph, workspace, ApplyMode::Recovery));
      }
    }
    graph.ids.finish();
    NX_TRY_DO(workspace.build_indexes());
    NX_TRY_DO(workspace.prepare_publish());
    if (content.timestamp() == 0) return Done{};
    workspace.publish(content.timestamp());
    graph.versions.make_visible(content.timestamp());
    return Done{};
  };
  const Result<> loaded = load();
  graph.versions.unpin(pinned);
  if (!loaded) return loaded.error();
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

NewDatabase::NewDatabase(const DatabaseUuid& uuid, Random& random, Vfs& vfs)
    : logs_(std::make_unique<vfs::FileLogStore>(vfs)), blobs_(std::make_unique<vfs::FileBlobStore>(vfs)) {
  header_ = {uuid, 1, 1, random.next()};
  name_ = log_name(header_.generation, header_.salt);
  seed_ = frame_seed(header_);
}

Result<> NewDatabase::begin() {
  const Bytes bytes = encode_log_header(header_);
  NX_TRY_DO(logs_->create(name_, bytes));
  bytes_ = bytes.size();
  return Done{};
}

Result<> NewDatabase::add(const std::vector<SnapshotPiece>& pieces) {
  for (const SnapshotPiece& piece : pieces) {
    ++lsn_;
    append_frame(out_, seed_, {piece.kind, lsn_, lsn_ - 1, piece.timestamp}, piece.payload);
    if (out_.size() >= kWriteBytes) NX_TRY_DO(write_out());
  }
  return Done{};
}

Result<> NewDatabase::write_out() {
  if (out_.size() == 0) return Done{};
  NX_TRY_DO(logs_->append(name_, out_.view()));
  bytes_ += out_.size();
  out_.clear();
  return Done{};
}

Result<> NewDatabase::finish() {
  NX_TRY_DO(write_out());
  NX_TRY_DO(logs_->sync(name_));
  logs_->release_handles();
  NX_TRY_DO(blobs_->put(kManifestName, encode_manifest({header_.uuid, header_.generation, 0, bytes_, name_})));
  return Done{};
}

}  // namespace nexus::storage
