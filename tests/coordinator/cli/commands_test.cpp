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

TEST_F(CommandsTest, SubmitSendsTheFileWithItsSettings) {
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

TEST_F(CommandsTest, SubmitAsksForARerunOfASelectionOrForReuse) {
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

TEST_F(CommandsTest, ALostReplyIsAskedForAgainWithTheSameRequestId) {
  service_.lost_replies = 2;
  EXPECT_EQ(run({"submit", "-"}, "name: smoke\n").code, 0);
  ASSERT_EQ(service_.submits.size(), 3u);
  EXPECT_EQ(service_.submits[0].request_id(), service_.submits[2].request_id());
}

TEST_F(CommandsTest, SpecificationErrorsAreListedAsTheyAre) {
  service_.failing = Status(StatusCode::kInvalidArgument, "a.yaml:1:2: unknown key 'x'\na.yaml:3:4: unknown key 'y'");
  const Outcome outcome = run({"submit", "-"}, "x");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "a.yaml:1:2: unknown key 'x'\na.yaml:3:4: unknown key 'y'\n");
  const Json error = Json::parse(run({"submit", "-", "-o", "json"}, "x").out)["error"];
  EXPECT_EQ(error["details"].size(), 2u);
}

TEST_F(CommandsTest, AFileThatIsNotThereIsAUsageError) {
  const Outcome outcome = run({"submit", "/nowhere/a.yaml"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("cannot read the sweep"), std::string::npos);
  EXPECT_NE(outcome.err.find("/nowhere/a.yaml"), std::string::npos);
  EXPECT_NE(run({"submit", "-", "--set", "epochs"}).err.find("wanted key=value"), std::string::npos);
}

TEST_F(CommandsTest, PlanAsksTheCoordinatorOnlyWhenOneWasNamed) {
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

class DataTest : public CliTest {
 protected:
  DataTest() {
    environment_.clear();
    add("benchmarks/birds/images/a/1.png", "image");
    add("benchmarks/birds/splits.json",
        R"({"version": 1, "benchmark": "birds", "splits": {"near": {"train": ["a"], "test": ["b"]}, "far": {"train": ["b"], "test": ["a"]}}})");
  }
  void add(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    write(name, text);
  }
  /// With that benchmark and those splits.
  std::string sweep(const std::string& benchmark, const std::string& splits) {
    return write("sweep.yaml",
                 "version: 1\nname: birds\ntrial: {layout: image_folder, arch: small_conv_normalize, criterion: "
                 "multisimilarity}\nmatrix: {benchmark: [" +
                     benchmark + "], split: " + splits + "}\n");
  }
  const std::string root_ = (folder_ / "benchmarks").string();
};

TEST_F(DataTest, APlanSaysWhatIsMissingWhereAFolderWasNamed) {
  EXPECT_EQ(run({"plan", sweep("birds", "[near, default]"), "--benchmarks-root", root_}).code, 0);
  EXPECT_EQ(run({"plan", sweep("brids", "[default]")}).code, 0) << "no folder is known";

  const Outcome benchmark = run({"plan", sweep("brids", "[default, 3]"), "--benchmarks-root", root_});
  EXPECT_EQ(benchmark.code, 5);
  EXPECT_TRUE(benchmark.out.starts_with("birds: 2 trials\n")) << benchmark.out;
  EXPECT_TRUE(benchmark.err.starts_with("2 trials of 2 cannot run on this machine:\n  benchmark brids: no folder " +
                                        root_ + "/brids; "))
      << benchmark.err;
  EXPECT_NE(benchmark.err.find("--benchmarks-root; did you mean 'birds'?"), std::string::npos) << benchmark.err;

  environment_["OODML_BENCHMARKS"] = root_;
  const Outcome split = run({"plan", sweep("birds", "[near, fra]")});
  EXPECT_EQ(split.code, 5);
  EXPECT_TRUE(split.err.starts_with("1 trial of 2 cannot run")) << split.err;
  EXPECT_NE(split.err.find("split fra of benchmark birds: not in " + root_ +
                           "/birds/splits.json; it has near, far; "
                           "did you mean 'far'? (1 trial)"),
            std::string::npos)
      << split.err;

  const Outcome nowhere = run({"plan", sweep("birds", "[near]"), "--benchmarks-root", "/nowhere/benchmarks"});
  EXPECT_EQ(nowhere.code, 5);
  EXPECT_NE(nowhere.err.find("no folder of benchmarks at /nowhere/benchmarks"), std::string::npos) << nowhere.err;
}

TEST_F(DataTest, APlanNamesWeightsAndTestBenchmarksThatAreMissing) {
  const std::string file =
      write("sweep.yaml",
            "version: 1\nname: birds\ntrial: {layout: image_folder, arch: resnet50_normalize, criterion: "
            "multisimilarity, test_benchmark: cars196}\nmatrix: {benchmark: [birds]}\n");
  const Outcome unnamed = run({"plan", file, "--benchmarks-root", root_});
  EXPECT_NE(unnamed.err.find("benchmark cars196: no folder " + root_ + "/cars196"), std::string::npos) << unnamed.err;
  EXPECT_NE(unnamed.err.find("weights resnet50-imagenet: no folder of weights was named"), std::string::npos)
      << unnamed.err;
  add("weights/resnet50-imagenet.pth", "weights");
  add("benchmarks/cars196/car_ims/1.jpg", "image");
  EXPECT_EQ(run({"plan", file, "--benchmarks-root", root_, "--weights-root", (folder_ / "weights").string()}).code, 0);
}

TEST_F(DataTest, LocalStartsNothingWhereDataIsMissingAndSaysSo) {
  const std::string state = (folder_ / "state").string();
  const Outcome outcome = run({"local", sweep("birds", "[near, 9]"), "--benchmarks-root", root_, "--state", state});
  EXPECT_EQ(outcome.code, 5);
  EXPECT_NE(outcome.err.find("split 9 of benchmark birds"), std::string::npos) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(state));
}

TEST_F(DataTest, LocalLooksAtItsTableBeforeItTrains) {
  const std::string file = sweep("birds", "[near]"), state = (folder_ / "state").string();
  const auto local = [&](const std::string& option, const std::string& value) {
    return run({"local", file, "--benchmarks-root", root_, "--state", state, option, value});
  };
  EXPECT_NE(local("--by", "splti").err.find("; did you mean 'split'?"), std::string::npos);
  EXPECT_NE(local("--metric", "e_recal@1").err.find("; did you mean 'e_recall@1'?"), std::string::npos);
  EXPECT_NE(local("--metric", "train:e_recall@16").err.find("no trial measures it"), std::string::npos);
  EXPECT_EQ(local("--metric", "mAP").code, 2);
  EXPECT_FALSE(std::filesystem::exists(state));
}

TEST_F(DataTest, SplitAllStandsForTheIdsOfTheSplitFileHereOrAlongWithASubmission) {
  const Outcome plan = run({"plan", sweep("birds", "all"), "--benchmarks-root", root_});
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_NE(plan.out.find("near: 1, far: 1"), std::string::npos) << plan.out;
  const Outcome unknown = run({"plan", sweep("birds", "all"), "--benchmarks-root", folder_.path().string()});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("no split file " + folder_.path().string() + "/birds/splits.json"), std::string::npos)
      << unknown.err;

  environment_["OODML_COORDINATOR"] = service_.address();
  EXPECT_EQ(run({"submit", sweep("birds", "all"), "--benchmarks-root", root_}).code, 0);
  ASSERT_EQ(service_.submits.at(0).sweep().split_ids_size(), 1);
  EXPECT_EQ(service_.submits.at(0).sweep().split_ids(0).benchmark(), "birds");
  EXPECT_EQ(service_.submits.at(0).sweep().split_ids(0).ids(1), "far");
  EXPECT_EQ(run({"submit", sweep("birds", "all")}).code, 0) << "workers may know";
  EXPECT_EQ(run({"submit", sweep("birds", "[3]"), "--benchmarks-root", root_}).code, 5);
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

TEST_F(CommandsTest, LogsPrintEveryEventInOrder) {
  *service_.trial_reply.mutable_trial() = sample_trial(7, "failed", {});
  service_.trial_reply.mutable_trial()->set_outcome("numeric");
  for (int i = 1; i <= 1203; ++i) {
    auto* event = service_.trial_reply.add_events();
    event->set_sequence(i);
    event->mutable_warning()->set_message("w" + std::to_string(i));
  }
  const Outcome outcome = run({"logs", "7", "--follow"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1203);
  EXPECT_NE(outcome.out.find("warning: w1203\n"), std::string::npos);
  EXPECT_EQ(outcome.err, "Trial 7 failed, numeric\n");
}

TEST_F(CommandsTest, FollowingLogsEndsWithAnInterrupt) {
  *service_.trial_reply.mutable_trial() = sample_trial(7, "running", {});
  interrupts_ = [n = 0]() mutable { return n++; };
  EXPECT_EQ(run({"logs", "7", "-f"}).code, 130);
}

TEST_F(CommandsTest, ChangesGoToTheSweepOrToSomeOfItsTrials) {
  *service_.change_reply.mutable_sweep() = sample_sweep("running", 1, 0, 2, 3);
  service_.change_reply.set_changed(2);
  const Outcome outcome = run({"retry", "smoke", "--trial", "7", "8", "--trial", "9,10"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "Queued 2 trials of sweep 3 smoke (now 1 succeeded, 2 running, 3 queued).\n");
  EXPECT_EQ(service_.changes.at(0).first, "retry");
  EXPECT_EQ(service_.changes.at(0).second.trial_ids_size(), 4);
  for (const char* name : {"pause", "resume", "cancel"}) {
    std::vector<std::string> words = {name, "3"};
    if (words[0] == "cancel") words.push_back("--yes");
    EXPECT_EQ(run(words).code, 0);
    EXPECT_EQ(service_.changes.back().first, name);
    EXPECT_EQ(service_.changes.back().second.sweep().sweep_id(), 3);
    EXPECT_FALSE(service_.changes.back().second.request_id().empty());
    EXPECT_FALSE(service_.changes.back().second.after_running());
  }
  EXPECT_EQ(run({"pause", "3", "--after-running"}).code, 0);
  EXPECT_TRUE(service_.changes.back().second.after_running());
  EXPECT_EQ(run({"resume", "3", "--after-running"}).code, 2) << "of pause alone";
}

TEST_F(CommandsTest, CancelAsksOnATerminal) {
  in_is_terminal_ = true;
  *service_.get_pages[0].mutable_sweep() = sample_sweep("running", 1, 0, 2, 3);
  const Outcome refused = run({"cancel", "smoke"}, "n\n");
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.err, "Cancel sweep 3 smoke (1 succeeded, 2 running, 3 queued)? [y/N] Nothing was cancelled.\n");
  EXPECT_TRUE(service_.changes.empty());
  EXPECT_EQ(run({"cancel", "smoke"}, "y\n").code, 0);
  EXPECT_EQ(run({"cancel", "smoke", "--yes"}).code, 0);
  EXPECT_EQ(service_.changes.size(), 2u);
}

TEST_F(CommandsTest, CancelWithoutATerminalWantsAYes) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"cancel", "smoke"}, {"cancel", "smoke", "--trial", "7"}}) {
    const Outcome refused = run(words, "y\n");
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.err.find("say --yes"), std::string::npos) << refused.err;
  }
  EXPECT_TRUE(service_.changes.empty());
  EXPECT_EQ(run({"cancel", "smoke", "-y"}).code, 0);
  EXPECT_EQ(service_.changes.size(), 1u);
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

