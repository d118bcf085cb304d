#include "host-native/cli/manual.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "host-native/cli/word_completion.h"
#include "host-native/shell/commands.h"

namespace nexus::host {
namespace {

struct Prose {
  std::string_view command;
  std::string_view text;  // Paragraphs, an empty line between them.
};

constexpr Prose kProse[] = {
    {"nexus",
     "Nexus keeps many isolated graph databases in one instance and answers Cypher. An instance is a data directory. "
     "It is served over HTTP by nexus serve, or opened by a command itself with --data; one process at a time has it "
     "open.\n\n"
     "A setting comes from the option, else from the environment, else from the configuration file, else it is the "
     "default. Data goes to standard output, everything else to standard error."},
    {"serve",
     "Opens a data directory, creates it when it is missing, and answers REST requests until SIGTERM or SIGINT. Without "
     "authentication only this machine is listened to. --bolt-port adds Bolt, the protocol of Neo4j's drivers.\n\n"
     "With --auth the users of the instance log in, and may do what their roles allow. The first one is made while no "
     "server has the directory open: nexus query --data DIR -d system 'CREATE USER …'. --auth-user also lets in one that "
     "is no user of the instance and may do everything."},
    {"shell",
     "Reads statements and runs them. A statement ends with ';' and may span lines; ended by \\G its rows stand below "
     "each other. A line that begins with ':' is a command of the shell. At a terminal lines can be edited, Ctrl-R "
     "searches the history, and Tab completes keywords, names that are in the database, files and commands. Results "
     "that are longer than the screen go through a pager.\n\n"
     "When standard input is no terminal, the statements of it are run and the first failure ends the script."},
    {"query", "Runs one statement, prints its rows and leaves."},
    {"db",
     "Short names for the statements about databases. A database that is labelled 'production' is only stopped, "
     "dropped, replaced or renamed when its name is confirmed."},
    {"import",
     "Reads files and makes nodes and relationships of their records, a transaction for each batch. Records that "
     "cannot be imported are reported; the others are there."},
    {"completion",
     "Prints a script for a command shell. With it, Tab completes commands, options, their values, files and the names "
     "of databases, for which the server or the directory is asked. For this session:\n\n"
     "bash: source <(nexus completion bash)\n\n"
     "zsh: source <(nexus completion zsh)\n\n"
     "fish: nexus completion fish | source"},
    {"manual", "Prints the manual page of nexus or of one of its commands, or writes all of them into a directory."},
};

struct Line {
  std::string_view head;
  std::string_view text;
};

constexpr Line kEnvironment[] = {
    {"NEXUS_URI", "Server to talk to."},
    {"NEXUS_DATA", "Data directory to open; it wins over NEXUS_URI."},
    {"NEXUS_DATABASE", "Database."},
    {"NEXUS_USER, NEXUS_PASSWORD", "Who asks."},
    {"NEXUS_TLS_CA", "A file with the certificate that vouches for an https server."},
    {"NEXUS_URI_FILE, NEXUS_PASSWORD_FILE, …", "A file whose first line is the value of the variable without _FILE."},
};
constexpr Line kServeEnvironment[] = {
    {"NEXUS_DATA", "Data directory."},
    {"NEXUS_AUTH", "users for --auth, user/password for --auth-user, or none."},
    {"NEXUS_TLS_CERT, NEXUS_TLS_KEY", "Files with the certificate and the private key of the server."},
};
constexpr Line kShellEnvironment[] = {
    {"NEXUS_PAGER, PAGER", "What shows long results; less by default. Empty or cat: nothing does."},
    {"NO_COLOR", "When set, errors have no color."},
};
constexpr Line kFiles[] = {
    {"$XDG_CONFIG_HOME/nexus/nexus.conf",
     "Lines key = value for uri, data, user and tls_ca; and, behind a line [target], the database that nexus db switch chose for "
     "it. ~/.config by default."},
    {"$XDG_STATE_HOME/nexus/history", "What was typed in the shell. ~/.local/state by default."},
};
constexpr Line kStatus[] = {
    {"0", "It worked."},
    {"1", "The statement failed."},
    {"2", "The command line is wrong."},
    {"3", "No connection."},
    {"4", "Not allowed."},
    {"5", "Not found."},
    {"6", "Timed out."},
    {"7", "A constraint is violated."},
    {"8", "Data is damaged, or a database cannot be opened."},
    {"130", "Interrupted."},
};

// Text as troff shows it unchanged.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      case '"': out += "\\(dq"; break;
      default: out += c;
    }
  }
  if (out.starts_with('.')) out.insert(0, "\\&");
  return out;
}

