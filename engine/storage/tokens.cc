#include "storage/tokens.h"

namespace nexus::storage {
namespace {

constexpr std::size_t kTokenTableBytes = 64;  // What the hash table takes per name, about.

struct Place {
  unsigned segment;
  std::size_t index;
};

Place place_of(std::size_t token) {
  const std::size_t shifted = token / 16 + 1;
  const auto segment = static_cast<unsigned>(63 - __builtin_clzll(static_cast<unsigned long long>(shifted)));
  return {segment, token - 16 * ((std::size_t{1} << segment) - 1)};
}

std::size_t segment_names(unsigned segment) { return std::size_t{16} << segment; }

}  // namespace

Tokens::~Tokens() {
  for (auto& segment : segments_) delete[] segment.load(std::memory_order_relaxed);
  memory_.subtract(held_bytes_);
}

std::string_view Tokens::name(TokenId token) const {
  NX_CHECK(token < size());
  const Place place = place_of(token);
  return segments_[place.segment].load(std::memory_order_acquire)[place.index];
}

std::optional<TokenId> Tokens::find(std::string_view name) const {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto at = numbers_.find(name);
  if (at == numbers_.end()) return std::nullopt;
  return at->second;
}

Result<TokenId> Tokens::intern(std::string_view name) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (const auto at = numbers_.find(name); at != numbers_.end()) return at->second;
  const std::size_t number = size_.load(std::memory_order_relaxed);
  if (name.size() > kNameBytesMax) {
    return Error{ErrorCode::LimitExceeded,
                 "a name cannot be longer than " + std::to_string(kNameBytesMax) + " bytes"};
  }
  if (number >= kTokensMax) {
    return Error{ErrorCode::LimitExceeded,
                 "a database cannot hold more than " + std::to_string(kTokensMax) + " different names of one kind"};
  }
  const Place place = place_of(number);
  NX_CHECK(place.segment < kSegments);
  std::string* names = segments_[place.segment].load(std::memory_order_relaxed);
  std::uint64_t bytes = kTokenTableBytes + name.size();
  if (names == nullptr) bytes += segment_names(place.segment) * sizeof(std::string);
  NX_TRY_DO(memory_.reserve(bytes));
  memory_.add(bytes);
  held_bytes_ += bytes;
  if (names == nullptr) {
    names = new std::string[segment_names(place.segment)];
    segments_[place.segment].store(names, std::memory_order_release);
  }
  names[place.index] = name;
  const auto token = static_cast<TokenId>(number);
  numbers_.emplace(names[place.index], token);
  size_.store(number + 1, std::memory_order_release);
  return token;
}

}  // namespace nexus::storage
