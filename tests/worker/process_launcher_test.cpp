#include "worker/process_launcher.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <limits>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/read_all.h"
#include "worker/stray_processes.h"

namespace oodml::worker {
namespace {

using testing::processes_with;
using testing::read_text;
using testing::TemporaryFolder;
using testing::wait_until;

/// A word for the command lines of a test's processes, so that they can be counted.
std::string unique_word() {
  static int count = 0;
  return "oodmltest" + std::to_string(::getpid()) + "x" + std::to_string(++count);
}

class ProcessLauncherTest : public ::testing::Test {
 protected:
  ProcessLauncherTest() { std::filesystem::create_directory(run_); }

  std::unique_ptr<Process> shell(const std::string& script) {
    auto process = SystemProcessLauncher().launch({.command = {"/bin/sh", "-c", script, word_},
                                                   .folder = run_,
                                                   .log = folder_ / "log.txt",
                                                   .environment = {"EXTRA=yes"}});
    EXPECT_TRUE(process.has_value()) << process.error().message();
    return std::move(*process);
  }
  bool all_gone() {
    return wait_until([&] { return processes_with(word_).empty(); }, std::chrono::seconds(20));
  }

  TemporaryFolder folder_;
  const std::filesystem::path run_ = folder_ / "run";  // of the child: what is killed by folder is below the test's own
  const std::string word_ = unique_word();
};

TEST_F(ProcessLauncherTest, DescriptorThreeIsThePipeAndOutputGoesToTheLog) {
  const auto process = shell("echo event >&3; echo out; echo err >&2; cat; exit 5");
  EXPECT_EQ(read_all(*process), "event\n");
  EXPECT_EQ(process->status(), (ExitStatus{5, 0}));
  EXPECT_EQ(read_text(folder_ / "log.txt"), "out\nerr\n") << "stdin is empty";
}

TEST_F(ProcessLauncherTest, TheChildRunsInItsFolderInAGroupOfItsOwnWithNothingElseOpen) {
  const auto process = shell("pwd >&3; ls /proc/self/fd | wc -l >&3; ps -o pgid= -p $$ | tr -d ' ' >&3");
  const std::string answer = read_all(*process);
  // 0, 1, 2, 3 and the folder that ls reads; in the pipeline stdout is one of them.
  EXPECT_EQ(answer, run_.string() + "\n5\n" + std::to_string(process->pid()) + "\n");
}

TEST_F(ProcessLauncherTest, SecretsOfTheWorkerDoNotReachTheTrial) {
  ::setenv("OODML_TOKEN", "do not tell", 1);
  ::setenv("SOME_API_KEY", "nor this", 1);
  const auto process = shell("env >&3");
  const std::string environment = read_all(*process);
  ::unsetenv("OODML_TOKEN");
  ::unsetenv("SOME_API_KEY");
  EXPECT_EQ(environment.find("do not tell"), std::string::npos);
  EXPECT_EQ(environment.find("nor this"), std::string::npos);
  EXPECT_NE(environment.find("EXTRA=yes"), std::string::npos);
  EXPECT_NE(environment.find("PATH="), std::string::npos);
}

TEST_F(ProcessLauncherTest, AVariableOfTheTrialStandsInThePlaceOfTheWorkersOwn) {
  ::setenv("EXTRA", "of the worker", 1);
  const auto process = shell("env | grep -c ^EXTRA= >&3; echo $EXTRA >&3");
  ::unsetenv("EXTRA");
  EXPECT_EQ(read_all(*process), "1\nyes\n");
}

TEST_F(ProcessLauncherTest, AProgramThatIsNotThereIsAFailureAndNoProcess) {
  const auto process = SystemProcessLauncher().launch(
      {.command = {"/no/such/program"}, .folder = folder_.path(), .log = folder_ / "log.txt", .environment = {}});
  ASSERT_FALSE(process.has_value());
  EXPECT_EQ(process.error().code(), StatusCode::kNotFound);
  EXPECT_NE(process.error().message().find("/no/such/program"), std::string::npos);
}

TEST_F(ProcessLauncherTest, TheSignalThatKilledItIsToldEvenWhenTheWorkerSentIt) {
  const auto process = shell("exec sleep 1000");
  process->send_signal(SIGTERM);
  read_all(*process);
  EXPECT_EQ(process->status(), (ExitStatus{0, SIGTERM}));
}

TEST_F(ProcessLauncherTest, AGrandchildThatHoldsThePipeNeitherKeepsTheEndBackNorStays) {
  const auto process = shell("sh -c 'trap \"\" TERM HUP; echo from the grandchild >&3; while :; do sleep 0.1; done' " +
                             word_ + " & read x < /dev/zero; exit 0");
  std::string bytes;
  ASSERT_TRUE(wait_until([&] {
    bytes += process->read(std::chrono::milliseconds(10)).bytes;
    return !bytes.empty();
  }));
  ::kill(process->pid(), SIGKILL);
  read_all(*process);
  EXPECT_TRUE(all_gone());
}

TEST_F(ProcessLauncherTest, ADescendantThatLeftTheGroupIsFoundByItsEnvironment) {
  const auto process =
      shell("setsid sh -c 'echo ready >&3; while :; do sleep 0.1; done' " + word_ + " & read x < /dev/zero");
  ASSERT_TRUE(wait_until([&] { return !process->read(std::chrono::milliseconds(10)).bytes.empty(); }));
  ::kill(process->pid(), SIGKILL);
  read_all(*process);
  EXPECT_TRUE(all_gone());
}

TEST_F(ProcessLauncherTest, DroppingTheObjectLeavesNothingBehind) {
  {
    const auto process = shell("trap '' TERM; while :; do sleep 0.1; done");
  }
  EXPECT_TRUE(all_gone());
}

TEST_F(ProcessLauncherTest, TheLastBytesArriveWithTheEnd) {
  const auto process = shell("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done >&3");
  const std::string bytes = read_all(*process);
  EXPECT_TRUE(bytes.ends_with("line 2999\n"));
}

TEST_F(ProcessLauncherTest, LeftoversOfAnEarlierLifeAreFoundByTheirFolder) {
  const auto process = shell("while :; do sleep 0.1; done");
  std::string mark = kRunFolderVariable;
  mark.append(1, '=');
  EXPECT_EQ(kill_stray_processes(mark + "/another/folder/"), 0);
  EXPECT_GE(kill_stray_processes(mark + folder_.path().string() + "/"), 1);
  read_all(*process);
  EXPECT_EQ(process->status(), (ExitStatus{0, SIGKILL}));
}

TEST_F(ProcessLauncherTest, NumbersTellTheAgeOfProcessesOnlyForAWhile) {
  const auto process = shell("read x < /dev/zero");
  EXPECT_TRUE(numbers_tell_age(process->pid(), Duration(1)));
  EXPECT_FALSE(numbers_tell_age(process->pid(), std::chrono::hours(24)));
  EXPECT_FALSE(numbers_tell_age(std::numeric_limits<pid_t>::max(), Duration(1))) << "they have come round since";
}

}  // namespace
}  // namespace oodml::worker
