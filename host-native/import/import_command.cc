// `nexus import csv|jsonl|json`: flags, progress and summary of an Importer.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "host-native/cli/commands.h"
#include "host-native/cli/options.h"
#include "host-native/import/importer.h"
#include "value/text.h"

namespace nexus::host {
namespace {

constexpr std::uint64_t kRejectsShown = 10;

enum class FileFormat : std::uint8_t { Csv, JsonLines, Json };

struct ImportFlags {
  TargetFlags target;
  FileFormat format = FileFormat::Csv;
  bool create_database = false;
  std::vector<std::string> nodes, relationships, from, to, types;
  std::string id_column, delimiter = ",", rejects_path;
  std::size_t batch = 1'000;
  bool quiet = false;
};

struct FileSpec {
  std::string name;  // The label or type.
  std::string path;
  std::string pointer;
};

Error misuse(std::string message) { return Error{ErrorCode::InvalidArgument, std::move(message)}; }

// "Label=file", for JSON "Label=file#/pointer".
Result<FileSpec> parse_file(const std::string& text, FileFormat format) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) return misuse("'" + text + "' is not Name=file");
  FileSpec spec{text.substr(0, equals), text.substr(equals + 1), ""};
  if (const auto hash = spec.path.find('#'); format == FileFormat::Json && hash != std::string::npos) {
    spec.pointer = spec.path.substr(hash + 1);
    spec.path.resize(hash);
    if (!spec.pointer.empty() && spec.pointer[0] != '/') return misuse("a JSON pointer begins with '/': " + spec.pointer);
  }
  return spec;
}

// "Label.property=column"
Result<> parse_end(const std::string& text, KeyName& key, std::string& column) {
  const auto equals = text.find('=');
  const auto dot = text.find('.');
  if (equals == std::string::npos || dot == std::string::npos || dot == 0 || dot + 1 >= equals || equals + 1 == text.size()) {
    return misuse("'" + text + "' is not Label.property=column");
  }
  key = {text.substr(0, dot), text.substr(dot + 1, equals - dot - 1)};
  column = text.substr(equals + 1);
  return Done{};
}

// "a:int,b:float"
Result<std::map<std::string, ColumnType>> parse_types(const std::vector<std::string>& lists) {
  std::map<std::string, ColumnType> types;
  for (std::string_view rest : lists) {
    while (!rest.empty()) {
      const auto item = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), item.size() + 1));
      const auto colon = item.rfind(':');
      const auto type = colon == std::string_view::npos ? std::nullopt : parse_column_type(item.substr(colon + 1));
      if (!type) return misuse("'" + std::string(item) + "' is not column:int, :float, :bool or :string");
      types[std::string(item.substr(0, colon))] = *type;
    }
  }
  return types;
}

Result<std::unique_ptr<RecordSource>> open_source(const FileSpec& spec, const ImportFlags& flags) {
  switch (flags.format) {
    case FileFormat::JsonLines: return open_json_lines(spec.path);
    case FileFormat::Json: return open_json_array(spec.path, spec.pointer);
    case FileFormat::Csv: break;
  }
  CsvSettings settings;
  settings.delimiter = flags.delimiter == "\\t" || flags.delimiter == "tab" ? '\t' : flags.delimiter[0];
  // A type applies to the files that have the column.
  NX_TRY(const auto types, parse_types(flags.types));
  settings.types = types;
  return open_csv(spec.path, settings);
}

// One line on a terminal, rewritten ten times a second.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet) : shown_(!quiet && isatty(STDERR_FILENO) != 0) {}
  void file(const std::string& name) { name_ = name; }
  void update(const ImportCounts& counts, double progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || (now - last_ < std::chrono::milliseconds(100) && progress < 1)) return;
    last_ = now;
    constexpr int kWidth = 24;
    const int filled = static_cast<int>(progress * kWidth);
    std::string bar;
    for (int i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "░";
    fmt::print(stderr, "\r{} {} {:3.0f}% {} records, {:.0f}/s\033[K", name_, bar, progress * 100, counts.records,
               static_cast<double>(counts.records) / seconds());
  }
  void clear() const {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  double seconds() const {
    return std::max(1e-3, std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count());
  }

 private:
  bool shown_;
  std::string name_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_{};
};

