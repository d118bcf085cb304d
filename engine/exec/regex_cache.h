// RegexCache: the regular expressions of one statement, compiled once.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "function/regex/regex.h"

namespace nexus::exec {

class RegexCache {
 public:
  // Valid until the next call. Errors: InvalidRegularExpression.
  Result<const function::Regex*> find(std::string_view pattern) {
    std::string key(pattern);
    const auto found = compiled_.find(key);
    if (found != compiled_.end()) return static_cast<const function::Regex*>(&found->second);
    NX_TRY(function::Regex regex, function::Regex::compile(pattern));
    // Patterns that differ row by row shall not pile up.
    if (compiled_.size() == kRegexesMax) compiled_.clear();
    const auto added = compiled_.emplace(std::move(key), std::move(regex)).first;
    return static_cast<const function::Regex*>(&added->second);
  }

 private:
  static constexpr std::size_t kRegexesMax = 64;

  std::unordered_map<std::string, function::Regex> compiled_;
};

}  // namespace nexus::exec
