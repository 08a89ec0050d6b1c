// Code that travels with a sweep: it comes before it, goes with leases, and leaves with the sweep.
#include "coordinator/artifacts/content_check.h"
#include "core/base/sha256.h"
#include "tests/coordinator/upkeep/upkeep_fixture.h"

namespace oodml::coordinator::testing {
namespace {

const std::string kModule = "PK\x03\x04 a module";
const std::string kHash = sha256_hex(kModule);

class ScriptsTest : public UpkeepTest {
 protected:
  ContentName content(const std::string& bytes) { return {.sha256 = sha256_hex(bytes), .bytes = std::ssize(bytes)}; }
  void bring(const std::string& bytes) {
    ASSERT_TRUE(service->scripts().offer(content(bytes)));
    ASSERT_TRUE(service->scripts().put(content(bytes), 0, bytes));
  }
  /// A sweep of one trial with that network; an empty hash says nothing of it.
  static SweepText sweep_of(const std::string& hash) {
    SweepText text = TestSweep{}.text();
    text.overrides = {{"arch", "\"script:net.pt_normalize\""}, {"arch_sha256", "\"" + hash + "\""}};
    return text;
  }
  Result<SubmitView> try_submit(const SweepText& text, const SubmitOptions& options = {.owner = "ann"}) {
    Answer<SubmitView> answer;
    sweeps().submit(text, "", options, answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }
  static std::string refusal(const Result<SubmitView>& result) { return result ? "taken" : result.error().text(); }
  void connect_with(const std::string& id, bool folder, bool travelling) {
    job::WorkerInfo info = worker_info(id);
    info.runs_scripts = folder;
    info.fetches_scripts = travelling;
    Answer<LeaseTerms> answer;
    leases().register_worker(info, {}, answer.reply());
    ASSERT_TRUE(answer.get());
    drain();
  }
  bool is_listed() { return artifacts::content_list(database).value_or("").contains(kHash); }
};

TEST_F(ScriptsTest, ItGoesWithTheLeaseToWorkersThatFetchItAndIsTakenUnderIt) {
  bring(kModule);
  const auto submitted = try_submit(sweep_of(kHash));
  ASSERT_TRUE(submitted) << submitted.error().text();
  connect_with("plain", false, false);
  connect_with("own-folder", true, false);
  for (const char* worker : {"plain", "own-folder"}) EXPECT_FALSE(ask(worker)->has_value()) << worker;
  EXPECT_NE(trial({1}).waiting_for.find("--allow-scripts"), std::string::npos) << trial({1}).waiting_for;

  restart();
  connect_with("fetching", false, true);
  const job::LeasedTrial leased = acquire("fetching");
  EXPECT_EQ(
      leased.scripts,
      (std::vector<job::ScriptFile>{{.use = "arch", .file = "net.pt", .sha256 = kHash, .bytes = std::ssize(kModule)}}));
  const auto chunk = service->uploads().take(leased.lease, kHash, 3);
  ASSERT_TRUE(chunk) << chunk.error().text();
  EXPECT_EQ(chunk->data, kModule.substr(3));
  EXPECT_EQ(service->uploads().take(leased.lease, std::string(64, 'a'), 0).error().code(), StatusCode::kNotFound);
}

TEST_F(ScriptsTest, WithoutTheRightNoneIsTakenAndTheRefusalSaysWhoGrantsIt) {
  bring(kModule);
  const auto refused = try_submit(sweep_of(kHash), {.owner = "bob", .may_bring_scripts = false});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kPermissionDenied);
  for (const char* part : {"bob may not", "token file", "submitter+scripts"}) {
    EXPECT_NE(refused.error().message().find(part), std::string::npos) << refused.error().message();
  }
  EXPECT_TRUE(try_submit(TestSweep{}.text(), {.owner = "bob", .may_bring_scripts = false})) << "of sweeps without code";
}

TEST_F(ScriptsTest, WhatDidNotComeIsNamedAndASweepMaySayThatWorkersHaveIt) {
  EXPECT_NE(refusal(try_submit(sweep_of(kHash))).find("does not have script net.pt"), std::string::npos);
  SweepText text = sweep_of("");
  EXPECT_NE(refusal(try_submit(text)).find("--scripts-on-workers"), std::string::npos);
  text.scripts_on_workers = true;
  EXPECT_EQ(refusal(try_submit(text)), "taken");
  connect_with("fetching", false, true);
  EXPECT_FALSE(ask("fetching")->has_value());
  EXPECT_NE(trial({1}).waiting_for.find("did not travel"), std::string::npos) << trial({1}).waiting_for;
  connect_with("own-folder", true, true);
  EXPECT_TRUE(acquire("own-folder").scripts.empty());
}

TEST_F(ScriptsTest, WhatIsNoArchiveOrTooLargeIsRefused) {
  bring("text");
  EXPECT_NE(refusal(try_submit(sweep_of(sha256_hex("text")))).find("no archive"), std::string::npos);
  EXPECT_EQ(service->scripts().offer({.sha256 = kHash, .bytes = (1LL << 32) + 1}).error().code(),
            StatusCode::kInvalidArgument);
}

TEST_F(ScriptsTest, BackupsListItAsLongAsATrialMayBeRunAgainAndItLeavesWithTheSweep) {
  bring(kModule);
  EXPECT_FALSE(is_listed()) << "nothing names it yet";
  const auto submitted = try_submit(sweep_of(kHash));
  ASSERT_TRUE(submitted) << submitted.error().text();
  EXPECT_TRUE(is_listed());
  connect_with("worker", false, true);
  tell(acquire("worker").lease, 3);
  EXPECT_TRUE(is_listed()) << "--rerun may ask for it again";
  ASSERT_TRUE(remove(Removal::kDelete, submitted->sweep));
  settle();
  EXPECT_FALSE(is_listed());
}

}  // namespace
}  // namespace oodml::coordinator::testing