class Page {
 public:
  explicit Page(const std::string& name) {
    std::string upper = name;
    for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    text_ = fmt::format(".TH \"{}\" 1 \"\" \"Nexus " NEXUS_VERSION "\" \"User Commands\"\n", escaped(upper));
  }

  void section(std::string_view title) { text_ += fmt::format(".SH {}\n", escaped(title)); }
  void subsection(std::string_view title) { text_ += fmt::format(".SS {}\n", escaped(title)); }
  void line(std::string_view text) { text_ += escaped(text) + "\n"; }
  void raw(std::string_view text) { text_ += text; }
  void paragraphs(std::string_view text) {
    bool is_first = true;
    while (!text.empty()) {
      const auto end = text.find("\n\n");
      if (!is_first) text_ += ".PP\n";
      line(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
      is_first = false;
    }
  }
  // `head` is troff already.
  void item(std::string_view head, std::string_view text) { text_ += fmt::format(".TP\n{}\n{}\n", head, escaped(text)); }
  void literal(std::string_view text) {
    text_ += ".nf\n";
    while (!text.empty()) {
      const auto end = text.find('\n');
      line(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    text_ += ".fi\n";
  }
  template <class Lines>
  void table(std::string_view title, const Lines& lines) {
    section(title);
    for (const auto& line : lines) item(bold(line.head), line.text);
  }
  static std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
  static std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

bool is_shown(const CLI::Option* option) { return !option->get_group().empty(); }

std::vector<const CLI::App*> subcommands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); });
}

std::string positional_usage(const CLI::Option& option) {
  const std::string name = Page::italic(option.get_name(true));
  return option.get_required() ? name : "[" + name + "]";
}

// "nexus db create [options] name"
std::string synopsis(const CLI::App& app) {
  std::string path = app.get_name();
  for (const CLI::App* up = app.get_parent(); up != nullptr; up = up->get_parent()) path = up->get_name() + " " + path;
  std::string text = Page::bold(path) + " [" + Page::italic("options") + "]";
  if (!subcommands(app).empty()) return text + " " + Page::italic("command") + " …";
  for (const CLI::Option* option : app.get_options()) {
    if (is_shown(option) && option->get_positional()) text += " " + positional_usage(*option);
  }
  return text;
}

std::string option_head(const CLI::Option& option) {
  std::string head;
  const auto add = [&](const std::string& name) { head += (head.empty() ? "" : ", ") + Page::bold(name); };
  if (!option.nonpositional()) return Page::italic(option.get_name(true));
  for (const auto& name : option.get_snames()) add("-" + name);
  for (const auto& name : option.get_lnames()) add("--" + name);
  const OptionValue value = value_of(option);
  return value.kind == OptionValue::Kind::None ? head : head + " " + Page::italic(value.name);
}

std::string option_text(const CLI::Option& option) {
  std::string text = option.get_description();
  const auto names = [](const std::set<CLI::Option*>& options) {
    std::string list;
    for (const CLI::Option* other : options) list += (list.empty() ? "" : ", ") + other->get_name();
    return list;
  };
  if (!option.get_default_str().empty()) text += "; " + option.get_default_str() + " by default";
  if (!option.get_needs().empty()) text += "; only with " + names(option.get_needs());
  if (!option.get_excludes().empty()) text += "; not with " + names(option.get_excludes());
  return text.ends_with('.') ? text : text + ".";
}

using Names = std::set<std::string>;

// Positionals first. Without those that are explained elsewhere.
void add_options(Page& page, const CLI::App& app, const Names& elsewhere = {}) {
  for (const bool positional : {true, false}) {
    for (const CLI::Option* option : app.get_options()) {
      if (!is_shown(option) || option->nonpositional() == positional) continue;
      if (elsewhere.count(option->get_name(false, true)) == 0) page.item(option_head(*option), option_text(*option));
    }
  }
}

// What all of them have is explained once.
Names common_options(const std::vector<const CLI::App*>& apps) {
  std::map<std::string, std::size_t> counts;
  for (const CLI::App* app : apps) {
    for (const CLI::Option* option : app->get_options()) counts[option->get_name(false, true)] += option->nonpositional();
  }
  Names names;
  for (const auto& [name, count] : counts) {
    if (count == apps.size()) names.insert(name);
  }
  return names;
}

