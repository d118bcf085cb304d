// One number for everything that a transaction can see, and a check that it hangs together.
#pragma once

#include <cstdint>
#include <string>

#include "storage/transaction.h"

namespace nexus::sim {

// Names count, token numbers do not.
std::uint64_t graph_fingerprint(const storage::Transaction& transaction);

// Counters equal scans, indexes hold what scans find, relationships stand at both their ends and nowhere else. Empty, or what is wrong.
std::string check_graph(const storage::Transaction& transaction);

}  // namespace nexus::sim
