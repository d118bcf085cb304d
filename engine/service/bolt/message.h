// The messages a client sends, taken apart.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nexus/session.h"
#include "service/bolt/pack_reader.h"

namespace nexus::service::bolt {

enum class MessageTag : std::uint8_t {
  Hello = 0x01,
  Goodbye = 0x02,
  Reset = 0x0F,
  Run = 0x10,
  Begin = 0x11,
  Commit = 0x12,
  Rollback = 0x13,
  Discard = 0x2F,
  Pull = 0x3F,
  Telemetry = 0x54,
  Route = 0x66,
  Logon = 0x6A,
  Logoff = 0x6B,
};

// The tag alone; nullopt when it is none of the above.
std::optional<MessageTag> tag_of(std::string_view message);

struct Message {
  MessageTag tag;
  List fields;
  std::optional<Error> refusal;  // Well-formed, but with a value that this server refuses.
};
// InvalidRequest: no PackStream, an unknown tag, fields missing or of the wrong type.
Result<Message> read_message(std::string_view bytes, const Dialect& dialect);

// What RUN and BEGIN say besides the statement.
struct RunExtra {
  RunOptions options;
  bool names_database = false;
};
// InvalidRequest, InvalidBookmark; Forbidden for impersonation.
Result<RunExtra> read_run_extra(const Value& extra);

struct PullRequest {
  std::int64_t rows = -1;  // -1: all.
  std::int64_t result = -1;  // -1: the last statement's.
};
Result<PullRequest> read_pull(const Value& extra);

// A string member of a dictionary; empty when absent, null or of another type.
std::string text_member(const Value& dictionary, std::string_view name);

}  // namespace nexus::service::bolt