void add_common_options(Page& page, const std::vector<const CLI::App*>& subs, const Names& common, const Names& of_app) {
  page.subsection("Options of each command");
  for (const CLI::Option* option : subs[0]->get_options()) {
    const std::string name = option->get_name(false, true);
    if (common.count(name) != 0 && of_app.count(name) == 0) page.item(option_head(*option), option_text(*option));
  }
}

void add_subcommands(Page& page, const CLI::App& app) {
  const auto subs = subcommands(app);
  if (subs.empty()) return;
  const bool have_pages = app.get_parent() == nullptr;
  const Names common = common_options(subs);
  if (!have_pages) add_common_options(page, subs, common, common_options({&app}));
  page.section("COMMANDS");
  for (const CLI::App* sub : subs) {
    if (have_pages) {
      page.item(Page::bold(sub->get_name()), sub->get_description() + "; see " + page_name(*sub) + "(1).");
      continue;
    }
    page.subsection(app.get_name() + " " + sub->get_name());
    page.line(sub->get_description() + ".");
    page.raw(".PP\n" + synopsis(*sub) + "\n");
    add_options(page, *sub, common);
  }
}

void add_shell_commands(Page& page) {
  page.section("COMMANDS OF THE SHELL");
  for (const auto& command : shell_commands()) {
    std::string head = Page::bold(":" + std::string(command.name));
    if (!command.argument.empty()) head += " " + Page::italic(command.argument);
    page.item(head, std::string(command.help) + ".");
  }
  page.section("SETTINGS");
  for (const auto& setting : shell_settings()) {
    page.item(Page::bold(":set " + std::string(setting.name)) + " " + Page::italic(setting.values),
              std::string(setting.help) + ".");
  }
}

void add_examples(Page& page, std::string text) {
  if (text.empty()) return;
  page.section("EXAMPLES");
  for (const std::string_view head : {"Examples:\n", "Example: "}) {
    if (text.starts_with(head)) text.erase(0, head.size());
  }
  page.literal(text);
}

void add_see_also(Page& page, const CLI::App& command) {
  const CLI::App& root = command.get_parent() == nullptr ? command : *command.get_parent();
  std::string text;
  for (const CLI::App* other : commands_with_pages(root)) {
    if (other == &command) continue;
    text += (text.empty() ? "" : ",\n") + Page::bold(page_name(*other)) + "(1)";
  }
  page.section("SEE ALSO");
  page.raw(text + "\n");
}

}  // namespace

std::vector<const CLI::App*> commands_with_pages(const CLI::App& root) {
  std::vector<const CLI::App*> commands = subcommands(root);
  commands.insert(commands.begin(), &root);
  return commands;
}

std::string page_name(const CLI::App& command) {
  return command.get_parent() == nullptr ? command.get_name() : command.get_parent()->get_name() + "-" + command.get_name();
}

std::string manual_page(const CLI::App& command) {
  const std::string name = page_name(command);
  const bool is_serve = command.get_name() == "serve";
  const bool talks = command.get_name() != "completion" && command.get_name() != "manual";
  Page page(name);
  page.section("NAME");
  page.raw(escaped(name) + " \\- " + escaped(command.get_description()) + "\n");
  page.section("SYNOPSIS");
  page.raw(synopsis(command) + "\n");
  page.section("DESCRIPTION");
  const auto prose = std::find_if(std::begin(kProse), std::end(kProse), [&](const Prose& p) { return p.command == command.get_name(); });
  page.paragraphs(prose != std::end(kProse) ? prose->text : std::string_view(command.get_description()));
  page.section("OPTIONS");
  add_options(page, command);
  add_subcommands(page, command);
  if (command.get_name() == "shell") add_shell_commands(page);
  if (is_serve) page.table("ENVIRONMENT", kServeEnvironment);
  else if (talks) page.table("ENVIRONMENT", kEnvironment);
  if (command.get_name() == "shell") {
    for (const auto& line : kShellEnvironment) page.item(Page::bold(line.head), line.text);
  }
  if (talks && !is_serve) page.table("FILES", kFiles);
  page.table("EXIT STATUS", kStatus);
  add_examples(page, command.get_footer());
  add_see_also(page, command);
  return page.take();
}

}  // namespace nexus::host
