#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using SubmitTest = CliTest;

TEST_F(SubmitTest, SubmitSendsTheFileWithItsSettings) {
  service_.submit_reply.set_sweep_id(3);
  service_.submit_reply.set_name("smoke");
  service_.submit_reply.set_trials(18);
  service_.submit_reply.set_new_trials(12);
  const std::string file = write("smoke.yaml", "name: smoke\n");
  const Outcome outcome = run({"submit", "--set", "epochs=2", file, "--priority", "5"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "Submitted sweep 3 smoke: 18 trials, 6 shared with earlier sweeps.\n"
            "Follow it with: oodml watch 3; its table: oodml results 3\n");
  ASSERT_EQ(service_.submits.size(), 1u);
  const v1::SubmitRequest& request = service_.submits.front();
  EXPECT_EQ(request.sweep().yaml(), "name: smoke\n");
  EXPECT_EQ(request.sweep().file_name(), "smoke.yaml");
  EXPECT_EQ(request.sweep().overrides(0).key(), "epochs");
  EXPECT_EQ(request.sweep().overrides(0).value(), "2");
  EXPECT_EQ(request.priority(), 5);
  EXPECT_EQ(request.request_id().size(), 32u);
}

TEST_F(SubmitTest, SubmitAsksForARerunOfASelectionOrForReuse) {
  ASSERT_EQ(run({"submit", "-"}, "name: smoke\n").code, 0);
  EXPECT_FALSE(service_.submits[0].rerun());
  EXPECT_FALSE(service_.submits[0].reuse());
  ASSERT_EQ(
      run({"submit", "-", "--rerun", "--filter", "split=3", "--filter", "criterion=margin"}, "name: smoke\n").code, 0);
  const v1::SubmitRequest& request = service_.submits[1];
  EXPECT_TRUE(request.rerun());
  ASSERT_EQ(request.rerun_only_size(), 2);
  EXPECT_EQ(request.rerun_only(0).axis(), "split");
  EXPECT_EQ(request.rerun_only(1).label(), "margin");
  ASSERT_EQ(run({"submit", "-", "--reuse"}, "name: smoke\n").code, 0);
  EXPECT_TRUE(service_.submits[2].reuse());
  const Outcome alone = run({"submit", "-", "--filter", "split=3"}, "name: smoke\n");
  EXPECT_EQ(alone.code, 2);
  EXPECT_NE(alone.err.find("--rerun"), std::string::npos) << alone.err;
  EXPECT_EQ(run({"submit", "-", "--rerun", "--filter", "split"}, "name: smoke\n").err,
            "oodml: --filter split: wanted axis=label, as in --filter split=3\n");
}

TEST_F(SubmitTest, ALostReplyIsAskedForAgainWithTheSameRequestId) {
  service_.lost_replies = 2;
  EXPECT_EQ(run({"submit", "-"}, "name: smoke\n").code, 0);
  ASSERT_EQ(service_.submits.size(), 3u);
  EXPECT_EQ(service_.submits[0].request_id(), service_.submits[2].request_id());
}

TEST_F(SubmitTest, SpecificationErrorsAreListedAsTheyAre) {
  service_.failing = Status(StatusCode::kInvalidArgument, "a.yaml:1:2: unknown key 'x'\na.yaml:3:4: unknown key 'y'");
  const Outcome outcome = run({"submit", "-"}, "x");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "a.yaml:1:2: unknown key 'x'\na.yaml:3:4: unknown key 'y'\n");
  const Json error = Json::parse(run({"submit", "-", "-o", "json"}, "x").out)["error"];
  EXPECT_EQ(error["details"].size(), 2u);
}

TEST_F(SubmitTest, AFileThatIsNotThereIsAUsageError) {
  const Outcome outcome = run({"submit", "/nowhere/a.yaml"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("cannot read the sweep"), std::string::npos);
  EXPECT_NE(outcome.err.find("/nowhere/a.yaml"), std::string::npos);
  EXPECT_NE(run({"submit", "-", "--set", "epochs"}).err.find("wanted key=value"), std::string::npos);
}

TEST_F(SubmitTest, PlanAsksTheCoordinatorOnlyWhenOneWasNamed) {
  service_.plan_reply.set_name("smoke");
  service_.plan_reply.set_trials(4);
  service_.plan_reply.set_new_trials(1);
  const Outcome outcome = run({"plan", "-", "--trials"}, "name: smoke\n");
  EXPECT_TRUE(outcome.out.starts_with("smoke: 4 trials, 1 new, 3 already there\n")) << outcome.out;
  EXPECT_TRUE(service_.plans.at(0).with_trials());
  environment_.clear();
  const Outcome here = run({"plan", "-"}, "this is: no sweep\n");
  EXPECT_EQ(here.code, 2);
  EXPECT_NE(here.err.find("standard input:"), std::string::npos) << here.err;
  EXPECT_EQ(service_.plans.size(), 1u);
}

TEST_F(SubmitTest, ValuesMayLieInFilesAndSetWinsOverThem) {
  const std::string taus = write("taus.yaml", "[10, 20]\n");
  ASSERT_EQ(run({"submit", "-", "--set", "epochs=2", "--set-file", "tau=" + taus}, "name: smoke\n").code, 0);
  const auto& overrides = service_.submits[0].sweep().overrides();
  ASSERT_EQ(overrides.size(), 2);
  EXPECT_EQ(overrides[0].key(), "tau");
  EXPECT_EQ(overrides[0].value(), "[10, 20]\n");
  EXPECT_EQ(overrides[1].key(), "epochs");
  const Outcome missing = run({"submit", "-", "--set-file", "tau=" + folder_.path().string() + "/no"}, "x");
  EXPECT_EQ(missing.code, 2);
  EXPECT_EQ(run({"submit", "-", "--set-file", "tau"}, "x").err,
            "oodml: --set-file tau: wanted key=FILE, as in --set-file tau=taus.yaml\n");
  const std::string large = write("large", std::string(60'001, '1'));
  EXPECT_EQ(run({"submit", "-", "--set-file", "tau=" + large}, "x").code, 2);
}

TEST_F(SubmitTest, WhatAnAxisTakesFromAFileGoesAlong) {
  write("splits.txt", "1\n3\n");
  const std::string file = write("a.yaml",
                                 "version: 1\nname: a\ntrial: {benchmark: cub200, criterion: oproxy}\n"
                                 "matrix: {split: {file: splits.txt}}\n");
  ASSERT_EQ(run({"submit", file}).code, 0);
  EXPECT_EQ(service_.submits[0].sweep().yaml().find("splits.txt}"), std::string::npos);
  const Outcome planned = [&] {
    environment_.clear();
    return run({"plan", file});
  }();
  EXPECT_EQ(planned.code, 0) << planned.err;
  EXPECT_NE(planned.out.find("2 trials"), std::string::npos) << planned.out;
}

}  // namespace
}  // namespace oodml::cli
