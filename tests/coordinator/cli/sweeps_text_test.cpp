#include "coordinator/cli/output/sweeps_text.h"

#include <gtest/gtest.h>

#include "coordinator/cli/output/trial_text.h"
#include "tests/coordinator/cli/samples.h"

namespace oodml::cli {
namespace {

v1::GetReply sample_get() {
  v1::GetReply reply;
  *reply.mutable_sweep() = sample_sweep("running", 1, 1, 1, 2);
  for (const auto& [axis, labels] :
       {std::pair{"criterion", std::vector{"margin", "triplet"}}, {"benchmark", {"cub200"}}}) {
    auto* count = reply.add_axes();
    count->set_axis(axis);
    for (const char* label : labels) {
      count->add_labels()->set_label(label);
      count->add_counts(5 / static_cast<int>(labels.size()));
    }
  }
  *reply.add_trials() = sample_trial(11, "succeeded", {{"criterion", "margin"}, {"benchmark", "cub200"}});
  reply.mutable_trials(0)->mutable_newest_recall()->set_value(0.6523);
  reply.mutable_trials(0)->mutable_best_recall()->set_value(0.7);
  auto* failed = reply.add_trials();
  *failed = sample_trial(12, "failed", {{"criterion", "triplet"}, {"benchmark", "cub200"}});
  failed->set_outcome("out_of_memory");
  failed->set_message("CUDA out of memory");
  auto* running = reply.add_trials();
  *running = sample_trial(13, "running", {{"criterion", "margin"}, {"benchmark", "cub200"}});
  set_progress(*running->mutable_progress(), 3, 120, 0.4123);
  for (const int id : {14, 15}) {
    auto* queued = reply.add_trials();
    *queued = sample_trial(id, "queued", {{"criterion", "triplet"}, {"benchmark", "cub200"}});
    queued->set_waiting_for("no worker has cub200 on disk");
  }
  return reply;
}

TEST(SweepsTextTest, ShowSaysStatesReasonsAndFailures) {
  EXPECT_EQ(
      sweep_text(sample_get(), 0, kNow, {}),
      "Sweep 3 smoke  running\n"
      "Submitted 2026-11-22 05:05 UTC (10 min 00 s ago)\n"
      "5 trials: 1 succeeded, 1 failed, 1 running, 2 queued\n"
      "\n"
      "AXIS       VALUES  TRIALS BY VALUE\n"
      "criterion       2  margin: 2, triplet: 2\n"
      "benchmark       1  cub200: 5\n"
      "\n"
      "TRIAL  CRITERION  STATE      TRY  WORKER       EPOCH  BEST R@1 %  LAST R@1 %  NOTE\n"
      "   11  margin     succeeded    1  node1 cpu:0              70.00       65.23\n"
      "   12  triplet    failed       1  node1 cpu:0                                 out_of_memory: CUDA out of memory\n"
      "   13  margin     running      1  node1 cpu:0   3/10\n"
      "   14  triplet    queued                                                      no worker has cub200 on disk\n"
      "   15  triplet    queued                                                      no worker has cub200 on disk\n"
      "\n"
      "Why trials wait:\n"
      "  no worker has cub200 on disk (2 trials: 14, 15)\n"
      "\n"
      "How trials failed:\n"
      "  out_of_memory: CUDA out of memory (trial 12)\n");
}

TEST(SweepsTextTest, WhatIsNotShownIsCounted) {
  EXPECT_NE(sweep_text(sample_get(), 7, kNow, {}).find("7 more trials: --all shows them"), std::string::npos);
}

TEST(SweepsTextTest, ListHasOneLineASweep) {
  v1::ListReply reply;
  EXPECT_EQ(list_text(reply, kNow, {}), "No sweeps yet. Submit one with: oodml submit SWEEP.yaml\n");
  *reply.add_sweeps() = sample_sweep("running", 7, 1, 2, 8);
  reply.set_next_before_sweep_id(3);
  EXPECT_EQ(list_text(reply, kNow, {}),
            "ID  NAME   STATE    TRIALS  DONE  FAILED  RUNNING  WAITING  SUBMITTED\n"
            " 3  smoke  running      18     7       1        2        8  10 min 00 s ago\n"
            "Older ones: oodml list --before 3\n");
}

TEST(SweepsTextTest, APlanCountsByAxisAndSaysWhatIsNewOnlyWhenItIsKnown) {
  v1::PlanReply reply;
  reply.set_name("smoke");
  reply.set_trials(4);
  reply.set_new_trials(3);
  auto* axis = reply.add_axes();
  axis->set_axis("seed");
  for (const char* label : {"0", "1"}) {
    axis->add_labels()->set_label(label);
    axis->add_counts(2);
  }
  EXPECT_EQ(
      plan_text(reply, false, {}),
      "smoke: 4 trials\n\n"
      "AXIS  VALUES  TRIALS BY VALUE\n"
      "seed       2  0: 2, 1: 2\n"
      "No estimate: how long like trials took is known to the coordinator that ran them (--coordinator HOST:PORT), "
      "or to oodml local's folder (--state DIR)\n");
  EXPECT_TRUE(plan_text(reply, true, {}).starts_with("smoke: 4 trials, 3 new, 1 already there\n"));

  auto many = reply;
  for (int i = 2; i < 25; ++i) {
    many.mutable_axes(0)->add_labels()->set_label(std::to_string(i));
    many.mutable_axes(0)->add_counts(2);
  }
  EXPECT_TRUE(plan_text(many, true, {}).ends_with("seed      25  2 each\n"));
  v1::PlanReply grouped;
  auto* groups = grouped.add_axes();
  groups->set_axis("group");
  for (int i = 0; i < 7; ++i) {
    groups->add_labels()->set_label("CUB_ID-" + std::to_string(i) + "_Multisimilarity");
    groups->add_counts(5);
  }
  EXPECT_TRUE(plan_text(grouped, true, {}).ends_with("group       7  5 each\n")) << plan_text(grouped, true, {});
  many.mutable_axes(0)->set_counts(24, 1);
  EXPECT_TRUE(plan_text(many, false, {}).find("22: 2, 23: 2, 24: 1") != std::string::npos);

  auto* planned = reply.add_planned();
  add_labels(*planned, {{"seed", "1"}});
  planned->set_fingerprint("0123456789abcdef");
  planned->set_state("succeeded");
  EXPECT_TRUE(plan_text(reply, true, {}).ends_with("#  SEED  FINGERPRINT   STATE\n1  1     0123456789ab  succeeded\n"));
}

TEST(SweepsTextTest, APlanAndASubmissionHaveTheirNotesBelow) {
  v1::PlanReply plan;
  plan.set_name("smoke");
  plan.add_notes("4 trials are shared");
  plan.set_refusal("2 results changed:\n  images of birds");
  EXPECT_TRUE(plan_text(plan, true, {})
                  .ends_with("Note: 4 trials are shared\n"
                             "A submission would be refused: 2 results changed:\n  images of birds\n"));
  v1::SubmitReply reply;
  reply.set_sweep_id(3);
  reply.set_name("smoke");
  reply.set_trials(18);
  reply.set_new_trials(12);
  reply.set_rerun_trials(4);
  reply.add_notes("1 trial runs just now");
  EXPECT_EQ(submit_text(reply, {}),
            "Submitted sweep 3 smoke: 18 trials, 2 shared with earlier sweeps, 4 run again.\n"
            "Note: 1 trial runs just now\n");
}

TEST(SweepsTextTest, WorkersShowWhatTheyHave) {
  v1::ListWorkersReply reply;
  auto* summary = reply.add_workers();
  summary->set_state("ready");
  summary->set_last_seen_millis(kNow - 1000);
  summary->add_running_trials(13);
  auto* worker = summary->mutable_worker();
  worker->set_worker_id("node1-ab");
  worker->set_host("node1");
  worker->set_version("0.1.0");
  auto* slot = worker->add_slots();
  slot->set_name("cpu:0");
  slot->set_threads(2);
  worker->add_benchmarks()->set_name("fashion_mnist");
  EXPECT_EQ(
      workers_text(reply, kNow, {}),
      "WORKER    STATE  HOST   SLOTS              DEVICES  BENCHMARKS     WEIGHTS  RUNNING TRIALS  LAST SEEN  DISK  "
      "VERSION\n"
      "node1-ab  ready  node1  cpu:0 (2 threads)  unknown  fashion_mnist  none     13              just now   -     0.1.0\n");

  worker->mutable_disk()->set_runs_bytes(13'207'024'435);
  worker->mutable_disk()->set_free_bytes(40LL << 30);
  EXPECT_NE(workers_text(reply, kNow, {}).find("  runs 12.3 GiB, 40.0 GiB free  "), std::string::npos);

  worker->mutable_slots(0)->set_model("NVIDIA H200");
  *worker->add_slots() = worker->slots(0);
  EXPECT_NE(workers_text(reply, kNow, {}).find("  2 x NVIDIA H200  "), std::string::npos);

  worker->mutable_slots(0)->set_set_aside("GPU-a is used by others");
  EXPECT_TRUE(
      workers_text(reply, kNow, {}).ends_with("\nslot cpu:0 of node1-ab takes no trials: GPU-a is used by others\n"));
  worker->mutable_slots(0)->clear_set_aside();

  summary->set_state("set aside");
  summary->clear_running_trials();
  worker->add_weights("resnet50-imagenet");
  worker->set_set_aside("only 3 MiB are free under /state");
  const std::string text = workers_text(reply, kNow, {});
  EXPECT_NE(text.find("node1-ab  set aside  node1"), std::string::npos) << text;
  EXPECT_NE(text.find("  resnet50-imagenet  "), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\nnode1-ab takes no trials: only 3 MiB are free under /state\n")) << text;
}

TEST(TrialTextTest, ATrialListsTheMachinesThatCouldNotRunIt) {
  v1::GetTrialReply reply;
  *reply.mutable_trial() = sample_trial(13, "queued", {{"seed", "0"}});
  reply.mutable_trial()->set_waiting_for("failed on gpu-1 (no such folder); slot cpu:0 of gpu-2 to ask for it");
  for (const auto& [worker, times] : {std::pair{"gpu-1", 1}, {"gpu-3", 2}}) {
    auto* fault = reply.mutable_trial()->add_failed_on();
    fault->set_worker_id(worker);
    fault->set_times(times);
    fault->set_message("no such\nfolder");
  }
  const std::string text = trial_text(reply, kNow, {});
  EXPECT_NE(text.find("Waits: failed on gpu-1 (no such folder); slot cpu:0 of gpu-2 to ask for it\n"
                      "Failed on gpu-1: no such folder\n"
                      "Failed on gpu-3 (2 times): no such folder\n"),
            std::string::npos)
      << text;
}

TEST(TrialTextTest, ATrialShowsAttemptsMetricsAndSettings) {
  v1::GetTrialReply reply;
  *reply.mutable_trial() = sample_trial(13, "running", {{"criterion", "margin"}, {"seed", "0"}});
  set_progress(*reply.mutable_trial()->mutable_progress(), 3, 120, 0.4123);
  reply.add_sweep_ids(3);
  auto* attempt = reply.add_attempts();
  attempt->set_attempt(1);
  attempt->set_worker_id("node1");
  attempt->set_slot("cpu:0");
  attempt->set_started_millis(kNow - 120'000);
  attempt->set_device("cuda:0");
  attempt->set_program("0.1.0");
  attempt->set_results_version(1);
  attempt->add_data()->set_what("images of birds");
  attempt->mutable_data(0)->set_hash("3f2a0b11cccc");
  for (const auto& [epoch, value] : {std::pair{1, 0.6}, {2, 0.7}, {3, 0.65}}) {
    auto* metric = reply.add_metrics();
    metric->set_epoch(epoch);
    metric->set_set("test");
    metric->set_name("e_recall@1");
    metric->set_value(value);
  }
  auto* setting = reply.mutable_spec()->add_settings();
  setting->set_key("criterion");
  setting->set_value("\"margin\"");
  EXPECT_EQ(trial_text(reply, kNow, {}),
            "Trial 13  criterion=margin seed=0  running\n"
            "Fingerprint aaaaaaaaaaaaaaaa, in sweep 3\n"
            "Now at epoch 3/10 step 120/400, loss 0.4123, 1 min 35 s left\n"
            "\n"
            "ATTEMPT  WORKER  SLOT   DEVICE  PROGRAM  STARTED (UTC)               RAN  OUTCOME  MESSAGE\n"
            "      1  node1   cpu:0  cuda:0  0.1.0    2026-11-22T05:13:47  2 min 00 s  running\n"
            "\n"
            "Data from attempt 1 on: results version 1, images of birds 3f2a0b11\n"
            "\n"
            "SET   METRIC       BEST  AT EPOCH   LAST  AT EPOCH  UNIT\n"
            "test  e_recall@1  70.00         2  65.00         3  %\n"
            "\n"
            "SETTING    VALUE\n"
            "criterion  margin\n");
}

TEST(TrialTextTest, TheBestEpochIsOfTheTrainedOnesAndOfEachEmbeddingsOwn) {
  v1::GetTrialReply reply;
  *reply.mutable_trial() = sample_trial(13, "running", {});
  const auto add = [&](std::int64_t epoch, const char* name, const char* embeds, double value) {
    auto* metric = reply.add_metrics();
    metric->set_epoch(epoch);
    metric->set_set("test");
    metric->set_embeds(embeds);
    metric->set_name(name);
    metric->set_value(value);
  };
  add(0, "nmi", "embeds", 0.9);
  add(1, "nmi", "embeds", 0.5);
  add(2, "nmi", "embeds", 0.5);
  add(1, "nmi", "intra", 0.6);
  add(2, "nmi", "intra", 0.7);
  add(1, "dists@intra", "embeds", 0.25);
  EXPECT_NE(trial_text(reply, kNow, {})
                .find("SET   METRIC        BEST  AT EPOCH    LAST  AT EPOCH  UNIT\n"
                      "test  dists@intra      -         -  0.2500         1\n"
                      "test  nmi          50.00         1   50.00         2  %\n"
                      "test  nmi/intra    70.00         2   70.00         2  %\n"),
            std::string::npos)
      << trial_text(reply, kNow, {});
}

TEST(TrialTextTest, EarlierRunsShowTheirResultAndWhatChangedSince) {
  v1::GetTrialReply reply;
  *reply.mutable_trial() = sample_trial(13, "queued", {});
  for (const char* hash : {"", "3f2a0b11cccc", "3f2a0b11cccc", "77ab"}) {
    auto* attempt = reply.add_attempts();
    attempt->set_attempt(reply.attempts_size());
    attempt->set_worker_id("node1");
    attempt->set_started_millis(kNow - 120'000);
    attempt->set_finished_millis(kNow - 60'000);
    attempt->set_outcome("succeeded");
    if (*hash == 0) continue;
    attempt->add_data()->set_what("split 3 of birds");
    attempt->mutable_data(0)->set_hash(hash);
  }
  auto* result = reply.mutable_attempts(2)->add_results();
  result->set_set("test");
  result->set_name("e_recall@1");
  result->set_value(0.6523);
  result->set_epoch(4);
  const std::string text = trial_text(reply, kNow, {});
  EXPECT_NE(
      text.find("\nData from attempt 1 on: unknown\n"
                "Data from attempt 2 on: split 3 of birds 3f2a0b11\n"
                "Data from attempt 4 on: split 3 of birds 77ab\n"
                "Earlier result, of attempt 3 (2026-11-22T05:14:47 UTC), which counts no more: test e_recall@1 65.23 % "
                "at epoch 4\n"),
      std::string::npos)
      << text;
}

TEST(SweepsTextTest, AnEstimateSaysWhatItIsMadeOfAndWhatIsUnknown) {
  v1::Estimate estimate;
  EXPECT_EQ(estimate_text(estimate), "") << "nothing is left to run";
  estimate.set_unknown_trials(1);
  estimate.add_unknown("resnet50, batch 112, crop 224 on cub200");
  EXPECT_EQ(estimate_text(estimate),
            "1 of 1 trial is of a kind that has not run here yet: resnet50, batch 112, crop 224 on cub200\n");
  estimate.set_unknown_trials(40);
  estimate.set_known_trials(260);
  estimate.set_slot_hours(14);
  estimate.add_from("12 attempts of like trials");
  estimate.add_from("0 connected slots");
  EXPECT_EQ(estimate_text(estimate),
            "Estimate: about 14 h 00 min of slot time (12 attempts of like trials, 0 connected slots); how much "
            "checkpoints take is not known\n"
            "40 of 300 trials are of a kind that has not run here yet: resnet50, batch 112, crop 224 on cub200\n");
  estimate.set_wall_hours(3.5);
  estimate.set_checkpoint_bytes(std::int64_t{3} << 30);
  estimate.set_sized_trials(20);
  EXPECT_NE(estimate_text(estimate).find("; 3.0 GiB of checkpoints of 20/300 trials\n"), std::string::npos);
  estimate.set_sized_trials(300);
  EXPECT_NE(estimate_text(estimate).find(", 3 h 30 min of wall time ("), std::string::npos);
  EXPECT_NE(estimate_text(estimate).find("; 3.0 GiB of checkpoints\n"), std::string::npos);
}

TEST(TrialTextTest, EventsAreOneLineEach) {
  v1::Event event;
  event.set_trial_id(13);
  event.set_attempt(2);
  event.set_time_millis(kNow);
  set_progress(*event.mutable_progress(), 3, 120, 0.4123);
  EXPECT_EQ(event_line(event, {}), "05:15:47 #2 epoch 3/10 step 120/400 loss 0.4123, 1 min 35 s left\n");
  event.mutable_failed()->set_kind("numeric");
  event.mutable_failed()->set_message("loss is\nNaN");
  EXPECT_EQ(event_line(event, {}), "05:15:47 #2 failed, numeric: loss is NaN\n");
  auto* metric = event.mutable_metric();
  metric->set_epoch(3);
  metric->set_set("test");
  metric->set_name("dists@intra");
  metric->set_value(0.31);
  EXPECT_EQ(event_line(event, {}), "05:15:47 #2 epoch 3 test dists@intra 0.3100\n");
}

}  // namespace
}  // namespace oodml::cli
