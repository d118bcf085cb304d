#include "host-native/shell/printer.h"

#include <fmt/format.h>
#include <wchar.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "service/json.h"
#include "value/text.h"

namespace nexus::host {
namespace {

constexpr std::size_t kSampleRows = 1'000;
constexpr std::size_t kCellWidthMin = 8;

constexpr std::array<std::pair<std::string_view, Format>, 7> kFormats = {
    {{"table", Format::Table}, {"vertical", Format::Vertical}, {"plain", Format::Plain}, {"csv", Format::Csv},
     {"tsv", Format::Tsv}, {"json", Format::Json}, {"jsonl", Format::JsonLines}}};

class TablePrinter final : public Printer {
 public:
  TablePrinter(TextOut out, std::size_t columns_max) : out_(std::move(out)), columns_max_(columns_max) {}

  void columns(const std::vector<std::string>& names) override {
    names_ = names;
    right_.assign(names.size(), true);
    for (const auto& name : names) widths_.push_back(display_width(name));
  }

  void rows(const std::vector<List>& batch) override {
    for (const List& row : batch) {
      ++row_count_;
      std::vector<std::string> cells;
      for (std::size_t i = 0; i < row.size(); ++i) {
        cells.push_back(to_text(row[i]));
        if (head_written_) continue;
        widths_[i] = std::max(widths_[i], display_width(cells[i]));
        right_[i] = right_[i] && (row[i].is_number() || row[i].is_null());
      }
      if (head_written_) {
        line(cells);
      } else {
        sample_.push_back(std::move(cells));
        if (sample_.size() == kSampleRows) write_head();
      }
    }
  }

  void finish() override {
    if (names_.empty()) return;
    if (!head_written_) write_head();
    border("╰", "┴", "╯");
  }

 private:
  // Why from the widest down: narrow columns stay readable.
  void fit() {
    if (columns_max_ == 0) return;
    std::size_t total = 1 + 3 * widths_.size();
    for (const auto width : widths_) total += width;
    while (total > columns_max_) {
      const auto widest = std::max_element(widths_.begin(), widths_.end());
      if (*widest <= kCellWidthMin) break;
      --*widest;
      --total;
    }
  }

  void write_head() {
    head_written_ = true;
    fit();
    border("╭", "┬", "╮");
    std::string text;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      text += "│ " + padded(names_[i], widths_[i], row_count_ > 0 && right_[i]) + " ";
    }
    out_(text + "│\n");
    border("├", "┼", "┤");
    for (const auto& cells : sample_) line(cells);
    sample_.clear();
  }

  void border(std::string_view left, std::string_view middle, std::string_view right) {
    std::string text;
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      text += i == 0 ? left : middle;
      for (std::size_t j = 0; j < widths_[i] + 2; ++j) text += "─";
    }
    out_(text + std::string(right) + "\n");
  }

  void line(const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) text += "│ " + padded(cells[i], widths_[i], right_[i]) + " ";
    out_(text + "│\n");
  }

  std::string padded(const std::string& cell, std::size_t width, bool right) const {
    std::string text = columns_max_ == 0 ? cell : clip(cell, width);
    const std::size_t used = display_width(text);
    const std::string space(used < width ? width - used : 0, ' ');
    return right ? space + text : text + space;
  }

  TextOut out_;
  std::size_t columns_max_;
  std::vector<std::string> names_;
  std::vector<std::size_t> widths_;
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> sample_;
  bool head_written_ = false;
};

// A row is a block of lines, one for each column: for rows that are wider than the screen.
class VerticalPrinter final : public Printer {
 public:
  explicit VerticalPrinter(TextOut out) : out_(std::move(out)) {}

  void columns(const std::vector<std::string>& names) override {
    std::size_t width = 0;
    for (const auto& name : names) width = std::max(width, display_width(name));
    for (const auto& name : names) heads_.push_back(name + std::string(width - display_width(name), ' ') + " │ ");
  }

  void rows(const std::vector<List>& batch) override {
    std::string text;
    for (const List& row : batch) {
      const std::string title = fmt::format("── row {} ", ++row_count_);
      text += title;
      for (std::size_t used = display_width(title); used < kRuleWidth; ++used) text += "─";
      text += '\n';
      for (std::size_t i = 0; i < row.size(); ++i) text += heads_[i] + to_text(row[i]) + "\n";
    }
    out_(text);
  }

  void finish() override {}

 private:
  static constexpr std::size_t kRuleWidth = 40;

  TextOut out_;
  std::vector<std::string> heads_;
};

// A text that stands for itself outside Cypher: strings without quotes, null as nothing.
std::string raw_text(const Value& value) {
  if (value.is_null()) return "";
  if (value.is(Type::String)) return std::string(value.string());
  std::string text = to_text(value);
  // Temporal values print as quoted strings.
  if ((value.is_temporal() || value.is(Type::Duration)) && text.size() > 1) text = text.substr(1, text.size() - 2);
  return text;
}

std::string csv_field(std::string text, bool is_string) {
  // Why quotes around "": an empty string and null stay different.
  const bool quote = text.find_first_of(",\"\r\n") != std::string::npos || (is_string && text.empty());
  if (!quote) return text;
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

std::string tsv_field(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\t') out += "\\t";
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c == '\\') out += "\\\\";
    else out += c;
  }
  return out;
}

// One line a row; the formats differ in how a cell is written and what is between cells.
class LinePrinter final : public Printer {
 public:
  LinePrinter(Format format, TextOut out) : format_(format), out_(std::move(out)) {}

