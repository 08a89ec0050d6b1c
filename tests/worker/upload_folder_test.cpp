#include "worker/upload_folder.h"

#include <gtest/gtest.h>

#include "core/base/sha256.h"
#include "tests/support/faulty_disk/same_test.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/run_folders.h"
#include "tests/worker/trials.h"
#include "worker/upload_wishes.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::make_checkpoint;
using testing::read_text;
using testing::TemporaryFolder;
using testing::write_text;

std::vector<std::string> paths(const std::vector<job::StoredFile>& files) {
  std::vector<std::string> paths;
  for (const auto& file : files) paths.push_back(file.path);
  return paths;
}

TEST(UploadWishesTest, AreWhatTheTrialSaysAndOfAnEarlierVersionsTrialTheDefaults) {
  const UploadWishes usual = upload_wishes({});
  EXPECT_EQ(usual.artifacts, (std::set{job::FileKind::kBest, job::FileKind::kLog}));
  EXPECT_EQ(usual.every, std::chrono::minutes(10));
  const UploadWishes stops =
      upload_wishes({{"artifacts", std::vector<std::string>{"all"}}, {"checkpoint_upload", std::int64_t{0}}});
  EXPECT_EQ(stops.artifacts.size(), 6u);
  EXPECT_FALSE(stops.every);
  EXPECT_TRUE(stops.checkpoint_at_stop);
  const UploadWishes never =
      upload_wishes({{"artifacts", std::vector<std::string>{"none"}}, {"checkpoint_upload", std::int64_t{-1}}});
  EXPECT_TRUE(never.artifacts.empty());
  EXPECT_FALSE(never.checkpoint_at_stop);
}

TEST(LeftFilesTest, TheNewestCheckpointIsTheOneThatIsFurthest) {
  TemporaryFolder run;
  EXPECT_FALSE(newest_checkpoint(run.path()));
  for (const char* name : {"0002", "0003-000000", "0002-000009", ".unfinished-0007"}) make_checkpoint(run.path(), name);
  EXPECT_EQ(newest_checkpoint(run.path())->name, "0003-000000");
}

TEST(LeftFilesTest, ACheckpointComesWithTheHashesOfItsManifestAndTheBestEpochsSoFar) {
  TemporaryFolder run;
  const std::string manifest = make_checkpoint(run.path(), "0003", {{"network.safetensors", "weights"}});
  fs::create_directories(run / "best/test_embeds_nmi");
  write_text(run / "best/test_embeds_nmi/network.safetensors", "better");
  fs::create_directories(run / "best/.unfinished-x");
  write_text(run / "best/.unfinished-x/network.safetensors", "half");
  const auto set = checkpoint_set(run.path(), *newest_checkpoint(run.path()));
  ASSERT_TRUE(set) << set.error().message();
  EXPECT_EQ(paths(set->files),
            (std::vector<std::string>{"checkpoints/0003/manifest.json", "checkpoints/0003/network.safetensors",
                                      "best/test_embeds_nmi/network.safetensors"}));
  EXPECT_EQ(set->files[0].sha256, sha256_hex(manifest));
  EXPECT_EQ(set->files[1].sha256, sha256_hex("weights"));
  EXPECT_EQ(set->files[1].epoch, 3);
  EXPECT_EQ(checkpoint_of(set->files), "0003");
}

TEST(LeftFilesTest, AManifestCannotLeadElsewhere) {
  TemporaryFolder run;
  fs::create_directories(run / "checkpoints/0001");
  write_text(run / "checkpoints/0001/manifest.json", R"({"parts": {"../../../secret": "0"}})");
  EXPECT_EQ(checkpoint_set(run.path(), *newest_checkpoint(run.path())).error().code(), StatusCode::kDataLoss);
}

TEST(LeftFilesTest, ADamagedCheckpointIsNotWhole) {
  TemporaryFolder run;
  make_checkpoint(run.path(), "0001", {{"state.json", "{}"}});
  EXPECT_TRUE(verify_checkpoint(run / "checkpoints/0001").ok());
  write_text(run / "checkpoints/0001/state.json", "{ }");
  EXPECT_EQ(verify_checkpoint(run / "checkpoints/0001").code(), StatusCode::kDataLoss);
}

