#include "host-native/import/records.h"

#include <algorithm>
#include <cstdio>

#include "base/number.h"
#include "base/utf8.h"
#include "vfs/csv.h"
#include "service/json.h"

namespace nexus::host {
namespace {

constexpr std::size_t kSampleRecords = 1'000;
constexpr std::size_t kLineBytesMax = std::size_t{16} << 20;
constexpr std::size_t kDocumentBytesMax = std::size_t{512} << 20;

// A file that knows how far it has been read.
class InputFile {
 public:
  static Result<std::shared_ptr<InputFile>> open(const std::string& path) {
    std::FILE* stream = std::fopen(path.c_str(), "rbe");
    if (stream == nullptr) return Error{ErrorCode::FileNotFound, "cannot read '" + path + "'"};
    auto file = std::shared_ptr<InputFile>(new InputFile(stream));
    if (std::fseek(stream, 0, SEEK_END) == 0) file->bytes_ = std::ftell(stream);
    std::rewind(stream);
    return file;
  }
  ~InputFile() { std::fclose(stream_); }

  Result<std::size_t> read(char* out, std::size_t size) {
    const std::size_t got = std::fread(out, 1, size, stream_);
    if (got == 0 && std::ferror(stream_) != 0) return Error{ErrorCode::IoError, "the file cannot be read any further"};
    read_ += static_cast<double>(got);
    return got;
  }
  double progress() const { return bytes_ <= 0 ? 0 : read_ / static_cast<double>(bytes_); }

 private:
  explicit InputFile(std::FILE* stream) : stream_(stream) {}
  std::FILE* stream_;
  long bytes_ = 0;
  double read_ = 0;
};

// The beginning of a field in a message: always UTF-8, on one line.
std::string printable(std::string_view text) {
  constexpr std::size_t kCodePointsMax = 40;
  std::string out;
  for (std::size_t i = 0; i < kCodePointsMax && !text.empty(); ++i) {
    const CodePoint point = first_code_point(text);
    append_code_point(out, point.value < 0x20 ? U' ' : point.value);
    text.remove_prefix(point.bytes);
  }
  return text.empty() ? out : out + "…";
}

class CsvSource final : public RecordSource {
 public:
  CsvSource(std::shared_ptr<InputFile> file, const CsvSettings& settings)
      : file_(file), reader_([file](char* out, std::size_t size) { return file->read(out, size); }, settings.delimiter) {}

  // Reads the names and enough records to know the types of the columns.
  Result<> begin(const CsvSettings& settings) {
    CsvRecord header;
    NX_TRY(const bool has_header, reader_.next(header));
    if (!has_header) return Error{ErrorCode::InvalidRequest, "the file is empty"};
    for (auto& field : header.fields) names_.push_back(std::move(field.text));
    if (!is_utf8_and_unique()) return Error{ErrorCode::InvalidRequest, "the names in the first line are empty or stand twice"};
    while (sample_.size() < kSampleRecords) {
      CsvRecord record;
      NX_TRY(const bool more, reader_.next(record));
      if (!more) break;
      sample_.push_back(std::move(record));
    }
    for (std::size_t column = 0; column < names_.size(); ++column) {
      const auto chosen = settings.types.find(names_[column]);
      types_.push_back(chosen != settings.types.end() ? chosen->second : inferred(column));
    }
    for (const auto& [name, type] : settings.types) {
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
        return Error{ErrorCode::InvalidArgument, "there is no column '" + name + "'"};
      }
    }
    return Done{};
  }

