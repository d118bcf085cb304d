#include "host-native/shell/pager.h"

#include <signal.h>

#include <clocale>
#include <cstdlib>

#include "tests/support/catch.h"

namespace nexus::host {
namespace {

TEST_CASE("rows of a screen are counted with long lines wrapped") {
  setlocale(LC_CTYPE, "C.UTF-8");
  CHECK(screen_rows("", 10) == 0);
  CHECK(screen_rows("a\nb\n", 10) == 2);
  CHECK(screen_rows("a\n\nb", 10) == 3);
  CHECK(screen_rows("0123456789\n", 10) == 1);
  CHECK(screen_rows("01234567890\n", 10) == 2);
  CHECK(screen_rows("李雷李雷李雷\n", 10) == 2);
}

TEST_CASE("the pager is the environment's; cat and nothing mean none") {
  setenv("NEXUS_PAGER", "most -s", 1);
  setenv("PAGER", "other", 1);
  CHECK(pager_command() == "most -s");
  unsetenv("NEXUS_PAGER");
  CHECK(pager_command() == "other");
  setenv("NEXUS_PAGER", "cat", 1);
  CHECK(pager_command().empty());
  setenv("NEXUS_PAGER", "", 1);
  CHECK(pager_command().empty());
  unsetenv("NEXUS_PAGER");
  unsetenv("PAGER");
}

TEST_CASE("a pager that is left early takes no more") {
  signal(SIGPIPE, SIG_IGN);  // As main() does.
  PagedOutput output("exit 0", {4, 80}, 1);
  output.write("1\n2\n3\n");
  CHECK_FALSE(output.is_paging());
  for (int i = 0; i < 100'000 && !output.was_left(); ++i) output.write("more\n");
  CHECK(output.was_left());
  output.write("ignored\n");
  output.finish();
  CHECK_FALSE(output.is_paging());
}

TEST_CASE("a pager that is not there is noticed") {
  signal(SIGPIPE, SIG_IGN);
  PagedOutput output("nexus-no-such-program 2> /dev/null", {2, 80}, 1);
  output.write("1\n2\n");
  CHECK(output.is_paging());
  output.finish();
  CHECK(output.is_missing());
}

}  // namespace
}  // namespace nexus::host
