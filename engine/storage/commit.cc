// The end of a transaction: validate, re-apply, publish, wait for the disk; or forget.
#include <algorithm>

#include "storage/transaction_parts.h"

namespace nexus::storage {
namespace {

Error conflict(const char* what, std::uint64_t id) {
  return Error{ErrorCode::TransactionConflict, std::string("another transaction has changed ") + what + " " +
                                                   std::to_string(id) + " meanwhile; try again"};
}

Error conflict_in_between() {
  return Error{ErrorCode::TransactionConflict, "another transaction was committed while this one made room; try again"};
}

void sort_unique(std::vector<std::uint64_t>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

// First committer wins. Rows that are new here cannot have been touched by others.
Result<> validate(const Workspace& ours, const Workspace& head, std::span<const NodeId> nodes,
                  std::span<const RelationshipId> relationships) {
  for (const NodeId node : nodes) {
    const NodeRow* before = ours.node_before(node);
    const NodeRow* now = head.node(node);
    if (before != nullptr && (now == nullptr || now->stamp != before->stamp)) return conflict("node", node);
  }
  for (const RelationshipId relationship : relationships) {
    const RelationshipRow* before = ours.relationship_before(relationship);
    const RelationshipRow* now = head.relationship(relationship);
    if (before != nullptr && (now == nullptr || now->tag != before->tag)) return conflict("relationship", relationship);
  }
  return Done{};
}

// What others committed can make an operation impossible: that, too, is a conflict.
Error explain(Error error) {
  const bool is_theirs = error.code == ErrorCode::EntityNotFound || error.code == ErrorCode::DeleteConnectedNode ||
                         error_kind(error.code) == ErrorKind::ConstraintVerificationFailed;
  if (is_theirs) {
    return Error{ErrorCode::TransactionConflict, "another transaction has changed what this one relies on (" +
                                                     error.message + "); try again"};
  }
  return error;
}

}  // namespace

// The same changes on the newest commit. Requires: the writer slot.
Result<> Transaction::Parts::rebase(Graph& graph, std::span<const Bytes> pieces) {
  const DatabaseVersion* head = graph.versions.pin_head();
  auto fresh = std::make_unique<Workspace>(graph, head);
  const auto attempt = [&]() -> Result<> {
    sort_unique(touched_nodes);
    sort_unique(touched_relationships);
    NX_TRY_DO(validate(*workspace, *fresh, touched_nodes, touched_relationships));
    workspace->discard();  // Its memory first: the two need not fit together.
    fresh->enable_writes();
    for (const Bytes& piece : pieces) {
      if (auto done = apply_operations(piece, graph, *fresh, ApplyMode::Again); !done) {
        return explain(std::move(done.error()));
      }
    }
    return Done{};
  };
  Result<> done = attempt();
  if (!done) {
    fresh.reset();
    graph.versions.unpin(head);
    return done;
  }
  workspace = std::move(fresh);
  graph.versions.unpin(std::exchange(pinned, head));
  return Done{};
}

Result<CommitReceipt> Transaction::commit() {
  NX_CHECK(!parts_->has_ended);
  if (!parts_->workspace->has_writes()) {
    const CommitReceipt receipt{parts_->workspace->snapshot(), true, 0};
    rollback();
    return receipt;
  }
  auto published = publish();
  rollback();  // On success only the slot and the snapshot are left to give back.
  if (!published) return std::move(published.error());
  Store::Parts& store = *store_->parts_;
  if (store.log != nullptr) return store.log->wait(*published);
  store.graph.versions.make_visible(*published);
  return CommitReceipt{*published, true, 0};
}

// Everything that happens in the writer slot.
Result<Timestamp> Transaction::publish() {
  Store::Parts& store = *store_->parts_;
  if (!parts_->holds_slot) NX_TRY_DO(store.slot.acquire({}));
  parts_->holds_slot = true;
  if (store.log != nullptr) NX_TRY_DO(store.log->check());
  NX_TRY_DO(parts_->workspace->check_constraints(true));
  std::vector<Bytes> pieces = parts_->operations.take();
  if (!parts_->workspace->is_current()) {
    // Only explicit ones know what they rely on.
    if (parts_->kind == TransactionKind::Write) return conflict_in_between();
    NX_TRY_DO(parts_->rebase(store.graph, pieces));
    // It was fine on our own snapshot, so it is what others committed that stands against it.
    if (auto checked = parts_->workspace->check_constraints(true); !checked) return explain(std::move(checked.error()));
  }
  view_ = parts_->workspace.get();
  parts_->workspace->center_indexes();
  NX_TRY_DO(parts_->workspace->prepare_publish());
  const Timestamp timestamp = store.graph.versions.head() + 1;
  if (store.log != nullptr) {
    store.add_new_tokens(pieces);
    NX_TRY_DO(store.log->append(timestamp, pieces));
    store.mark_tokens_logged();
  }
  parts_->workspace->publish(timestamp);
  return timestamp;
}

void Transaction::yield_slot() {
  if (std::exchange(parts_->holds_slot, false)) store_->parts_->slot.release();
}

void Transaction::rollback() {
  if (parts_->has_ended) return;
  parts_->has_ended = true;
  parts_->operations.discard();
  parts_->workspace->discard();
  store_->parts_->graph.versions.unpin(parts_->pinned);
  yield_slot();
}

}  // namespace nexus::storage
