// nexus: one program, a command for each task.
#include <langinfo.h>

#include <clocale>
#include <csignal>
#include <string_view>

#include "host-native/cli/program.h"

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  // Text is UTF-8 whatever the machine says; a terminal that cannot show it is rarer than a missing setting.
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
  std::signal(SIGPIPE, SIG_IGN);
  return nexus::host::Program().run(argc, argv);
}
