#include "coordinator/cli/output/completion.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using CompletionTest = CliTest;

TEST_F(CompletionTest, EveryShellKnowsEveryCommandAndItsFlags) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Outcome outcome = run({"completion", shell});
    EXPECT_EQ(outcome.code, 0);
    for (const char* word : {"submit", "workers", "local", "criteria"}) {
      EXPECT_NE(outcome.out.find(word), std::string::npos) << shell << " " << word;
    }
    EXPECT_NE(outcome.out.find("strict"), std::string::npos) << shell;
  }
  EXPECT_EQ(run({"completion", "tcsh"}).code, 2);
}

TEST_F(CompletionTest, BashCompletesCommandsFlagsAndWords) {
  const std::string script = write("complete.bash", run({"completion", "bash"}).out + R"(
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _oodml; echo "${COMPREPLY[*]}"; }
[[ $(try oodml subm) == submit ]] || exit 11
[[ $(try oodml results smoke --str) == --strict ]] || exit 12
[[ $(try oodml -o json components cri) == criteria ]] || exit 13
[[ $(try oodml list -o js) == json ]] || exit 14
[[ $(try oodml report study --kind few) == few-shot ]] || exit 15
cd / && [[ $(try oodml report study -o et) == etc ]] || exit 16
)");
  EXPECT_EQ(std::system(("bash " + script).c_str()), 0);
}

}  // namespace
}  // namespace oodml::cli
