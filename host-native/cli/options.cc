#include "host-native/cli/options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "host-native/shell/printer.h"

namespace nexus::host {
namespace {

constexpr const char* kDefaultUri = "http://127.0.0.1:7474";

std::string trim(std::string text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string xdg_directory(const char* variable, const char* below_home) {
  const char* chosen = std::getenv(variable);
  if (chosen != nullptr && chosen[0] == '/') return std::string(chosen) + "/nexus";
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : ".") + below_home + "/nexus";
}

std::string first_of(std::initializer_list<std::string> choices) {
  for (const auto& choice : choices) {
    if (!choice.empty()) return choice;
  }
  return "";
}

std::string variable(const char* name) { return environment(name).value_or(""); }

}  // namespace

ExitCode exit_code_of(const Error& error, const Connection* connection) {
  if (connection == nullptr && error.code == ErrorCode::InvalidArgument) return kExitUsage;
  if (connection == nullptr || connection->is_lost()) {
    if (error.code == ErrorCode::IoError || error.code == ErrorCode::FileLocked) return kExitConnection;
  }
  switch (error.code) {
    case ErrorCode::DatabaseNotFound:
    case ErrorCode::NoSuchDatabase:
    case ErrorCode::GraphNotFound:
    case ErrorCode::FileNotFound:
    case ErrorCode::EntityNotFound: return kExitNotFound;
    case ErrorCode::TransactionTimedOut:
    case ErrorCode::TransactionTerminated: return kExitTimeout;
    case ErrorCode::DatabaseFailed:
    case ErrorCode::Corruption:
    case ErrorCode::FormatTooNew: return kExitIntegrity;
    default: break;
  }
  if (error_kind(error.code) == ErrorKind::SecurityError) return kExitForbidden;
  if (error_kind(error.code) == ErrorKind::ConstraintVerificationFailed) return kExitConstraint;
  return kExitFailed;
}

void print_error(const Error& error) {
  const bool color = isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  fmt::print(stderr, "{}error:{} {} ({})\n", color ? "\033[1;31m" : "", color ? "\033[0m" : "", error.message,
             error_name(error.code));
}

std::optional<std::string> environment(const std::string& name) {
  if (const char* value = std::getenv(name.c_str()); value != nullptr && value[0] != '\0') return std::string(value);
  const char* file = std::getenv((name + "_FILE").c_str());
  if (file == nullptr || file[0] == '\0') return std::nullopt;
  auto secret = read_secret(file);
  if (!secret) return std::nullopt;
  return std::move(*secret);
}

Result<std::string> read_secret(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) return Error{ErrorCode::FileNotFound, "cannot read '" + path + "'"};
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string config_directory() { return xdg_directory("XDG_CONFIG_HOME", "/.config"); }
std::string state_directory() { return xdg_directory("XDG_STATE_HOME", "/.local/state"); }

bool make_private_directory(const std::string& path) {
  for (std::size_t end = 1; end <= path.size(); ++end) {
    if (end == path.size() || path[end] == '/') mkdir(path.substr(0, end).c_str(), 0700);
  }
  return access(path.c_str(), W_OK) == 0;
}

Config Config::load() {
  Config config;
  config.path_ = config_directory() + "/nexus.conf";
  std::ifstream file(config.path_);
  std::string target;
  for (std::string line; std::getline(file, line);) {
    line = trim(line);
    if (line.empty() || line[0] == '#') continue;
    if (line.front() == '[' && line.back() == ']') {
      target = line.substr(1, line.size() - 2);
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string key = trim(line.substr(0, equals));
    std::string value = trim(line.substr(equals + 1));
    if (target.empty()) config.values_[key] = std::move(value);
    else if (key == "database") config.databases_[target] = std::move(value);
  }
  return config;
}

std::string Config::value(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? "" : found->second;
}

std::string Config::database_for(const std::string& target) const {
  const auto found = databases_.find(target);
  return found == databases_.end() ? value("database") : found->second;
}

Result<> Config::set_database(const std::string& target, const std::string& database) {
  databases_[target] = database;
  if (database.empty()) databases_.erase(target);
  std::string text;
  for (const auto& [key, value] : values_) text += key + " = " + value + "\n";
  for (const auto& [name, chosen] : databases_) text += "\n[" + name + "]\ndatabase = " + chosen + "\n";
  make_private_directory(config_directory());
  const std::string temporary = path_ + ".new";
  std::ofstream file(temporary);
  file << text;
  file.close();
  if (!file || std::rename(temporary.c_str(), path_.c_str()) != 0) {
    return Error{ErrorCode::IoError, "cannot write '" + path_ + "'"};
  }
  return Done{};
}

void add_format(CLI::App& command, std::string& format) {
  command.add_option("-f,--format", format, format_help())->type_name("FORMAT")->check(CLI::IsMember(format_names()));
}

// The names of types say in --help what is meant; completion offers files, folders and databases by them.
void TargetFlags::add_to(CLI::App& command) {
  auto* data_flag =
      command.add_option("--data", data, "Data directory to open in this process [NEXUS_DATA]")->type_name("DIR");
  command.add_option("-a,--uri", uri, "Server to talk to, http://host:port or https://host:port [NEXUS_URI]")
      ->type_name("URI")
      ->excludes(data_flag);
  command.add_option("-d,--database", database, "Database [NEXUS_DATABASE]")->type_name("DATABASE");
  command.add_option("-u,--user", user, "User [NEXUS_USER]")->type_name("USER");
  command
      .add_option("--password-file", password_file,
                  "File whose first line is the password [NEXUS_PASSWORD, NEXUS_PASSWORD_FILE]")
      ->type_name("FILE");
  auto* ca_flag =
      command.add_option("--tls-ca", tls_ca, "Certificate that vouches for an https server, beside the system's [NEXUS_TLS_CA]")
          ->type_name("FILE");
  command.add_flag("--tls-unchecked", tls_unchecked, "Take any certificate of an https server: encrypted, but by whom?")
      ->excludes(ca_flag);
}

Result<Target> resolve(const TargetFlags& flags, const Config& config) {
  Target target;
  const std::string from_environment = variable("NEXUS_DATA");
  // One level decides between a directory and a server: a flag --uri beats NEXUS_DATA.
  if (!flags.data.empty() || !flags.uri.empty()) {
    target.data = flags.data;
    target.uri = flags.uri;
  } else if (!from_environment.empty() || environment("NEXUS_URI")) {
    target.data = from_environment;
    target.uri = from_environment.empty() ? variable("NEXUS_URI") : "";
  } else {
    target.data = config.value("data");
    target.uri = target.data.empty() ? first_of({config.value("uri"), kDefaultUri}) : "";
  }
  target.user = first_of({flags.user, variable("NEXUS_USER"), config.value("user"), "nexus"});
  target.password = variable("NEXUS_PASSWORD");
  if (!flags.password_file.empty()) {
    NX_TRY(target.password, read_secret(flags.password_file));
  }
  target.tls_ca = first_of({flags.tls_ca, variable("NEXUS_TLS_CA"), config.value("tls_ca")});
  target.tls_unchecked = flags.tls_unchecked;
  target.database = first_of({flags.database, variable("NEXUS_DATABASE"), config.database_for(target_key(target))});
  return target;
}

std::string target_key(const Target& target) {
  if (target.data.empty()) return target.uri;
  char resolved[PATH_MAX];
  return realpath(target.data.c_str(), resolved) != nullptr ? std::string(resolved) : target.data;
}

std::unique_ptr<Connection> connect_or_explain(const TargetFlags& flags, int& code) {
  auto target = resolve(flags, Config::load());
  if (!target) {
    print_error(target.error());
    code = kExitUsage;
    return nullptr;
  }
  auto connection = connect(*target);
  if (!connection) {
    print_error(connection.error());
    code = exit_code_of(connection.error(), nullptr);
    return nullptr;
  }
  return std::move(*connection);
}

}  // namespace nexus::host
