#include "function/string/normal_form.h"

#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "function/string/normal_form_table.h"

namespace nexus::function {
namespace {

// Hangul syllables are arithmetic (Unicode, section 3.12).
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeading = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTrailing = 0x11A7;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTrailingCount = 28;
constexpr char32_t kLeadingCount = 19;
constexpr char32_t kSyllableCount = kLeadingCount * kVowelCount * kTrailingCount;

std::uint8_t combining_class(char32_t c) {
  if (c < 0x300) return 0;
  const auto runs = combining_runs();
  const auto at = std::upper_bound(runs.begin(), runs.end(), c,
                                   [](char32_t wanted, const CombiningRun& run) { return wanted < run.first; });
  if (at == runs.begin() || c > std::prev(at)->last) return 0;
  return std::prev(at)->combining_class;
}

// Finds a decomposition by its whole; the table of pairs is sorted by its parts instead.
class Decomposer {
 public:
  Decomposer() {
    const auto pairs = composable();
    by_whole_.assign(pairs.begin(), pairs.end());
    const auto only = decomposed_only();
    by_whole_.insert(by_whole_.end(), only.begin(), only.end());
    std::sort(by_whole_.begin(), by_whole_.end(),
              [](const Decomposition& left, const Decomposition& right) { return left.whole < right.whole; });
  }

  void append(std::u32string& out, char32_t c) const {
    if (c >= kSyllables && c < kSyllables + kSyllableCount) {
      const char32_t index = c - kSyllables;
      out += kLeading + index / (kVowelCount * kTrailingCount);
      out += kVowels + index % (kVowelCount * kTrailingCount) / kTrailingCount;
      if (index % kTrailingCount != 0) out += kTrailing + index % kTrailingCount;
      return;
    }
    // Only the base of a decomposition decomposes further, so marks wait on a short stack.
    char32_t marks[8];
    std::size_t count = 0;
    while (const Decomposition* row = find(c)) {
      if (row->mark != 0) marks[count++] = row->mark;
      c = row->base;
      if (count == std::size(marks)) break;
    }
    out += c;
    while (count > 0) {
      const char32_t mark = marks[--count];
      const Decomposition* row = find(mark);
      if (row == nullptr) {
        out += mark;
        continue;
      }
      out += row->base;
      if (row->mark != 0) out += row->mark;
    }
  }

 private:
  const Decomposition* find(char32_t c) const {
    if (c < 0xC0) return nullptr;
    const auto at = std::lower_bound(by_whole_.begin(), by_whole_.end(), c,
                                     [](const Decomposition& row, char32_t wanted) { return row.whole < wanted; });
    return at != by_whole_.end() && at->whole == c ? &*at : nullptr;
  }

  std::vector<Decomposition> by_whole_;
};

// Marks that follow one base are put in the order of their classes, stably.
void reorder_marks(std::u32string& text) {
  for (std::size_t start = 0; start < text.size();) {
    if (combining_class(text[start]) == 0) {
      ++start;
      continue;
    }
    std::size_t end = start;
    while (end < text.size() && combining_class(text[end]) != 0) ++end;
    std::stable_sort(text.begin() + static_cast<std::ptrdiff_t>(start), text.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char32_t left, char32_t right) { return combining_class(left) < combining_class(right); });
    start = end;
  }
}

std::u32string decompose(std::string_view text) {
  static const Decomposer decomposer;  // A constant table, sorted on first use.
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    decomposer.append(out, point.value);
    text.remove_prefix(point.bytes);
  }
  reorder_marks(out);
  return out;
}

// 0 when the two do not compose.
char32_t compose_pair(char32_t base, char32_t mark) {
  if (base >= kLeading && base < kLeading + kLeadingCount && mark >= kVowels && mark < kVowels + kVowelCount) {
    return kSyllables + ((base - kLeading) * kVowelCount + (mark - kVowels)) * kTrailingCount;
  }
  if (base >= kSyllables && base < kSyllables + kSyllableCount && (base - kSyllables) % kTrailingCount == 0 &&
      mark > kTrailing && mark < kTrailing + kTrailingCount) {
    return base + (mark - kTrailing);
  }
  const auto pairs = composable();
  const auto at = std::lower_bound(pairs.begin(), pairs.end(), Decomposition{0, base, mark},
                                   [](const Decomposition& left, const Decomposition& right) {
                                     return left.base != right.base ? left.base < right.base : left.mark < right.mark;
                                   });
  return at != pairs.end() && at->base == base && at->mark == mark ? at->whole : 0;
}

// A mark joins the last base unless a mark of its own class or higher stands between.
std::u32string compose(const std::u32string& text) {
  std::u32string out;
  out.reserve(text.size());
  std::size_t base = std::u32string::npos;
  std::uint8_t previous_class = 0;
  for (const char32_t c : text) {
    const std::uint8_t own_class = combining_class(c);
    const bool is_next_to_base = base != std::u32string::npos && base + 1 == out.size();
    if (base != std::u32string::npos && (is_next_to_base || (previous_class != 0 && previous_class < own_class))) {
      if (const char32_t whole = compose_pair(out[base], c); whole != 0) {
        out[base] = whole;
        continue;
      }
    }
    if (own_class == 0) base = out.size();
    previous_class = own_class;
    out += c;
  }
  return out;
}

std::string encode(const std::u32string& text) {
  std::string out;
  out.reserve(text.size() * 2);
  for (const char32_t c : text) append_code_point(out, c);
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string to_nfd(std::string_view text) { return is_ascii(text) ? std::string(text) : encode(decompose(text)); }

std::string to_nfc(std::string_view text) {
  return is_ascii(text) ? std::string(text) : encode(compose(decompose(text)));
}

}  // namespace nexus::function
