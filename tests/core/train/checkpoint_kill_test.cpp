// A process is killed before each call by which it changes files while it writes a checkpoint.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "core/train/checkpoint.h"
#include "tests/support/faulty_disk/same_test.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::train {
namespace {

namespace fs = std::filesystem;
using testing::FaultyDisk;
using testing::on_faulty_disk;

constexpr const char* kKilledTrial = "aaaaaaaaaaaaaaaaaaaaaaaa";
constexpr int kMostCalls = 300;  // far more than a checkpoint takes

/// `mark` tells the old one of an epoch from the new one.
Snapshot snapshot_at(std::int64_t epoch, double mark) {
  Snapshot made;
  made.state.epoch = made.state.evaluated = epoch;
  made.state.loss_sum = mark;
  made.network = {{"w", torch::full({64}, mark)}};
  made.optimizer = {{"0.0.step", torch::ones({})}};
  return made;
}

struct Scene {
  const char* name;
  std::int64_t old_epoch, new_epoch;
  std::vector<std::string> rules;  ///< Beside the kill.
};

class CheckpointKillTest : public ::testing::TestWithParam<Scene> {
 protected:
  static CheckpointStore store(const fs::path& run_dir) { return {run_dir, kKilledTrial, 1}; }

  static void commit(const fs::path& run_dir, const Snapshot& state) {
    ASSERT_TRUE(store(run_dir).prepare().ok());
    const auto written = store(run_dir).write(state);
    ASSERT_TRUE(written.has_value()) << written.error().message();
  }

  /// In a child: prepares as a run does when it starts, writes the new one, and is killed before call `number`. Its
  /// exit code, or 128 + the signal.
  static int write_until(FaultyDisk& disk, const fs::path& run_dir, int number) {
    const pid_t child = ::fork();
    if (child == 0) {
      std::vector<std::string> rules = GetParam().rules;
      rules.push_back("kill after=" + std::to_string(number));
      disk.set(rules);
      const bool written =
          store(run_dir).prepare().ok() && store(run_dir).write(snapshot_at(GetParam().new_epoch, 2.0)).has_value();
      ::_exit(written ? 0 : 3);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    // Past the disk that kills: without the file there are no rules.
    ::syscall(SYS_unlinkat, AT_FDCWD, std::getenv("OODML_FAULTY_DISK"), 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  static std::optional<Snapshot> newest(const fs::path& run_dir) {
    auto read = read_newest_checkpoint(run_dir, kKilledTrial, [](std::string text) { ADD_FAILURE() << text; });
    EXPECT_TRUE(read.has_value()) << read.error().message();
    return read ? std::move(*read) : std::nullopt;
  }

  /// Old or new, whole; then the run goes on as if nothing had been.
  static void expect_one_of_them(const fs::path& run_dir, bool is_new) {
    const auto found = newest(run_dir);
    ASSERT_TRUE(found.has_value()) << "the only checkpoint was lost";
    const double mark = found->state.loss_sum;
    ASSERT_TRUE(mark == 1.0 || mark == 2.0);
    EXPECT_TRUE(mark == 2.0 || !is_new);
    EXPECT_EQ(found->state.epoch, mark == 1.0 ? GetParam().old_epoch : GetParam().new_epoch);
    EXPECT_TRUE(found->network.at("w").equal(torch::full({64}, mark)));

    commit(run_dir, snapshot_at(GetParam().new_epoch, 2.0));
    EXPECT_EQ(newest(run_dir)->state.loss_sum, 2.0);
    const fs::directory_iterator entries(run_dir / "checkpoints");
    EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "something was left behind";
  }
};

TEST_P(CheckpointKillTest, AtEveryStepTheOldOrTheNewOneIsThere) {
  on_faulty_disk([&](FaultyDisk& disk) {
    int number = 0, end = 128 + SIGKILL;
    for (; end == 128 + SIGKILL && number < kMostCalls; ++number) {
      SCOPED_TRACE("killed before call " + std::to_string(number));
      const testing::TemporaryFolder run_dir;
      commit(run_dir.path(), snapshot_at(GetParam().old_epoch, 1.0));
      end = write_until(disk, run_dir.path(), number);
      expect_one_of_them(run_dir.path(), end == 0);
      if (HasFatalFailure()) return;
    }
    EXPECT_EQ(end, 0);
    EXPECT_GT(number, 20) << "the calls were not seen";
  });
}

/// What replace_folder does where names cannot be exchanged.
const std::vector<std::string> kNoExchange = {"fail errno=EINVAL calls=rename path=/checkpoints/0003 times=1"};

INSTANTIATE_TEST_SUITE_P(Places, CheckpointKillTest,
                         ::testing::Values(Scene{"the_next_epoch", 2, 3, {}}, Scene{"the_same_place", 3, 3, {}},
                                           Scene{"the_same_place_without_exchange", 3, 3, kNoExchange}),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace oodml::train
