// What `oodml top` shows, and what its keys do.
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/top/top_frame.h"
#include "coordinator/cli/top/top_looker.h"
#include "core/base/exit_code.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

v1::WorkerSummary worker(const std::string& id, const std::string& state, int slots, std::vector<std::int64_t> trials) {
  v1::WorkerSummary summary;
  summary.mutable_worker()->set_worker_id(id);
  summary.set_state(state);
  for (int i = 0; i < slots; ++i) {
    auto* slot = summary.mutable_worker()->add_slots();
    slot->set_device("cuda:" + std::to_string(i));
    slot->set_model("NVIDIA H200");
  }
  for (const auto trial : trials) summary.add_running_trials(trial);
  return summary;
}

/// Two sweeps, two workers, an owner, a failure.
TopLook sample_look(std::int64_t at_millis = kNow, std::int64_t succeeded = 4) {
  TopLook look{.at_millis = at_millis, .sweeps = {}, .workers = {}, .shares = {}, .estimates = {}, .failures = {}};
  *look.sweeps.add_sweeps() = sample_sweep("finished", 2, 0, 0, 0);
  look.sweeps.mutable_sweeps(0)->set_sweep_id(4);
  look.sweeps.mutable_sweeps(0)->set_name("probe");
  look.sweeps.mutable_sweeps(0)->set_finished_millis(kNow - 300'000);
  *look.sweeps.add_sweeps() = sample_sweep("running", succeeded, 1, 2, 9 - succeeded);
  look.sweeps.mutable_sweeps(1)->set_owner("alice");
  *look.workers.add_workers() = worker("node1", "ready", 2, {5, 6});
  look.workers.mutable_workers(0)->mutable_worker()->mutable_disk()->set_free_bytes(std::int64_t{3} << 30);
  *look.workers.add_workers() = worker("node2", "ready", 1, {});
  look.workers.mutable_workers(1)->set_mark("cordoned");
  look.workers.mutable_workers(1)->set_mark_reason("by bob: new fans");
  v1::Share& share = *look.shares.add_shares();
  share.set_owner("alice");
  share.set_weight(1);
  share.set_running(2);
  share.set_waiting(9 - succeeded);
  share.set_used(5400);
  v1::TrialSummary failed = sample_trial(3, "failed", {});
  failed.set_outcome("numeric");
  failed.set_message("the loss is NaN\x1b[2J at step 12");
  look.failures = {{.sweep = "smoke", .trial = failed}};
  return look;
}

std::string text_of(const TopModel& model, const TopView& view, const TopPlace& place, const Style& style = {}) {
  std::string text;
  for (const std::string& line : top_frame(model, view, place, style)) text += line + "\n";
  return text;
}

TEST(TopFrameTest, EverythingIsShownOnce) {
  TopModel model;
  model.apply(sample_look());
  EXPECT_EQ(text_of(model, {}, {.address = "coord:7070", .connection = "", .now_millis = kNow, .height = 0}),
            R"(coord:7070 · 05:15:47 UTC · 1 sweep runs, 2 of 3 slots busy, 5 trials wait

ID  NAME   OWNER  STATE     PROGRESS      DONE  FAIL  RUN  WAIT  TRIALS/H         LEFT
 3  smoke  alice  running   ██████░░░░░░  5/12     1    2     5        30  14 min 00 s
 4  probe         finished  ████████████   2/2     0    0     0        24            -

WORKER  STATE  BUSY  TRIALS  DEVICES        DISK FREE  TAKES NO TRIALS
node1   ready   2/2  5, 6    2 NVIDIA H200    3.0 GiB
node2   ready   0/1  -       NVIDIA H200            -  cordoned by bob: new fans

OWNER  WEIGHT  RUNNING  WAITING  USED, H
alice     1.0        2        5      1.5

FAILED  SWEEP  WORKER  WHEN            HOW
     3  smoke  node1   1 min 00 s ago  numeric: the loss is NaN [2J at step 12
)");
}

TEST(TopFrameTest, SlotsOfAWorkerThatIsAwayDoNotCount) {
  for (const char* away : {"left", "lost", "not answering"}) {
    TopModel model;
    TopLook look = sample_look();
    look.workers.mutable_workers(1)->set_state(away);
    model.apply(look);
    const std::string text =
        text_of(model, {}, {.address = "coord:7070", .connection = "", .now_millis = kNow, .height = 0});
    EXPECT_NE(text.find("2 of 2 slots busy"), std::string::npos) << text;
  }
}

TEST(TopFrameTest, ASlotWhoseGpuIsNotToBeUsedSaysWhy) {
  TopModel model;
  TopLook look = sample_look();
  v1::Slot& slot = *look.workers.mutable_workers(0)->mutable_worker()->mutable_slots(1);
  slot.set_name("cuda:1");
  slot.set_set_aside("GPU-b is used by others since 05:00: process 4711");
  model.apply(look);
  const std::string text = text_of(model, {}, {.address = "c", .connection = "", .now_millis = kNow, .height = 0});
  EXPECT_NE(text.find("  cuda:1: GPU-b is used by others since 05:00: process 4711\n"), std::string::npos) << text;
}

TEST(TopFrameTest, NoLineIsWiderAndNoFrameHigherThanTheTerminal) {
  TopModel model;
  TopLook look = sample_look();
  for (int i = 10; i < 60; ++i) {
    *look.sweeps.add_sweeps() = look.sweeps.sweeps(1);
    look.sweeps.mutable_sweeps(look.sweeps.sweeps_size() - 1)->set_sweep_id(i);
    *look.workers.add_workers() = worker("a-worker-with-a-long-name-" + std::to_string(i), "ready", 8, {1, 2, 3});
  }
  model.apply(look);
  for (const std::size_t height : {1, 5, 10, 23, 24, 50, 200}) {
    for (const std::size_t width : {20, 40, 80, 200}) {
      TopView view;
      view.page = 2;
      const auto lines =
          top_frame(model, view, {.address = "c", .connection = "away", .now_millis = kNow, .height = height},
                    {.colour = false, .utf8 = false, .width = width});
      EXPECT_LE(lines.size(), height);
      for (const std::string& line : lines) {
        EXPECT_LE(display_width(line), std::max<std::size_t>(width, 80)) << line;
      }
    }
  }
}

TEST(TopFrameTest, PagesShowEverySweepOnceAndTheLastOneStays) {
  TopModel model;
  TopLook look = sample_look();
  for (int i = 10; i < 60; ++i) {
    *look.sweeps.add_sweeps() = look.sweeps.sweeps(1);
    look.sweeps.mutable_sweeps(look.sweeps.sweeps_size() - 1)->set_name("sweep-" + std::to_string(i) + "-");
  }
  model.apply(look);
  const TopPlace place{.address = "c", .connection = "", .now_millis = kNow, .height = 30};
  std::string all;
  TopView view;
  for (; view.page < 10; ++view.page) {
    const std::string page = text_of(model, view, place);
    if (all.ends_with(page)) break;
    all += page;
  }
  for (int i = 10; i < 60; ++i) {
    const std::string name = "sweep-" + std::to_string(i) + "-";
    EXPECT_NE(all.find(name), std::string::npos) << name;
    EXPECT_EQ(all.find(name), all.rfind(name)) << name;
  }
  view.page = 1000;
  EXPECT_TRUE(all.ends_with(text_of(model, view, place)));
}

TEST(TopFrameTest, ALostConnectionIsSaidAboveWhatWasKnown) {
  TopModel model;
  model.apply(sample_look());
  const auto lines = top_frame(
      model, {}, {.address = "c", .connection = "The coordinator is away.", .now_millis = kNow, .height = 40}, {});
  EXPECT_EQ(lines[1], "The coordinator is away.");
  EXPECT_EQ(lines.back(), "q quits · s sorts (newest)");
}

TEST(TopModelTest, SpeedIsOfTheLastMinutesOnceTheyWereSeen) {
  TopModel model;
  model.apply(sample_look(kNow, 4));
  const auto sweep = [&] { return model.look()->sweeps.sweeps(1); };
  EXPECT_DOUBLE_EQ(*model.trials_per_hour(sweep()), 30) << "five in the ten minutes since it was submitted";
  model.apply(sample_look(kNow + 30'000, 4));
  EXPECT_DOUBLE_EQ(*model.trials_per_hour(sweep()), 5 * 3600 / 630.0);
  model.apply(sample_look(kNow + 120'000, 6));
  EXPECT_DOUBLE_EQ(*model.trials_per_hour(sweep()), 60) << "two in the two minutes that were seen";
  EXPECT_DOUBLE_EQ(*model.seconds_left(sweep()), 5 * 60.0) << "five are not over";
  model.apply(sample_look(kNow + 720'000, 6));
  EXPECT_DOUBLE_EQ(*model.trials_per_hour(sweep()), 0) << "none in the last ten minutes";
  EXPECT_FALSE(model.seconds_left(sweep()));
}

TEST(TopModelTest, WhatTheCoordinatorEstimatesGoesBeforeTheSpeed) {
  TopModel model;
  TopLook look = sample_look();
  look.estimates[3].set_wall_hours(2);
  look.estimates[3].set_known_trials(7);
  model.apply(look);
  EXPECT_DOUBLE_EQ(*model.seconds_left(look.sweeps.sweeps(1)), 7200);
  look.estimates[3].set_unknown_trials(1);
  model.apply(look);
  EXPECT_DOUBLE_EQ(*model.seconds_left(look.sweeps.sweeps(1)), 840) << "it does not know all of them";
}

TEST(TopViewTest, KeysSortTurnPagesAndLeave) {
  TopView view;
  view.press("sn \x1b[6~");
  EXPECT_EQ(view.order, TopOrder::kName);
  EXPECT_EQ(view.page, 3u);
  view.press("\x1b[5~ppppp");
  EXPECT_EQ(view.page, 0u);
  view.press("ssss");
  EXPECT_EQ(view.order, TopOrder::kNewest) << "after the last order the first";
  view.press("\x1b[15~q");
  EXPECT_FALSE(view.over) << "what follows a key without a meaning may belong to it";
  view.press("q");
  EXPECT_TRUE(view.over);
}

TEST(TopViewTest, SweepsThatRunComeFirstInEveryOrder) {
  TopModel model;
  model.apply(sample_look());
  for (const TopOrder order :
       {TopOrder::kNewest, TopOrder::kName, TopOrder::kProgress, TopOrder::kFailures, TopOrder::kTimeLeft}) {
    TopView view;
    view.order = order;
    const std::string text = text_of(model, view, {.address = "c", .connection = "", .now_millis = kNow, .height = 0});
    EXPECT_LT(text.find("smoke"), text.find("probe")) << to_text(order);
  }
}

class TopCommandTest : public CliTest {
 protected:
  void SetUp() override {
    const TopLook look = sample_look();
    service_.list_reply = look.sweeps;
    service_.workers_reply = look.workers;
    service_.sharing.shares_reply = look.shares;
    *service_.get_pages[0].mutable_sweep() = look.sweeps.sweeps(1);
    *service_.get_pages[0].add_trials() = look.failures[0].trial;
  }
};

TEST_F(TopCommandTest, WithoutATerminalItIsPrintedOnce) {
  const Outcome outcome = run({"top"});
  EXPECT_EQ(outcome.code, kExitDone) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with(service_.address() + " · ")) << outcome.out;
  EXPECT_NE(outcome.out.find("1 sweep runs, 2 of 3 slots busy, 5 trials wait"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("numeric: the loss is NaN"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(run({"top", "--once"}).code, kExitDone);
}

TEST_F(TopCommandTest, ACoordinatorThatIsNotThereIsSaidAtOnce) {
  environment_["OODML_COORDINATOR"] = dead_address();
  const Outcome outcome = run({"top", "--once"});
  EXPECT_EQ(outcome.code, kExitUnreachable);
  EXPECT_NE(outcome.err.find("no coordinator at"), std::string::npos) << outcome.err;
}

TEST_F(TopCommandTest, FailuresAreAskedForWhenThereAreMoreOfThem) {
  auto client = *Client::open({.address = service_.address()});
  TopLooker looker;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(looker.look(*client, kNow + i * 2000, 3));
  EXPECT_EQ(service_.gets.size(), 1u) << "sweep 4 has none, and of sweep 3 nothing is new";
  service_.list_reply.mutable_sweeps(1)->mutable_counts()->set_failed(2);
  const TopLook look = *looker.look(*client, kNow + 6000, 3);
  EXPECT_EQ(service_.gets.size(), 2u);
  EXPECT_EQ(look.failures.size(), 1u);
  ASSERT_TRUE(looker.look(*client, kNow + 6000 + TopLooker::kDetailMillis, 3));
  EXPECT_EQ(service_.gets.size(), 3u) << "its estimate grows old";
}

TEST_F(TopCommandTest, TheNewestFailuresMayBeOnALaterPage) {
  service_.get_pages.resize(2);
  service_.get_pages[0].set_next_after_trial_id(1);
  service_.get_pages[0].mutable_estimate()->set_known_trials(5);
  for (int i = 0; i < 20; ++i) *service_.get_pages[0].add_trials() = service_.get_pages[0].trials(0);
  v1::TrialSummary last = sample_trial(4711, "failed", {});
  last.set_finished_millis(service_.get_pages[0].trials(0).finished_millis() + 1000);
  *service_.get_pages[1].add_trials() = last;
  auto client = *Client::open({.address = service_.address()});
  const TopLook look = *TopLooker().look(*client, kNow, 3);
  ASSERT_EQ(look.failures.size(), 10u);
  EXPECT_EQ(look.failures[0].trial.trial_id(), 4711);
  EXPECT_EQ(look.estimates.at(3).known_trials(), 5) << "which the first page has";
}

}  // namespace
}  // namespace oodml::cli
