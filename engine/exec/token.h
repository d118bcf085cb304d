// Token: a name of the statement and its id in this database, looked up when first needed.
//
// Why: plans keep names so that one serves every database, and a name unknown at the start
// may be brought into being by the statement's own writes; so an absent one is asked again.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "storage/transaction.h"

namespace nexus::exec {

class Token {
 public:
  // `name` outlives this.
  Token(storage::TokenKind kind, std::string_view name) : kind_(kind), name_(name) {}

  std::string_view name() const { return name_; }
  std::optional<storage::TokenId> find(const storage::Transaction& transaction) {
    if (!id_) id_ = transaction.find_token(kind_, name_);
    return id_;
  }
  Result<storage::TokenId> intern(storage::Transaction& transaction) {
    if (!find(transaction)) {
      NX_TRY(id_, transaction.intern(kind_, name_));
    }
    return *id_;
  }

 private:
  storage::TokenKind kind_;
  std::string_view name_;
  std::optional<storage::TokenId> id_;
};

// The types a pattern allows.
class TypeFilter {
 public:
  template <class Names>
  explicit TypeFilter(const Names& names) {
    for (const auto& name : names) tokens_.emplace_back(storage::TokenKind::Type, name);
  }

  // The ids known by now. When types are asked for and none is known, nothing can match.
  bool resolve(const storage::Transaction& transaction) {
    if (ids_.size() == tokens_.size()) return true;
    ids_.clear();
    for (auto& token : tokens_) {
      if (const auto id = token.find(transaction)) ids_.push_back(*id);
    }
    return !ids_.empty();
  }
  const std::vector<storage::TokenId>& ids() const { return ids_; }
  bool allows(storage::TokenId type) const {
    if (tokens_.empty()) return true;
    for (const auto id : ids_) {
      if (id == type) return true;
    }
    return false;
  }

 private:
  std::vector<Token> tokens_;
  std::vector<storage::TokenId> ids_;
};

}  // namespace nexus::exec
