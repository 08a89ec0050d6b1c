// Sweeps of several people on one coordinator: whose they are, and who may do what, by the real programs.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/cluster.h"
#include "tests/integration/scripted_sweep.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

class OwnersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Security::wanted()) GTEST_SKIP() << "in the clear nobody has a name";
    cluster_.start_coordinator();
  }
  void TearDown() override {
    if (Security::wanted()) cluster_.stop_coordinator();
  }

  Output as(const char* token, std::vector<std::string> words) const {
    words.insert(words.begin(), program("oodml"));
    auto environment = cluster_.environment();
    environment["OODML_TOKEN"] = token;
    return run(words, {.environment = environment});
  }
  Output submit(const char* token, const std::string& name, int seeds = 3) const {
    write_text(folder_ / (name + ".yaml"), scripted_sweep(name, seeds));
    return as(token, {"submit", folder_ / (name + ".yaml")});
  }
  nlohmann::json shown(const std::string& sweep) const {
    return nlohmann::json::parse(as(Security::kViewerToken, {"show", sweep, "-o", "json"}).out).at("sweep");
  }

  static constexpr const char* kAlice = Security::kSubmitterToken;
  static constexpr const char* kBob = Security::kOtherToken;
  static constexpr const char* kOlga = Security::kOperatorToken;
  static constexpr const char* kVera = Security::kViewerToken;

  TemporaryFolder folder_;
  Cluster cluster_{folder_.path(), "{}", {.through_proxy = false}};
};

TEST_F(OwnersTest, EachRoleMayDoWhatItMay) {
  ASSERT_EQ(submit(kAlice, "hers").exit_code, 0);
  ASSERT_EQ(submit(kBob, "his").exit_code, 0);
  EXPECT_EQ(submit(kVera, "nobodys").exit_code, 4);
  EXPECT_EQ(as(kVera, {"whoami"}).out, "vera, viewer: sees everything and changes nothing\n");
  EXPECT_EQ(as(Security::kWorkerToken, {"list"}).exit_code, 4) << "a worker does the work, and nothing else";
  EXPECT_EQ(shown("hers").at("owner"), "alice");

  const Output refused = as(kBob, {"pause", "hers"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_EQ(refused.err, "oodml: sweep 1 hers belongs to alice: alice or an operator may change it, and you are bob\n");
  EXPECT_EQ(as(kBob, {"priority", "hers", "5"}).exit_code, 4);
  EXPECT_EQ(as(kBob, {"limit", "hers", "--max-parallel", "1"}).exit_code, 4);
  EXPECT_EQ(as(kVera, {"cancel", "hers", "--yes"}).exit_code, 4);
  EXPECT_EQ(shown("hers").at("counts").at("queued"), 3);

  EXPECT_EQ(as(kAlice, {"priority", "hers", "-5"}).out, "Priority of sweep 1 hers is -5 (3 trials to go).\n");
  EXPECT_EQ(as(kAlice, {"cancel", "hers", "--where", "seed=0..1", "--yes"}).exit_code, 0);
  EXPECT_EQ(as(kOlga, {"limit", "hers", "--max-parallel", "2"}).exit_code, 0);
  const nlohmann::json hers = shown("hers");
  EXPECT_EQ(hers.at("priority"), -5);
  EXPECT_EQ(hers.at("max_parallel"), 2);

  const auto listed = nlohmann::json::parse(as(kBob, {"list", "--owner", "me", "-o", "json"}).out).at("sweeps");
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].at("name"), "his");
}

}  // namespace
}  // namespace oodml::testing
