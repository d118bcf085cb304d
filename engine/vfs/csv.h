// CsvReader: RFC 4180 records from bytes that arrive piece by piece.
//
// Quoted fields may hold delimiters, doubled quotes and line ends; records end with LF or
// CRLF; a byte order mark at the start is skipped; empty lines are no records.
// Invariant: a field is at most kFieldBytesMax, a record at most kFieldsMax fields.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nexus {

struct CsvField {
  std::string text;
  bool quoted = false;  // Tells an empty string ("") from no value at all.
};

struct CsvRecord {
  std::vector<CsvField> fields;
  std::uint64_t line = 0;  // 1-based, where the record begins.
};

class CsvReader {
 public:
  static constexpr std::size_t kFieldBytesMax = std::size_t{16} << 20;
  static constexpr std::size_t kFieldsMax = 4'096;

  // Fills up to `size` bytes, answers how many; 0 at the end.
  using Source = std::function<Result<std::size_t>(char* out, std::size_t size)>;

  CsvReader(Source source, char delimiter) : source_(std::move(source)), delimiter_(delimiter) {}

  // False at the end. An error names the line; the reader is then of no more use.
  Result<bool> next(CsvRecord& record);

 private:
  // -1 at the end.
  Result<int> peek();
  Result<int> take();
  Result<> quoted_field(CsvField& field, std::uint64_t start_line);
  Result<> plain_field(CsvField& field);
  Error error(std::uint64_t line, std::string_view what) const;

  Source source_;
  char delimiter_;
  std::string buffer_;
  std::size_t position_ = 0;
  std::uint64_t line_ = 1;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace nexus
