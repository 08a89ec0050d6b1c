#include <filesystem>

#include "core/base/exit_code.h"
#include "proto/convert/job_convert.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

class FetchTest : public CliTest {
 protected:
  FetchTest() {
    service_.artifacts.add(17, 1, "best/test_embeds_nmi/network.safetensors", "best", "old best");
    service_.artifacts.add(17, 2, "best/test_embeds_nmi/network.safetensors", "best", "best by nmi");
    service_.artifacts.add(17, 2, "checkpoints/0003-17/network.safetensors", "checkpoint", "checkpoint");
    service_.artifacts.add(17, 2, "log.txt", "log", "log of 17");
    service_.artifacts.add(18, 1, "log.txt", "log", "log of 18");
    const Params values = {{"benchmark", std::string("cub200")}, {"arch", std::string("small_conv_normalize")}};
    *service_.trial_reply.mutable_spec() = convert::to_proto(job::TrialSpec{.values = values});
  }
  std::string out_folder() { return (folder_ / "out").string(); }
  std::string text_of(const std::string& path) { return testing::read_text(folder_ / "out" / path); }
  bool is_there(const std::string& path) { return std::filesystem::exists(folder_ / "out" / path); }
};

TEST_F(FetchTest, ListsFilesAsTableAndAsJson) {
  const Outcome table = run({"artifacts", "smoke"});
  EXPECT_EQ(table.code, kExitDone) << table.err;
  EXPECT_NE(table.out.find("checkpoints/0003-17/network.safetensors"), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("criterion=multi/similarity"), std::string::npos) << table.out;
  const Outcome json = run({"artifacts", "trial", "18", "-o", "json"});
  const Json document = Json::parse(json.out);
  ASSERT_EQ(document["trials"].size(), 1u);
  EXPECT_EQ(document["trials"][0]["trial_id"], 18);
  EXPECT_EQ(document["trials"][0]["labels"]["criterion"], "multi/similarity");
  EXPECT_EQ(document["trials"][0]["files"][0]["path"], "log.txt");
  EXPECT_EQ(document["trials"][0]["files"][0]["bytes"], 9);
  EXPECT_EQ(run({"artifacts", "trial"}).code, kExitUsage);
  EXPECT_EQ(run({"artifacts", "smoke", "3"}).code, kExitUsage);
}

TEST_F(FetchTest, OfATrialTheBestNetworkOfItsNewestAttemptComes) {
  const Outcome outcome = run({"fetch", "trial", "17", "-o", out_folder()});
  EXPECT_EQ(outcome.code, kExitDone) << outcome.err;
  EXPECT_EQ(outcome.out, "1 file of 11 B in " + out_folder() + " (1 came, 0 were there)\n");
  EXPECT_EQ(text_of("best/test_embeds_nmi/network.safetensors"), "best by nmi");
  EXPECT_FALSE(is_there("log.txt"));
}

TEST_F(FetchTest, ANetworkComesWithTheFileThatSaysWhatItIs) {
  EXPECT_EQ(run({"fetch", "trial", "17", "-o", out_folder()}).code, kExitDone);
  EXPECT_NE(text_of("trial.yaml").find("arch: small_conv_normalize"), std::string::npos) << text_of("trial.yaml");
  EXPECT_EQ(run({"fetch", "smoke", "-o", out_folder() + "/all"}).code, kExitIncomplete);
  EXPECT_TRUE(is_there("all/17-margin/trial.yaml"));
  EXPECT_FALSE(is_there("all/18-multi_similarity/trial.yaml")) << "nothing of it was fetched";
}

