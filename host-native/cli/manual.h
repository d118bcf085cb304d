// Manual pages, made of the command line's definition, so that they say what --help says.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace nexus::host {

// The commands with a page of their own: nexus itself and what stands directly behind it.
std::vector<const CLI::App*> commands_with_pages(const CLI::App& root);
// "nexus", "nexus-db"
std::string page_name(const CLI::App& command);
// In the man(7) macros.
std::string manual_page(const CLI::App& command);

}  // namespace nexus::host
