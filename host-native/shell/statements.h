// StatementReader: cuts typed or piped text into statements and ":" commands.
//
// A statement ends at a ';' outside quotes and comments, or at a \G, which asks for rows below each
// other; a command is one line whose first character is ':' where a statement could begin.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nexus::host {

struct ShellInput {
  std::string text;      // Without the final ';' or \G.
  bool is_command = false;
  std::size_t line = 1;  // 1-based, where the text begins.
  bool is_vertical = false;  // Ended by \G.
};

class StatementReader {
 public:
  // A line without its line end.
  void add_line(std::string_view line);
  // The next complete piece.
  std::optional<ShellInput> next();
  // At the end of the input: what is left without a ';', if it is more than blanks and comments.
  std::optional<ShellInput> rest();
  // Inside a statement that has begun.
  bool is_pending() const;
  // The lines of the statement that has begun, each with its line end.
  const std::string& pending() const { return pending_; }
  void clear();

 private:
  std::string pending_;
  std::size_t line_ = 1;  // Of the first character of pending_.
};

// The offending line with a caret below the column (code points, 1-based), or empty when
// there is no such place.
std::string caret_lines(std::string_view statement, std::size_t line, std::size_t column);
// The statement on one line, for the history: without comments, line ends in strings as \n.
std::string one_line(std::string_view statement);
// True for statements that must not enter the history.
bool holds_secret(std::string_view statement);

}  // namespace nexus::host
