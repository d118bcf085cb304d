// `nexus serve`: the instance of a data directory behind HTTP, until SIGTERM or SIGINT.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <thread>

#include "host-native/bolt/bolt_server.h"
#include "host-native/cli/commands.h"
#include "host-native/cli/options.h"
#include "host-native/components.h"
#include "host-native/http/server.h"
#include "host-native/http/static_files.h"
#include "host-native/net/tls.h"
#include "host-native/password_hasher.h"
#include "host-native/vfs/posix_vfs.h"
#include "nexus/access.h"

namespace nexus::host {
namespace {

constexpr std::int64_t kIdleNanoseconds = std::int64_t{60} * 1'000'000'000;

struct ServeFlags {
  std::string data;
  std::string gui;
  std::string import_directory;
  ServerSettings server;
  std::optional<std::uint16_t> bolt_port;
  std::size_t threads = 0;
  bool authentication = false;
  std::string user;
  std::string password_file;
  std::string log_format = "text";
  std::string log_level = "info";
  std::vector<std::string> allowed_hosts;
  TlsSettings tls;
  std::uint64_t query_timeout_ms = 0;
  std::uint64_t stop_grace_ms = 10'000;
};

Error usage(std::string message) { return Error{ErrorCode::InvalidArgument, std::move(message)}; }

// The account of the flags, else of NEXUS_AUTH ("user/password"; "users" or "none" is no account); no name: none.
Result<service::ServiceSettings::Account> configured_account(const ServeFlags& flags) {
  service::ServiceSettings::Account account;
  const std::string both = environment("NEXUS_AUTH").value_or("none");
  if (!flags.user.empty() || !flags.password_file.empty()) {
    if (flags.user.empty() || flags.password_file.empty()) return usage("--auth-user and --auth-password-file belong together");
    account.user = flags.user;
    NX_TRY(account.password, read_secret(flags.password_file));
  } else if (both != "none" && both != "users") {
    const auto slash = both.find('/');
    if (slash == 0 || slash == std::string::npos) return usage("NEXUS_AUTH is not user/password, users or none");
    account = {both.substr(0, slash), both.substr(slash + 1)};
  }
  if (!account.user.empty() && account.password.size() < 8) return usage("the password is shorter than 8 characters");
  return account;
}

// With authentication the instance's users may log in, and the account, which may do everything.
Result<service::ServiceSettings> service_settings(const ServeFlags& flags) {
  service::ServiceSettings settings;
  settings.allowed_hosts = flags.allowed_hosts;
  settings.body_bytes_max = flags.server.body_bytes_max;
  NX_TRY(service::ServiceSettings::Account account, configured_account(flags));
  const bool has_account = !account.user.empty();
  settings.authentication = flags.authentication || has_account || environment("NEXUS_AUTH") == "users";
  if (has_account) settings.accounts.push_back(std::move(account));
  if (settings.authentication || is_loopback(flags.server.address)) return settings;
  return usage("to listen on " + flags.server.address + ", which others can reach, authentication is needed: "
               "--auth, or --auth-user and --auth-password-file, or NEXUS_AUTH=users or NEXUS_AUTH=user/password");
}

// The certificate that the flags or the environment name; null: there is none. Others than this machine are served
// in plaintext only where that was said.
Result<std::unique_ptr<Tls>> load_tls(ServeFlags& flags) {
  TlsSettings& settings = flags.tls;
  if (settings.certificate_file.empty()) settings.certificate_file = environment("NEXUS_TLS_CERT").value_or("");
  if (settings.key_file.empty()) settings.key_file = environment("NEXUS_TLS_KEY").value_or("");
  if (settings.certificate_file.empty() != settings.key_file.empty()) return usage("--tls-cert and --tls-key belong together");
  if (!settings.certificate_file.empty()) return Tls::load(settings);
  if (!settings.client_ca_file.empty()) return usage("--tls-client-ca needs --tls-cert and --tls-key");
  if (is_loopback(flags.server.address) || settings.allow_plaintext) return std::unique_ptr<Tls>();
  return usage("to listen on " + flags.server.address + ", which others can reach, encryption is needed: --tls-cert and --tls-key; "
               "or --allow-plaintext where the network itself is private, or a TLS proxy is in front");
}

// A Bolt listener where --bolt-port asks for one; the same address as HTTP and the same accounts.
Result<std::unique_ptr<BoltServer>> listen_for_bolt(const ServeFlags& flags, Log& log) {
  if (!flags.bolt_port) return std::unique_ptr<BoltServer>();
  BoltServerSettings settings;
  settings.address = flags.server.address;
  settings.port = *flags.bolt_port;
  settings.workers = flags.server.workers;
  settings.connections_max = flags.server.connections_max;
  settings.allowed_hosts = flags.allowed_hosts;
  settings.tls = flags.server.tls;
  return BoltServer::listen(log, settings);
}

service::BoltSettings bolt_settings(const service::ServiceSettings& service, const std::string& address) {
  service::BoltSettings settings;
  settings.authentication = service.authentication;
  settings.anonymous_user = service.anonymous_user;
  settings.accounts = service.accounts;
  settings.advertised_address = address;
  return settings;
}

// Says what is wrong with the encryption, and takes new files upon SIGHUP. `tls` may be null and outlives the server.
void watch_certificate(Tls* tls, ServerSettings& server, Log& log) {
  const bool is_plain = tls == nullptr || tls->allows_plaintext();
  if (is_plain && !is_loopback(server.address)) log.write(LogLevel::Warning, "connections may be unencrypted, passwords included");
  if (tls == nullptr) return;
  if (const auto warning = tls->warning(); !warning.empty()) log.write(LogLevel::Warning, warning);
  server.on_hangup = [tls, &log] {
    const auto reloaded = tls->reload();
    if (!reloaded) return log.write(LogLevel::Error, reloaded.error().message + "; the certificate from before stays");
    log.write(LogLevel::Info, "new connections get the certificate that was read just now");
    if (const auto warning = tls->warning(); !warning.empty()) log.write(LogLevel::Warning, warning);
  };
}

// Says what is wrong with who is let in.
void warn_about_logins(Instance& instance, const service::ServiceSettings& settings, Log& log) {
  if (!settings.authentication) {
    return log.write(LogLevel::Warning, "authentication is off: every program on this machine may read and write");
  }
  if (!settings.accounts.empty()) return;
  const auto session = instance.open_session(Identity{settings.anonymous_user}, "system");
  const auto users = session ? query(**session, "SHOW USERS YIELD user LIMIT 1") : Result<Table>(session.error());
  if (!users) return log.write(LogLevel::Warning, "the users cannot be read: " + users.error().message);
  if (!users->rows.empty()) return;
  log.write(LogLevel::Warning, "nobody can log in, as there are no users and no --auth-user: stop the server and create one with "
                               "nexus query --data DIR -d system \"CREATE USER … SET PASSWORD … CHANGE NOT REQUIRED\"");
}

// A folder that LOAD CSV reads; null: none was named.
Result<std::unique_ptr<PosixVfs>> open_imports(const std::string& directory) {
  if (directory.empty()) return std::unique_ptr<PosixVfs>();
  return PosixVfs::open_root(directory);
}

int fail(const Error& error, ExitCode code) {
  print_error(error);
  return code;
}

int serve(ServeFlags flags) {
  auto settings = service_settings(flags);
  if (!settings) return fail(settings.error(), kExitUsage);
  const auto tls = load_tls(flags);
  if (!tls) return fail(tls.error(), kExitUsage);
  flags.server.tls = tls->get();
  umask(077);
  if (flags.data.empty()) flags.data = environment("NEXUS_DATA").value_or("./nexus-data");
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  flags.server.threads = flags.threads > 0 ? flags.threads : cores;
  // More workers than cores: a commit that waits for the disk leaves its core to others.
  flags.server.workers = std::max<std::size_t>(16, 8 * cores);
  SpdlogLog log(flags.log_format == "json" ? LogFormat::Json : LogFormat::Text,
                flags.log_level == "debug" ? LogLevel::Debug : flags.log_level == "warning" ? LogLevel::Warning : LogLevel::Info);
  SystemClock clock;
  OsRandom random;
  ThreadPoolScheduler scheduler(std::max<std::size_t>(2, cores));
  auto vfs = PosixVfs::open_root(flags.data);
  if (!vfs) return fail(vfs.error(), kExitFailed);
  auto bolt = listen_for_bolt(flags, log);
  if (!bolt) return fail(bolt.error(), kExitConnection);
  InstanceSettings instance_settings;
  if (*bolt) instance_settings.address = (*bolt)->address();
  instance_settings.query_timeout_ms = flags.query_timeout_ms;
  instance_settings.stop_grace_ms = flags.stop_grace_ms;
  const auto import_files = open_imports(flags.import_directory);
  if (!import_files) return fail(import_files.error(), kExitNotFound);
  ScryptHasher passwords(random);
  auto instance = Instance::open(instance_settings, {**vfs, clock, random, scheduler, log, import_files->get(), &passwords, &make_access_control});
  if (!instance) return fail(instance.error(), exit_code_of(instance.error(), nullptr));
  if (*bolt) settings->bolt_address = instance_settings.address;
  const auto service = service::HttpService::create(**instance, clock, random, *settings);
  std::unique_ptr<StaticFiles> files;
  if (!flags.gui.empty()) {
    auto opened = StaticFiles::open(flags.gui);
    if (!opened) return fail(opened.error(), kExitNotFound);
    files = std::move(*opened);
    flags.server.files = files.get();
  }
  const auto bolt_service =
      service::BoltService::create(**instance, clock, log, bolt_settings(*settings, instance_settings.address));
  if (*bolt) {
    flags.server.bolt = bolt->get();
    flags.server.on_drain = [&bolt] { (*bolt)->drain(); };
    flags.server.is_drained = [&bolt] { return (*bolt)->is_drained(); };
  }
  watch_certificate(tls->get(), flags.server, log);
  auto server = HttpServer::listen(*service, log, flags.server);
  if (!server) return fail(server.error(), kExitConnection);
  warn_about_logins(**instance, *settings, log);
  fmt::print("nexus " NEXUS_VERSION " serves {} at {}\n", flags.data, (*server)->url());
  if (*bolt) fmt::print("nexus speaks Bolt at {}://{}\n", *tls ? "bolt+s" : "bolt", (*bolt)->address());
  std::fflush(stdout);
  if (*bolt) (*bolt)->start(*bolt_service);
  (*server)->run([&instance] { (*instance)->unload_idle(kIdleNanoseconds); });
  const auto closed = (*instance)->close();
  if (*bolt) {  // WebSockets of the HTTP port live on its threads.
    (*bolt)->close();
    (*server)->finish([&bolt] { return (*bolt)->is_drained(); });
  }
  server->reset();
  bolt->reset();
  if (!closed) return fail(closed.error(), kExitFailed);
  log.write(LogLevel::Info, "stopped");
  return kExitOk;
}

}  // namespace

Command add_serve(CLI::App& command) {
  auto flags = std::make_shared<ServeFlags>();
  command.add_option("--data", flags->data, "Data directory [NEXUS_DATA], ./nexus-data by default")->type_name("DIR");
  command.add_option("--listen", flags->server.address, "IP address; others than loopback need authentication")->capture_default_str();
  command.add_option("--port", flags->server.port, "Port; 0 picks a free one")->capture_default_str();
  command.add_option("--bolt-port", flags->bolt_port, "Port for Bolt, 7687 by custom; 0 picks a free one; without it there is no Bolt");
  command.add_option("--gui", flags->gui, "Folder with the files of the graphical interface")->check(CLI::ExistingDirectory);
  command.add_option("--import-dir", flags->import_directory, "Folder that LOAD CSV may read; none by default")
      ->check(CLI::ExistingDirectory);
  command
      .add_option("--tls-cert", flags->tls.certificate_file,
                  "Certificate, and those up to its root, in PEM: TLS on both ports; SIGHUP reads it again [NEXUS_TLS_CERT]")
      ->type_name("FILE");
  command.add_option("--tls-key", flags->tls.key_file, "Private key of the certificate, in PEM [NEXUS_TLS_KEY]")->type_name("FILE");
  command.add_option("--tls-client-ca", flags->tls.client_ca_file, "Clients must show a certificate that this one signed")->type_name("FILE");
  command.add_flag("--allow-plaintext", flags->tls.allow_plaintext,
                   "Unencrypted connections, too: beside TLS, or for others than this machine");
  command.add_option("--threads", flags->threads, "Network threads; one for each core by default");
  command.add_flag("--auth", flags->authentication, "Whoever asks must log in as a user of the instance [NEXUS_AUTH=users]");
  command.add_option("--auth-user", flags->user,
                     "As --auth, and this user may log in, too, and do everything [NEXUS_AUTH=user/password]");
  command.add_option("--auth-password-file", flags->password_file, "File whose first line is the password of --auth-user")->type_name("FILE");
  command.add_option("--allowed-host", flags->allowed_hosts, "Host name accepted besides loopback names; may be repeated")->expected(1)->take_all();
  command.add_option("--query-timeout-ms", flags->query_timeout_ms, "Longest run of a statement; 0 for no limit")->capture_default_str();
  command.add_option("--stop-grace-ms", flags->stop_grace_ms, "How long STOP and DROP wait for running statements")->capture_default_str();
  command.add_option("--body-bytes-max", flags->server.body_bytes_max, "Longest body of a request, dumps aside")->capture_default_str();
  command.add_option("--connections-max", flags->server.connections_max, "Open connections")->capture_default_str();
  command.add_option("--log-format", flags->log_format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command.add_option("--log-level", flags->log_level, "debug, info or warning")->check(CLI::IsMember({"debug", "info", "warning"}));
  command.footer("Example: nexus serve --data ./data --port 7474");
  return [flags] { return serve(*flags); };
}

}  // namespace nexus::host