struct Jobs {
  std::vector<FileSpec> node_files;
  std::vector<NodeJob> nodes;
  std::vector<FileSpec> relationship_files;
  std::vector<RelationshipJob> relationships;
};

Result<Jobs> parse_jobs(const ImportFlags& flags) {
  if (flags.nodes.empty() && flags.relationships.empty()) return misuse("nothing to import: give --nodes or --relationships");
  if (flags.from.size() != flags.relationships.size() || flags.to.size() != flags.relationships.size()) {
    return misuse("every --relationships needs its own --from and --to");
  }
  if (flags.batch == 0 || flags.delimiter.empty()) return misuse("--batch and --delimiter cannot be empty");
  Jobs jobs;
  for (const auto& text : flags.nodes) {
    NX_TRY(auto spec, parse_file(text, flags.format));
    jobs.nodes.push_back({spec.name, flags.id_column});
    jobs.node_files.push_back(std::move(spec));
  }
  for (std::size_t i = 0; i < flags.relationships.size(); ++i) {
    NX_TRY(auto spec, parse_file(flags.relationships[i], flags.format));
    RelationshipJob job;
    job.type = spec.name;
    NX_TRY_DO(parse_end(flags.from[i], job.from, job.from_column));
    NX_TRY_DO(parse_end(flags.to[i], job.to, job.to_column));
    jobs.relationships.push_back(std::move(job));
    jobs.relationship_files.push_back(std::move(spec));
  }
  return jobs;
}

Result<> run_jobs(const ImportFlags& flags, const Jobs& jobs, Importer& importer, ProgressLine& progress) {
  NX_TRY_DO(importer.prepare(jobs.nodes, jobs.relationships));
  for (std::size_t i = 0; i < jobs.nodes.size(); ++i) {
    progress.file(jobs.node_files[i].path);
    NX_TRY(const auto source, open_source(jobs.node_files[i], flags));
    NX_TRY_DO(importer.add_nodes(jobs.nodes[i], jobs.node_files[i].path, *source));
  }
  for (std::size_t i = 0; i < jobs.relationships.size(); ++i) {
    progress.file(jobs.relationship_files[i].path);
    NX_TRY(const auto source, open_source(jobs.relationship_files[i], flags));
    NX_TRY_DO(importer.add_relationships(jobs.relationships[i], jobs.relationship_files[i].path, *source));
  }
  return Done{};
}

