// Grammar: random statements over random graphs, all from one seed.
//
// Invariant: what a statement answers does not depend on the order in which rows are found, so that any two
// correct ways of running it agree: no ids, no collected order, no last writer among several.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/dice.h"

namespace nexus::fuzz {

class Dice : public sim::Dice {
 public:
  using sim::Dice::Dice;
  int under(int bound) { return static_cast<int>(below(static_cast<std::uint64_t>(bound))); }
  bool chance(int percent) { return under(100) < percent; }
  template <std::size_t n>
  std::string pick(const char* const (&choices)[n]) {
    return choices[under(static_cast<int>(n))];
  }
};

// A MATCH's patterns, which bind the nodes a and b.
struct Pattern {
  std::string text;
  bool has_relationship = false;  // r is bound to one.
};

struct Statement {
  std::string text;
  bool writes = false;
  bool ordered = false;  // The order of the rows is part of the answer.
};

class Grammar {
 public:
  explicit Grammar(Dice& dice) : dice_(dice) {}

  std::string graph();   // One CREATE.
  Pattern pattern();
  Statement read();
  Statement update();

  // Expressions by type, no deeper than `depth`, over the names in scope.
  std::string number(int depth);
  std::string text(int depth);
  std::string list(int depth);
  std::string map(int depth);
  std::string temporal(int depth);
  std::string predicate(int depth);
  std::string any(int depth);

  // Which nodes expressions may name.
  void use_nodes(std::vector<std::string> names) { nodes_ = std::move(names); }

 private:
  std::string node() { return nodes_[dice_.below(nodes_.size())]; }
  std::string property(const char* key) { return node() + "." + key; }
  std::string subquery_predicate(int depth);
  std::string subquery_number(int depth);
  std::string date(int depth);
  std::string duration();
  std::string hops();
  std::string aggregate(int depth);
  std::string order();
  // The kinds of statements that read.
  Statement rows();
  Statement groups();
  Statement optional();
  Statement unwound();
  Statement called();
  Statement united();
  Statement paths();
  Statement shortest();
  Statement sequence();
  std::string set_item();

  Dice& dice_;
  std::vector<std::string> nodes_{"a", "b"};
};

}  // namespace nexus::fuzz
