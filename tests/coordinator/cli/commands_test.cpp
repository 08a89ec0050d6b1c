#include "coordinator/cli/output/results_text.h"
#include "core/base/build_info.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using CommandsTest = CliTest;

TEST_F(CommandsTest, EveryKindOfRefusalHasItsExitCodeAndOneLine) {
  const std::pair<StatusCode, int> kinds[] = {
      {StatusCode::kInvalidArgument, 2}, {StatusCode::kPermissionDenied, 4},   {StatusCode::kUnauthenticated, 4},
      {StatusCode::kNotFound, 5},        {StatusCode::kFailedPrecondition, 6}, {StatusCode::kAlreadyExists, 6},
      {StatusCode::kAborted, 6},         {StatusCode::kResourceExhausted, 1},  {StatusCode::kInternal, 1}};
  for (const auto& [code, expected] : kinds) {
    service_.failing = Status(code, "no sweep 9");
    const Outcome outcome = run({"show", "9"});
    EXPECT_EQ(outcome.code, expected) << to_text(code);
    EXPECT_TRUE(outcome.err.starts_with("oodml: no sweep 9")) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    const Outcome json = run({"show", "9", "-o", "json"});
    EXPECT_EQ(json.code, expected);
    EXPECT_EQ(json.err, "");
    EXPECT_EQ(Json::parse(json.out)["error"]["code"], to_text(code));
  }
}

TEST_F(CommandsTest, NoCoordinatorIsSevenWithWhatToDo) {
  const std::string nowhere = dead_address();
  const Outcome outcome = run({"list", "--coordinator", nowhere});
  EXPECT_EQ(outcome.code, 7);
  EXPECT_EQ(outcome.err, "oodml: no coordinator at " + nowhere +
                             ": start one with oodml-coordinator, name another with --coordinator HOST:PORT, or run "
                             "oodml local SWEEP.yaml (--state DIR reads what that did)\n");
}

TEST_F(CommandsTest, ShowReadsEveryPageForPrograms) {
  service_.get_pages.resize(2);
  *service_.get_pages[0].mutable_sweep() = sample_sweep("finished", 2, 0, 0, 0);
  *service_.get_pages[0].add_trials() = sample_trial(1, "succeeded", {});
  service_.get_pages[0].set_next_after_trial_id(1);
  *service_.get_pages[1].add_trials() = sample_trial(2, "succeeded", {});
  const Outcome outcome = run({"show", "smoke", "--state", "succeeded", "-o", "json"});
  EXPECT_EQ(Json::parse(outcome.out)["trials"].size(), 2u);
  EXPECT_EQ(service_.gets.at(0).sweep().name(), "smoke");
  EXPECT_EQ(service_.gets.at(0).states(0), "succeeded");
  run({"show", "17"});
  EXPECT_EQ(service_.gets.back().sweep().sweep_id(), 17);
}

TEST_F(CommandsTest, ShowTrialShowsATrial) {
  *service_.trial_reply.mutable_trial() = sample_trial(7, "succeeded", {{"seed", "1"}});
  EXPECT_TRUE(run({"show", "trial", "7"}).out.starts_with("Trial 7  seed=1  succeeded\n"));
  EXPECT_NE(run({"show", "smoke", "7"}).err.find("oodml show trial 7"), std::string::npos);
}

TEST_F(CommandsTest, ALongTableIsReadPageByPage) {
  v1::QueryResultsReply whole = sample_results();
  service_.results_pages = {whole, whole};
  service_.results_pages[0].mutable_rows()->DeleteSubrange(1, 2);
  service_.results_pages[0].set_rows_left_out(2);
  service_.results_pages[1].mutable_rows()->DeleteSubrange(0, 1);
  EXPECT_EQ(run({"results", "smoke"}).out, results_text(whole, {}));
  ASSERT_EQ(service_.queries.size(), 2u);
  EXPECT_EQ(service_.queries[0].after_row(), 0);
  EXPECT_EQ(service_.queries[1].after_row(), 1);
  service_.queries.clear();
  EXPECT_EQ(run({"results", "smoke", "-o", "json"}).out, json_text(json_of(whole)));
  service_.queries.clear();
  EXPECT_EQ(run({"results", "smoke", "-o", "csv"}).out, results_csv_head(whole) + results_csv_rows(whole));
  service_.queries.clear();
  service_.results_pages = {whole};
  service_.results_pages[0].clear_rows();
  EXPECT_EQ(run({"results", "smoke", "-o", "json"}).out, json_text(json_of(service_.results_pages[0])));
}