int run_import(ImportFlags& flags) {
  const auto jobs = parse_jobs(flags);
  if (!jobs) return print_error(jobs.error()), kExitUsage;
  // Every file is opened once before anything is written.
  for (const auto* files : {&jobs->node_files, &jobs->relationship_files}) {
    for (const auto& spec : *files) {
      if (auto source = open_source(spec, flags); !source) {
        source.error().message = spec.path + ": " + source.error().message;
        return print_error(source.error()), exit_code_of(source.error(), nullptr);
      }
    }
  }
  int code = kExitOk;
  TargetFlags target = flags.target;
  std::unique_ptr<Connection> connection;
  if (flags.create_database && !target.database.empty()) {
    const std::string name = std::exchange(target.database, "system");
    if (connection = connect_or_explain(target, code); connection == nullptr) return code;
    Result<> ready = Done{};
    auto created = query(*connection, "CREATE DATABASE " + quote_identifier(name) + " IF NOT EXISTS WAIT");
    if (created) ready = connection->use(name);
    else ready = std::move(created.error());
    if (!ready) return print_error(ready.error()), exit_code_of(ready.error(), connection.get());
  } else if (connection = connect_or_explain(target, code); connection == nullptr) {
    return code;
  }
  ProgressLine progress(flags.quiet);
  std::ofstream rejects;
  if (!flags.rejects_path.empty()) rejects.open(flags.rejects_path);
  std::uint64_t shown = 0;
  ImportSettings settings;
  settings.batch_records = flags.batch;
  settings.on_progress = [&](const ImportCounts& counts, double part) { progress.update(counts, part); };
  settings.on_reject = [&](const Reject& reject) {
    const std::string line = fmt::format("{}:{}: {}\n", reject.file, reject.line, reject.reason);
    if (rejects.is_open()) {
      rejects << line;
    } else if (++shown <= kRejectsShown) {
      progress.clear();
      fmt::print(stderr, "rejected {}", line);
    }
  };
  Importer importer(*connection, std::move(settings));
  const auto done = run_jobs(flags, *jobs, importer, progress);
  progress.clear();
  const ImportCounts& counts = importer.counts();
  if (shown > kRejectsShown) fmt::print(stderr, "… and {} more; --rejects FILE keeps them all\n", shown - kRejectsShown);
  if (!done) print_error(done.error());
  if (!flags.quiet || !done) {
    fmt::print(stderr, "{}: {} nodes and {} relationships from {} records in {:.2f} s ({:.0f} records/s), {} rejected\n",
               connection->database(), counts.nodes, counts.relationships, counts.records, progress.seconds(),
               static_cast<double>(counts.records) / progress.seconds(), counts.rejects);
  }
  if (!done) return exit_code_of(done.error(), connection.get());
  return counts.rejects > 0 ? kExitFailed : kExitOk;
}

}  // namespace

Command add_import(CLI::App& app) {
  auto flags = std::make_shared<ImportFlags>();
  app.require_subcommand(1);
  const auto add = [&](const char* name, const char* text, FileFormat format) {
    CLI::App* command = app.add_subcommand(name, text);
    flags->target.add_to(*command);
    command->add_flag("--create-database", flags->create_database, "Create the database of -d when it is missing");
    const char* file = format == FileFormat::Json ? "Name=file#/pointer-to-the-array" : "Name=file";
    const auto many = [&](const char* flag, std::vector<std::string>& values, const std::string& help) {
      return command->add_option(flag, values, help)->expected(1)->take_all();
    };
    many("--nodes", flags->nodes, std::string("Label and file of nodes, ") + file + "; may be repeated")->type_name("NAME=FILE");
    command->add_option("--id-column", flags->id_column, "Property that tells nodes apart; repeated values are rejected");
    many("--relationships", flags->relationships, std::string("Type and file of relationships, ") + file + "; may be repeated")
        ->type_name("NAME=FILE");
    many("--from", flags->from, "Where they start, Label.property=column; one for each --relationships");
    many("--to", flags->to, "Where they end, Label.property=column");
    if (format == FileFormat::Csv) {
      many("--types", flags->types, "Types of columns, a:int,b:float,c:bool,d:string; inferred otherwise");
      command->add_option("--delimiter", flags->delimiter, "Between fields; 'tab' for a tab")->capture_default_str();
    }
    command->add_option("--batch", flags->batch, "Records a transaction")->capture_default_str();
    command->add_option("--rejects", flags->rejects_path, "File for the records that were not imported")->type_name("FILE");
    command->add_flag("-q,--quiet", flags->quiet, "No progress and summary");
    command->callback([flags, format] { flags->format = format; });
  };
  add("csv", "Files of comma-separated values, the first line names the columns", FileFormat::Csv);
  add("jsonl", "Files with one JSON object a line", FileFormat::JsonLines);
  add("json", "JSON documents with arrays of objects", FileFormat::Json);
  app.footer("Example: nexus import csv -d flights --create-database --nodes Airport=airports.csv --id-column iata \\\n"
             "           --relationships FLIES_TO=flights.csv --from Airport.iata=origin --to Airport.iata=destination");
  return [flags] { return run_import(*flags); };
}

}  // namespace nexus::host