/// Attempt 1 was moved away and left its best network with its checkpoint; attempt 2 ended before it uploaded any.
TEST_F(FetchTest, OfAPathThatTwoAttemptsLeftAsDifferentKindsTheNewestComes) {
  const std::string best = "best/test_embeds_nmi/network.safetensors";
  service_.artifacts.add(19, 1, best, "checkpoint", "best so far");
  service_.artifacts.add(19, 1, "checkpoints/0002/network.safetensors", "checkpoint", "on the way");
  service_.artifacts.add(19, 2, best, "best", "best of all");
  const Outcome outcome = run({"fetch", "trial:19", "--what", "all", "-o", out_folder()});
  EXPECT_EQ(outcome.code, kExitDone) << outcome.err;
  EXPECT_EQ(text_of(best), "best of all");
  EXPECT_EQ(text_of("checkpoints/0002/network.safetensors"), "on the way");

  service_.artifacts.add(19, 3, best, "checkpoint", "best of the run again");
  EXPECT_EQ(run({"fetch", "trial:19", "--what", "all", "-o", out_folder()}).code, kExitDone);
  EXPECT_EQ(text_of(best), "best of the run again");
}

TEST_F(FetchTest, OfASweepEachTrialHasAFolderOfItsOwn) {
  const Outcome outcome = run({"fetch", "smoke", "--what", "log", "-o", out_folder()});
  EXPECT_EQ(outcome.code, kExitDone) << outcome.err;
  EXPECT_EQ(text_of("17-margin/log.txt"), "log of 17");
  EXPECT_EQ(text_of("18-multi_similarity/log.txt"), "log of 18") << "a label is no path";
}

TEST_F(FetchTest, LabelsAreChosenByTheCoordinatorAndMeanNothingOfOneTrial) {
  EXPECT_EQ(run({"fetch", "smoke", "--where", "criterion=margin,split=1..3", "--where", "seed=0", "--what", "log", "-o",
                 out_folder()})
                .code,
            kExitDone);
  const auto& where = service_.artifacts.lists.back().where();
  EXPECT_EQ(std::vector<std::string>(where.begin(), where.end()),
            (std::vector<std::string>{"criterion=margin,split=1..3", "seed=0"}));
  EXPECT_EQ(service_.artifacts.lists.back().after_trial_id(), 17) << "with every page";
  EXPECT_EQ(run({"artifacts", "smoke", "--where", "seed=1"}).code, kExitDone);
  EXPECT_EQ(service_.artifacts.lists.back().where(0), "seed=1");
  EXPECT_NE(run({"artifacts", "trial:17", "--where", "seed=0"}).err.find("this is one trial"), std::string::npos);
  EXPECT_EQ(run({"fetch", "trial", "17", "--where", "seed=0", "-o", out_folder()}).code, kExitUsage);
  service_.artifacts.list_reply.Clear();
  EXPECT_NE(run({"fetch", "smoke", "--where", "seed=0", "-o", out_folder()}).err.find("its trials with seed=0"),
            std::string::npos);
}

TEST_F(FetchTest, ATrialWithoutANetworkCannotBeMeasuredAndTheMessageSaysWhatToLookAt) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"evaluate", "trial:18"},
                                                {"evaluate", "--metrics", "nmi", "--checkpoint=trial:18"},
                                                {"embed", "--checkpoint", "trial:18", "-o", "a.npz"}}) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, kExitNotFound);
    EXPECT_EQ(outcome.err,
              "oodml: no network of trial 18 is stored (yet); oodml artifacts lists what there is, `artifacts:` of a "
              "sweep says what is kept\n");
  }
  EXPECT_EQ(run({"evaluate", "trial:x"}).code, kExitUsage);
}

TEST_F(FetchTest, TrialsWithoutWhatWasAskedForAreSaid) {
  const Outcome some = run({"fetch", "smoke", "--what", "last", "-o", out_folder()});
  EXPECT_EQ(some.code, kExitIncomplete);
  EXPECT_NE(some.err.find("no 'last' is stored of trial 18"), std::string::npos) << some.err;
  EXPECT_EQ(text_of("17-margin/checkpoints/0003-17/network.safetensors"), "checkpoint")
      << "without a last network the newest checkpoint is it";
  EXPECT_EQ(run({"fetch", "trial", "18", "-o", out_folder()}).code, kExitNotFound);
  EXPECT_EQ(run({"fetch", "trial:99", "-o", out_folder()}).code, kExitNotFound);
  EXPECT_EQ(run({"fetch", "trial:x", "-o", out_folder()}).code, kExitUsage);
  EXPECT_EQ(run({"fetch", "smoke", "--what", "worst", "-o", out_folder()}).code, kExitUsage);
}

