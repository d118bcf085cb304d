// PagedOutput: text for a terminal; what is longer than the screen goes through a pager.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace nexus::host {

struct Screen {
  std::size_t rows = 0;  // 0 and 0: no terminal.
  std::size_t columns = 0;
};
// Of standard output, as it is now.
Screen screen_of_stdout();

// $NEXUS_PAGER, else $PAGER, else less or more where there is one. Empty: none, also when the variable is empty or "cat".
std::string pager_command();

// Rows of a screen that the text takes, long lines wrapped.
std::size_t screen_rows(std::string_view text, std::size_t columns);

// Holds text back until it is known whether it fits. Threads: one, but is_paging() may be asked by any.
class PagedOutput {
 public:
  // Empty command: everything goes straight to standard output. `rows_kept` are left for what stands below.
  PagedOutput(std::string command, Screen screen, std::size_t rows_kept);
  ~PagedOutput();
  PagedOutput(const PagedOutput&) = delete;
  PagedOutput& operator=(const PagedOutput&) = delete;

  void write(std::string_view text);
  // Shows what was held back, or waits until the pager is left.
  void finish();
  bool is_paging() const { return process_ > 0; }
  // The reader left the pager before everything was there; more text is of no use.
  bool was_left() const { return was_left_; }
  // There is no such program; what was to be shown is lost.
  bool is_missing() const { return is_missing_; }
  // Microseconds spent waiting for the pager to take text.
  std::uint64_t waited_us() const { return waited_us_; }

 private:
  bool start();
  void send(std::string_view text);

  std::string command_;
  Screen screen_;
  std::size_t rows_max_;
  std::string held_;
  std::size_t rows_ = 0;
  std::atomic<pid_t> process_{0};
  int pipe_ = -1;
  bool was_left_ = false;
  bool is_missing_ = false;
  std::uint64_t waited_us_ = 0;
};

}  // namespace nexus::host
