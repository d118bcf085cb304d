// Records: what an import reads, as maps, whatever the file's format.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "nexus/value.h"

namespace nexus::host {

enum class ColumnType : std::uint8_t { Text, Integer, Float, Boolean };

// "int", "float", "bool", "string"
std::optional<ColumnType> parse_column_type(std::string_view name);
// The narrowest type that all of the texts have. "007" and "+1" stay text: they are names, not numbers.
ColumnType infer_type(const std::vector<std::string>& texts);
// nullopt when the text has not this type.
std::optional<Value> convert(const std::string& text, ColumnType type);

struct Record {
  Map fields;
  std::uint64_t line = 0;  // In the file; for elements of a JSON array their number.
  std::string problem;     // Not empty: this record cannot be used, the next ones can.
};

class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // False at the end. An error ends the source.
  virtual Result<bool> next(Record& record) = 0;
  // Of the file, how far we are: 0..1.
  virtual double progress() const = 0;
};

struct CsvSettings {
  char delimiter = ',';
  std::map<std::string, ColumnType> types;  // By column; the others are inferred from the first records.
};

// The first record names the columns. Fields without text have no value.
Result<std::unique_ptr<RecordSource>> open_csv(const std::string& path, const CsvSettings& settings);
// One JSON object a line.
Result<std::unique_ptr<RecordSource>> open_json_lines(const std::string& path);
// The objects of an array within one JSON document; `pointer` is a JSON pointer such as "/nodes".
Result<std::unique_ptr<RecordSource>> open_json_array(const std::string& path, const std::string& pointer);

}  // namespace nexus::host
