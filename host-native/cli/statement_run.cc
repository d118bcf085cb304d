#include "host-native/cli/statement_run.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "host-native/shell/pager.h"
#include "host-native/shell/statements.h"
#include "service/json.h"

namespace nexus::host {
namespace {

volatile sig_atomic_t interrupted = 0;

extern "C" void on_interrupt(int) { interrupted = interrupted + 1; }

// While it lives, SIGINT interrupts the connection's statement; a second one ends the process, unless a pager is
// there, whose SIGINT it is as well.
// Why a thread that looks: interrupt() takes locks, which a signal handler may not.
class InterruptWatch {
 public:
  InterruptWatch(Connection& connection, const PagedOutput& output) : output_(output) {
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
      if (handled >= 2 && !output_.is_paging()) _exit(kExitInterrupted);
      connection.interrupt();
    }
  }

  const PagedOutput& output_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
  struct sigaction before_ {};
  std::thread watcher_;
};

// Notes whether there were columns, for the footer; ends a statement whose reader has left the pager.
class PrintingSink final : public ResultSink {
 public:
  PrintingSink(Printer& printer, const PagedOutput& output, Connection& connection)
      : printer_(printer), output_(output), connection_(connection) {}
  void columns(const std::vector<std::string>& names) override {
    has_columns_ = !names.empty();
    printer_.columns(names);
    started_ = true;
  }
  void rows(const std::vector<List>& batch) override {
    if (was_cut_) return;
    printer_.rows(batch);
    if (!output_.was_left()) return;
    was_cut_ = true;
    // Why not in a transaction: an interrupt would end that as well.
    if (!connection_.in_transaction()) connection_.interrupt();
  }
  bool was_cut() const { return was_cut_; }
  bool has_columns() const { return has_columns_; }
  bool started() const { return started_; }

 private:
  Printer& printer_;
  const PagedOutput& output_;
  Connection& connection_;
  bool has_columns_ = false;
  bool started_ = false;
  bool was_cut_ = false;
};

}  // namespace

OutputStyle style_for_stdout(const std::string& format) {
  OutputStyle style;
  style.format = parse_format(format).value_or(Format::Table);
  style.footer = is_for_people(style.format);
  style.columns_max = screen_of_stdout().columns;
  return style;
}

void print_place(const SourcePlace& place) {
  if (!place.file.empty()) fmt::print(stderr, "  in {}, line {}\n", place.file, place.line);
}

void explain(const Error& error, const std::string& text, const SourcePlace& place) {
  print_error(error);
  if (!error.position.is_known()) return print_place(place);
  const std::string lines = caret_lines(text, error.position.line, error.position.column);
  const std::size_t line = error.position.line + (place.line > 0 ? place.line - 1 : 0);
  fmt::print(stderr, "  {}{} line {}, column {}\n{}", place.file.empty() ? "at" : "in " + place.file,
             place.file.empty() ? "" : ",", line, error.position.column, lines);
}

ExitCode run_statement(Connection& connection, const std::string& text, const Map& parameters, const OutputStyle& style,
                       const SourcePlace& place) {
  // A page leaves room for the footer and the prompt.
  PagedOutput output(style.pager, style.pager.empty() ? Screen{} : screen_of_stdout(), style.footer ? 2 : 1);
  const auto printer =
      make_printer(style.format, [&output](std::string_view piece) { output.write(piece); }, style.columns_max);
  PrintingSink sink(*printer, output, connection);
  const auto started = std::chrono::steady_clock::now();
  bool was_interrupted = false;
  const Result<Summary> outcome = [&] {
    const InterruptWatch watch(connection, output);
    auto result = connection.run(text, parameters, sink);
    was_interrupted = watch.fired();
    return result;
  }();
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
  const std::uint64_t busy_us = static_cast<std::uint64_t>(elapsed.count()) - output.waited_us();
  if (outcome && !outcome->plan.empty()) {
    output.write(outcome->plan + (outcome->plan.ends_with('\n') ? "" : "\n"));
    if (sink.has_columns() && printer->row_count() > 0) printer->finish();
  } else if (sink.started() && (outcome || printer->row_count() > 0)) {
    printer->finish();
  }
  output.finish();
  if (output.is_missing()) {
    fmt::print(stderr, "there is no pager '{}', ':set pager off' shows results without one\n", style.pager);
  }
  if (!outcome && sink.was_cut()) {
    fmt::print(stderr, "the pager was left after {} rows, the statement was ended\n", printer->row_count());
    return kExitOk;
  }
  if (!outcome && was_interrupted) {
    fmt::print(stderr, "interrupted\n");
    return kExitInterrupted;
  }
  if (!outcome) {
    explain(outcome.error(), text, place);
    return exit_code_of(outcome.error(), &connection);
  }
  if (!style.footer) return kExitOk;
  const auto time = style.timing ? std::optional(busy_us) : std::nullopt;
  const std::string line = footer(*outcome, printer->row_count(), sink.has_columns(), time);
  if (!line.empty()) fmt::print(stderr, "{}{}\n", line, sink.was_cut() ? " (the pager was left)" : "");
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
