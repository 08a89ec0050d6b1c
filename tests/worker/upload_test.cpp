// What a worker uploads and fetches, through the whole of it.
#include <gtest/gtest.h>

#include "core/base/sha256.h"
#include "tests/worker/lease_loop_fixture.h"
#include "tests/worker/log_lines.h"
#include "tests/worker/run_folders.h"
#include "worker/upload_folder.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using testing::leased_trial;
using testing::make_checkpoint;
using testing::read_text;
using testing::write_text;

class UploadTest : public LeaseLoopTest {
 protected:
  fs::path run_of(const job::LeasedTrial& trial) const {
    return options_.slot.trial.runs / trial.fingerprint / ("attempt-" + std::to_string(trial.lease.attempt));
  }
  /// What the files hold that were published last, by path.
  std::map<std::string, std::string> published(const job::LeasedTrial& trial) {
    return coordinator_.with_files([&](testing::FileShelf& shelf) {
      std::map<std::string, std::string> files;
      for (const auto& set : shelf.published[trial.lease.id]) {
        for (const auto& file : set) files[file.path] = shelf.contents.at(file.sha256);
      }
      return files;
    });
  }
  std::string output(const job::LeasedTrial& trial) {
    return coordinator_.with_files([&](testing::FileShelf& shelf) {
      const auto& output = shelf.outputs[trial.lease.id];
      return output.text + (output.over ? "<over>" : "");
    });
  }
  /// Until the attempt's upload folder has gone.
  bool delivered(const job::LeasedTrial& trial) {
    return eventually(
        [&] { return !fs::exists(run_of(trial) / "upload") && fs::exists(run_of(trial) / "ended.json"); });
  }
  void run_to_success(const job::LeasedTrial& trial) {
    coordinator_.queue(trial);
    start();
    ASSERT_TRUE(launched(1));
    write_text(run_of(trial) / "log.txt", "epoch 1\n");
    fs::create_directories(run_of(trial) / "best/test_embeds_nmi");
    write_text(run_of(trial) / "best/test_embeds_nmi/network.safetensors", "best weights");
    write_text(run_of(trial) / "results.json", "{}");
    launcher_.child(0)->say(job::Done{3});
    launcher_.child(0)->end({0, 0});
    ASSERT_TRUE(ended(trial));
  }
  void refuse_files(Status refusal) {
    coordinator_.with_files([&](testing::FileShelf& shelf) { shelf.refusal = std::move(refusal); });
  }
  /// An attempt that the next one of the trial goes on from, on the coordinator's shelf.
  job::ResumeFrom on_shelf(const std::string& name, const std::map<std::string, std::string>& contents) {
    const std::string manifest = make_checkpoint(folder_ / "elsewhere", name, contents);
    job::ResumeFrom from{.attempt = 1, .epoch = 1, .step = 0, .files = {}};
    const auto add = [&](const std::string& path, const std::string& text) {
      from.files.push_back({.path = path,
                            .kind = job::FileKind::kCheckpoint,
                            .epoch = 1,
                            .sha256 = sha256_hex(text),
                            .bytes = std::ssize(text),
                            .stored = {}});
      coordinator_.with_files([&](testing::FileShelf& shelf) { shelf.contents[sha256_hex(text)] = text; });
    };
    add("checkpoints/" + name + "/manifest.json", manifest);
    for (const auto& [file, text] : contents) add("checkpoints/" + name + "/" + file, text);
    add("best/test_embeds_nmi/network.safetensors", "best of attempt 1");
    return from;
  }
  std::vector<std::string> warnings(const job::LeasedTrial& trial) {
    std::vector<std::string> texts;
    for (const auto& event : coordinator_.events(trial.lease)) {
      if (const auto* warning = std::get_if<job::Warning>(&event.body)) texts.push_back(warning->message);
    }
    return texts;
  }
};

TEST_F(UploadTest, AFinishedTrialLeavesItsBestNetworkAndItsLogByDefault) {
  const auto trial = leased_trial(7);
  run_to_success(trial);
  ASSERT_TRUE(delivered(trial));
  EXPECT_EQ(published(trial),
            (std::map<std::string, std::string>{{"best/test_embeds_nmi/network.safetensors", "best weights"},
                                                {"log.txt", "epoch 1\n"}}));
  EXPECT_EQ(output(trial), "epoch 1\n<over>");
  EXPECT_EQ(ended_run(run_of(trial))->outcome, job::Outcome::kSucceeded);
  EXPECT_FALSE(ended_run(run_of(trial))->is_needed);
}

TEST_F(UploadTest, AllOrNothingWhereTheTrialSaysSo) {
  auto trial = leased_trial(7);
  trial.spec.values.set("artifacts", std::vector<std::string>{"none"});
  run_to_success(trial);
  ASSERT_TRUE(delivered(trial));
  EXPECT_TRUE(published(trial).empty());
}

