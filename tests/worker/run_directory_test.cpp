#include "worker/run_directory.h"

#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/trials.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::leased_trial;
using testing::read_text;
using testing::TemporaryFolder;
using testing::write_text;

TEST(RunDirectoryTest, HoldsTheTrialAsItWasLeased) {
  TemporaryFolder root;
  const job::LeasedTrial leased = leased_trial(7);
  const auto directory = RunDirectory::prepare(root.path(), leased);
  ASSERT_TRUE(directory.has_value()) << directory.error().message();
  EXPECT_EQ(directory->path(), root.path() / leased.fingerprint / "attempt-1");
  EXPECT_EQ(sweep::parse_trial_file(read_text(directory->trial_file()), "trial.yaml").value(), leased.spec);
}

TEST(RunDirectoryTest, EarlierAttemptsAreThoseOnThisDiskNewestFirst) {
  TemporaryFolder root;
  const fs::path first = RunDirectory::prepare(root.path(), leased_trial(7, 1))->path();
  const fs::path third = RunDirectory::prepare(root.path(), leased_trial(7, 3))->path();
  const auto fourth = RunDirectory::prepare(root.path(), leased_trial(7, 4));
  EXPECT_EQ(fourth->earlier(), (std::vector<fs::path>{third, first}));
}

TEST(RunDirectoryTest, NeverMixesWithAFolderOfAnotherLease) {
  TemporaryFolder root;
  const job::LeasedTrial leased = leased_trial(7);
  const fs::path path = RunDirectory::prepare(root.path(), leased)->path();
  write_text(path / "results.json", "of the first");
  EXPECT_TRUE(fs::exists(RunDirectory::prepare(root.path(), leased)->path() / "results.json")) << "the same lease";
  job::LeasedTrial other = leased;
  other.lease.id.value = std::string(32, 'f');
  EXPECT_FALSE(fs::exists(RunDirectory::prepare(root.path(), other)->path() / "results.json"));
}

TEST(RunDirectoryTest, RefusesAFingerprintThatLeadsElsewhere) {
  TemporaryFolder root;
  job::LeasedTrial leased = leased_trial(7);
  for (const char* bad : {"../../../etc", "", "ABCDEF0123", "abcdef/123"}) {
    leased.fingerprint = bad;
    EXPECT_EQ(RunDirectory::prepare(root.path(), leased).error().code(), StatusCode::kInvalidArgument) << bad;
  }
}

TEST(RunDirectoryTest, RemovesCheckpointsOfEarlierAttemptsOnly) {
  TemporaryFolder root;
  const fs::path first = RunDirectory::prepare(root.path(), leased_trial(7, 1))->path();
  const auto second = RunDirectory::prepare(root.path(), leased_trial(7, 2));
  for (const fs::path& path : {first, second->path()}) {
    fs::create_directories(path / "checkpoints/0001");
    write_text(path / "checkpoints/0001/state.json", "{}");
    fs::create_directories(path / "best/test_embeds_nmi");
  }
  second->remove_earlier_checkpoints();
  EXPECT_FALSE(fs::exists(first / "checkpoints"));
  EXPECT_FALSE(fs::exists(first / "best"));
  EXPECT_TRUE(fs::exists(first / "trial.yaml"));
  EXPECT_TRUE(fs::exists(second->path() / "checkpoints/0001/state.json"));
  EXPECT_TRUE(fs::exists(second->path() / "best/test_embeds_nmi"));
}

TEST(RunDirectoryTest, KeepsALogWithinBoundsWithItsBeginning) {
  TemporaryFolder root;
  const auto directory = RunDirectory::prepare(root.path(), leased_trial(7));
  write_text(directory->log(), "first line\n" + std::string(200'000, 'x'));
  directory->bound_log(1'000'000);
  EXPECT_GT(fs::file_size(directory->log()), 200'000u);
  directory->bound_log(100'000);
  EXPECT_LT(fs::file_size(directory->log()), 70'000u);
  EXPECT_TRUE(read_text(directory->log()).starts_with("first line\n"));
  EXPECT_NE(directory->log_tail().find("cut out here"), std::string::npos);
}

TEST(RunDirectoryTest, TheTailIsTheLastLine) {
  TemporaryFolder root;
  const auto directory = RunDirectory::prepare(root.path(), leased_trial(7));
  EXPECT_EQ(directory->log_tail(), "");
  write_text(directory->log(), "one\ntwo\n\n");
  EXPECT_EQ(directory->log_tail(), "two");
}

}  // namespace
}  // namespace oodml::worker