v1::Event point(std::int64_t trial, std::int64_t attempt, std::int64_t sequence, std::int64_t epoch, double value) {
  v1::Event event;
  event.set_trial_id(trial);
  event.set_attempt(attempt);
  event.set_sequence(sequence);
  event.set_time_millis(kNow);
  event.mutable_metric()->set_epoch(epoch);
  event.mutable_metric()->set_set("test");
  event.mutable_metric()->set_embeds("embeds");
  event.mutable_metric()->set_name("nmi");
  event.mutable_metric()->set_value(value);
  return event;
}

/// Two trials of a sweep in two pages; the first went on from a checkpoint and measured its second epoch again.
std::vector<v1::ReadMetricsReply> sample_metrics() {
  std::vector<v1::ReadMetricsReply> pages(2);
  for (v1::ReadMetricsReply& page : pages) {
    page.add_axes("criterion");
    page.add_axes("seed");
    auto* trial = page.add_trials();
    trial->set_trial_id(7);
    add_labels(*trial, {{"criterion", "a, \"b\""}, {"seed", "1"}});
  }
  *pages[0].add_points() = point(7, 1, 1, 1, 0.25);
  *pages[0].add_points() = point(7, 1, 2, 2, 0.5);
  pages[0].mutable_next()->set_trial_id(7);
  pages[0].mutable_next()->set_attempt(1);
  pages[0].mutable_next()->set_sequence(2);
  *pages[1].add_points() = point(7, 2, 1, 2, 0.75);
  *pages[1].add_points() = point(9, 1, 1, 1, std::nan(""));
  auto* last = pages[1].add_trials();
  last->set_trial_id(9);
  add_labels(*last, {{"seed", "2"}});
  return pages;
}

