// A PasswordHasher that is quick, tells how often it was slow, and never makes the same hash twice.
#pragma once

#include <atomic>
#include <string>

#include "nexus/instance.h"

namespace nexus::test {

class FakePasswords final : public PasswordHasher {
 public:
  Result<std::string> hash(std::string_view password) override {
    ++slow;
    return "fake$" + std::to_string(++made_) + "$" + std::string(password.rbegin(), password.rend());
  }
  bool is_hash(std::string_view text) const override { return text.substr(0, 5) == "fake$" && text.find('$', 5) != text.npos; }
  Result<bool> matches(std::string_view password, std::string_view hash) override {
    ++slow;
    return is_hash(hash) && hash.substr(hash.find('$', 5) + 1) == std::string(password.rbegin(), password.rend());
  }
  std::string fingerprint(std::string_view password) override { return "print of " + std::string(password); }

  std::atomic<int> slow{0};

 private:
  std::atomic<int> made_{0};
};

}  // namespace nexus::test