  void columns(const std::vector<std::string>& names) override {
    if (names.empty()) return;
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) text += separator();
      text += format_ == Format::Csv ? csv_field(names[i], true) : format_ == Format::Tsv ? tsv_field(names[i]) : names[i];
    }
    out_(text + (format_ == Format::Csv ? "\r\n" : "\n"));
  }

  void rows(const std::vector<List>& batch) override {
    std::string text;
    for (const List& row : batch) {
      ++row_count_;
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) text += separator();
        text += cell(row[i]);
      }
      text += format_ == Format::Csv ? "\r\n" : "\n";
    }
    out_(text);
  }

  void finish() override {}

 private:
  std::string_view separator() const { return format_ == Format::Csv ? "," : format_ == Format::Tsv ? "\t" : ", "; }
  std::string cell(const Value& value) const {
    if (format_ == Format::Csv) return csv_field(raw_text(value), value.is(Type::String));
    if (format_ == Format::Tsv) return tsv_field(raw_text(value));
    return to_text(value);
  }

  Format format_;
  TextOut out_;
};

// Objects by column name: one array, or one object a line.
class JsonPrinter final : public Printer {
 public:
  JsonPrinter(bool lines, TextOut out) : lines_(lines), out_(std::move(out)) {}

  void columns(const std::vector<std::string>& names) override { names_ = names; }

  void rows(const std::vector<List>& batch) override {
    std::string text;
    for (const List& row : batch) {
      if (!lines_) text += row_count_ == 0 ? "[\n  " : ",\n  ";
      ++row_count_;
      for (std::size_t i = 0; i < row.size(); ++i) {
        text += i == 0 ? '{' : ',';
        service::append_json_string(text, names_[i]);
        text += ':';
        service::append_json(text, row[i]);
      }
      text += lines_ ? "}\n" : "}";
    }
    out_(text);
  }

  void finish() override {
    if (!lines_) out_(row_count_ == 0 ? "[]\n" : "\n]\n");
  }

 private:
  bool lines_;
  TextOut out_;
  std::vector<std::string> names_;
};

}  // namespace

std::optional<Format> parse_format(std::string_view name) {
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::string format_name(Format format) {
  for (const auto& [name, known] : kFormats) {
    if (known == format) return std::string(name);
  }
  return "";
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& known : kFormats) names.emplace_back(known.first);
  return names;
}

std::string format_help() {
  std::string text;
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    text += i == 0 ? "" : i + 1 < kFormats.size() ? ", " : " or ";
    text += kFormats[i].first;
  }
  return text;
}

std::unique_ptr<Printer> make_printer(Format format, TextOut out, std::size_t columns_max) {
  switch (format) {
    case Format::Table: return std::make_unique<TablePrinter>(std::move(out), columns_max);
    case Format::Vertical: return std::make_unique<VerticalPrinter>(std::move(out));
    case Format::Plain:
    case Format::Csv:
    case Format::Tsv: return std::make_unique<LinePrinter>(format, std::move(out));
    case Format::Json:
    case Format::JsonLines: return std::make_unique<JsonPrinter>(format == Format::JsonLines, std::move(out));
  }
  return nullptr;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    // The C library knows wide and combining characters; main() chose a UTF-8 locale.
    const int columns = point.value < 0x7F ? point.value >= 0x20 : wcwidth(static_cast<wchar_t>(point.value));
    width += static_cast<std::size_t>(std::max(columns, 0));
    text.remove_prefix(point.bytes);
  }
  return width;
}

std::string clip(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const CodePoint point = first_code_point(text.substr(end));
    const std::size_t columns = display_width(text.substr(end, point.bytes));
    if (used + columns + 1 > width) break;
    used += columns;
    end += point.bytes;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string footer(const Summary& summary, std::uint64_t row_count, bool has_columns,
                   std::optional<std::uint64_t> elapsed_us) {
  const auto counted = [](std::uint64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
  };
  std::vector<std::string> parts;
  if (has_columns) parts.push_back(counted(row_count, "row", "rows"));
  if (elapsed_us && *elapsed_us < 10'000) {
    parts.push_back(fmt::format("{:.1f} ms", static_cast<double>(*elapsed_us) / 1'000));
  } else if (elapsed_us) {
    parts.push_back(fmt::format("{} ms", *elapsed_us / 1'000));
  }
  const UpdateCounters& counters = summary.counters;
  std::string changes;
  const auto add = [&](std::string_view verb, std::uint64_t count, std::string_view one, std::string_view many) {
    if (count == 0) return;
    if (!changes.empty()) changes += ", ";
    changes += fmt::format("{} {}", verb, counted(count, one, many));
  };
  add("created", counters.nodes_created, "node", "nodes");
  add("deleted", counters.nodes_deleted, "node", "nodes");
  add("created", counters.relationships_created, "relationship", "relationships");
  add("deleted", counters.relationships_deleted, "relationship", "relationships");
  add("set", counters.properties_set, "property", "properties");
  add("added", counters.labels_added, "label", "labels");
  add("removed", counters.labels_removed, "label", "labels");
  add("added", counters.indexes_added, "index", "indexes");
  add("removed", counters.indexes_removed, "index", "indexes");
  add("added", counters.constraints_added, "constraint", "constraints");
  add("removed", counters.constraints_removed, "constraint", "constraints");
  add("made", counters.system_updates, "system update", "system updates");
  if (!changes.empty()) parts.push_back(std::move(changes));
  return fmt::format("{}", fmt::join(parts, " · "));
}

}  // namespace nexus::host
