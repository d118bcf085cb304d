#include "host-native/http/static_files.h"

#include <array>

#include "base/crc32c.h"

namespace nexus::host {
namespace {

constexpr std::uint64_t kFileBytesMax = std::uint64_t{64} << 20;

// Why 'wasm-unsafe-eval': the interface can run the engine itself, which is WebAssembly.
constexpr std::string_view kPolicy =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'";

std::string_view media_type(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTypes = {{
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".json", "application/json"}, {".wasm", "application/wasm"}, {".svg", "image/svg+xml"},
      {".png", "image/png"}, {".ico", "image/x-icon"}, {".woff2", "font/woff2"},
      {".webmanifest", "application/manifest+json"}, {".txt", "text/plain; charset=utf-8"},
      {".csv", "text/csv; charset=utf-8"}, {".map", "application/json"}}};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool is_for_the_service(std::string_view path) {
  for (const std::string_view prefix : {"/api", "/db", "/health", "/metrics"}) {
    if (path == prefix || (path.starts_with(prefix) && path.substr(prefix.size()).starts_with('/'))) return true;
  }
  return false;
}

}  // namespace

Result<std::unique_ptr<StaticFiles>> StaticFiles::open(const std::string& folder) {
  NX_TRY(auto files, PosixVfs::open_root(folder));
  return std::unique_ptr<StaticFiles>(new StaticFiles(std::move(files)));
}

std::optional<service::HttpResponse> StaticFiles::find(const service::HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  const bool wants_page = request.header("Accept").find("text/html") != std::string_view::npos;
  if (is_for_the_service(path) || (path == "/" && !wants_page)) return std::nullopt;
  path.remove_prefix(1);
  // A page of the interface that is no file is a view: the program in index.html knows it.
  const bool is_view = path.empty() || (wants_page && path.find('.') == std::string_view::npos);
  const std::string name(is_view ? std::string_view("index.html") : path);
  if (!is_valid_path(name)) return std::nullopt;
  auto bytes = read_file(*files_, name, kFileBytesMax);
  if (!bytes) return std::nullopt;
  const std::string tag = "\"" + std::to_string(crc32c(*bytes)) + "-" + std::to_string(bytes->size()) + "\"";
  service::HttpResponse response;
  response.headers = {{"Content-Type", std::string(media_type(name))},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Content-Security-Policy", std::string(kPolicy)},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", "no-cache"},
                      {"ETag", tag}};
  if (request.header("If-None-Match") == tag) response.status = 304;
  else response.body = std::string(as_text(*bytes));
  return response;
}

}  // namespace nexus::host