TEST(LeftFilesTest, ArtifactsAreThoseOfTheKindsThatThereAre) {
  TemporaryFolder run;
  make_checkpoint(run.path(), "0002");
  write_text(run / "log.txt", "said");
  write_text(run / "results.json", "{}");
  fs::create_directories(run / "best/test_embeds_nmi");
  write_text(run / "best/test_embeds_nmi/best.json", R"({"epoch": 2})");
  using enum job::FileKind;
  EXPECT_EQ(paths(artifact_set(run.path(), {kLog, kCsv}).value().files), std::vector<std::string>{"log.txt"});
  EXPECT_EQ(
      paths(artifact_set(run.path(), {kLast, kResults}).value().files),
      (std::vector<std::string>{"checkpoints/0002/manifest.json", "checkpoints/0002/state.json", "results.json"}));
  EXPECT_EQ(artifact_set(run.path(), {kBest}).value().files.at(0).epoch, 2);
}

TEST(UploadFolderTest, AStagedSetOutlivesItsFilesAndTheWorker) {
  TemporaryFolder run;
  const job::Lease lease = testing::leased_trial(7).lease;
  make_checkpoint(run.path(), "0001", {{"state.json", "one"}});
  const auto folder = UploadFolder::create(run.path(), lease);
  ASSERT_TRUE(folder) << folder.error().message();
  ASSERT_TRUE(folder->stage(*checkpoint_set(run.path(), *newest_checkpoint(run.path()))));
  fs::remove_all(run / "checkpoints");

  const auto later = UploadFolder::open(run.path());
  ASSERT_TRUE(later) << later.error().message();
  EXPECT_EQ(later->lease(), lease);
  const auto sets = later->staged();
  ASSERT_TRUE(sets) << sets.error().message();
  ASSERT_EQ(sets->size(), 1u);
  EXPECT_EQ(read_text(sets->at(0).folder / "1"), "one");
  EXPECT_EQ(sets->at(0).files.at(1).sha256, sha256_hex("one"));
  EXPECT_FALSE(later->end()) << "it had not ended";
}

TEST(UploadFolderTest, AnotherSetOfTheSameNameTakesItsPlaceAndAFailureChangesNothing) {
  TemporaryFolder run;
  const auto folder = UploadFolder::create(run.path(), testing::leased_trial(7).lease);
  make_checkpoint(run.path(), "0001");
  ASSERT_TRUE(folder->stage(*checkpoint_set(run.path(), *newest_checkpoint(run.path()))));
  FileSet gone = *checkpoint_set(run.path(), *newest_checkpoint(run.path()));
  gone.files.push_back({.path = "checkpoints/0001/gone"});
  EXPECT_EQ(folder->stage(gone).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(folder->staged()->at(0).files.size(), 2u);
  make_checkpoint(run.path(), "0002");
  ASSERT_TRUE(folder->stage(*checkpoint_set(run.path(), *newest_checkpoint(run.path()))));
  EXPECT_EQ(checkpoint_of(folder->staged()->at(0).files), "0002");
}

TEST(UploadFolderTest, WhatIsStagedIsOnTheDiskWithItsBytes) {
  testing::on_faulty_disk([](testing::FaultyDisk& disk) {
    TemporaryFolder run;
    write_text(run / "log.txt", "what a trial prints is not synced as it comes");
    const auto folder = UploadFolder::create(run.path(), testing::leased_trial(7).lease);
    const FileSet log = *artifact_set(run.path(), {job::FileKind::kLog});
    disk.set({"fail errno=EIO calls=fsync,fdatasync path=" + (run / "upload/.unfinished-artifacts/0").string() + "$"});
    EXPECT_FALSE(folder->stage(log)) << "a power cut could leave a file without the hash that is told of it";
    disk.clear();
    EXPECT_TRUE(folder->stage(log));
  });
}

TEST(UploadFolderTest, SaysHowItsRunEnded) {
  TemporaryFolder run;
  EXPECT_FALSE(ended_run(run.path()));
  ASSERT_TRUE(note_ended(run.path(), {.outcome = job::Outcome::kPreempted, .is_needed = true}).ok());
  EXPECT_EQ(ended_run(run.path())->outcome, job::Outcome::kPreempted);
  EXPECT_TRUE(ended_run(run.path())->is_needed);
  write_text(run / "ended.json", "torn");
  EXPECT_FALSE(ended_run(run.path()));
}

}  // namespace
}  // namespace oodml::worker
