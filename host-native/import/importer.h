// Importer: records into nodes and relationships, in batches, through any Connection.
//
// Nodes are created by UNWIND and answer their ids; the importer keeps key → id for the keys
// that relationships name, so that these are created by id, without a search.
// Invariant: each batch is one transaction. A batch that fails is tried again record by
// record, so that only the records that cannot be stored are rejected.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "host-native/cli/connection.h"
#include "host-native/import/records.h"

namespace nexus::host {

// "Airport.iata": nodes found by one of their properties.
struct KeyName {
  std::string label;
  std::string property;
  bool operator<(const KeyName& other) const {
    return label != other.label ? label < other.label : property < other.property;
  }
};

struct NodeJob {
  std::string label;
  std::string id_column;  // Empty: nodes are not told apart. Else a second node with the same value is rejected.
};

struct RelationshipJob {
  std::string type;
  KeyName from;
  KeyName to;
  std::string from_column;
  std::string to_column;
};

struct Reject {
  std::string file;
  std::uint64_t line;
  std::string reason;
};

struct ImportCounts {
  std::uint64_t records = 0;
  std::uint64_t nodes = 0;
  std::uint64_t relationships = 0;
  std::uint64_t rejects = 0;
};

struct ImportSettings {
  std::size_t batch_records = 1'000;
  std::function<void(const Reject&)> on_reject;
  std::function<void(const ImportCounts&, double file_progress)> on_progress;
};

class Importer {
 public:
  Importer(Connection& connection, ImportSettings settings) : connection_(connection), settings_(std::move(settings)) {}

  // The keys that relationships will ask for. Called first: nodes already in the database count.
  Result<> prepare(const std::vector<NodeJob>& nodes, const std::vector<RelationshipJob>& relationships);
  Result<> add_nodes(const NodeJob& job, const std::string& file, RecordSource& source);
  Result<> add_relationships(const RelationshipJob& job, const std::string& file, RecordSource& source);
  const ImportCounts& counts() const { return counts_; }

 private:
  using Ids = std::unordered_map<std::string, std::int64_t>;
  struct Row {
    Value value;
    std::uint64_t line;
    Map fields;  // Of nodes: for their keys.
  };

  Result<> load_keys(const KeyName& key);
  Result<> store(const std::string& statement, const std::string& file, std::vector<Row>& rows,
                 const std::function<void(const Row&, std::int64_t id)>& stored);
  void reject(const std::string& file, std::uint64_t line, std::string reason);

  Connection& connection_;
  ImportSettings settings_;
  ImportCounts counts_;
  std::map<KeyName, Ids> ids_;
};

}  // namespace nexus::host
