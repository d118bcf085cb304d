#include "host-native/shell/pager.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "host-native/shell/printer.h"

extern char** environ;

namespace nexus::host {
namespace {

// Quit when all fits, keep colors, leave the text on the screen, cut long lines (they scroll sideways).
constexpr const char* kLessOptions = "LESS=FRSX";

bool is_on_path(std::string_view program) {
  const char* path = std::getenv("PATH");
  for (std::string_view rest = path != nullptr ? path : ""; !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (access((std::string(folder) + "/" + std::string(program)).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace

Screen screen_of_stdout() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {};
  return {size.ws_row, size.ws_col};
}

std::string pager_command() {
  for (const char* variable : {"NEXUS_PAGER", "PAGER"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr) return std::string_view(value) == "cat" ? "" : value;
  }
  for (const char* program : {"less", "more"}) {
    if (is_on_path(program)) return program;
  }
  return "";
}

std::size_t screen_rows(std::string_view text, std::size_t columns) {
  std::size_t rows = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t width = display_width(line);
    rows += width == 0 || columns == 0 ? 1 : (width + columns - 1) / columns;
  }
  return rows;
}

PagedOutput::PagedOutput(std::string command, Screen screen, std::size_t rows_kept)
    : command_(std::move(command)), screen_(screen),
      rows_max_(screen.rows > rows_kept ? screen.rows - rows_kept : 0) {
  if (rows_max_ == 0) command_.clear();
}

PagedOutput::~PagedOutput() { finish(); }

void PagedOutput::write(std::string_view text) {
  if (was_left_) return;
  if (is_paging()) return send(text);
  if (command_.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return;
  }
  rows_ += screen_rows(text, screen_.columns);
  held_ += text;
  if (rows_ <= rows_max_) return;
  if (start()) send(held_);
  else std::fwrite(held_.data(), 1, held_.size(), stdout);
  held_.clear();
}

bool PagedOutput::start() {
  std::fflush(stdout);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);  // This process ignores it.
  sigaddset(&defaults, SIGINT);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  std::string less = kLessOptions;
  if (std::getenv("LESS") == nullptr) environment.push_back(less.data());
  environment.push_back(nullptr);
  std::string shell = "sh";
  std::string option = "-c";
  char* const words[] = {shell.data(), option.data(), command_.data(), nullptr};
  pid_t process = 0;
  const int failed = posix_spawn(&process, "/bin/sh", &actions, &attributes, words, environment.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(ends[0]);
  if (failed != 0) {
    close(ends[1]);
    command_.clear();
    return false;
  }
  pipe_ = ends[1];
  process_ = process;
  return true;
}

void PagedOutput::send(std::string_view text) {
  const auto began = std::chrono::steady_clock::now();
  while (!text.empty()) {
    const ssize_t count = ::write(pipe_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      was_left_ = true;
      break;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  const auto waited = std::chrono::steady_clock::now() - began;
  waited_us_ += static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(waited).count());
}

void PagedOutput::finish() {
  if (!is_paging()) {
    std::fwrite(held_.data(), 1, held_.size(), stdout);
    held_.clear();
    std::fflush(stdout);
    return;
  }
  close(pipe_);
  // Ctrl-C is the pager's as long as it is there.
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &before);
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  sigaction(SIGINT, &before, nullptr);
  constexpr int kNoSuchProgram = 127;  // From sh.
  is_missing_ = WIFEXITED(status) && WEXITSTATUS(status) == kNoSuchProgram;
  process_ = 0;
  command_.clear();
}

}  // namespace nexus::host
