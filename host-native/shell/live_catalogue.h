// LiveCatalogue: the names that completion needs, from the connection in use.
//
// They are fetched when first asked for, by a second conversation in a thread of its own, and kept for some seconds,
// for each database. names() never waits for longer than half a second: what comes later is there the next time.
// A failure means no names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host-native/cli/connection.h"
#include "host-native/shell/completion.h"

namespace nexus::host {

class LiveCatalogue final : public Catalogue {
 public:
  // Borrowed; must outlive the catalogue.
  LiveCatalogue(Connection& connection, const Map& parameters);
  ~LiveCatalogue() override;

  std::vector<std::string> names(NameKind kind) override;
  std::vector<std::string> files(const std::string& folder) override;

 private:
  struct State;

  Connection& connection_;
  const Map& parameters_;
  std::shared_ptr<State> state_;  // The thread's as well.
};

// "~/x" as a path of the user's home; other texts as they are.
std::string expand_home(const std::string& path);

}  // namespace nexus::host
