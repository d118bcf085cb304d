// Constituents: the graphs of a composite database as one transaction uses them: many to read, one to write.
//
// Each is a Work of its own in its own database, so that stopping or dropping that database ends it; that ends the
// statement on the composite database, too.
//
// Invariant: at most one constituent has a writing transaction.
// Threads: those of the Work it belongs to, with that Work's mutex held.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exec/graph_source.h"
#include "instance/database_manager.h"

namespace nexus::instance {

class Constituents final : public exec::GraphSource {
 public:
  struct Options {
    bool is_explicit = false;   // Of a transaction that BEGIN opened.
    bool is_read_only = false;  // Read access mode.
  };
  Constituents(DatabaseManager& manager, Identity identity, std::string composite, std::weak_ptr<Work> host,
               Options options);
  ~Constituents() override;

  Result<exec::GuestGraph*> open(std::string_view name, bool is_element_id, bool writes) override;
  std::vector<std::string> names() const override;
  Result<Map> properties(std::string_view name) const override;

  // Nothing when nothing was written.
  Result<std::optional<storage::CommitReceipt>> commit();
  // Of the written one, for the bookmark. Requires: commit() answered a receipt.
  const std::shared_ptr<Database>& written() const;

 private:
  class Guest;
  Result<Target> find(std::string_view name, bool is_element_id) const;
  Result<Guest*> add(const Target& target, bool writes);

  DatabaseManager& manager_;
  const Identity identity_;
  const std::string composite_;
  const std::weak_ptr<Work> host_;
  const Options options_;
  std::vector<std::unique_ptr<Guest>> guests_;
  Guest* writer_ = nullptr;
};

}  // namespace nexus::instance
