// An Instance on fakes: in memory, deterministic, and able to lose power.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "nexus/access.h"
#include "nexus/instance.h"
#include "tests/support/components.h"
#include "vfs/memory_vfs.h"

namespace nexus::test {

// Unwraps, or throws with the error's name and text: a test's way out.
template <class T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(error_name(result.error().code)) + ": " + result.error().message);
  }
  return std::move(*result);
}

class TestInstance {
 public:
  // On `files`, which outlive it, or in memory. With `passwords` it has users and roles.
  explicit TestInstance(InstanceSettings settings = {}, Vfs* files = nullptr, PasswordHasher* passwords = nullptr)
      : settings_(std::move(settings)), files_(files == nullptr ? &vfs_ : files), passwords_(passwords) {
    start();
  }

  Instance& operator*() { return *instance_; }
  Instance* operator->() { return instance_.get(); }
  vfs::MemoryVfs& vfs() { return vfs_; }
  vfs::MemoryVfs& import_files() { return import_files_; }
  FakeClock& clock() { return clock_; }

  std::unique_ptr<Session> session(std::string_view database = {}) {
    return must(instance_->open_session(Identity{"tester"}, database));
  }

  // Of a user of the instance, whose password is 'secret123'.
  std::unique_ptr<Session> session_of(std::string_view user, std::string_view database = {}) {
    return must(instance_->open_session(must(instance_->authenticate(user, "secret123")), database));
  }

  // Requires: every session is gone.
  void reopen() {
    must(instance_->close());
    instance_.reset();
    start();
  }
  // As if the power went: what was not synced is lost. On files of another kind: as if the process was killed.
  void crash() {
    if (files_ == &vfs_) vfs_.crash(vfs::CrashStyle::LoseUnsynced, [this] { return random_.next(); });
    instance_.reset();
    start();
  }

 private:
  void start() {
    const AccessControlMaker access = passwords_ == nullptr ? nullptr : &make_access_control;
    instance_ = must(Instance::open(settings_, {*files_, clock_, random_, scheduler_, log_, &import_files_, passwords_, access}));
  }

  InstanceSettings settings_;
  vfs::MemoryVfs vfs_;
  Vfs* const files_;
  PasswordHasher* const passwords_;
  vfs::MemoryVfs import_files_;
  FakeClock clock_;
  SeededRandom random_;
  InlineScheduler scheduler_;
  QuietLog log_;
  std::unique_ptr<Instance> instance_;
};

}  // namespace nexus::test
