#include "storage/dump.h"

#include "base/crc32c.h"

namespace nexus::storage {
namespace {

constexpr std::string_view kMagic = "NEXUSDMP";
constexpr std::string_view kEndMagic = "NEXUSEND";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 80;
constexpr std::size_t kTrailerBytes = 32;
constexpr std::size_t kDumpReadBytes = 256 * 1024;

Error damaged(std::string_view what) { return Error{ErrorCode::Corruption, "the dump " + std::string(what)}; }

// Magic and checksum stand in the same places in every version.
Bytes encode_header(const DumpHeader& header) {
  ByteWriter out;
  out.raw(as_bytes(kMagic));
  out.u32(kVersion);
  out.u32(0);
  out.raw(header.uuid);
  out.u64(header.salt);
  out.u64(static_cast<std::uint64_t>(header.created_nanoseconds));
  out.u64(header.nodes);
  out.u64(header.relationships);
  out.u64(header.timestamp);
  out.u32(0);
  out.u32(crc32c(out.view()));
  return out.take();
}

Result<DumpHeader> decode_header(ByteView bytes) {
  ByteReader in(bytes);
  NX_TRY(const ByteView magic, in.raw(kMagic.size()));
  if (as_text(magic) != kMagic) return Error{ErrorCode::Corruption, "this is no dump of a database"};
  const std::uint32_t sum = crc32c(bytes.first(kHeaderBytes - 4));
  NX_TRY(const std::uint32_t version, in.u32());
  NX_TRY(const std::uint32_t flags, in.u32());
  DumpHeader header;
  NX_TRY(const ByteView uuid, in.raw(header.uuid.size()));
  std::copy(uuid.begin(), uuid.end(), header.uuid.begin());
  NX_TRY(header.salt, in.u64());
  NX_TRY(const std::uint64_t created, in.u64());
  header.created_nanoseconds = static_cast<std::int64_t>(created);
  NX_TRY(header.nodes, in.u64());
  NX_TRY(header.relationships, in.u64());
  NX_TRY(header.timestamp, in.u64());
  NX_TRY(const std::uint32_t reserved, in.u32());
  static_cast<void>(reserved);
  NX_TRY(const std::uint32_t stored, in.u32());
  if (stored != sum) return damaged("has a damaged header");
  if (version != kVersion || flags != 0) {
    return Error{ErrorCode::FormatTooNew, "the dump was written by a newer version"};
  }
  return header;
}

std::uint32_t seed_of(const DumpHeader& header) { return frame_seed({header.uuid, 0, 1, header.salt}); }

}  // namespace

DumpWriter::DumpWriter(Snapshot& snapshot, const DatabaseUuid& uuid, std::int64_t created_nanoseconds, Random& random)
    : snapshot_(snapshot),
      header_{uuid,
              random.next(),
              created_nanoseconds,
              snapshot.node_count(),
              snapshot.relationship_count(),
              snapshot.timestamp()},
      seed_(seed_of(header_)) {}

Result<bool> DumpWriter::next(Bytes& out) {
  if (is_complete_) return false;
  if (!is_begun_) {
    out_.raw(encode_header(header_));
    is_begun_ = true;
  } else {
    std::vector<SnapshotPiece> pieces;
    NX_TRY(const bool more, snapshot_.next(pieces));
    for (const SnapshotPiece& piece : pieces) {
      ++lsn_;
      append_frame(out_, seed_, {piece.kind, lsn_, lsn_ - 1, piece.timestamp}, piece.payload);
    }
    is_complete_ = !more;
  }
  checksum_ = crc32c(out_.view(), checksum_);
  bytes_ += out_.size();
  if (is_complete_) trailer();
  const Bytes made = out_.take();
  out.insert(out.end(), made.begin(), made.end());
  return true;
}

void DumpWriter::trailer() {
  ByteWriter end;
  end.raw(as_bytes(kEndMagic));
  end.u64(lsn_);
  end.u64(bytes_);
  end.u32(checksum_);
  end.u32(crc32c(end.view()));
  out_.raw(end.view());
}

// Afterwards at least `bytes` bytes are at hand, or all that there are.
Result<> DumpReader::fill(std::size_t bytes) {
  while (buffer_.size() - begin_ < bytes) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
    const std::size_t before = buffer_.size();
    buffer_.resize(before + kDumpReadBytes);
    NX_TRY(const std::size_t count, bytes_.read(std::span(buffer_).subspan(before)));
    buffer_.resize(before + count);
    if (count == 0) return Done{};
  }
  return Done{};
}

// The next bytes, counted into the checksum of the whole. Valid until the next call.
Result<ByteView> DumpReader::take(std::size_t bytes) {
  NX_TRY_DO(fill(bytes));
  if (buffer_.size() - begin_ < bytes) return damaged("ends too early");
  const ByteView view = ByteView(buffer_).subspan(begin_, bytes);
  begin_ += bytes;
  checksum_ = crc32c(view, checksum_);
  read_ += bytes;
  return view;
}

Result<> DumpReader::read_header() {
  NX_TRY(const ByteView bytes, take(kHeaderBytes));
  NX_TRY(header_, decode_header(bytes));
  seed_ = seed_of(header_);
  return Done{};
}

Result<bool> DumpReader::next(std::vector<SnapshotPiece>& pieces) {
  if (is_complete_) return false;
  NX_TRY_DO(fill(kFrameHeadBytes));
  ByteReader length_reader(ByteView(buffer_).subspan(begin_));
  const auto length = length_reader.u32();
  if (!length) return damaged("ends too early");
  if (*length > kFrameBodyBytesMax) return damaged("has a frame that is too long");
  NX_TRY(const ByteView bytes, take(kFrameHeadBytes + *length));
  const std::optional<Frame> frame = read_frame(bytes, seed_);
  if (!frame || frame->head.lsn != ++lsn_) return damaged("has a damaged frame");
  const FrameKind kind = frame->head.kind;
  if ((kind != FrameKind::Snapshot && kind != FrameKind::SnapshotEnd) || frame->head.timestamp != header_.timestamp) {
    return damaged("has a frame that does not belong there");
  }
  pieces.push_back({kind, frame->head.timestamp, Bytes(frame->payload.begin(), frame->payload.end())});
  if (kind == FrameKind::SnapshotEnd) NX_TRY_DO(check_trailer());
  return true;
}

Result<> DumpReader::check_trailer() {
  const std::uint64_t bytes_before = read_;
  const std::uint32_t checksum_before = checksum_;
  NX_TRY(const ByteView bytes, take(kTrailerBytes));
  ByteReader in(bytes);
  NX_TRY(const ByteView magic, in.raw(kEndMagic.size()));
  NX_TRY(const std::uint64_t frames, in.u64());
  NX_TRY(const std::uint64_t count, in.u64());
  NX_TRY(const std::uint32_t checksum, in.u32());
  NX_TRY(const std::uint32_t own, in.u32());
  const bool is_whole = as_text(magic) == kEndMagic && frames == lsn_ && count == bytes_before &&
                        checksum == checksum_before && own == crc32c(bytes.first(kTrailerBytes - 4));
  if (!is_whole) return damaged("has a damaged end");
  NX_TRY_DO(fill(1));
  if (buffer_.size() != begin_) return damaged("goes on after its end");
  is_complete_ = true;
  return Done{};
}

}  // namespace nexus::storage
