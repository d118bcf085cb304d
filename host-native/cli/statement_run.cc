#include "host-native/cli/statement_run.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "host-native/shell/statements.h"
#include "service/json.h"

namespace nexus::host {
namespace {

volatile sig_atomic_t interrupted = 0;

extern "C" void on_interrupt(int) { interrupted = interrupted + 1; }

// While it lives, SIGINT interrupts the connection's statement; a second one ends the process.
// Why a thread that looks: interrupt() takes locks, which a signal handler may not.
class InterruptWatch {
 public:
  explicit InterruptWatch(Connection& connection) {
    interrupted = 0;
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    sigaction(SIGINT, &action, &before_);
    watcher_ = std::thread([this, &connection] { watch(connection); });
  }
  ~InterruptWatch() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    ended_.notify_one();
    watcher_.join();
    sigaction(SIGINT, &before_, nullptr);
  }
  bool fired() const { return interrupted > 0; }

 private:
  void watch(Connection& connection) {
    std::unique_lock lock(mutex_);
    int handled = 0;
    while (!ended_.wait_for(lock, std::chrono::milliseconds(20), [this] { return done_; })) {
      if (interrupted == handled) continue;
      handled = interrupted;
      if (handled >= 2) _exit(kExitInterrupted);
      connection.interrupt();
    }
  }

  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
  struct sigaction before_ {};
  std::thread watcher_;
};

// Notes whether there were columns, for the footer.
class PrintingSink final : public ResultSink {
 public:
  explicit PrintingSink(Printer& printer) : printer_(printer) {}
  void columns(const std::vector<std::string>& names) override {
    has_columns_ = !names.empty();
    printer_.columns(names);
    started_ = true;
  }
  void rows(const std::vector<List>& batch) override { printer_.rows(batch); }
  bool has_columns() const { return has_columns_; }
  bool started() const { return started_; }

 private:
  Printer& printer_;
  bool has_columns_ = false;
  bool started_ = false;
};

}  // namespace

OutputStyle style_for_stdout(const std::string& format) {
  const bool is_terminal = isatty(STDOUT_FILENO) != 0;
  OutputStyle style;
  style.format = parse_format(format).value_or(Format::Table);
  style.footer = style.format == Format::Table;
  winsize size{};
  if (is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) style.columns_max = size.ws_col;
  return style;
}

void explain(const Error& error, const std::string& text, std::size_t first_line) {
  print_error(error);
  if (!error.position.is_known()) return;
  const std::string lines = caret_lines(text, error.position.line, error.position.column);
  const std::size_t line = error.position.line + (first_line > 0 ? first_line - 1 : 0);
  fmt::print(stderr, "  at line {}, column {}\n{}", line, error.position.column, lines);
}

ExitCode run_statement(Connection& connection, const std::string& text, const Map& parameters, const OutputStyle& style,
                       std::size_t first_line) {
  const auto printer = make_printer(
      style.format, [](std::string_view piece) { std::fwrite(piece.data(), 1, piece.size(), stdout); }, style.columns_max);
  PrintingSink sink(*printer);
  const auto started = std::chrono::steady_clock::now();
  bool was_interrupted = false;
  const Result<Summary> outcome = [&] {
    const InterruptWatch watch(connection);
    auto result = connection.run(text, parameters, sink);
    was_interrupted = watch.fired();
    return result;
  }();
  if (outcome && outcome->plan.size() > 0) {
    fmt::print("{}{}", outcome->plan, outcome->plan.ends_with('\n') ? "" : "\n");
    if (sink.has_columns() && printer->row_count() > 0) printer->finish();
  } else if (sink.started() && (outcome || printer->row_count() > 0)) {
    printer->finish();
  }
  std::fflush(stdout);
  if (!outcome) {
    if (was_interrupted) {
      fmt::print(stderr, "interrupted\n");
      return kExitInterrupted;
    }
    explain(outcome.error(), text, first_line);
    return exit_code_of(outcome.error(), &connection);
  }
  if (style.footer) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
    fmt::print(stderr, "{}\n",
               footer(*outcome, printer->row_count(), sink.has_columns(), static_cast<std::uint64_t>(elapsed.count())));
  }
  return kExitOk;
}

Result<> add_parameter(Map& parameters, const std::string& assignment) {
  const auto equals = assignment.find('=');
  if (equals == 0 || equals == std::string::npos) {
    return Error{ErrorCode::InvalidArgument, "'" + assignment + "' is not name=value"};
  }
  const std::string name = assignment.substr(0, equals);
  auto value = service::parse_json(assignment.substr(equals + 1));
  if (!value) {
    return Error{ErrorCode::InvalidArgument, "the value of parameter '" + name + "' is not JSON (a string needs quotes: " + name + "='\"text\"')"};
  }
  parameters.emplace_back(name, std::move(*value));
  parameters = make_map(std::move(parameters));
  return Done{};
}

}  // namespace nexus::host
