// Recovery: from the files of a database to its graph.
//
// Every step can be repeated: a crash in the middle changes nothing that the next attempt would
// see differently. Nothing is written unless a torn tail must be cut or an orphan removed.
#pragma once

#include "storage/commit_log.h"
#include "storage/graph.h"

namespace nexus::storage {

// Fills an empty graph, makes its newest commit visible and says where the log goes on.
// Corruption, FormatTooNew, IoError, MemoryLimit: then the graph is to be thrown away.
Result<LogPosition> recover(LogStore& logs, BlobStore& blobs, const DatabaseUuid& uuid, Graph& graph);

}  // namespace nexus::storage
