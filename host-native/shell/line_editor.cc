#include "host-native/shell/line_editor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cwchar>

#include "base/utf8.h"
#include "host-native/shell/pager.h"
#include "host-native/shell/printer.h"
#include "host-native/shell/statements.h"

namespace nexus::host {
namespace {

constexpr int kHistorySize = 2'000;

volatile sig_atomic_t line_interrupted = 0;
extern "C" void note_interrupt(int) { line_interrupted = 1; }

// Text that is pasted comes faster than anybody types.
bool is_more_coming() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return poll(&input, 1, 0) > 0;
}

// One character, or an error when Ctrl-C was pressed. Why it looks at times: another thread may have got the signal, or
// this one while it did not wait.
int read_character(EditLine*, wchar_t* out) {
  constexpr int kLookMilliseconds = 250;
  std::mbstate_t state{};
  while (line_interrupted == 0) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, kLookMilliseconds) <= 0) continue;
    char byte = 0;
    const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
    if (count == 0) return 0;
    if (count < 0 && errno != EINTR && errno != EAGAIN) return -1;
    if (count < 0) continue;
    const std::size_t used = std::mbrtowc(out, &byte, 1, &state);
    if (used == static_cast<std::size_t>(-2)) continue;  // More bytes belong to it.
    if (used != static_cast<std::size_t>(-1)) return 1;
    state = {};  // No text in this encoding.
  }
  return -1;
}

}  // namespace

struct LineEditor::State {
  bool interactive = false;
  std::string history_path;
  std::string prompt;
  EditLine* editor = nullptr;
  History* history = nullptr;
  HistEvent event{};
  Completer completer;

  static char* show_prompt(EditLine* editor) {
    void* state = nullptr;
    el_get(editor, EL_CLIENTDATA, &state);
    return static_cast<State*>(state)->prompt.data();
  }

  static unsigned char complete_line(EditLine* editor, int) {
    void* client = nullptr;
    el_get(editor, EL_CLIENTDATA, &client);
    const State& state = *static_cast<State*>(client);
    const LineInfo* info = el_line(editor);
    const std::string_view line(info->buffer, static_cast<std::size_t>(info->lastchar - info->buffer));
    const auto cursor = static_cast<std::size_t>(info->cursor - info->buffer);
    if (is_more_coming()) return el_insertstr(editor, " ") == 0 ? CC_REFRESH : CC_ERROR;  // A tab in pasted text.
    if (!state.completer) return CC_ERROR;
    const Completion found = state.completer(line, cursor);
    if (found.candidates.empty() || found.begin > cursor) return CC_ERROR;
    const std::string typed(line.substr(found.begin, cursor - found.begin));
    std::string text = common_beginning(found.candidates);
    const bool is_only = found.candidates.size() == 1;
    if (is_only) text += found.candidates[0].tail;
    if (text != typed && (is_only || text.size() > typed.size())) {
      el_deletestr(editor, static_cast<int>(count_code_points(typed)));
      return el_insertstr(editor, text.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    }
    if (is_only) return CC_ERROR;
    const Screen screen = screen_of_stdout();
    const std::size_t columns = screen.columns > 0 ? screen.columns : 80;
    const std::size_t rows = screen.rows > 4 ? screen.rows - 3 : 20;
    fmt::print(stderr, "\n{}", candidate_columns(found.candidates, columns, rows));
    return CC_REDISPLAY;
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
  el_set(state_->editor, EL_GETCFN, read_character);
  el_set(state_->editor, EL_HIST, history, state_->history);
  el_set(state_->editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_set(state_->editor, EL_ADDFN, "nexus-complete", "Complete what is typed", State::complete_line);
  el_set(state_->editor, EL_BIND, "^I", "nexus-complete", nullptr);
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
  line_interrupted = 0;
  if (state_->editor == nullptr) {
    std::string line;
    int byte = 0;
    while ((byte = std::getc(stdin)) != EOF && byte != '\n') line += static_cast<char>(byte);
    if (byte == EOF && line.empty()) return std::nullopt;
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
  state_->prompt = prompt;
  el_resize(state_->editor);  // The window may have another size by now.
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = note_interrupt;  // Without SA_RESTART: the read ends.
  sigaction(SIGINT, &action, &before);
  int count = 0;
  const char* text = el_gets(state_->editor, &count);
  sigaction(SIGINT, &before, nullptr);
  if (line_interrupted != 0) {
    std::fputs("^C\n", stderr);
    el_reset(state_->editor);
    return std::string();
  }
  if (text == nullptr || count <= 0) return std::nullopt;
  std::string line(text, static_cast<std::size_t>(count));
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  return line;
}

bool LineEditor::was_interrupted() const { return line_interrupted != 0; }

void LineEditor::on_tab(Completer completer) { state_->completer = std::move(completer); }

void LineEditor::remember(const std::string& statement) {
  if (state_->history == nullptr || holds_secret(statement)) return;
  history(state_->history, &state_->event, H_ENTER, statement.c_str());
  if (!state_->history_path.empty()) {
    history(state_->history, &state_->event, H_SAVE, state_->history_path.c_str());
  }
}

std::string candidate_columns(const std::vector<Candidate>& candidates, std::size_t columns_max, std::size_t rows_max) {
  constexpr std::size_t kGap = 2;
  std::size_t width = 1;
  for (const auto& candidate : candidates) width = std::max(width, std::min(display_width(candidate.shown), columns_max));
  const std::size_t columns = std::max<std::size_t>(1, (columns_max + kGap) / (width + kGap));
  const std::size_t rows = std::min(rows_max, (candidates.size() + columns - 1) / columns);
  const std::size_t shown = std::min(candidates.size(), rows * columns);
  std::string text;
  // Down the columns, as people read lists of names.
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = row; i < shown; i += rows) {
      const std::string name = clip(candidates[i].shown, width);
      text += name;
      if (i + rows < shown) text.append(width + kGap - display_width(name), ' ');
    }
    text += '\n';
  }
  if (shown < candidates.size()) text += fmt::format("… and {} more\n", candidates.size() - shown);
  return text;
}

}  // namespace nexus::host
