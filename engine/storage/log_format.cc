#include "storage/log_format.h"

#include <algorithm>

#include "base/crc32c.h"

namespace nexus::storage {
namespace {

constexpr std::string_view kLogMagic = "NEXUSLOG";
constexpr std::string_view kManifestMagic = "NEXUSMAN";
constexpr std::size_t kFrameFieldsMax = 1 + 3 * 10;  // Kind and three varints.

std::string hex(std::uint64_t number, unsigned digits) {
  std::string text(digits, '0');
  for (unsigned i = digits; i-- > 0; number >>= 4) text[i] = "0123456789abcdef"[number & 15];
  return text;
}

// Answers the version, which is at most `newest`.
Result<std::uint32_t> check_magic(ByteReader& in, std::string_view magic, std::uint32_t newest, const char* what) {
  NX_TRY(const ByteView found, in.raw(magic.size()));
  if (as_text(found) != magic) return Error{ErrorCode::Corruption, std::string("this is not a ") + what};
  NX_TRY(const std::uint32_t version, in.u32());
  if (version >= 1 && version <= newest) return version;
  return Error{ErrorCode::FormatTooNew, std::string("the ") + what + " has format version " + std::to_string(version) +
                                            ", this program knows " + std::to_string(newest)};
}

void put_checksum(ByteWriter& out) { out.u32(crc32c(out.view())); }

// The last four bytes are the checksum of all before.
Result<> verify_checksum(ByteView bytes, const char* what) {
  if (bytes.size() < 4) return Error{ErrorCode::Corruption, std::string("the ") + what + " is cut off"};
  ByteReader tail(bytes.subspan(bytes.size() - 4));
  NX_TRY(const std::uint32_t stored, tail.u32());
  if (stored == crc32c(bytes.first(bytes.size() - 4))) return Done{};
  return Error{ErrorCode::Corruption, std::string("the ") + what + " has a wrong checksum"};
}

Result<FrameHead> read_head(ByteReader& in) {
  FrameHead head;
  NX_TRY(const std::uint8_t kind, in.u8());
  if (kind < static_cast<std::uint8_t>(FrameKind::Part) || kind > static_cast<std::uint8_t>(FrameKind::Certificate)) {
    return Error{ErrorCode::Corruption, "a frame is of an unknown kind"};
  }
  head.kind = static_cast<FrameKind>(kind);
  NX_TRY(head.lsn, in.varint());
  NX_TRY(const std::uint64_t behind, in.varint());
  if (behind > head.lsn) return Error{ErrorCode::Corruption, "a frame's numbers contradict each other"};
  head.durable_lsn = head.lsn - behind;
  NX_TRY(head.timestamp, in.varint());
  return head;
}

// The body length of a frame that fits into `bytes`, or 0.
std::size_t body_length(ByteView bytes) {
  if (bytes.size() < kFrameHeadBytes) return 0;
  ByteReader in(bytes);
  const std::size_t length = *in.u32();
  return length <= kFrameBodyBytesMax && length <= bytes.size() - kFrameHeadBytes ? length : 0;
}

}  // namespace

Bytes encode_log_header(const LogHeader& header) {
  ByteWriter out;
  out.raw(as_bytes(kLogMagic));
  out.u32(header.version);
  out.u32(0);  // Flags.
  out.raw(header.uuid);
  out.u64(header.generation);
  out.u64(header.first_lsn);
  out.u64(header.salt);
  out.u32(0);  // Reserved.
  put_checksum(out);
  NX_CHECK(out.size() == kLogHeaderBytes);
  return out.take();
}

Result<LogHeader> decode_log_header(ByteView bytes) {
  if (bytes.size() < kLogHeaderBytes) return Error{ErrorCode::Corruption, "the log's header is cut off"};
  ByteReader in(bytes.first(kLogHeaderBytes));
  // The checksum first: a torn header must not look like one from the future.
  NX_TRY_DO(verify_checksum(bytes.first(kLogHeaderBytes), "log's header"));
  LogHeader header;
  NX_TRY(header.version, check_magic(in, kLogMagic, kLogVersion, "log"));
  NX_TRY(const std::uint32_t flags, in.u32());
  if (flags != 0) return Error{ErrorCode::FormatTooNew, "the log uses features that this program does not know"};
  NX_TRY(const ByteView uuid, in.raw(header.uuid.size()));
  std::copy(uuid.begin(), uuid.end(), header.uuid.begin());
  NX_TRY(header.generation, in.u64());
  NX_TRY(header.first_lsn, in.u64());
  NX_TRY(header.salt, in.u64());
  return header;
}

std::uint32_t frame_seed(const LogHeader& header) {
  ByteWriter out;
  out.u64(header.salt);
  out.raw(header.uuid);
  return crc32c(out.view());
}

void append_frame(ByteWriter& out, std::uint32_t seed, const FrameHead& head, ByteView payload) {
  ByteWriter fields;
  fields.u8(static_cast<std::uint8_t>(head.kind));
  fields.varint(head.lsn);
  fields.varint(head.lsn - head.durable_lsn);
  fields.varint(head.timestamp);
  const std::size_t length = fields.size() + payload.size();
  NX_CHECK(length <= kFrameBodyBytesMax);
  ByteWriter size;
  size.u32(static_cast<std::uint32_t>(length));
  std::uint32_t crc = crc32c(size.view(), seed);
  crc = crc32c(fields.view(), crc);
  crc = crc32c(payload, crc);
  out.raw(size.view());
  out.u32(crc);
  out.raw(fields.view());
  out.raw(payload);
}

std::optional<Frame> read_frame(ByteView bytes, std::uint32_t seed) {
  const std::size_t length = body_length(bytes);
  if (length == 0) return std::nullopt;
  ByteReader in(bytes.subspan(4));
  const std::uint32_t stored = *in.u32();
  const ByteView body = bytes.subspan(kFrameHeadBytes, length);
  if (crc32c(body, crc32c(bytes.first(4), seed)) != stored) return std::nullopt;
  ByteReader fields(body);
  auto head = read_head(fields);
  if (!head) return std::nullopt;
  return Frame{*head, body.subspan(fields.position()), kFrameHeadBytes + length};
}

bool may_be_frame(ByteView bytes, std::uint64_t lsn_from, std::uint64_t lsn_to) {
  const std::size_t length = body_length(bytes);
  if (length == 0) return false;
  ByteReader fields(bytes.subspan(kFrameHeadBytes, std::min(length, kFrameFieldsMax)));
  const auto head = read_head(fields);
  return head && head->lsn >= lsn_from && head->lsn <= lsn_to;
}

Bytes encode_manifest(const Manifest& manifest) {
  ByteWriter out;
  out.raw(as_bytes(kManifestMagic));
  out.u32(kManifestVersion);
  out.raw(manifest.uuid);
  out.u64(manifest.generation);
  out.u64(manifest.epoch);
  out.u64(manifest.synced_bytes);
  out.text(manifest.log_name);
  put_checksum(out);
  return out.take();
}

Result<Manifest> decode_manifest(ByteView bytes) {
  ByteReader in(bytes);
  NX_TRY_DO(verify_checksum(bytes, "manifest"));
  NX_TRY(const std::uint32_t version, check_magic(in, kManifestMagic, kManifestVersion, "manifest"));
  static_cast<void>(version);
  Manifest manifest;
  NX_TRY(const ByteView uuid, in.raw(manifest.uuid.size()));
  std::copy(uuid.begin(), uuid.end(), manifest.uuid.begin());
  NX_TRY(manifest.generation, in.u64());
  NX_TRY(manifest.epoch, in.u64());
  NX_TRY(manifest.synced_bytes, in.u64());
  NX_TRY(const std::string_view name, in.text());
  if (!is_log_name(name) || in.remaining() != 4) return Error{ErrorCode::Corruption, "the manifest is damaged"};
  manifest.log_name = name;
  return manifest;
}

std::string log_name(std::uint64_t generation, std::uint64_t salt) {
  return "log-" + hex(generation, 16) + "-" + hex(salt, 8);
}

bool is_log_name(std::string_view name) {
  if (name.size() != 29 || name.substr(0, 4) != "log-" || name[20] != '-') return false;
  for (std::size_t i = 4; i < name.size(); ++i) {
    const bool is_hex = (name[i] >= '0' && name[i] <= '9') || (name[i] >= 'a' && name[i] <= 'f');
    if (i != 20 && !is_hex) return false;
  }
  return true;
}

}  // namespace nexus::storage
