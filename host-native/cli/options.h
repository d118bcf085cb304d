// What every command needs to know: where to connect, and how an outcome becomes an exit code.
//
// A setting comes from the flag, else the environment, else the configuration file, else the
// default. The file is $XDG_CONFIG_HOME/nexus/nexus.conf: `key = value` lines (uri, data, user, tls_ca)
// and, behind a line `[target]`, the database chosen for it by `nexus db switch`.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "host-native/cli/connection.h"

namespace CLI {
class App;
}

namespace nexus::host {

enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,
  kExitUsage = 2,
  kExitConnection = 3,
  kExitForbidden = 4,
  kExitNotFound = 5,
  kExitTimeout = 6,
  kExitConstraint = 7,
  kExitIntegrity = 8,
  kExitInterrupted = 130,
};

ExitCode exit_code_of(const Error& error, const Connection* connection);
// "error: message" and its code, on stderr.
void print_error(const Error& error);

// $NAME, or the first line of the file that $NAME_FILE names.
std::optional<std::string> environment(const std::string& name);
// The first line of a file; for passwords.
Result<std::string> read_secret(const std::string& path);
// XDG directories of this user, "/nexus" included; the directory may not exist.
std::string config_directory();
std::string state_directory();
// Creates the directory, for its owner alone.
bool make_private_directory(const std::string& path);

class Config {
 public:
  static Config load();
  std::string value(const std::string& key) const;
  std::string database_for(const std::string& target) const;
  Result<> set_database(const std::string& target, const std::string& database);

 private:
  std::string path_;
  std::map<std::string, std::string> values_;     // Of the lines before the first [target].
  std::map<std::string, std::string> databases_;  // By target.
};

// -f,--format, one of format_names().
void add_format(CLI::App& command, std::string& format);

// The flags that say where to connect; one for each command that has them.
struct TargetFlags {
  std::string data;
  std::string uri;
  std::string database;
  std::string user;
  std::string password;
  std::string password_file;
  std::string tls_ca;
  bool tls_unchecked = false;
  void add_to(CLI::App& command);
};

// Flag > environment > configuration > default.
Result<Target> resolve(const TargetFlags& flags, const Config& config);
// The name under which the configuration knows a target.
std::string target_key(const Target& target);
// resolve() and connect(), with an error on stderr and `code` set when it fails.
std::unique_ptr<Connection> connect_or_explain(const TargetFlags& flags, int& code);

}  // namespace nexus::host