TEST_F(CommandsTest, LogsOfASweepHaveARowAnEpochAndMetricOfEachTrial) {
  service_.metric_pages = sample_metrics();
  const Outcome csv = run({"logs", "--sweep", "smoke", "-o", "csv"});
  EXPECT_EQ(csv.code, 0) << csv.err;
  EXPECT_EQ(csv.out,
            "trial,criterion,seed,attempt,epoch,set,metric,value,time\n"
            "7,\"a, \"\"b\"\"\",1,1,1,test,nmi,0.25,2026-11-22T05:15:47Z\n"
            "7,\"a, \"\"b\"\"\",1,2,2,test,nmi,0.75,2026-11-22T05:15:47Z\n"
            "9,,2,1,1,test,nmi,,2026-11-22T05:15:47Z\n");
  ASSERT_EQ(service_.metric_reads.size(), 2u);
  EXPECT_EQ(service_.metric_reads[0].sweep().name(), "smoke");
  EXPECT_EQ(service_.metric_reads[1].after().sequence(), 2);

  service_.metric_reads.clear();
  const Outcome json = run({"logs", "--sweep", "smoke", "-o", "json"});
  std::istringstream lines(json.out);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(line,
            R"({"version":1,"trial":7,"labels":{"criterion":"a, \"b\"","seed":"1"},"attempt":1,"epoch":1,"set":"test",)"
            R"("metric":"nmi","value":0.25,"time":"2026-11-22T05:15:47Z"})");
  ASSERT_TRUE(std::getline(lines, line) && std::getline(lines, line));
  EXPECT_TRUE(Json::parse(line)["value"].is_null());

  service_.metric_reads.clear();
  EXPECT_EQ(run({"logs", "7", "-o", "csv"}).code, 0);
  EXPECT_EQ(service_.metric_reads[0].trial_id(), 7);
}