TEST_F(UploadTest, OutputIsToldWhileTheTrialRuns) {
  const auto trial = leased_trial(7);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  write_text(run_of(trial) / "log.txt", "one\n");
  EXPECT_TRUE(eventually([&] { return output(trial) == "one\n"; }));
  write_text(run_of(trial) / "log.txt", "one\ntwo\n");
  EXPECT_TRUE(eventually([&] { return output(trial) == "one\ntwo\n"; }));
}

TEST_F(UploadTest, ADrainedTrialIsReportedOnceItsCheckpointIsThere) {
  const auto trial = leased_trial(7);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  make_checkpoint(run_of(trial), "0001-000005", {{"network.safetensors", std::string(3 << 20, 'w')}});
  coordinator_.lose_replies("put", 2);
  loop_->drain();
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), job::Outcome::kPreempted);
  EXPECT_EQ(published(trial)["checkpoints/0001-000005/network.safetensors"].size(), 3u << 20)
      << "before the trial could go on elsewhere";
  ASSERT_TRUE(returned());
  EXPECT_FALSE(ended_run(run_of(trial))->is_needed) << "whoever goes on has it";
}

TEST_F(UploadTest, AStopIsReportedInTimeThoughItsCheckpointIsNotTaken) {
  const auto trial = leased_trial(7);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  make_checkpoint(run_of(trial), "0001");
  refuse_files({StatusCode::kResourceExhausted, "the quota of 1 GiB is used up"});
  loop_->drain();
  ASSERT_TRUE(ended(trial));
  ASSERT_TRUE(returned());
  EXPECT_TRUE(fs::exists(run_of(trial) / "upload/checkpoint/files.json")) << "the next start tries again";
}

TEST_F(UploadTest, ARefusalIsAWarningOfTheTrialOnceAndTrainingGoesOn) {
  auto trial = leased_trial(7);
  trial.spec.values.set("checkpoint_upload", std::int64_t{60});
  refuse_files({StatusCode::kResourceExhausted, "the quota of 1 GiB is used up"});
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  make_checkpoint(run_of(trial), "0001");
  EXPECT_TRUE(eventually([&] { return coordinator_.calls("offer") >= 3; }));
  EXPECT_EQ(warnings(trial), std::vector<std::string>{"files are not uploaded: the quota of 1 GiB is used up"});
  EXPECT_FALSE(coordinator_.ended(trial.lease));
  refuse_files({});
  EXPECT_TRUE(eventually([&] { return published(trial).contains("checkpoints/0001/state.json"); }));
}

TEST_F(UploadTest, CheckpointsAreUploadedAsOftenAsTheTrialSays) {
  auto trial = leased_trial(7);
  trial.spec.values.set("checkpoint_upload", std::int64_t{60});
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  make_checkpoint(run_of(trial), "0001");
  EXPECT_TRUE(eventually([&] { return published(trial).contains("checkpoints/0001/state.json"); }));
  make_checkpoint(run_of(trial), "0002");
  EXPECT_TRUE(eventually([&] { return published(trial).contains("checkpoints/0002/state.json"); }));
  EXPECT_FALSE(coordinator_.ended(trial.lease));
}

TEST_F(UploadTest, WhatAKilledWorkerOwedIsUploadedByItsNextLife) {
  const auto trial = leased_trial(7);
  const fs::path run = run_of(trial);
  fs::create_directories(run);
  write_text(run / "trial.yaml", sweep::trial_file_text(trial.spec));
  write_text(run / "log.txt", "so far\n");
  make_checkpoint(run, "0001");
  ASSERT_TRUE(UploadFolder::create(run, trial.lease));
  ASSERT_TRUE(EventSpool::create(spool_ / "7-1.spool", trial.lease, trial.fingerprint, "cpu:0"));
  start();
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), job::Outcome::kInfrastructure);
  EXPECT_TRUE(published(trial).contains("checkpoints/0001/state.json")) << "before the end was told";
  ASSERT_TRUE(delivered(trial));
  EXPECT_EQ(output(trial), "so far\n<over>");
}

TEST_F(UploadTest, AnEndIsNotToldBeforeItsFilesArePutDownHoweverLongThatTakes) {
  const auto slow = leased_trial(7), trial = leased_trial(8);
  coordinator_.hold("put");
  run_to_success(slow);
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("put") == 1; })) << "whoever puts files down is busy now";
  coordinator_.queue(trial);
  ASSERT_TRUE(launched(2));
  write_text(run_of(trial) / "log.txt", "epoch 1\n");
  launcher_.child(1)->say(job::Done{3});
  launcher_.child(1)->end({0, 0});
  const auto later = clock_.steady_now() + 2 * options_.slot.upload;
  const auto kept = [&] { return fs::exists(run_of(trial) / "upload/ended"); };
  ASSERT_TRUE(eventually([&] { return clock_.steady_now() > later; }));
  EXPECT_TRUE(!coordinator_.ended(trial.lease) || kept()) << "a kill now would lose them";
  coordinator_.hold("put", false);
  ASSERT_TRUE(ended(trial));
  ASSERT_TRUE(delivered(trial));
  EXPECT_EQ(published(trial), (std::map<std::string, std::string>{{"log.txt", "epoch 1\n"}}));
}

