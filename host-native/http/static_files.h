// StaticFiles: the files of the graphical interface, for a browser's GET.
//
// Invariant: API paths are never answered from here, and nothing outside the folder is
// readable (PosixVfs sees to it).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "host-native/vfs/posix_vfs.h"
#include "nexus/service.h"

namespace nexus::host {

class StaticFiles {
 public:
  static Result<std::unique_ptr<StaticFiles>> open(const std::string& folder);
  // nullopt: the request is for the service.
  std::optional<service::HttpResponse> find(const service::HttpRequest& request) const;

 private:
  explicit StaticFiles(std::unique_ptr<PosixVfs> files) : files_(std::move(files)) {}
  std::unique_ptr<PosixVfs> files_;
};

}  // namespace nexus::host
