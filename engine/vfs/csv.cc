#include "vfs/csv.h"

namespace nexus {

Error CsvReader::error(std::uint64_t line, std::string_view what) const {
  return Error{ErrorCode::InvalidRequest, "line " + std::to_string(line) + ": " + std::string(what)};
}

Result<int> CsvReader::peek() {
  if (position_ == buffer_.size()) {
    if (ended_) return -1;
    buffer_.resize(std::size_t{64} << 10);
    position_ = 0;
    std::size_t filled = 0;
    while (filled < 3) {  // A byte order mark is seen as a whole.
      auto got = source_(buffer_.data() + filled, buffer_.size() - filled);
      if (!got) return std::move(got.error());
      if (*got == 0) break;
      filled += *got;
    }
    buffer_.resize(filled);
    if (buffer_.empty()) {
      ended_ = true;
      return -1;
    }
  }
  return static_cast<unsigned char>(buffer_[position_]);
}

Result<int> CsvReader::take() {
  NX_TRY(const int byte, peek());
  if (byte < 0) return -1;
  ++position_;
  if (byte == '\n') ++line_;
  return byte;
}

Result<> CsvReader::quoted_field(CsvField& field, std::uint64_t start_line) {
  field.quoted = true;
  while (true) {
    NX_TRY(const int byte, take());
    if (byte < 0) return error(start_line, "a quoted field is not closed");
    if (byte == '"') {
      NX_TRY(const int following, peek());
      if (following != '"') break;
      NX_TRY_DO(take());
    }
    field.text += static_cast<char>(byte);
    if (field.text.size() > kFieldBytesMax) return error(start_line, "a field is longer than 16 MiB");
  }
  NX_TRY(const int following, peek());
  if (following >= 0 && following != delimiter_ && following != '\n' && following != '\r') {
    return error(line_, "text follows the closing quote of a field");
  }
  return Done{};
}

Result<> CsvReader::plain_field(CsvField& field) {
  while (true) {
    NX_TRY(const int byte, peek());
    if (byte < 0 || byte == delimiter_ || byte == '\n') break;
    NX_TRY_DO(take());
    field.text += static_cast<char>(byte);
    if (field.text.size() > kFieldBytesMax) return error(line_, "a field is longer than 16 MiB");
  }
  // A CR belongs to the line end only right before LF or the end of the file.
  NX_TRY(const int following, peek());
  if (following != delimiter_ && field.text.ends_with('\r')) field.text.pop_back();
  return Done{};
}

Result<bool> CsvReader::next(CsvRecord& record) {
  record.fields.clear();
  int byte = 0;
  if (!started_) {
    started_ = true;
    NX_TRY(byte, peek());
    if (std::string_view(buffer_).starts_with("\xEF\xBB\xBF")) position_ += 3;
  }
  while (true) {
    NX_TRY(byte, peek());
    if (byte != '\n' && byte != '\r') break;
    NX_TRY_DO(take());
  }
  if (byte < 0) return false;
  record.line = line_;
  while (true) {
    if (record.fields.size() == kFieldsMax) return error(record.line, "a record has more than 4096 fields");
    CsvField& field = record.fields.emplace_back();
    NX_TRY(byte, peek());
    if (byte == '"') {
      NX_TRY_DO(take());
      NX_TRY_DO(quoted_field(field, line_));
    } else {
      NX_TRY_DO(plain_field(field));
    }
    NX_TRY(byte, take());
    if (byte == '\r') {  // Only behind a closing quote.
      NX_TRY(byte, take());
      if (byte >= 0 && byte != '\n') return error(line_, "a carriage return stands alone");
    }
    if (byte != delimiter_) return true;
  }
}

}  // namespace nexus
