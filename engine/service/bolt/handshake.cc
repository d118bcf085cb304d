#include "service/bolt/handshake.h"

#include <algorithm>
#include <array>

#include "service/bolt/framing.h"

namespace nexus::service::bolt {
namespace {

constexpr std::string_view kMagic("\x60\x60\xB0\x17", 4);
constexpr std::string_view kManifest("\x00\x00\x01\xFF", 4);
constexpr std::string_view kNoVersion("\x00\x00\x00\x00", 4);
constexpr std::size_t kProposalBytes = 20;  // With the magic.
constexpr std::size_t kCapabilityBytesMax = 10;

// Best first. There has never been a 5.5.
constexpr std::array<Version, 10> kVersions = {
    {{6, 0}, {5, 8}, {5, 7}, {5, 6}, {5, 4}, {5, 3}, {5, 2}, {5, 1}, {5, 0}, {4, 4}}};
// Four ranges that say the same, as [0, range, minor, major]; then no capabilities.
constexpr std::string_view kOffer("\x04\x00\x00\x00\x06\x00\x02\x08\x05\x00\x04\x04\x05\x00\x00\x04\x04\x00", 18);

}  // namespace

std::optional<Version> best_version(std::uint8_t major, std::uint8_t minor, std::uint8_t range) {
  for (const Version version : kVersions) {
    if (version.major == major && version.minor <= minor && version.minor + range >= minor) return version;
  }
  return std::nullopt;
}

Result<std::optional<Dialect>> Handshake::next(std::string_view& bytes, std::string& out) {
  while (!bytes.empty()) {
    buffer_ += bytes.front();
    bytes.remove_prefix(1);
    if (offered_manifest_) {
      NX_TRY(auto chosen, read_choice());
      if (chosen) return chosen;
      continue;
    }
    if (buffer_.size() <= kMagic.size() && buffer_ != kMagic.substr(0, buffer_.size())) {
      return violation("the first bytes are not those of a Bolt client");
    }
    if (buffer_.size() < kProposalBytes) continue;
    NX_TRY(auto agreed, read_proposals(out));
    if (agreed) return agreed;
  }
  return std::optional<Dialect>();
}

Result<std::optional<Dialect>> Handshake::read_proposals(std::string& out) {
  const std::string proposals = buffer_.substr(kMagic.size());
  buffer_.clear();
  for (std::size_t at = 0; at < proposals.size(); at += 4) {
    const std::string_view word = std::string_view(proposals).substr(at, 4);
    if (word == kManifest) {
      out += kManifest;
      out += kOffer;
      offered_manifest_ = true;
      return std::optional<Dialect>();
    }
    const auto byte = [word](std::size_t index) { return static_cast<std::uint8_t>(word[index]); };
    if (const auto version = best_version(byte(3), byte(2), byte(1))) {
      out += {'\0', '\0', static_cast<char>(version->minor), static_cast<char>(version->major)};
      return std::optional<Dialect>(Dialect{*version, false, false});
    }
  }
  out += kNoVersion;
  return violation("the client proposes no version that this server speaks");
}

Result<std::optional<Dialect>> Handshake::read_choice() {
  if (buffer_.size() <= 4 || (buffer_.back() & 0x80) != 0) {
    if (buffer_.size() > 4 + kCapabilityBytesMax) return violation("the client's capabilities are too long");
    return std::optional<Dialect>();
  }
  const Version chosen{static_cast<std::uint8_t>(buffer_[3]), static_cast<std::uint8_t>(buffer_[2])};
  const bool is_offered = std::find(kVersions.begin(), kVersions.end(), chosen) != kVersions.end();
  if (!is_offered || buffer_[0] != 0 || buffer_[1] != 0) return violation("the client chose a version that was not offered");
  return std::optional<Dialect>(Dialect{chosen, false, true});
}

}  // namespace nexus::service::bolt
