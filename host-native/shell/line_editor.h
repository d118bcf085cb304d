// LineEditor: asks for a line, with editing and history when a person types.
#pragma once

#include <memory>
#include <optional>
#include <string>

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
  void remember(const std::string& statement);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nexus::host
