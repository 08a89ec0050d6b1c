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

TEST_F(CompletionTest, IdsAndNamesComeFromTheCoordinatorAndNothingWithoutOne) {
  *service_.list_reply.add_sweeps() = sample_sweep("running", 1, 0, 1, 0);
  *service_.list_reply.add_sweeps() = sample_sweep("finished", 1, 0, 1, 0);
  service_.list_reply.mutable_sweeps(1)->set_sweep_id(2);
  *service_.get_pages[0].add_trials() = sample_trial(17, "running", {});
  for (const char* id : {"node1-0123abcd", "gpu-1-0123abcd", "gpu-1-4567ef01"}) {
    service_.workers_reply.add_workers()->mutable_worker()->set_worker_id(id);
  }
  service_.workers_reply.add_workers()->mutable_worker()->set_worker_id("$(rm -rf x)");
  EXPECT_EQ(run({"complete", "sweeps"}).out, "3\nsmoke\n2\n") << "newest first, each once";
  EXPECT_EQ(run({"complete", "trials"}).out, "17\n");
  EXPECT_EQ(service_.gets.back().sweep().sweep_id(), 3);
  EXPECT_EQ(run({"complete", "workers"}).out, "gpu-1\ngpu-1-0123abcd\ngpu-1-4567ef01\nnode1\n")
      << "names, ids where those are not enough; what a shell would expand is left out";
  service_.failing = Status(StatusCode::kPermissionDenied, "no");
  const Outcome refused = run({"complete", "sweeps"});
  EXPECT_EQ(refused.out + refused.err, "");
  EXPECT_EQ(refused.code, 0);
  environment_["OODML_COORDINATOR"] = dead_address();
  const Outcome nobody = run({"complete", "workers"});
  EXPECT_EQ(nobody.out + nobody.err, "");
  EXPECT_EQ(run({"--help"}).out.find("complete "), std::string::npos) << "it is for scripts";
}

TEST_F(CompletionTest, BashOffersWhatTheProgramLists) {
  const std::string script = write("ids.bash", run({"completion", "bash"}).out + R"(
fake() { case "$*" in
  "complete sweeps") echo 3; echo smoke;;
  "complete trials") echo 17;;
  "complete workers") echo gpu-1;;
  "--coordinator gpu1:7070 complete sweeps") echo 8;;
esac; }
try() { COMP_WORDS=(fake "$@"); COMP_CWORD=$#; COMPREPLY=(); _oodml; echo "${COMPREPLY[*]}"; }
[[ $(try show sm) == smoke ]] || exit 11
[[ $(try show trial '') == *17* ]] || exit 12
[[ $(try history '') == 17 ]] || exit 13
[[ $(try pause smoke --trial '') == *17* ]] || exit 14
[[ $(try watch --coordinator gpu1 : 7070 '') == 8 ]] || exit 15
[[ $(try show --yam) == --yaml ]] || exit 16
[[ $(try workers '') == 'cordon drain uncordon' ]] || exit 17
[[ $(try workers drain '') == gpu-1 ]] || exit 18
)");
  EXPECT_EQ(std::system(("bash " + script).c_str()), 0);
}

}  // namespace
}  // namespace oodml::cli
