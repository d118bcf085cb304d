#include "storage/store.h"

#include <algorithm>

#include "storage/recovery.h"
#include "storage/store_parts.h"
#include "storage/transaction_parts.h"
#include "vfs/file_stores.h"

namespace nexus::storage {

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Store::~Store() {
  if (!parts_->is_closed) (void)close();
}

Result<std::unique_ptr<Store>> Store::open(StoreOptions options, StoreComponents components,
                                           std::unique_ptr<LogStore> logs, std::unique_ptr<BlobStore> blobs) {
  NX_CHECK(components.random != nullptr);
  auto parts = std::make_unique<Parts>(options, components);
  parts->logs = std::move(logs);
  parts->blobs = std::move(blobs);
  NX_TRY(LogPosition position, recover(*parts->logs, *parts->blobs, options.uuid, parts->graph));
  parts->logs->release_handles();
  for (const TokenKind kind : {TokenKind::Label, TokenKind::Type, TokenKind::Key}) {
    parts->logged_tokens[static_cast<std::size_t>(kind)] = parts->graph.tokens(kind).size();
  }
  parts->log = std::make_unique<CommitLog>(*parts->logs, *parts->blobs, parts->graph.versions, *components.random,
                                           options, std::move(position));
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

Result<std::unique_ptr<Store>> Store::open(StoreOptions options, StoreComponents components, Vfs& vfs) {
  return open(options, components, std::make_unique<vfs::FileLogStore>(vfs), std::make_unique<vfs::FileBlobStore>(vfs));
}

Result<std::unique_ptr<Store>> Store::open_in_memory(StoreComponents components) {
  return std::unique_ptr<Store>(new Store(std::make_unique<Parts>(StoreOptions{}, components)));
}

std::unique_ptr<Transaction> Store::begin_read() {
  Graph& graph = parts_->graph;
  auto parts =
      std::make_unique<Transaction::Parts>(graph, graph.versions.pin_visible(), TransactionKind::Read);
  return std::unique_ptr<Transaction>(new Transaction(*this, std::move(parts)));
}

Result<std::unique_ptr<Transaction>> Store::begin_write(WaitLimits limits) {
  if (parts_->log != nullptr) NX_TRY_DO(parts_->log->check());
  NX_TRY_DO(parts_->slot.acquire(limits));
  Graph& graph = parts_->graph;
  auto parts = std::make_unique<Transaction::Parts>(graph, graph.versions.pin_head(), TransactionKind::Write);
  parts->holds_slot = true;
  parts->records = parts_->log != nullptr;
  parts->workspace->enable_writes();
  return std::unique_ptr<Transaction>(new Transaction(*this, std::move(parts)));
}

Result<std::unique_ptr<Transaction>> Store::begin_explicit() {
  if (parts_->log != nullptr) NX_TRY_DO(parts_->log->check());
  Graph& graph = parts_->graph;
  auto parts =
      std::make_unique<Transaction::Parts>(graph, graph.versions.pin_visible(), TransactionKind::Explicit);
  parts->records = true;
  parts->workspace->enable_writes();
  return std::unique_ptr<Transaction>(new Transaction(*this, std::move(parts)));
}

Timestamp Store::last_committed() const { return parts_->graph.versions.head(); }

Timestamp Store::last_durable() const {
  return parts_->log != nullptr ? parts_->log->last_durable() : parts_->graph.versions.head();
}

bool Store::has_failed() const { return parts_->log != nullptr && parts_->log->has_failed(); }

std::uint64_t Store::memory_bytes() const { return parts_->graph.memory.used_bytes(); }

std::uint64_t Store::store_bytes() const { return parts_->log != nullptr ? parts_->log->bytes() : 0; }

Result<> Store::sync() { return parts_->log != nullptr ? parts_->log->sync() : Result<>(Done{}); }

void Store::release_handles() {
  if (parts_->logs != nullptr) parts_->logs->release_handles();
}

void Store::set_sync(SyncMode sync) {
  if (parts_->log != nullptr) parts_->log->set_sync(sync);
}

std::uint64_t Store::log_growth() const {
  if (parts_->log == nullptr) return 0;
  const LogPosition position = parts_->log->position();
  return position.bytes - std::min(position.bytes, position.synced_bytes);
}

void Store::durable_up_to(std::uint64_t ticket) {
  if (parts_->log != nullptr) parts_->log->durable_up_to(ticket);
}

void Store::storage_failed(std::uint64_t) {
  if (parts_->log != nullptr) parts_->log->storage_failed();
}

Result<> Store::close() {
  NX_CHECK(parts_->open_transactions.load(std::memory_order_relaxed) == 0);
  parts_->is_closed = true;
  if (parts_->log == nullptr) return Done{};
  Result<> done = parts_->log->close();
  parts_->logs->release_handles();
  return done;
}

void Store::Parts::add_new_tokens(std::vector<Bytes>& pieces) {
  OperationWriter writer(graph.memory);
  bool has_new = false;
  for (const TokenKind kind : {TokenKind::Label, TokenKind::Type, TokenKind::Key}) {
    const Tokens& tokens = graph.tokens(kind);
    std::size_t& logged = appended_tokens[static_cast<std::size_t>(kind)];
    for (logged = logged_tokens[static_cast<std::size_t>(kind)]; logged < tokens.size(); ++logged) {
      writer.token(kind, static_cast<TokenId>(logged), tokens.name(static_cast<TokenId>(logged)));
      has_new = true;
    }
  }
  if (!has_new) return;
  std::vector<Bytes> all = writer.take();
  for (Bytes& piece : pieces) all.push_back(std::move(piece));
  pieces = std::move(all);
}

void Store::Parts::mark_tokens_logged() { logged_tokens = appended_tokens; }

}  // namespace nexus::storage