TEST_F(CommandsTest, ShowKeepsToTheStatesItIsTold) {
  *service_.get_pages[0].mutable_sweep() = sample_sweep("finished", 2, 0, 0, 0);
  run({"show", "smoke", "--only", "failed", "--state", "running"});
  EXPECT_EQ(service_.gets.back().states_size(), 2);
  const Outcome misspelt = run({"show", "smoke", "--state", "faild"});
  EXPECT_EQ(misspelt.code, 5);
  EXPECT_NE(misspelt.err.find("did you mean 'failed'?"), std::string::npos) << misspelt.err;
  EXPECT_NE(run({"show", "smoke", "--only", "faild"}).err.find("did you mean 'failed'?"), std::string::npos);
}

TEST_F(CommandsTest, AStateFolderWithoutARunIsNamed) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"list"}, {"show", "1"}, {"watch", "1"}, {"logs", "1"}, {"results", "1"}}) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--state", folder_.path().string()});
    const Outcome outcome = run(all);
    EXPECT_EQ(outcome.code, 5) << words[0];
    EXPECT_NE(outcome.err.find("no run of oodml local in " + folder_.path().string()), std::string::npos)
        << outcome.err;
  }
}

TEST_F(CommandsTest, ResultsPassTheQueryOnAndStrictSeesHoles) {
  service_.results_reply = sample_results();
  const Outcome outcome = run({"results", "smoke", "--metric", "e_recall@1,nmi", "--metric", "train:dists@intra",
                               "--by", "criterion,split", "--filter", "split=3", "--sort", "-e_recall@1"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::QueryResultsRequest& query = service_.queries.at(0);
  EXPECT_EQ(query.metrics_size(), 3);
  EXPECT_EQ(query.by(1), "split");
  EXPECT_EQ(query.filter(0).axis(), "split");
  EXPECT_EQ(query.filter(0).label(), "3");
  EXPECT_EQ(query.sort(), "-e_recall@1");
  EXPECT_EQ(run({"results", "smoke", "--strict"}).code, 3);
  EXPECT_TRUE(run({"results", "smoke", "-o", "csv"}).out.starts_with("criterion,split,set,metric,"));
  EXPECT_TRUE(run({"results", "smoke", "-o", "latex"}).out.starts_with("% Sweep 3"));
  EXPECT_EQ(Json::parse(run({"results", "smoke", "-o", "json"}).out)["n_expected"], 6);
  EXPECT_EQ(run({"results", "smoke", "--filter", "split"}).code, 2);
}

TEST_F(CommandsTest, VersionTellsBothAndFailsOnlyForANamedCoordinator) {
  service_.version_reply.set_version("0.1.0");
  service_.version_reply.set_schema_version(4);
  EXPECT_NE(run({"version"}).out.find(": 0.1.0, database schema 4\n"), std::string::npos);
  EXPECT_EQ(run({"version", "--coordinator", dead_address()}).code, 7);
}

TEST_F(CommandsTest, VersionAsJsonTellsCommitBuildTypeAndTheCoreOrWhyThereIsNone) {
  const Json document = Json::parse(run({"version", "--json"}).out);
  EXPECT_EQ(document, Json::parse(run({"version", "-o", "json"}).out));
  EXPECT_EQ(document.at("oodml"), build_info().version);
  EXPECT_EQ(document.at("commit"), build_info().commit);
  EXPECT_EQ(document.at("build_type"), build_info().type);
  // The tests' own folder has no oodml-core.
  const std::string why = document.at("core").at("error");
  EXPECT_NE(why.find("no program "), std::string::npos) << why;
  EXPECT_NE(run({"version"}).out.find("oodml-core: no program "), std::string::npos);
  EXPECT_EQ(run({"--version"}).out, version_line("oodml") + "\n");
}

TEST_F(CommandsTest, ListAndWorkersAnswerOnAnEmptyService) {
  EXPECT_EQ(run({"list"}).out, "No sweeps yet. Submit one with: oodml submit SWEEP.yaml\n");
  EXPECT_EQ(Json::parse(run({"list", "-o", "json"}).out), Json::parse(R"({"version":1,"sweeps":[]})"));
  EXPECT_EQ(Json::parse(run({"workers", "-o", "json"}).out), Json::parse(R"({"version":1,"workers":[]})"));
}

}  // namespace
}  // namespace oodml::cli
