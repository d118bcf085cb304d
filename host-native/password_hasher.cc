#include "host-native/password_hasher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"

namespace nexus::host {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kKeyBytes = 32;
// Of what was made elsewhere; a stored text must not be a memory bomb or an endless login.
constexpr std::size_t kFieldBytesMax = 64;
constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{64} << 20;
constexpr std::uint64_t kWorkMax = std::uint64_t{1} << 20;  // N·r·p; eight times ours.
constexpr std::size_t kExportedRounds = 1'024;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // It writes a NUL behind.
  const int size = EVP_EncodeBlock(bytes_of(text), bytes_of(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// Only what to_base64() writes, of 1 to kFieldBytesMax bytes; empty: something else.
std::string from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > (kFieldBytesMax + 2) / 3 * 4) return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(bytes_of(bytes), bytes_of(text), static_cast<int>(text.size())) < 0) return {};
  bytes.resize(bytes.size() - (text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0));
  if (bytes.size() > kFieldBytesMax || to_base64(bytes) != text) return {};
  return bytes;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string from_hex(std::string_view text) {
  if (text.size() % 2 != 0 || text.size() > 2 * kFieldBytesMax) return {};
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const int high = hex_value(text[at]);
    const int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

// "8": up to two digits, not starting with 0, behind `name` and '='; 0: something else.
std::uint64_t setting(std::string_view text, std::string_view name) {
  if (text.size() <= name.size() + 1 || !text.starts_with(name) || text[name.size()] != '=') return 0;
  text.remove_prefix(name.size() + 1);
  if (text.size() > 2 || text[0] == '0') return 0;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return 0;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

// Exactly `count` parts; none: something else.
std::vector<std::string_view> split(std::string_view text, char separator, std::size_t count) {
  std::vector<std::string_view> parts;
  while (parts.size() < count) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts.size() == count ? parts : std::vector<std::string_view>();
    text.remove_prefix(end + 1);
  }
  return {};
}

std::string sha256(std::string_view text) {
  std::string digest(kHashBytes, '\0');
  NX_CHECK(EVP_Digest(text.data(), text.size(), bytes_of(digest), nullptr, EVP_sha256(), nullptr) == 1);
  return digest;
}

// The salt stands before the password; later rounds are of the digest alone.
std::string exported_hash(std::string_view password, std::string_view salt, std::size_t rounds) {
  std::string digest = sha256(std::string(salt) + std::string(password));
  for (std::size_t round = 1; round < rounds; ++round) digest = sha256(digest);
  return digest;
}

}  // namespace

struct ScryptHasher::Stored {
  std::string salt;
  std::string hash;
  Cost cost;
  std::size_t exported_rounds = 0;  // 0: scrypt.
};

ScryptHasher::ScryptHasher(Random& random) : random_(random), key_(random_bytes(kKeyBytes)) {}

ScryptHasher::~ScryptHasher() { OPENSSL_cleanse(key_.data(), key_.size()); }

Result<std::string> ScryptHasher::hash(std::string_view password) {
  const Cost cost;
  const std::string salt = random_bytes(kSaltBytes);
  NX_TRY(const std::string derived, derive(password, salt, cost, kHashBytes));
  return "scrypt$ln=" + std::to_string(cost.log_n) + ",r=" + std::to_string(cost.r) + ",p=" + std::to_string(cost.p) + '$' +
         to_base64(salt) + '$' + to_base64(derived);
}

bool ScryptHasher::is_hash(std::string_view text) const {
  Stored stored;
  return parse(text, stored);
}

Result<bool> ScryptHasher::matches(std::string_view password, std::string_view hash) {
  Stored stored;
  if (!parse(hash, stored)) return Error(ErrorCode::InvalidArgument, "A stored password is in no form that this server knows.");
  NX_TRY(std::string derived, derive(password, stored.salt, stored.cost, stored.hash.size()));
  // Why scrypt all the same: guessing at the server is not to be faster there, nor to tell who has such a password.
  if (stored.exported_rounds > 0) derived = exported_hash(password, stored.salt, stored.exported_rounds);
  return CRYPTO_memcmp(derived.data(), stored.hash.data(), stored.hash.size()) == 0;
}

std::string ScryptHasher::fingerprint(std::string_view password) {
  std::string print(kHashBytes, '\0');
  unsigned int size = 0;
  NX_CHECK(HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), bytes_of(password), password.size(), bytes_of(print), &size));
  NX_CHECK(size == print.size());
  return print;
}

bool ScryptHasher::parse(std::string_view text, Stored& stored) {
  return parse_scrypt(text, stored) || parse_exported(text, stored);
}

bool ScryptHasher::parse_scrypt(std::string_view text, Stored& stored) {
  const auto parts = split(text, '$', 4);
  if (parts.empty() || parts[0] != "scrypt") return false;
  const auto settings = split(parts[1], ',', 3);
  if (settings.empty()) return false;
  const Cost cost{setting(settings[0], "ln"), setting(settings[1], "r"), setting(settings[2], "p")};
  if (cost.log_n == 0 || cost.r == 0 || cost.p == 0 || cost.log_n > 30) return false;
  if ((cost.r * 128) << cost.log_n > kMemoryBytesMax || (cost.r * cost.p) << cost.log_n > kWorkMax) return false;
  stored.salt = from_base64(parts[2]);
  stored.hash = from_base64(parts[3]);
  stored.cost = cost;
  stored.exported_rounds = 0;
  // Why no other sizes: a part of a hash would match as the whole does.
  return !stored.salt.empty() && (stored.hash.size() == kHashBytes || stored.hash.size() == 2 * kHashBytes);
}

bool ScryptHasher::parse_exported(std::string_view text, Stored& stored) {
  const auto parts = split(text, ',', 3);
  if (parts.empty() || (parts[0] != "0" && parts[0] != "1")) return false;
  stored.hash = from_hex(parts[1]);
  stored.salt = from_hex(parts[2]);
  stored.cost = {};
  stored.exported_rounds = parts[0] == "1" ? kExportedRounds : 1;
  return stored.hash.size() == kHashBytes && !stored.salt.empty();
}

Result<std::string> ScryptHasher::derive(std::string_view password, std::string_view salt, const Cost& cost, std::size_t bytes) {
  struct Waiting {
    explicit Waiting(std::atomic<int>& counter) : count(counter), is_too_many(counter.fetch_add(1) > kWaitingMax) {}
    ~Waiting() { --count; }
    std::atomic<int>& count;
    const bool is_too_many;
  };
  const Waiting waiting(waiting_);
  if (waiting.is_too_many) {
    return Error(ErrorCode::TooManyRequests, "The server checks as many passwords as it may at once; try again soon.");
  }
  const std::lock_guard guard(slow_);
  std::string out(bytes, '\0');
  const int done = EVP_PBE_scrypt(password.empty() ? "" : password.data(), password.size(), bytes_of(salt), salt.size(),
                                  std::uint64_t{1} << cost.log_n, cost.r, cost.p, 2 * kMemoryBytesMax, bytes_of(out), out.size());
  if (done != 1) return Error(ErrorCode::MemoryLimit, "There is not enough memory to check a password.");
  return out;
}

std::string ScryptHasher::random_bytes(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    std::uint64_t word = random_.next();
    for (int at = 0; at < 8; ++at, word >>= 8) bytes += static_cast<char>(word & 0xFF);
  }
  bytes.resize(count);
  return bytes;
}

}  // namespace nexus::host
