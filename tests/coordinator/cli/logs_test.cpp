#include <cmath>

#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using LogsTest = CliTest;

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

TEST_F(LogsTest, LogsPrintEveryEventInOrder) {
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

TEST_F(LogsTest, FollowingLogsEndsWithAnInterrupt) {
  *service_.trial_reply.mutable_trial() = sample_trial(7, "running", {});
  interrupts_ = [n = 0]() mutable { return n++; };
  EXPECT_EQ(run({"logs", "7", "-f"}).code, 130);
}

TEST_F(LogsTest, LogsOfASweepHaveARowAnEpochAndMetricOfEachTrial) {
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

TEST_F(LogsTest, LogsSayWhatTheyWant) {
  EXPECT_EQ(run({"logs", "--sweep", "smoke", "--where", "seed=1", "-o", "csv"}).code, 0);
  EXPECT_EQ(service_.metric_reads.back().where(0), "seed=1");
  EXPECT_EQ(run({"logs", "7", "--where", "seed=1", "-o", "csv"}).code, 2);
  EXPECT_NE(run({"logs"}).err.find("wants the id of a trial, or --sweep"), std::string::npos);
  EXPECT_NE(run({"logs", "--sweep", "smoke"}).err.find("add -o csv or -o json"), std::string::npos);
  EXPECT_EQ(run({"logs", "7", "--sweep", "smoke", "-o", "csv"}).code, 2);
  EXPECT_NE(run({"logs", "smoke"}).err.find("oodml logs --sweep smoke -o csv"), std::string::npos);
}

}  // namespace
}  // namespace oodml::cli
