#include "function/regex/regex.h"

#include <map>
#include <mutex>

#include "base/utf8.h"
#include "function/regex/alphabet.h"
#include "function/regex/program.h"

namespace nexus::function {
namespace regex {
namespace {

constexpr char32_t kNone = 0xFFFFFFFF;

bool is_word(char32_t c) {
  return c < 128 && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
}

bool is_line_break(char32_t c) { return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029; }

// Where in the text an assertion is asked about.
struct Place {
  char32_t before = kNone;
  std::string_view rest;
};

bool ends_with_one_break(std::string_view rest) {
  if (rest == "\r\n") return true;
  const CodePoint point = first_code_point(rest);
  return point.bytes == rest.size() && is_line_break(point.value);
}

bool holds(Assertion assertion, const Place& place) {
  const char32_t after = place.rest.empty() ? kNone : first_code_point(place.rest).value;
  const bool inside_break = place.before == '\r' && after == '\n';
  switch (assertion) {
    case Assertion::TextStart: return place.before == kNone;
    case Assertion::LineStart:
      return place.before == kNone || (is_line_break(place.before) && after != kNone && !inside_break);
    case Assertion::TextEnd: return after == kNone;
    case Assertion::TextEndOrBreak:
      return after == kNone || (!inside_break && ends_with_one_break(place.rest));
    case Assertion::LineEnd: return after == kNone || (is_line_break(after) && !inside_break);
    case Assertion::WordBorder: return is_word(place.before) != is_word(after);
    case Assertion::NoWordBorder: return is_word(place.before) == is_word(after);
  }
  return false;
}

// The instructions reached so far, each once, in order.
class StateSet {
 public:
  explicit StateSet(std::size_t limit) : marks_(limit) {}

  bool insert(std::uint32_t state) {
    if (marks_[state] == round_) return false;
    marks_[state] = round_;
    states_.push_back(state);
    return true;
  }
  void clear() {
    states_.clear();
    ++round_;
  }
  const std::vector<std::uint32_t>& states() const { return states_; }
  void swap(StateSet& other) { std::swap(*this, other); }

 private:
  std::vector<std::uint64_t> marks_;
  std::vector<std::uint32_t> states_;
  std::uint64_t round_ = 1;
};

}  // namespace

// Simulates all paths at once. Without assertions the sets of paths are remembered as
// the states of an automaton, so that each costs its making only once.
class Matcher {
 public:
  Matcher(Tree tree, std::vector<Instruction> code)
      : code_(std::move(code)), alphabet_(tree.sets), scratch_(code_.size()) {
    for (const CharSet& set : tree.sets) members_.push_back(alphabet_.members(set));
    for (const Instruction& instruction : code_) {
      if (instruction.kind == Instruction::Kind::Assert) has_assertions_ = true;
    }
  }

  bool full_match(std::string_view text) {
    if (!has_assertions_) {
      const std::unique_lock lock(mutex_, std::try_to_lock);
      if (lock.owns_lock()) return run_automaton(text);
    }
    return simulate(text);
  }

 private:
  using States = std::vector<std::uint32_t>;

  static constexpr std::int32_t kUnknown = -1;
  static constexpr std::int32_t kDead = -2;
  static constexpr std::size_t kTransitionsMax = 1 << 18;  // One megabyte.
  static constexpr std::size_t kStoredStatesMax = 1 << 18;

  struct AutomatonState {
    States states;
    bool accepts;
  };

  // Follows what consumes nothing. Afterwards `set` holds every instruction passed.
  void close(StateSet& set, std::uint32_t from, const Place& place) const {
    States pending{from};
    while (!pending.empty()) {
      const std::uint32_t at = pending.back();
      pending.pop_back();
      if (!set.insert(at)) continue;
      const Instruction& instruction = code_[at];
      switch (instruction.kind) {
        case Instruction::Kind::Split:
          pending.push_back(instruction.second);
          pending.push_back(instruction.first);
          break;
        case Instruction::Kind::Jump: pending.push_back(instruction.first); break;
        case Instruction::Kind::Assert:
          if (holds(instruction.assertion, place)) pending.push_back(at + 1);
          break;
        case Instruction::Kind::Set:
        case Instruction::Kind::Match: break;
      }
    }
  }

  void step(const States& from, std::uint32_t letter, const Place& place, StateSet& to) const {
    to.clear();
    for (const std::uint32_t at : from) {
      if (code_[at].kind == Instruction::Kind::Set && members_[code_[at].first][letter]) close(to, at + 1, place);
    }
  }

  bool contains_match(const States& states) const {
    return std::find(states.begin(), states.end(), static_cast<std::uint32_t>(code_.size() - 1)) != states.end();
  }

