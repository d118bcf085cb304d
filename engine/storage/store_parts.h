// What a Store consists of; shared by store.cc, transaction.cc and compaction.cc.
#pragma once

#include "storage/commit_log.h"
#include "storage/graph.h"
#include "storage/store.h"
#include "storage/writer_slot.h"

namespace nexus::storage {

struct Store::Parts {
  Parts(StoreOptions store_options, StoreComponents store_components)
      : options(store_options),
        components(store_components),
        graph(store_components.budget),
        slot(store_components.clock, store_options.single_threaded) {}

  // The names that the log does not know yet, as operations. Requires: the writer slot.
  void add_new_tokens(std::vector<Bytes>& pieces);
  void mark_tokens_logged();

  StoreOptions options;
  StoreComponents components;
  Graph graph;
  WriterSlot slot;
  // How many names of each kind the log holds. Requires: the writer slot.
  std::array<std::size_t, 3> logged_tokens{};
  std::array<std::size_t, 3> appended_tokens{};  // Of the commit that is being appended.
  // Without a log nothing is durable.
  std::unique_ptr<LogStore> logs;
  std::unique_ptr<BlobStore> blobs;
  std::unique_ptr<CommitLog> log;
  std::mutex compaction;  // One at a time.
  std::atomic<std::uint32_t> open_transactions{0};
  bool is_closed = false;
};

}  // namespace nexus::storage
