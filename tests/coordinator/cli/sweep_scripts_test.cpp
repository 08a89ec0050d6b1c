// Files of code that a sweep names, from the folder of the sweep to the coordinator.
#include "core/base/exit_code.h"
#include "core/base/sha256.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

constexpr const char* kSweep =
    "version: 1\nname: a\ntrial: {benchmark: cub200}\n"
    "matrix: {criterion: [oproxy, {pairs: {criterion: {name: script, file: losses/pairs.pt}}}]}\n";

/// What is looked at of an archive that torch.jit.save wrote.
std::string module_of(std::size_t bytes) {
  return "PK\x03\x04" + std::string(bytes, 'x') + "net/constants.pkl PK\x05\x06 the end";
}

class SweepScriptsTest : public CliTest {
 protected:
  SweepScriptsTest() {
    std::filesystem::create_directories(folder_ / "losses");
    sweep_ = write("a.yaml", kSweep);
  }
  std::string plan_here(const std::vector<std::string>& further = {}) {
    environment_.clear();
    std::vector<std::string> words = {"plan", sweep_};
    words.insert(words.end(), further.begin(), further.end());
    const Outcome outcome = run(words);
    return outcome.out + outcome.err;
  }
  std::string sweep_;
};

TEST_F(SweepScriptsTest, AreHashedSentOnceAndNamedInTheSubmission) {
  const std::string module = module_of(2'500'000);
  write("losses/pairs.pt", module);
  const Outcome first = run({"submit", sweep_});
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(service_.artifacts.contents.at(sha256_hex(module)), module);
  EXPECT_EQ(service_.artifacts.puts, 3) << "a mebibyte a chunk";
  ASSERT_EQ(service_.submits[0].sweep().scripts_size(), 1);
  EXPECT_EQ(service_.submits[0].sweep().scripts(0).file(), "losses/pairs.pt");
  EXPECT_EQ(service_.submits[0].sweep().scripts(0).sha256(), sha256_hex(module));
  ASSERT_EQ(run({"submit", sweep_}).code, 0);
  EXPECT_EQ(service_.artifacts.puts, 3) << "it is there";
  EXPECT_EQ(service_.artifacts.offers, 2);
}

TEST_F(SweepScriptsTest, APlanShowsTheHashWithoutACoordinatorAndAChangedFileGivesOtherTrials) {
  write("losses/pairs.pt", module_of(10));
  const std::string one = plan_here({"--trials"});
  EXPECT_NE(one.find("Script losses/pairs.pt travels with it, SHA-256 " + sha256_hex(module_of(10))), std::string::npos)
      << one;
  write("losses/pairs.pt", module_of(11));
  const auto of_pairs = [](const std::string& plan) { return plan.substr(plan.rfind(" pairs "), 40); };
  const std::string other = plan_here({"--trials"});
  EXPECT_NE(of_pairs(one), of_pairs(other));
  const Json document = Json::parse(run({"plan", sweep_, "-o", "json"}).out);
  EXPECT_EQ(document["scripts"][0]["sha256"], sha256_hex(module_of(11)));
}

TEST_F(SweepScriptsTest, WhatIsNotThereOrNoModuleIsRefusedWithItsPlace) {
  const Outcome missing = run({"submit", sweep_});
  EXPECT_EQ(missing.code, 5) << missing.err;
  EXPECT_NE(missing.err.find("script losses/pairs.pt: no file " + (folder_ / "losses/pairs.pt").string()),
            std::string::npos)
      << missing.err;
  EXPECT_NE(missing.err.find("--scripts-on-workers"), std::string::npos) << missing.err;
  for (const auto& [bytes, why] : std::map<std::string, std::string>{
           {"hello", "is no archive"},
           {"PK\x03\x04 net/constants.pkl", "is not whole"},
           {"PK\x03\x04 archive/data.pkl PK\x05\x06", "contains no module, perhaps the tensors of torch.save"}}) {
    write("losses/pairs.pt", bytes);
    const Outcome refused = run({"submit", sweep_});
    EXPECT_EQ(refused.code, 2) << bytes;
    EXPECT_NE(refused.err.find(why), std::string::npos) << refused.err;
  }
  EXPECT_TRUE(service_.submits.empty());
  EXPECT_EQ(run({"submit", sweep_, "--scripts-on-workers"}).code, 0);
  EXPECT_TRUE(service_.submits[0].sweep().scripts_on_workers());
  EXPECT_EQ(service_.submits[0].sweep().scripts_size(), 0);
}

TEST_F(SweepScriptsTest, WithoutTheRightNothingIsSubmitted) {
  write("losses/pairs.pt", module_of(10));
  service_.artifacts.may_bring = false;
  const Outcome refused = run({"submit", sweep_});
  EXPECT_NE(refused.code, 0);
  EXPECT_NE(refused.err.find("script losses/pairs.pt: bob may not submit scripts"), std::string::npos) << refused.err;
  EXPECT_TRUE(service_.submits.empty());
}

TEST_F(SweepScriptsTest, APlanAsksTheCoordinatorWhetherTheyMayBeSubmitted) {
  write("losses/pairs.pt", module_of(10));
  v1::WhoAmIReply& who = service_.sharing.who_reply;
  EXPECT_EQ(run({"plan", sweep_}).code, 0) << "nobody is asked for a token";
  who.set_name("bob");
  who.set_role("submitter");
  const Outcome refused = run({"plan", sweep_});
  EXPECT_EQ(refused.code, 4);
  EXPECT_NE(refused.err.find("bob may not submit scripts"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("(submitter+scripts)"), std::string::npos) << refused.err;
  EXPECT_EQ(run({"plan", sweep_, "--scripts-on-workers"}).code, 0);
  who.set_scripts(true);
  EXPECT_EQ(run({"plan", sweep_}).code, 0);
  service_.sharing.failing = internal_error("no idea who you are");
  EXPECT_EQ(run({"plan", sweep_}).code, kExitFailed) << "which says nothing of rights";
}

TEST_F(SweepScriptsTest, LocalRunsNoneUnlessItIsAllowed) {
  write("losses/pairs.pt", module_of(10));
  const Outcome refused = run({"local", sweep_, "--state", (folder_ / "state").string()});
  EXPECT_NE(refused.code, 0);
  EXPECT_NE(refused.err.find("--allow-scripts"), std::string::npos) << refused.err;
  const Outcome nowhere = run({"local", sweep_, "--allow-scripts", "/nowhere"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_NE(nowhere.err.find("'/nowhere' is no folder"), std::string::npos) << nowhere.err;
  const Outcome swapped = run({"local", "--allow-scripts", sweep_, "--benchmarks-root", "/nowhere"});
  EXPECT_EQ(swapped.code, 2);
  EXPECT_NE(swapped.err.find("name the sweep's file before this option"), std::string::npos) << swapped.err;
}

}  // namespace
}  // namespace oodml::cli
