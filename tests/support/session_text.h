// What tests of an instance write and read: settings that do not wait, and answers as text.
#pragma once

#include <string>
#include <string_view>

#include "nexus/instance.h"
#include "value/text.h"

namespace nexus::test {

// Work that has to end, ends soon.
inline InstanceSettings quick() {
  InstanceSettings settings;
  settings.stop_grace_ms = 20;
  return settings;
}

// The rows as text, "[1, 'a'] [2, 'b']", or the error's name.
inline std::string run(Session& session, std::string_view text, const Map& parameters = {},
                       const RunOptions& options = {}) {
  auto table = query(session, text, parameters, options);
  if (!table) return std::string(error_name(table.error().code));
  std::string out;
  for (const List& row : table->rows) out += (out.empty() ? "" : " ") + to_text(Value::list(row));
  return out;
}

}  // namespace nexus::test
