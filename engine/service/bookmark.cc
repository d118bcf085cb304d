#include "service/bookmark.h"

namespace nexus::service {
namespace {

constexpr std::size_t kBookmarksMax = 1'000;
constexpr std::size_t kBookmarkBytesMax = 256;

Error invalid_bookmark(std::string what) { return Error{ErrorCode::InvalidRequest, std::move(what)}; }

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
    const bool is_hex = (text[at] >= '0' && text[at] <= '9') || (text[at] >= 'a' && text[at] <= 'f');
    if (is_dash ? text[at] != '-' : !is_hex) return false;
  }
  return true;
}

bool is_bookmark(std::string_view text) {
  constexpr std::string_view kPrefix = "nexus:";
  if (text.size() > kBookmarkBytesMax || text.substr(0, kPrefix.size()) != kPrefix) return false;
  text.remove_prefix(kPrefix.size());
  if (text.size() < 38 || !is_uuid(text.substr(0, 36)) || text[36] != ':') return false;
  const std::string_view number = text.substr(37);
  return number.size() <= 20 && number.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Result<> check_bookmarks(const Value* bookmarks) {
  if (bookmarks == nullptr || bookmarks->is_null()) return Done{};
  if (!bookmarks->is(Type::List)) return invalid_bookmark("'bookmarks' must be a list of strings.");
  if (bookmarks->list().size() > kBookmarksMax) return invalid_bookmark("There are too many bookmarks.");
  for (const Value& bookmark : bookmarks->list()) {
    if (!bookmark.is(Type::String)) return invalid_bookmark("'bookmarks' must be a list of strings.");
    if (!is_bookmark(bookmark.string())) {
      return Error{ErrorCode::InvalidBookmark,
                   "'" + std::string(bookmark.string().substr(0, 64)) + "' is not a bookmark of this server."};
    }
  }
  return Done{};
}

}  // namespace nexus::service
