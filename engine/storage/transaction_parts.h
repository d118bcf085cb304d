// What a Transaction consists of; shared by transaction.cc, commit.cc and store.cc.
#pragma once

#include <bitset>
#include <vector>

#include "storage/operations.h"
#include "storage/store_parts.h"
#include "storage/transaction.h"
#include "storage/workspace.h"

namespace nexus::storage {

enum class TransactionKind : std::uint8_t { Read, Write, Explicit };

struct Transaction::Parts {
  Parts(Graph& graph, const DatabaseVersion* version, TransactionKind its_kind)
      : kind(its_kind),
        pinned(version),
        workspace(std::make_unique<Workspace>(graph, version)),
        operations(graph.memory) {}

  // WriteInReadAccess.
  Result<> require_writes() const;
  // What was recorded so far fits the budget.
  Result<> recorded();
  Result<> rebase(Graph& graph, std::span<const Bytes> pieces);

  TransactionKind kind;
  const DatabaseVersion* pinned;
  std::unique_ptr<Workspace> workspace;
  OperationWriter operations;
  bool records = false;     // Somebody will read `operations`.
  bool holds_slot = false;
  std::bitset<3> forbidden_names;  // By TokenKind: new ones may not be brought.
  bool has_ended = false;
  // Explicit transactions: whose labels or properties changed or who were deleted.
  std::vector<NodeId> touched_nodes;
  std::vector<RelationshipId> touched_relationships;
};

}  // namespace nexus::storage
