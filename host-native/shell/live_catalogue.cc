#include "host-native/shell/live_catalogue.h"

#include <dirent.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

namespace nexus::host {
namespace {

using std::chrono::steady_clock;

constexpr auto kWait = std::chrono::milliseconds(500);
constexpr auto kFresh = std::chrono::seconds(5);
constexpr auto kFreshFailure = std::chrono::seconds(2);
constexpr auto kFetchMax = std::chrono::seconds(10);  // Then a fetch makes room for the next one.
constexpr auto kLeaveWait = std::chrono::seconds(1);
constexpr std::size_t kFilesMax = 5'000;

// One column of text, or of lists of it. At most 5,000 names; a schema with more is completed in part.
const char* statement_for(NameKind kind) {
  switch (kind) {
    case NameKind::Label: return "CALL db.labels() YIELD label RETURN label LIMIT 5000";
    case NameKind::RelationshipType:
      return "CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType LIMIT 5000";
    case NameKind::PropertyKey: return "CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey LIMIT 5000";
    case NameKind::Function: return "SHOW FUNCTIONS YIELD name";
    case NameKind::Procedure: return "SHOW PROCEDURES YIELD name";
    case NameKind::Database: return "SHOW DATABASES YIELD name, aliases RETURN [name] + aliases AS names LIMIT 20000";
    case NameKind::Parameter: break;
  }
  return "";
}

bool is_of_instance(NameKind kind) {
  return kind == NameKind::Function || kind == NameKind::Procedure || kind == NameKind::Database;
}

void add_texts(std::vector<std::string>& names, const Value& value) {
  if (value.is(Type::String)) names.emplace_back(value.string());
  if (!value.is(Type::List)) return;
  for (const Value& item : value.list()) add_texts(names, item);
}

}  // namespace

struct LiveCatalogue::State {
  struct Entry {
    std::vector<std::string> names;
    steady_clock::time_point fresh_until;
  };
  using Key = std::pair<std::string, NameKind>;  // Database, empty for what is of the instance.

  std::mutex mutex;
  std::condition_variable fetched;
  std::map<Key, Entry> entries;
  std::shared_ptr<Connection> running;  // Set while a fetch runs.
  steady_clock::time_point started;

  // Requires: the mutex is held and nothing runs.
  static void start(const std::shared_ptr<State>& state, std::shared_ptr<Connection> twin, const Key& key);
};

void LiveCatalogue::State::start(const std::shared_ptr<State>& state, std::shared_ptr<Connection> twin, const Key& key) {
  state->running = twin;
  state->started = steady_clock::now();
  std::thread([state, twin = std::move(twin), key]() mutable {
    const auto table = query(*twin, statement_for(key.second));
    std::vector<std::string> names;
    if (table) {
      for (const List& row : table->rows) add_texts(names, row.at(0));
    }
    const std::lock_guard lock(state->mutex);
    Entry& entry = state->entries[key];
    if (table) entry.names = std::move(names);  // After a failure what was known stays known.
    entry.fresh_until = steady_clock::now() + (table ? kFresh : kFreshFailure);
    twin.reset();
    state->running.reset();
    state->fetched.notify_all();
  }).detach();
}

LiveCatalogue::LiveCatalogue(Connection& connection, const Map& parameters)
    : connection_(connection), parameters_(parameters), state_(std::make_shared<State>()) {}

LiveCatalogue::~LiveCatalogue() {
  std::unique_lock lock(state_->mutex);
  if (state_->running == nullptr) return;
  state_->running->interrupt();
  // What does not end by then holds all that it needs.
  state_->fetched.wait_for(lock, kLeaveWait, [this] { return state_->running == nullptr; });
}

std::vector<std::string> LiveCatalogue::names(NameKind kind) {
  if (kind == NameKind::Parameter) {
    std::vector<std::string> names;
    for (const auto& parameter : parameters_) names.push_back(parameter.first);
    return names;
  }
  const std::string database = connection_.database();
  const State::Key key{is_of_instance(kind) ? "" : database, kind};
  const auto deadline = steady_clock::now() + kWait;
  std::unique_lock lock(state_->mutex);
  for (;;) {
    State::Entry& entry = state_->entries[key];
    if (steady_clock::now() < entry.fresh_until) return entry.names;
    if (state_->running == nullptr) {
      // Functions and the like do not depend on a database that may be stopped.
      auto twin = connection_.twin(is_of_instance(kind) ? "system" : database);
      if (!twin) return entry.names;
      State::start(state_, std::move(*twin), key);
    } else if (steady_clock::now() - state_->started > kFetchMax) {
      state_->running->interrupt();
    }
    if (state_->fetched.wait_until(lock, deadline, [this] { return state_->running == nullptr; })) continue;
    return state_->entries[key].names;
  }
}

std::string expand_home(const std::string& path) {
  const char* home = std::getenv("HOME");
  if (home == nullptr || !(path == "~" || path.starts_with("~/"))) return path;
  return home + path.substr(1);
}

std::vector<std::string> LiveCatalogue::files(const std::string& folder) {
  std::vector<std::string> names;
  const std::string path = folder.empty() ? "." : expand_home(folder);
  DIR* open = opendir(path.c_str());
  if (open == nullptr) return names;
  for (const dirent* entry = readdir(open); entry != nullptr && names.size() < kFilesMax; entry = readdir(open)) {
    std::string name = entry->d_name;
    if (name.starts_with('.')) continue;
    DIR* below = entry->d_type == DT_DIR || entry->d_type == DT_LNK ? opendir((path + "/" + name).c_str()) : nullptr;
    if (below != nullptr) {
      closedir(below);
      name += '/';
    }
    names.push_back(std::move(name));
  }
  closedir(open);
  return names;
}

}  // namespace nexus::host