TEST_F(UploadTest, AnOvertakenAttemptOwesNothing) {
  const auto trial = leased_trial(7);
  const fs::path run = run_of(trial);
  fs::create_directories(run);
  write_text(run / "trial.yaml", sweep::trial_file_text(trial.spec));
  make_checkpoint(run, "0001");
  ASSERT_TRUE(UploadFolder::create(run, trial.lease));
  coordinator_.overtake(trial.lease);
  start();
  ASSERT_TRUE(delivered(trial));
  EXPECT_TRUE(published(trial).empty());
  EXPECT_FALSE(ended_run(run)->is_needed) << "another attempt has the trial";
}

TEST_F(UploadTest, ACoordinatorWithoutUploadsHoldsNothingUp) {
  refuse_files({StatusCode::kUnimplemented, "no such service"});
  const auto trial = leased_trial(7);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  make_checkpoint(run_of(trial), "0001");
  launcher_.child(0)->stop_politely();
  loop_->drain();
  ASSERT_TRUE(ended(trial));
  EXPECT_TRUE(returned());
}

TEST_F(UploadTest, ASharedFolderTakesContentsInPlaceOfChunks) {
  options_.artifact_root = folder_ / "shared";
  const auto trial = leased_trial(7);
  run_to_success(trial);
  const std::string sha256 = sha256_hex("best weights");
  EXPECT_TRUE(eventually([&] { return fs::exists(folder_ / "shared/content" / sha256.substr(0, 2) / sha256); }));
  EXPECT_EQ(read_text(folder_ / "shared/content" / sha256.substr(0, 2) / sha256), "best weights");
  ASSERT_TRUE(delivered(trial));
  EXPECT_TRUE(fs::is_empty(folder_ / "shared/partial"));
}

TEST_F(UploadTest, ATrialGoesOnFromWhatAnotherMachineUploaded) {
  auto trial = leased_trial(7, 2);
  trial.resume_from = on_shelf("0001", {{"network.safetensors", "weights"}, {"state.json", "{}"}});
  coordinator_.with_files([](testing::FileShelf& shelf) { shelf.most_of_a_take = 3; });
  coordinator_.lose_replies("take", 2);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  EXPECT_EQ(read_text(run_of(trial) / "checkpoints/0001/network.safetensors"), "weights");
  EXPECT_EQ(read_text(run_of(trial) / "best/test_embeds_nmi/network.safetensors"), "best of attempt 1");
  EXPECT_TRUE(verify_checkpoint(run_of(trial) / "checkpoints/0001").ok());
  EXPECT_TRUE(eventually([&] { return !coordinator_.events(trial.lease).empty(); }));
  EXPECT_EQ(std::get<job::Progress>(coordinator_.events(trial.lease).at(0).body).phase, "fetching");
  EXPECT_TRUE(warnings(trial).empty());
}

TEST_F(UploadTest, ADownloadThatIsNotWhatWasPromisedIsAWarningAndNoCheckpoint) {
  auto trial = leased_trial(7, 2);
  trial.resume_from = on_shelf("0001", {{"state.json", "{}"}});
  coordinator_.with_files([](testing::FileShelf& shelf) { shelf.contents[sha256_hex("{}")] = "[]"; });
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  EXPECT_FALSE(fs::exists(run_of(trial) / "checkpoints/0001"));
  ASSERT_TRUE(eventually([&] { return !warnings(trial).empty(); }));
  EXPECT_NE(warnings(trial).at(0).find("or starts over: checkpoints/0001/state.json does not have the hash"),
            std::string::npos)
      << warnings(trial).at(0);
}

TEST_F(UploadTest, ANewerCheckpointOnThisDiskGoesBeforeTheCoordinators) {
  const auto first = leased_trial(7, 1);
  fs::create_directories(run_of(first));
  make_checkpoint(run_of(first), "0002");
  auto trial = leased_trial(7, 2);
  trial.resume_from = on_shelf("0001", {{"state.json", "{}"}});
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  EXPECT_EQ(coordinator_.calls("take"), 0);
}

TEST_F(UploadTest, ADamagedCheckpointOnThisDiskDoesNot) {
  const auto first = leased_trial(7, 1);
  make_checkpoint(run_of(first), "0002");
  write_text(run_of(first) / "checkpoints/0002/state.json", "torn");
  auto trial = leased_trial(7, 2);
  trial.resume_from = on_shelf("0001", {{"state.json", "{}"}});
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  EXPECT_TRUE(fs::exists(run_of(trial) / "checkpoints/0001"));
}

}  // namespace
}  // namespace oodml::worker
