// Bookmarks, as clients send them back: opaque to them, "nexus:<uuid>:<number>" to us.
//
// One process has one order of commits and shows each of them before its bookmark is out:
// there is nothing to wait for, only nonsense to refuse.
#pragma once

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::service {

// `bookmarks` may be null, absent (nullptr) or a list of strings. InvalidRequest, InvalidBookmark.
Result<> check_bookmarks(const Value* bookmarks);

}  // namespace nexus::service