  bool simulate(std::string_view text) const {
    StateSet now(code_.size());
    StateSet next(code_.size());
    Place place{kNone, text};
    close(now, 0, place);
    while (!place.rest.empty() && !now.states().empty()) {
      const CodePoint point = first_code_point(place.rest);
      place = {point.value, place.rest.substr(point.bytes)};
      step(now.states(), alphabet_.letter(point.value), place, next);
      now.swap(next);
    }
    return place.rest.empty() && contains_match(now.states());
  }

  // Only instructions that consume or accept tell two sets apart.
  States essential(const StateSet& set) const {
    States kept;
    for (const std::uint32_t at : set.states()) {
      const Instruction::Kind kind = code_[at].kind;
      if (kind == Instruction::Kind::Set || kind == Instruction::Kind::Match) kept.push_back(at);
    }
    std::sort(kept.begin(), kept.end());
    return kept;
  }

  std::int32_t find_or_add(States states) {
    if (states.empty()) return kDead;
    const auto known = numbers_.find(states);
    if (known != numbers_.end()) return known->second;
    const auto number = static_cast<std::int32_t>(automaton_.size());
    stored_states_ += states.size();
    numbers_.emplace(states, number);
    automaton_.push_back({states, contains_match(states)});
    transitions_.resize(transitions_.size() + alphabet_.size(), kUnknown);
    return number;
  }

  // Forgets everything but the current state when the automaton has grown too large.
  void bound(std::int32_t& current) {
    if (transitions_.size() + alphabet_.size() <= kTransitionsMax && stored_states_ <= kStoredStatesMax) return;
    States kept = std::move(automaton_[static_cast<std::size_t>(current)].states);
    automaton_.clear();
    numbers_.clear();
    transitions_.clear();
    stored_states_ = 0;
    start_ = kUnknown;
    current = find_or_add(std::move(kept));
  }

  bool run_automaton(std::string_view text) {
    if (start_ == kUnknown) {
      scratch_.clear();
      close(scratch_, 0, {});
      start_ = find_or_add(essential(scratch_));
    }
    std::int32_t current = start_;
    while (!text.empty() && current != kDead) {
      const auto lead = static_cast<unsigned char>(text[0]);
      const CodePoint point = lead < 0x80 ? CodePoint{lead, 1} : first_code_point(text);
      text.remove_prefix(point.bytes);
      const std::uint32_t letter = alphabet_.letter(point.value);
      std::int32_t next = transitions_[static_cast<std::size_t>(current) * alphabet_.size() + letter];
      if (next == kUnknown) {
        bound(current);
        step(automaton_[static_cast<std::size_t>(current)].states, letter, {}, scratch_);
        next = find_or_add(essential(scratch_));
        transitions_[static_cast<std::size_t>(current) * alphabet_.size() + letter] = next;
      }
      current = next;
    }
    return current != kDead && automaton_[static_cast<std::size_t>(current)].accepts;
  }

  std::vector<Instruction> code_;
  Alphabet alphabet_;
  std::vector<std::vector<bool>> members_;  // Per set, per letter.
  bool has_assertions_ = false;

  std::mutex mutex_;  // Guards what follows.
  StateSet scratch_;
  std::vector<AutomatonState> automaton_;
  std::map<States, std::int32_t> numbers_;
  std::vector<std::int32_t> transitions_;  // Per state, per letter.
  std::size_t stored_states_ = 0;
  std::int32_t start_ = kUnknown;
};

namespace {

// ^ first and $ last say nothing new when the whole text has to match; without them the
// automaton can run.
void drop_anchors(Tree& tree) {
  Node& root = tree.nodes[tree.root];
  if (root.kind != Node::Kind::Sequence) return;
  const auto is_one_of = [&tree](NodeIndex index, Assertion first, Assertion second) {
    const Node& node = tree.nodes[index];
    return node.kind == Node::Kind::Assert && (node.assertion == first || node.assertion == second);
  };
  auto& parts = root.parts;
  if (is_one_of(parts.front(), Assertion::TextStart, Assertion::LineStart)) parts.erase(parts.begin());
  if (!parts.empty() && (is_one_of(parts.back(), Assertion::TextEnd, Assertion::TextEndOrBreak) ||
                         is_one_of(parts.back(), Assertion::LineEnd, Assertion::TextEnd))) {
    parts.pop_back();
  }
}

}  // namespace
}  // namespace regex

Regex::Regex(std::unique_ptr<regex::Matcher> matcher) : matcher_(std::move(matcher)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(std::string_view pattern) {
  NX_TRY(regex::Tree tree, regex::parse(pattern));
  regex::drop_anchors(tree);
  NX_TRY(std::vector<regex::Instruction> code, regex::assemble(tree));
  return Regex(std::make_unique<regex::Matcher>(std::move(tree), std::move(code)));
}

bool Regex::full_match(std::string_view text) const { return matcher_->full_match(text); }

}  // namespace nexus::function
