// LineEditor: asks for a line, with editing, history and completion when a person types.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host-native/shell/completion.h"

namespace nexus::host {

class LineEditor {
 public:
  // `history_path` empty: no history. The file is created for its owner alone.
  LineEditor(bool interactive, std::string history_path);
  ~LineEditor();

  // Without its line end. nullopt at the end of the input.
  std::optional<std::string> read(const std::string& prompt);
  // The last read() was ended by Ctrl-C; its text is gone.
  bool was_interrupted() const;
  // One line.
  void remember(const std::string& statement);

  // What Tab offers for a line with the cursor at a byte of it; Completion::begin is a byte of the line.
  using Completer = std::function<Completion(std::string_view line, std::size_t cursor)>;
  void on_tab(Completer completer);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Candidates in columns for a screen; "… and 12 more" when they do not fit into `rows_max` lines.
std::string candidate_columns(const std::vector<Candidate>& candidates, std::size_t columns_max, std::size_t rows_max);

}  // namespace nexus::host
