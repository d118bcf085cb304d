#include "storage/versions.h"

namespace nexus::storage {

Versions::~Versions() {
  for (Garbage& garbage : garbage_) {
    for (const Retired& retired : garbage.objects) free_object(memory_, retired.kind, retired.object);
  }
}

const DatabaseVersion* Versions::pin_visible() {
  const std::lock_guard<std::mutex> guard(mutex_);
  DatabaseVersion& version = versions_[visible_];
  ++version.pins;
  return &version;
}

const DatabaseVersion* Versions::pin_head() {
  const std::lock_guard<std::mutex> guard(mutex_);
  ++versions_.back().pins;
  return &versions_.back();
}

void Versions::unpin(const DatabaseVersion* version) {
  std::vector<Garbage> garbage;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    auto* pinned = const_cast<DatabaseVersion*>(version);
    NX_CHECK(pinned->pins > 0);
    --pinned->pins;
    garbage = collect();
  }
  free(garbage);
}

void Versions::publish(Timestamp timestamp, Counts counts, SchemaState schema, std::vector<Retired> retired) {
  const std::lock_guard<std::mutex> guard(mutex_);
  NX_CHECK(timestamp > versions_.back().timestamp);
  versions_.push_back({timestamp, std::move(counts), std::move(schema), 0});
  if (!retired.empty()) garbage_.push_back({timestamp, std::move(retired)});
}

void Versions::make_visible(Timestamp timestamp) {
  std::vector<Garbage> garbage;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    while (visible_ + 1 < versions_.size() && versions_[visible_ + 1].timestamp <= timestamp) ++visible_;
    garbage = collect();
  }
  free(garbage);
}

SchemaState Versions::head_schema() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return versions_.back().schema;
}

Timestamp Versions::head() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return versions_.back().timestamp;
}

Timestamp Versions::visible() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return versions_[visible_].timestamp;
}

std::vector<Versions::Garbage> Versions::collect() {
  while (visible_ > 0 && versions_.front().pins == 0) {
    versions_.pop_front();
    --visible_;
  }
  std::vector<Garbage> free_now;
  while (!garbage_.empty() && garbage_.front().timestamp <= versions_.front().timestamp) {
    free_now.push_back(std::move(garbage_.front()));
    garbage_.pop_front();
  }
  return free_now;
}

void Versions::free(std::vector<Garbage>& garbage) {
  for (Garbage& batch : garbage) {
    for (const Retired& retired : batch.objects) free_object(memory_, retired.kind, retired.object);
  }
  if (!garbage.empty()) memory_.trim();
}

}  // namespace nexus::storage