  Result<bool> next(Record& out) override {
    CsvRecord record;
    if (at_ < sample_.size()) {
      record = std::move(sample_[at_++]);
    } else {
      NX_TRY(const bool more, reader_.next(record));
      if (!more) return false;
    }
    out = Record{{}, record.line, ""};
    if (record.fields.size() != names_.size()) {
      out.problem = std::to_string(record.fields.size()) + " fields instead of " + std::to_string(names_.size());
      return true;
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const CsvField& field = record.fields[i];
      if (field.text.empty() && !field.quoted) continue;
      auto value = convert(field.text, types_[i]);
      if (!value) {
        out.problem = "'" + printable(field.text) + "' in column '" + names_[i] +
                      (is_utf8(field.text) ? "' does not have its type; see --types" : "' is not UTF-8");
        return true;
      }
      out.fields.emplace_back(names_[i], std::move(*value));
    }
    out.fields = make_map(std::move(out.fields));
    return true;
  }

  double progress() const override { return file_->progress(); }

 private:
  bool is_utf8_and_unique() const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i].empty() || !is_utf8(names_[i])) return false;
      if (std::count(names_.begin(), names_.end(), names_[i]) > 1) return false;
    }
    return true;
  }

  ColumnType inferred(std::size_t column) const {
    std::vector<std::string> texts;
    for (const auto& record : sample_) {
      if (record.fields.size() != names_.size()) continue;  // Will be rejected.
      const CsvField& field = record.fields[column];
      if (!field.text.empty() || field.quoted) texts.push_back(field.text);
    }
    return infer_type(texts);
  }

  std::shared_ptr<InputFile> file_;
  CsvReader reader_;
  std::vector<std::string> names_;
  std::vector<ColumnType> types_;
  std::vector<CsvRecord> sample_;
  std::size_t at_ = 0;
};

class JsonLinesSource final : public RecordSource {
 public:
  explicit JsonLinesSource(std::shared_ptr<InputFile> file) : file_(std::move(file)) {}

  Result<bool> next(Record& out) override {
    std::string_view line;
    while (true) {
      NX_TRY(const bool more, next_line(line));
      if (!more) return false;
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) break;
    }
    out = Record{{}, line_, ""};
    auto value = service::parse_json(line);
    if (!value) out.problem = value.error().message;
    else if (!value->is(Type::Map)) out.problem = "the line is not a JSON object";
    else out.fields = value->map();
    return true;
  }

  double progress() const override { return file_->progress(); }

 private:
  Result<bool> next_line(std::string_view& line) {
    while (true) {
      const auto end = buffer_.find('\n', searched_);
      if (end != std::string::npos || (ended_ && begin_ < buffer_.size())) {
        const std::size_t stop = std::min(end, buffer_.size());
        line = std::string_view(buffer_).substr(begin_, stop - begin_);
        begin_ = searched_ = std::min(stop + 1, buffer_.size());
        ++line_;
        return true;
      }
      if (ended_) return false;
      buffer_.erase(0, begin_);
      begin_ = 0;
      searched_ = buffer_.size();
      if (buffer_.size() > kLineBytesMax) return Error{ErrorCode::LimitExceeded, "line " + std::to_string(line_ + 1) + " is longer than 16 MiB"};
      buffer_.resize(searched_ + (std::size_t{64} << 10));
      NX_TRY(const std::size_t got, file_->read(buffer_.data() + searched_, buffer_.size() - searched_));
      buffer_.resize(searched_ + got);
      ended_ = got == 0;
    }
  }

  std::shared_ptr<InputFile> file_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t searched_ = 0;
  std::uint64_t line_ = 0;
  bool ended_ = false;
};

class JsonArraySource final : public RecordSource {
 public:
  explicit JsonArraySource(Value array) : array_(std::move(array)) {}

  Result<bool> next(Record& out) override {
    if (at_ == array_.list().size()) return false;
    const Value& element = array_.list()[at_++];
    out = Record{{}, at_, ""};
    if (element.is(Type::Map)) out.fields = element.map();
    else out.problem = "the element is not a JSON object";
    return true;
  }

  double progress() const override {
    return array_.list().empty() ? 1 : static_cast<double>(at_) / static_cast<double>(array_.list().size());
  }

 private:
  Value array_;
  std::size_t at_ = 0;
};

