#include "host-native/shell/line_editor.h"

#include <fcntl.h>
#include <histedit.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "host-native/shell/statements.h"

namespace nexus::host {
namespace {

constexpr int kHistorySize = 2'000;

volatile sig_atomic_t interrupted = 0;
extern "C" void note_interrupt(int) { interrupted = 1; }

}  // namespace

struct LineEditor::State {
  bool interactive = false;
  std::string history_path;
  std::string prompt;
  EditLine* editor = nullptr;
  History* history = nullptr;
  HistEvent event{};

  static char* show_prompt(EditLine* editor) {
    void* state = nullptr;
    el_get(editor, EL_CLIENTDATA, &state);
    return static_cast<State*>(state)->prompt.data();
  }
};

LineEditor::LineEditor(bool interactive, std::string history_path) : state_(std::make_unique<State>()) {
  state_->interactive = interactive;
  if (!interactive) return;
  state_->editor = el_init("nexus", stdin, stderr, stderr);
  if (state_->editor == nullptr) return;
  state_->history = history_init();
  history(state_->history, &state_->event, H_SETSIZE, kHistorySize);
  history(state_->history, &state_->event, H_SETUNIQUE, 1);
  el_set(state_->editor, EL_CLIENTDATA, state_.get());
  el_set(state_->editor, EL_PROMPT, State::show_prompt);
  el_set(state_->editor, EL_EDITOR, "emacs");
  el_set(state_->editor, EL_SIGNAL, 0);
  el_set(state_->editor, EL_HIST, history, state_->history);
  el_set(state_->editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_source(state_->editor, nullptr);
  if (history_path.empty()) return;
  // Created before libedit writes to it, so that nobody else can read it at any moment.
  const int file = open(history_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return;
  fchmod(file, 0600);
  close(file);
  state_->history_path = std::move(history_path);
  history(state_->history, &state_->event, H_LOAD, state_->history_path.c_str());
}

LineEditor::~LineEditor() {
  if (state_->history != nullptr) history_end(state_->history);
  if (state_->editor != nullptr) el_end(state_->editor);
}

std::optional<std::string> LineEditor::read(const std::string& prompt) {
  interrupted = 0;
  if (state_->editor == nullptr) {
    std::string line;
    int byte = 0;
    while ((byte = std::getc(stdin)) != EOF && byte != '\n') line += static_cast<char>(byte);
    if (byte == EOF && line.empty()) return std::nullopt;
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
  state_->prompt = prompt;
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = note_interrupt;  // Without SA_RESTART: the read ends.
  sigaction(SIGINT, &action, &before);
  int count = 0;
  const char* text = el_gets(state_->editor, &count);
  sigaction(SIGINT, &before, nullptr);
  if (interrupted != 0) {
    std::fputs("^C\n", stderr);
    el_reset(state_->editor);
    return std::string();
  }
  if (text == nullptr || count <= 0) return std::nullopt;
  std::string line(text, static_cast<std::size_t>(count));
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  return line;
}

bool LineEditor::was_interrupted() const { return interrupted != 0; }

void LineEditor::remember(const std::string& statement) {
  if (state_->history == nullptr || holds_secret(statement)) return;
  std::string line = statement;
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  history(state_->history, &state_->event, H_ENTER, line.c_str());
  if (!state_->history_path.empty()) {
    history(state_->history, &state_->event, H_SAVE, state_->history_path.c_str());
  }
}

}  // namespace nexus::host
