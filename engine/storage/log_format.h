// The bytes of a log file and of the MANIFEST; docs/format/log.md is the specification.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "storage/ids.h"
#include "storage/store.h"

namespace nexus::storage {

constexpr std::uint32_t kLogVersion = 2;          // 1: without schema rules; still read.
constexpr std::uint32_t kManifestVersion = 1;
constexpr std::size_t kLogHeaderBytes = 64;
constexpr std::size_t kFrameHeadBytes = 8;                       // Length and checksum.
constexpr std::size_t kFrameBodyBytesMax = 16 * 1024 * 1024 - kFrameHeadBytes;

enum class FrameKind : std::uint8_t {
  Part = 1,         // Operations of a transaction that goes on in the next frame.
  Commit = 2,       // Its last operations: only now it counts.
  Snapshot = 3,     // State, at the beginning of a rewritten log only.
  SnapshotEnd = 4,  // The state is complete.
  Certificate = 5,  // No operations: everything before was synced.
};

struct LogHeader {
  DatabaseUuid uuid{};
  std::uint64_t generation = 0;
  std::uint64_t first_lsn = 1;
  std::uint64_t salt = 0;
  std::uint32_t version = kLogVersion;
};

struct FrameHead {
  FrameKind kind = FrameKind::Commit;
  std::uint64_t lsn = 0;          // The frames of a log are numbered from its header's first_lsn on.
  std::uint64_t durable_lsn = 0;  // What the writer knew to be synced: damage below it is loss.
  Timestamp timestamp = 0;
};

struct Frame {
  FrameHead head;
  ByteView payload;       // Into the bytes given.
  std::size_t bytes = 0;  // With length and checksum.
};

Bytes encode_log_header(const LogHeader& header);
// FormatTooNew; Corruption.
Result<LogHeader> decode_log_header(ByteView bytes);

// What every frame's checksum starts from: a frame of another log or database never verifies.
std::uint32_t frame_seed(const LogHeader& header);
void append_frame(ByteWriter& out, std::uint32_t seed, const FrameHead& head, ByteView payload);
// The frame at the start of `bytes`; nothing when it is cut off, damaged or not a frame.
std::optional<Frame> read_frame(ByteView bytes, std::uint32_t seed);
// The cheap half of read_frame(): could a frame with an lsn in [from, to] begin here?
bool may_be_frame(ByteView bytes, std::uint64_t lsn_from, std::uint64_t lsn_to);

constexpr std::string_view kManifestName = "MANIFEST";

struct Manifest {
  DatabaseUuid uuid{};
  std::uint64_t generation = 0;
  std::uint64_t epoch = 0;
  std::uint64_t synced_bytes = 0;  // Of the log, when it was named here.
  std::string log_name;
};

Bytes encode_manifest(const Manifest& manifest);
Result<Manifest> decode_manifest(ByteView bytes);

// "log-0000000000000007-1f3a9c02": the generation and a part of the salt.
std::string log_name(std::uint64_t generation, std::uint64_t salt);
bool is_log_name(std::string_view name);

}  // namespace nexus::storage