// One step of a JSON pointer; "~1" is '/', "~0" is '~'.
std::string unescaped(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '~' && i + 1 < part.size()) out += part[++i] == '1' ? '/' : '~';
    else out += part[i];
  }
  return out;
}

}  // namespace

std::optional<ColumnType> parse_column_type(std::string_view name) {
  if (name == "int" || name == "integer") return ColumnType::Integer;
  if (name == "float" || name == "double") return ColumnType::Float;
  if (name == "bool" || name == "boolean") return ColumnType::Boolean;
  if (name == "string" || name == "text") return ColumnType::Text;
  return std::nullopt;
}

ColumnType infer_type(const std::vector<std::string>& texts) {
  if (texts.empty()) return ColumnType::Text;
  const auto all = [&texts](auto fits) { return std::all_of(texts.begin(), texts.end(), fits); };
  const auto plain = [](const std::string& text) {
    const std::string_view digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
    const bool padded = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
    return !digits.empty() && digits[0] >= '0' && digits[0] <= '9' && !padded;
  };
  if (all([&](const std::string& text) { return plain(text) && convert(text, ColumnType::Integer); })) return ColumnType::Integer;
  if (all([&](const std::string& text) { return plain(text) && convert(text, ColumnType::Float); })) return ColumnType::Float;
  if (all([](const std::string& text) { return text == "true" || text == "false"; })) return ColumnType::Boolean;
  return ColumnType::Text;
}

std::optional<Value> convert(const std::string& text, ColumnType type) {
  switch (type) {
    case ColumnType::Text:
      if (!is_utf8(text)) return std::nullopt;
      return Value::string(text);
    case ColumnType::Integer: {
      const auto integer = parse_integer(text);
      if (!integer) return std::nullopt;
      return Value::integer(*integer);
    }
    case ColumnType::Float: {
      const auto real = parse_double(text);
      if (!real) return std::nullopt;
      return Value::real(*real);
    }
    case ColumnType::Boolean:
      if (text == "true" || text == "TRUE" || text == "1") return Value::boolean(true);
      if (text == "false" || text == "FALSE" || text == "0") return Value::boolean(false);
      return std::nullopt;
  }
  return std::nullopt;
}

Result<std::unique_ptr<RecordSource>> open_csv(const std::string& path, const CsvSettings& settings) {
  NX_TRY(auto file, InputFile::open(path));
  auto source = std::make_unique<CsvSource>(std::move(file), settings);
  NX_TRY_DO(source->begin(settings));
  return std::unique_ptr<RecordSource>(std::move(source));
}

Result<std::unique_ptr<RecordSource>> open_json_lines(const std::string& path) {
  NX_TRY(auto file, InputFile::open(path));
  return std::unique_ptr<RecordSource>(std::make_unique<JsonLinesSource>(std::move(file)));
}

Result<std::unique_ptr<RecordSource>> open_json_array(const std::string& path, const std::string& pointer) {
  NX_TRY(const auto file, InputFile::open(path));
  std::string text;
  for (std::size_t got = 1; got > 0;) {
    const std::size_t size = text.size();
    if (size > kDocumentBytesMax) return Error{ErrorCode::LimitExceeded, "the JSON document is larger than 512 MiB; JSON Lines have no limit"};
    text.resize(size + (std::size_t{1} << 20));
    NX_TRY(got, file->read(text.data() + size, text.size() - size));
    text.resize(size + got);
  }
  NX_TRY(Value value, service::parse_json(text));
  std::string_view rest = pointer;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(part.size());
    const Value* member = value.is(Type::Map) ? value.find(unescaped(part)) : nullptr;
    if (member == nullptr) return Error{ErrorCode::InvalidArgument, "the document has nothing at '" + pointer + "'"};
    value = Value(*member);
  }
  if (!value.is(Type::List)) return Error{ErrorCode::InvalidArgument, "there is no array at '" + pointer + "'"};
  return std::unique_ptr<RecordSource>(std::make_unique<JsonArraySource>(std::move(value)));
}

}  // namespace nexus::host