TEST_F(FetchTest, TheLastNetworkIsThatOfTheNewestAttemptThoughItRunsStill) {
  service_.artifacts.add(19, 1, "checkpoints/0003/network.safetensors", "last", "failed after it");
  service_.artifacts.add(19, 2, "checkpoints/0005/network.safetensors", "checkpoint", "farther");
  EXPECT_EQ(run({"fetch", "trial:19", "--what", "last", "-o", out_folder()}).code, kExitDone);
  EXPECT_EQ(text_of("checkpoints/0005/network.safetensors"), "farther");
  EXPECT_FALSE(is_there("checkpoints/0003/network.safetensors"));
}

TEST_F(FetchTest, WhatBrokeOffGoesOnAndWhatIsThereStays) {
  service_.artifacts.broken_after = 2;
  const std::vector<std::string> command = {"fetch", "trial:17", "-o", out_folder()};
  EXPECT_EQ(run(command).code, kExitFailed);
  EXPECT_FALSE(is_there("best/test_embeds_nmi/network.safetensors")) << "only what is whole has its name";
  service_.artifacts.broken_after = -1;
  service_.artifacts.reads.clear();
  EXPECT_EQ(run(command).code, kExitDone);
  ASSERT_FALSE(service_.artifacts.reads.empty());
  EXPECT_EQ(service_.artifacts.reads.front().offset(), 8);
  EXPECT_EQ(text_of("best/test_embeds_nmi/network.safetensors"), "best by nmi");
  service_.artifacts.reads.clear();
  EXPECT_EQ(run(command).out, "1 file of 11 B in " + out_folder() + " (0 came, 1 were there)\n");
  EXPECT_TRUE(service_.artifacts.reads.empty());
  testing::write_text(folder_ / "out" / "best/test_embeds_nmi/network.safetensors", "best by NMI");
  EXPECT_EQ(run(command).code, kExitDone);
  EXPECT_EQ(text_of("best/test_embeds_nmi/network.safetensors"), "best by nmi") << "damaged, and fetched again";
}

TEST_F(FetchTest, BytesThatAreNotWhatTheyWereSaidToBeAreThrownAway) {
  for (auto& [sha256, bytes] : service_.artifacts.contents) bytes[0] = 'X';
  const Outcome outcome = run({"fetch", "trial:17", "-o", out_folder()});
  EXPECT_EQ(outcome.code, kExitFailed);
  EXPECT_NE(outcome.err.find("it was thrown away, fetch it again"), std::string::npos) << outcome.err;
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "out" / "best" / "test_embeds_nmi"));
}

TEST_F(FetchTest, NothingIsWrittenOutsideOfTheFolder) {
  service_.artifacts.add(19, 1, "../escaped", "log", "hostile");
  EXPECT_EQ(run({"fetch", "trial:19", "--what", "all", "-o", out_folder()}).code, kExitUsage);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "escaped"));

  std::filesystem::create_directories(folder_ / "elsewhere");
  std::filesystem::create_directories(folder_ / "out");
  std::filesystem::create_directory_symlink(folder_ / "elsewhere", folder_ / "out" / "best");
  const Outcome outcome = run({"fetch", "trial:17", "-o", out_folder()});
  EXPECT_EQ(outcome.code, kExitConflict) << outcome.err;
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "elsewhere"));
}

TEST_F(FetchTest, AnInterruptLeavesWhatCameForTheNextTime) {
  int asked = 0;
  interrupts_ = [&] { return ++asked > 3 ? 1 : 0; };
  const std::vector<std::string> command = {"fetch", "trial:17", "--what", "all", "-o", out_folder()};
  const Outcome outcome = run(command);
  EXPECT_EQ(outcome.code, kExitInterrupted) << outcome.err;
  EXPECT_NE(outcome.err.find("the same command goes on from here"), std::string::npos) << outcome.err;
  interrupts_ = [] { return 0; };
  EXPECT_EQ(run(command).code, kExitDone);
  EXPECT_EQ(text_of("log.txt"), "log of 17");
}

}  // namespace
}  // namespace oodml::cli
