#include "worker/warm_launcher.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/read_all.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::read_text;
using testing::TemporaryFolder;
using testing::wait_until;

std::size_t open_files() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

/// Children of this process, whatever their state.
std::size_t children() {
  std::size_t count = 0;
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::string text = read_text(task.path() / "children");
    count += static_cast<std::size_t>(std::ranges::count(text, ' '));
  }
  return count;
}

class WarmLauncherTest : public ::testing::Test {
 protected:
  LaunchSpec spec(const std::string& verb, const std::string& word, const std::string& run = "run") {
    fs::create_directories(folder_ / run);
    return {.command = {core_, verb, word},
            .folder = folder_ / run,
            .log = folder_ / "log.txt",
            .environment = {"EXTRA=yes"},
            .may_be_copied = true};
  }
  LaunchSpec shell(const std::string& script) { return spec("shell", script); }
  std::unique_ptr<Process> start(const LaunchSpec& spec) {
    auto process = launcher_.launch(spec);
    EXPECT_TRUE(process.has_value()) << process.error().message();
    return std::move(*process);
  }
  std::string said(const LaunchSpec& spec) { return read_all(*start(spec)); }

  TemporaryFolder folder_;
  std::string core_ = OODML_COPIED_SHELL;
  WarmLauncher launcher_{{.ready = std::chrono::seconds(60), .answer = std::chrono::seconds(5)}};
};

TEST_F(WarmLauncherTest, ACopyFindsWhatATrialFindsThatWasStartedAnew) {
  const LaunchSpec ask = shell(
      "{ pwd; echo $PPID; [ $(ps -o pgid= -p $$) = $$ ] && echo group; ps -o sid= -p $$; ls /proc/self/fd; env | sort; "
      "while read -r name value; do case $name in Sig[BIC]*|Umask:|Groups:) echo $name $value;; esac; done < /proc/$$/status; "
      "cat /proc/$$/limits /proc/$$/cgroup; cat; } >&3; "
      "echo out; echo err >&2");
  const std::string anew = read_all(**SystemProcessLauncher().launch(ask));
  const std::string copied = said(ask);
  EXPECT_EQ(copied, anew);
  EXPECT_NE(copied.find("EXTRA=yes\n"), std::string::npos);
  EXPECT_NE(copied.find("OODML_RUN_FOLDER=" + (folder_ / "run").string() + "\n"), std::string::npos);
  EXPECT_NE(copied.find("\n" + std::to_string(::getpid()) + "\n"), std::string::npos) << "the worker is its parent";
  EXPECT_EQ(read_text(folder_ / "log.txt"), "out\nerr\nout\nerr\n");
  EXPECT_GT(launcher_.template_pid(), 0);
}

TEST_F(WarmLauncherTest, ProcShowsACopysOwnCommandLineEnvironmentAndFiles) {
  const auto process = start(spec("pause", "a word"));
  ASSERT_TRUE(wait_until([&] { return process->read(std::chrono::milliseconds(10)).bytes == "here\n"; }));
  const fs::path proc = "/proc/" + std::to_string(process->pid());
  EXPECT_EQ(read_text(proc / "cmdline"), core_ + '\0' + "pause" + '\0' + "a word" + '\0');
  const std::string mark = std::string("OODML_RUN_FOLDER=") + (folder_ / "run").string() + '\0';
  EXPECT_TRUE(read_text(proc / "environ").ends_with(mark));
  EXPECT_EQ(std::distance(fs::directory_iterator(proc / "fd"), fs::directory_iterator()), 4);
  EXPECT_EQ(std::distance(fs::directory_iterator(proc / "task"), fs::directory_iterator()), 1);
}

TEST_F(WarmLauncherTest, ItsEndIsToldAsThatOfAnyChild) {
  const auto exits = start(shell("exit 5"));
  read_all(*exits);
  EXPECT_EQ(exits->status(), (ExitStatus{5, 0}));
  const auto killed = start(spec("pause", ""));
  killed->send_signal(SIGTERM);
  read_all(*killed);
  EXPECT_EQ(killed->status(), (ExitStatus{0, SIGTERM}));
}

