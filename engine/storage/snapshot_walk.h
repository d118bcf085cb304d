// SnapshotWalk: one version of a graph as pieces: names, nodes, relationships, ids.
//
// Behind Snapshot and compaction. The caller keeps the version pinned.
// Threads: one at a time, beside readers and writers of the graph.
#pragma once

#include "storage/operations.h"
#include "storage/snapshot.h"
#include "storage/workspace.h"

namespace nexus::storage {

class SnapshotWalk {
 public:
  // `ids` and `token_counts` (how many names of each kind) belong to the version, see Store::snapshot().
  SnapshotWalk(Graph& graph, const DatabaseVersion* version, IdState ids,
               const std::array<std::size_t, 3>& token_counts);
  // As PieceSource::next().
  Result<bool> next(std::vector<SnapshotPiece>& pieces);

 private:
  enum class Stage : std::uint8_t { Tokens, Nodes, Relationships, End, Done };

  void tokens();
  void nodes();
  void relationships();
  void end(std::vector<SnapshotPiece>& pieces);
  void add(std::vector<SnapshotPiece>& pieces, FrameKind kind, std::vector<Bytes> payloads) const;

  Graph& graph_;
  const Timestamp timestamp_;
  Workspace view_;
  OperationWriter operations_;
  IdState ids_;
  std::array<std::size_t, 3> token_counts_;
  Stage stage_ = Stage::Tokens;
  ScanPosition position_;
};

}  // namespace nexus::storage
