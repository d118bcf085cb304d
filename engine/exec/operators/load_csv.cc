// LoadCsv: a row per record of a file in the import folder, read as it is needed.
//
// Invariant: only names inside the import folder can be opened: what is no plain path is refused.
#include "exec/operators/flat_map.h"
#include "exec/operators/operators.h"
#include "vfs/csv.h"

namespace nexus::exec {

namespace {

// file:///people.csv, /people.csv and people.csv are the same file.
Result<std::string> import_path(std::string_view url) {
  constexpr std::string_view kFile = "file:";
  const std::size_t scheme = url.find("://");
  if (url.substr(0, kFile.size()) == kFile) {
    url.remove_prefix(kFile.size());
  } else if (scheme != std::string_view::npos) {
    return Error{ErrorCode::Forbidden, "LOAD CSV reads files of the import folder only; " +
                                           std::string(url.substr(0, scheme)) + ":// is refused"};
  }
  while (!url.empty() && url.front() == '/') url.remove_prefix(1);
  std::string path;
  for (std::size_t i = 0; i < url.size(); ++i) {
    const auto digit = [&](std::size_t at) -> int {
      const char c = at < url.size() ? url[at] : ' ';
      if (c >= '0' && c <= '9') return c - '0';
      const char lower = static_cast<char>(c | 0x20);
      return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    };
    if (url[i] == '%' && digit(i + 1) >= 0 && digit(i + 2) >= 0) {
      path += static_cast<char>(digit(i + 1) * 16 + digit(i + 2));
      i += 2;
    } else {
      path += url[i];
    }
  }
  if (is_valid_path(path)) return path;
  return Error{ErrorCode::InvalidArgument, "LOAD CSV: " + std::string(url) + " is no file of the import folder"};
}

class LoadCsv final : public FlatMap {
 public:
  LoadCsv(OperatorPtr input, std::size_t width, const plan::LoadCsv& load, EvaluatorPtr url)
      : FlatMap(std::move(input), width), load_(load), url_(std::move(url)) {}
  std::string describe() const override { return "LoadCsv"; }

 private:
  Result<> open(Context& context, Value* row) override {
    reader_.reset();
    headers_.clear();
    NX_TRY(const Value url, url_->evaluate(context, row));
    if (!url.is(Type::String)) return type_error("a STRING after FROM", url);
    NX_TRY(path_, import_path(url.string()));
    auto file = context.outside.import_files->open(path_, OpenMode::Read);
    if (!file) return Error{ErrorCode::InvalidArgument, "LOAD CSV cannot read " + path_ + ": " + file.error().message};
    file_ = std::move(*file);
    offset_ = 0;
    reader_.emplace([this](char* out, std::size_t size) { return read(out, size); }, load_.delimiter);
    if (!load_.with_headers) return Done{};
    CsvRecord record;
    NX_TRY(const bool found, next(record));
    if (!found) return Done{};
    for (CsvField& field : record.fields) headers_.push_back(std::move(field.text));
    return Done{};
  }

  Result<std::size_t> read(char* out, std::size_t size) {
    NX_TRY(const std::size_t count,
           file_->read_at(offset_, std::span(reinterpret_cast<std::uint8_t*>(out), size)));
    offset_ += count;
    return count;
  }

  Result<bool> next(CsvRecord& record) {
    auto found = reader_->next(record);
    if (found) return *found;
    return Error{ErrorCode::InvalidArgument, "LOAD CSV " + path_ + ", " + found.error().message};
  }

  Result<bool> step(Context& context, Value* row, Batch& batch) override {
    CsvRecord record;
    NX_TRY(const bool found, next(record));
    if (!found) {
      reader_.reset();
      file_.reset();
      return false;
    }
    (void)context;
    Value* target = batch.append(row);
    target[load_.row] = load_.with_headers ? as_map(record) : as_list(record);
    target[load_.line] = Value::integer(static_cast<std::int64_t>(record.line));
    target[load_.file] = Value::string(path_);
    return true;
  }

  // Nothing between two delimiters is null, "" is the empty string.
  static Value value_of(const CsvField& field) {
    return field.text.empty() && !field.quoted ? Value::null() : Value::string(field.text);
  }
  static Value as_list(const CsvRecord& record) {
    List list;
    for (const CsvField& field : record.fields) list.push_back(value_of(field));
    return Value::list(std::move(list));
  }
  Value as_map(const CsvRecord& record) const {
    Map map;
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      map.emplace_back(headers_[i], i < record.fields.size() ? value_of(record.fields[i]) : Value::null());
    }
    return Value::map(nexus::make_map(std::move(map)));
  }

  const plan::LoadCsv& load_;
  EvaluatorPtr url_;
  std::string path_;
  std::unique_ptr<File> file_;
  std::uint64_t offset_ = 0;
  std::optional<CsvReader> reader_;
  std::vector<std::string> headers_;
};

}  // namespace

OperatorPtr make_load_csv(OperatorPtr input, std::size_t width, const plan::LoadCsv& load, EvaluatorPtr url) {
  return std::make_unique<LoadCsv>(std::move(input), width, load, std::move(url));
}

}  // namespace nexus::exec
