// What a power cut may leave of files that were not synced: nothing, an empty file or the beginning of one. Whatever it
// is, the worker starts, reports what it can, and the trial starts anew.
#include <mutex>
#include <tuple>

#include "tests/support/process.h"
#include "tests/worker/lease_loop_fixture.h"
#include "tests/worker/run_folders.h"
#include "worker/run_collector.h"
#include "worker/upload_folder.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using job::Outcome;
using testing::leased_trial;
using testing::read_text;
using testing::write_text;

enum class Left { kNothing, kEmpty, kHalf, kZeros };

class PowerCutTest : public LeaseLoopTest {
 protected:
  fs::path run_of(const job::LeasedTrial& trial) const {
    return options_.slot.trial.runs / trial.fingerprint / ("attempt-" + std::to_string(trial.lease.attempt));
  }
  /// As it lies on the disk while the first attempt runs.
  void make_run() {
    ASSERT_TRUE(RunDirectory::prepare(options_.slot.trial.runs, first_));
    write_text(run_of(first_) / "log.txt", "so far\n");
    const auto spool = EventSpool::create(spool_file_, first_.lease, first_.fingerprint, "cpu:0").value();
    ASSERT_TRUE(spool->append(clock_.now(), metric(1), clock_.steady_now()).ok());
  }
  static void cut(const fs::path& file, Left left) {
    const std::string text = read_text(file);
    if (left == Left::kNothing) fs::remove(file);
    if (left == Left::kEmpty) write_text(file, "");
    if (left == Left::kHalf) write_text(file, text.substr(0, text.size() / 2));
    if (left == Left::kZeros) write_text(file, std::string(text.size(), '\0'));
  }
  /// The next life of the worker runs the trial's second attempt from its beginning.
  void expect_clean_restart() {
    coordinator_.queue(second_);
    start();
    ASSERT_TRUE(launched(1));
    EXPECT_TRUE(fs::exists(run_of(second_) / "trial.yaml"));
    launcher_.child(0)->say(job::Done{3});
    launcher_.child(0)->end({0, 0});
    ASSERT_TRUE(ended(second_));
    EXPECT_EQ(outcome(second_), Outcome::kSucceeded);
    loop_->drain();
    ASSERT_TRUE(returned());
  }
  void look_at(const fs::path& file, Left left) {
    SCOPED_TRACE(file.filename().string() + " " + std::to_string(static_cast<int>(left)));
    make_run();
    cut(file, left);
    expect_clean_restart();
  }

  const job::LeasedTrial first_ = leased_trial(7, 1), second_ = leased_trial(7, 2);
  const fs::path spool_file_ = spool_ / "7-1.spool";
};

class TornFileTest : public PowerCutTest, public ::testing::WithParamInterface<std::tuple<const char*, Left>> {};

TEST_P(TornFileTest, LeadsToACleanRestart) {
  const auto [name, left] = GetParam();
  look_at(std::string(name) == "spool" ? spool_file_ : run_of(first_) / name, left);
}

INSTANTIATE_TEST_SUITE_P(All, TornFileTest,
                         ::testing::Combine(::testing::Values("lease", "trial.yaml", "log.txt", "spool"),
                                            ::testing::Values(Left::kNothing, Left::kEmpty, Left::kHalf,
                                                              Left::kZeros)));

TEST_F(PowerCutTest, ARunFolderThatIsGoneLeadsToACleanRestart) {
  make_run();
  fs::remove_all(run_of(first_).parent_path());
  expect_clean_restart();
  EXPECT_EQ(outcome(first_), Outcome::kInfrastructure) << "its spool was there";
}

TEST_F(PowerCutTest, AnAttemptOfWhichNothingIsLeftLeadsToACleanRestart) {
  make_run();
  fs::remove_all(run_of(first_).parent_path());
  fs::remove(spool_file_);
  expect_clean_restart();
  EXPECT_FALSE(coordinator_.ended(first_.lease)) << "its lease runs out";
}

TEST_F(PowerCutTest, EventsThatTheDiskLostAndTheCoordinatorHasDoNoHarm) {
  make_run();
  ASSERT_TRUE(coordinator_.register_worker(info_, {}).has_value());
  const auto spool = EventSpool::recover(spool_file_).value();
  ASSERT_TRUE(coordinator_.push_events(first_.lease, spool->next_batch(10)).has_value());
  fs::resize_file(spool_file_, fs::file_size(spool_file_) - 3);
  expect_clean_restart();
  EXPECT_EQ(outcome(first_), Outcome::kInfrastructure);
  EXPECT_EQ(coordinator_.events(first_.lease).size(), 1u);
}

TEST_F(PowerCutTest, AnUploadFolderThatWasJustMadeOwesNothing) {
  make_run();
  fs::create_directories(run_of(first_) / "upload");
  expect_clean_restart();
  EXPECT_FALSE(fs::exists(run_of(first_) / "upload"));
}

TEST_F(PowerCutTest, ATrialWhoseEndWasTornGoesWithTime) {
  make_run();
  for (const Left left : {Left::kNothing, Left::kEmpty, Left::kHalf}) {
    ASSERT_TRUE(note_ended(run_of(first_), {.outcome = Outcome::kSucceeded}).ok());
    cut(run_of(first_) / "ended.json", left);
    std::mutex mutex;
    const auto later = SystemClock().now() + std::chrono::hours(24 * 8);
    const RunsInUse none{mutex, [] { return std::set<std::string>(); }};
    EXPECT_EQ(collect_runs(options_.slot.trial.runs, std::chrono::hours(24 * 7), later, none).trials, 1);
    make_run();
  }
}

TEST_F(PowerCutTest, ACheckpointStaysReachableAndIsGoneOnFrom) {
  make_run();
  testing::make_checkpoint(run_of(first_), "0001");
  ASSERT_TRUE(make_durable(run_of(first_)).ok());
  fs::remove(spool_file_);
  coordinator_.queue(second_);
  start();
  ASSERT_TRUE(launched(1));
  const std::vector<std::string> command = launcher_.spec(0).command;
  EXPECT_NE(std::ranges::find(command, run_of(first_).string()), command.end()) << "--resume-from";
}

}  // namespace
}  // namespace oodml::worker
