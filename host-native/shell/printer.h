// Printers: a result as a table for people or as lines for programs. Data goes to `out` only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host-native/cli/connection.h"

namespace nexus::host {

enum class Format : std::uint8_t { Table, Vertical, Plain, Csv, Tsv, Json, JsonLines };

std::optional<Format> parse_format(std::string_view name);
std::string format_name(Format format);
// In the order in which they are explained.
std::vector<std::string> format_names();
// "table, vertical, … or jsonl".
std::string format_help();
// Made for people; a footer belongs to it.
inline bool is_for_people(Format format) { return format == Format::Table || format == Format::Vertical; }

// Receives finished text; a file, a terminal or a test's string.
using TextOut = std::function<void(std::string_view)>;

class Printer : public ResultSink {
 public:
  // Writes what is left and closes brackets and borders. Called once, also after a failure.
  virtual void finish() = 0;
  std::uint64_t row_count() const { return row_count_; }

 protected:
  std::uint64_t row_count_ = 0;
};

// `columns_max`: width of the terminal; 0 means no limit, nothing is then ever cut.
std::unique_ptr<Printer> make_printer(Format format, TextOut out, std::size_t columns_max);

// Columns a terminal needs for the text; control characters count as none.
std::size_t display_width(std::string_view text);
// At most `width` columns; what does not fit is replaced by "…".
std::string clip(std::string_view text, std::size_t width);

// "3 rows · 12 ms · created 1 node, set 2 properties"; without the time when there is none, empty when nothing is left.
std::string footer(const Summary& summary, std::uint64_t row_count, bool has_columns,
                   std::optional<std::uint64_t> elapsed_us);

}  // namespace nexus::host