TEST_F(CommandsTest, LogsSayWhatTheyWant) {
  EXPECT_NE(run({"logs"}).err.find("wants the id of a trial, or --sweep"), std::string::npos);
  EXPECT_NE(run({"logs", "--sweep", "smoke"}).err.find("add -o csv or -o json"), std::string::npos);
  EXPECT_EQ(run({"logs", "7", "--sweep", "smoke", "-o", "csv"}).code, 2);
  EXPECT_NE(run({"logs", "smoke"}).err.find("oodml logs --sweep smoke -o csv"), std::string::npos);
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

TEST_F(CommandsTest, WatchEndsWithTheSweepAndJudgesItOnlyWhenAsked) {
  *service_.get_pages[0].mutable_sweep() = sample_sweep("finished", 1, 1, 0, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("finished", 1, 1, 0, 0);
  EXPECT_EQ(run({"watch", "smoke"}).code, 0);
  const Outcome judged = run({"watch", "smoke", "--wait"});
  EXPECT_EQ(judged.code, 3);
  EXPECT_NE(judged.out.find("sweep 3 smoke is finished: 2 trials, 1 succeeded, 1 failed\n"), std::string::npos)
      << judged.out;
  EXPECT_NE(judged.err.find("oodml retry 3"), std::string::npos);
  const Outcome json = run({"watch", "smoke", "--wait", "-o", "json"});
  EXPECT_EQ(json.code, 3);
  EXPECT_EQ(Json::parse(json.out)["sweep"]["id"], 3);
}

TEST_F(CommandsTest, WatchSurvivesAConnectionThatBreaksOff) {
  *service_.get_pages[0].mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("finished", 2, 0, 0, 0);
  service_.broken_streams = 1;
  const Outcome outcome = run({"watch", "smoke", "--wait"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(service_.streams, 2);
}

TEST_F(CommandsTest, AnInterruptedWatchSaysHowToComeBack) {
  *service_.get_pages[0].mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  interrupts_ = [n = 0]() mutable { return n++; };
  const Outcome outcome = run({"watch", "smoke"});
  EXPECT_EQ(outcome.code, 130);
  EXPECT_EQ(outcome.err, "Stopped watching; the sweep goes on. Come back with: oodml watch 3\n");
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
