#include "instance/alias_table.h"

namespace nexus::instance {
namespace {

void remove_from(std::map<std::string, std::set<std::string>, std::less<>>& names, const std::string& key,
                 const std::string& name) {
  const auto found = names.find(key);
  if (found == names.end()) return;
  found->second.erase(name);
  if (found->second.empty()) names.erase(found);
}

}  // namespace

const Alias* AliasTable::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second;
}

void AliasTable::put(Alias alias) {
  erase(alias.name);
  link(alias);
  std::string name = alias.name;
  by_name_.try_emplace(std::move(name), std::move(alias));
}

void AliasTable::erase(std::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  unlink(found->second);
  by_name_.erase(found);
}

void AliasTable::link(const Alias& alias) {
  if (!alias.is_remote()) by_target_[alias.target].insert(alias.name);
  if (!alias.composite.empty()) by_composite_[alias.composite].insert(alias.name);
}

void AliasTable::unlink(const Alias& alias) {
  if (!alias.is_remote()) remove_from(by_target_, alias.target, alias.name);
  if (!alias.composite.empty()) remove_from(by_composite_, alias.composite, alias.name);
}

void AliasTable::rename_target(const std::string& from, const std::string& to) {
  for (const std::string& name : leading_to(from)) {
    Alias alias = *find(name);
    alias.target = to;
    put(std::move(alias));
  }
}

void AliasTable::swap(AliasTable& other) {
  by_name_.swap(other.by_name_);
  by_target_.swap(other.by_target_);
  by_composite_.swap(other.by_composite_);
}

void AliasTable::set_nodes(storage::NodeId first, const std::vector<storage::NodeId>& given) {
  for (auto& [name, alias] : by_name_) {
    if (alias.node >= first) alias.node = given[alias.node - first];
  }
}

std::vector<std::string> AliasTable::leading_to(std::string_view database) const {
  const auto found = by_target_.find(database);
  if (found == by_target_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::vector<std::string> AliasTable::constituents_of(std::string_view composite) const {
  const auto found = by_composite_.find(composite);
  if (found == by_composite_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

const Alias* AliasTable::shadowed_by(std::string_view composite) const {
  const std::string prefix = std::string(composite) + ".";
  for (auto at = by_name_.lower_bound(prefix); at != by_name_.end(); ++at) {
    if (at->first.compare(0, prefix.size(), prefix) != 0) break;
    if (at->second.composite.empty()) return &at->second;
  }
  return nullptr;
}

std::vector<Alias> AliasTable::page(std::string_view after, std::size_t limit) const {
  std::vector<Alias> found;
  for (auto at = by_name_.upper_bound(after); at != by_name_.end() && found.size() < limit; ++at) {
    found.push_back(at->second);
  }
  return found;
}

}  // namespace nexus::instance
