// "did you mean": the known name that is closest to an unknown one.
#pragma once

#include <string>
#include <string_view>

namespace nexus::plan {

// ASCII lower case; other bytes stay.
std::string lower(std::string_view text);

class Suggestion {
 public:
  explicit Suggestion(std::string_view wanted);
  void consider(std::string_view candidate);
  // ", did you mean `name`?", or nothing when no candidate is close.
  std::string text() const;

 private:
  std::string wanted_;
  std::string best_;
  std::size_t distance_;  // Of the best one; a candidate has to be closer.
};

}  // namespace nexus::plan