TEST_F(WarmLauncherTest, TrialsLiveOnWhenTheirTemplateIsKilledAndTheNextOneGetsAnother) {
  fs::create_directories(folder_ / "run");
  ASSERT_EQ(::mkfifo((folder_ / "run" / "go").c_str(), 0600), 0);
  const auto trial = start(shell("read line < go; echo $line >&3"));
  const pid_t first = launcher_.template_pid();
  ::kill(first, SIGKILL);
  EXPECT_EQ(said(spec("shell", "echo next >&3", "other")), "next\n");
  EXPECT_NE(launcher_.template_pid(), first);
  const auto opener = start(spec("shell", "echo on > ../run/go", "another"));
  EXPECT_EQ(read_all(*trial), "on\n");
  read_all(*opener);
}

TEST_F(WarmLauncherTest, ATemplateThatDoesNotAnswerIsEndedAndTheTrialStartedAnew) {
  WarmLauncher launcher({.ready = std::chrono::seconds(60), .answer = std::chrono::milliseconds(200)});
  read_all(**launcher.launch(shell("true")));
  const pid_t stopped = launcher.template_pid();
  ::kill(stopped, SIGSTOP);
  EXPECT_EQ(read_all(**launcher.launch(shell("echo anew >&3"))), "anew\n");
  EXPECT_NE(::kill(stopped, 0), 0) << "it is gone";
}

TEST_F(WarmLauncherTest, AReplacedProgramMakesAnotherTemplate) {
  core_ = folder_ / "core";
  fs::copy_file(OODML_COPIED_SHELL, core_);
  said(shell("true"));
  const pid_t first = launcher_.template_pid();
  fs::copy_file(OODML_COPIED_SHELL, folder_ / "newer");
  fs::rename(folder_ / "newer", core_);
  EXPECT_EQ(said(shell("echo new >&3")), "new\n");
  EXPECT_NE(launcher_.template_pid(), first);
  EXPECT_GT(launcher_.template_pid(), 0);
}

TEST_F(WarmLauncherTest, AnotherEnvironmentMakesAnotherTemplate) {
  said(shell("true"));
  const pid_t first = launcher_.template_pid();
  LaunchSpec other = shell("echo $EXTRA >&3");
  other.environment = {"EXTRA=other"};
  EXPECT_EQ(said(other), "other\n");
  EXPECT_NE(launcher_.template_pid(), first);
}

TEST_F(WarmLauncherTest, AProgramThatCannotBeATemplateIsStartedAnewEachTime) {
  fs::create_directories(folder_ / "run");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(said({.command = {"/bin/sh", "-c", "echo $0 >&3", "anew"},
                    .folder = folder_ / "run",
                    .log = folder_ / "log.txt",
                    .environment = {},
                    .may_be_copied = true}),
              "anew\n");
    EXPECT_EQ(launcher_.template_pid(), 0);
  }
}

TEST_F(WarmLauncherTest, WhatIsNotToBeCopiedIsNot) {
  LaunchSpec program = shell("echo anew >&3");
  program.may_be_copied = false;
  EXPECT_EQ(said(program), "anew\n");
  EXPECT_EQ(launcher_.template_pid(), 0);
}

TEST_F(WarmLauncherTest, FiftyTrialsLeaveNoFilesAndNoProcesses) {
  said(shell("true"));
  const std::size_t files = open_files(), processes = children();
  for (int i = 0; i < 50; ++i) said(shell("true"));
  EXPECT_EQ(open_files(), files);
  EXPECT_EQ(children(), processes) << "the template alone";
  const fs::path of_template = "/proc/" + std::to_string(launcher_.template_pid());
  EXPECT_EQ(std::distance(fs::directory_iterator(of_template / "fd"), fs::directory_iterator()), 4)
      << "0 to 2 and the socket";
}

}  // namespace
}  // namespace oodml::worker
