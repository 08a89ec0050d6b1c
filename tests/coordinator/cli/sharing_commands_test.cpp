#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

class SharingCommandsTest : public CliTest {
 protected:
  SharingCommandsTest() { service_.sharing.failing = {}; }
};

TEST_F(SharingCommandsTest, SharesAreListedAndSet) {
  auto* share = service_.sharing.shares_reply.add_shares();
  share->set_owner("alice");
  share->set_weight(2.5);
  share->set_running(3);
  share->set_waiting(12);
  share->set_used(5400);
  auto* limit = service_.sharing.shares_reply.add_labels();
  limit->set_axis("criterion");
  limit->set_label("margin");
  limit->set_max_parallel(4);
  limit->set_running(1);
  const Outcome listed = run({"shares"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_EQ(
      listed.out,
      "OWNER  WEIGHT  LIMIT  RUNNING  WAITING  USED, H\n"
      "alice     2.5   none        3       12      1.5\n"
      "\n"
      "Used: slot hours lately by weight, fading by half in a day, and two more for each that runs. Who has least goes "
      "first.\n"
      "\n"
      "LABEL             LIMIT  RUNNING\n"
      "criterion=margin      4        1\n");
  EXPECT_EQ(Json::parse(run({"shares", "-o", "json"}).out)["shares"][0]["weight"], 2.5);

  EXPECT_EQ(run({"shares", "alice", "--weight", "2", "--max-parallel", "8"}).code, 0);
  EXPECT_EQ(run({"shares", "criterion=margin", "--max-parallel", "0"}).code, 0);
  ASSERT_EQ(service_.sharing.share_changes.size(), 2u);
  EXPECT_EQ(service_.sharing.share_changes[0].owner(), "alice");
  EXPECT_EQ(service_.sharing.share_changes[0].weight(), 2);
  EXPECT_EQ(service_.sharing.share_changes[0].max_parallel(), 8);
  EXPECT_EQ(service_.sharing.share_changes[1].axis(), "criterion");
  EXPECT_EQ(service_.sharing.share_changes[1].label(), "margin");
  EXPECT_TRUE(service_.sharing.share_changes[1].has_max_parallel());
  EXPECT_FALSE(service_.sharing.share_changes[1].has_weight());
  EXPECT_EQ(run({"shares", "alice"}).code, 2);
  EXPECT_EQ(run({"shares", "--weight", "2"}).code, 2);
}

TEST_F(SharingCommandsTest, WorkersAreCordonedDrainedAndTakenBack) {
  service_.sharing.mark_reply.set_workers(1);
  service_.sharing.mark_reply.set_trials_stopped(2);
  const Outcome drained = run({"workers", "drain", "gpu-1", "--reason", "new fans"});
  EXPECT_EQ(drained.out, "gpu-1 is drained: 1 worker, 2 running trials told to stop.\n") << drained.err;
  EXPECT_EQ(run({"workers", "cordon", "gpu-1"}).out, "gpu-1 is cordoned: 1 worker.\n");
  EXPECT_EQ(run({"workers", "uncordon", "gpu-1"}).code, 0);
  ASSERT_EQ(service_.sharing.marks.size(), 3u);
  EXPECT_EQ(service_.sharing.marks[0].mark(), v1::WORKER_MARK_DRAINED);
  EXPECT_EQ(service_.sharing.marks[0].reason(), "new fans");
  EXPECT_EQ(service_.sharing.marks[1].mark(), v1::WORKER_MARK_CORDONED);
  EXPECT_EQ(service_.sharing.marks[2].mark(), v1::WORKER_MARK_NONE);
  EXPECT_EQ(run({"workers", "cordon"}).code, 2);
  EXPECT_EQ(run({"workers", "stop", "gpu-1"}).code, 2);
}

TEST_F(SharingCommandsTest, ATrialThatWaitsIsShownWithWhatGoesBeforeIt) {
  service_.trial_reply.mutable_trial()->set_trial_id(17);
  service_.trial_reply.mutable_trial()->set_state("queued");
  service_.sharing.order_reply.set_trials_ahead(5);
  auto* ahead = service_.sharing.order_reply.add_ahead();
  ahead->set_owner("bob");
  ahead->set_sweep_id(3);
  ahead->set_sweep_name("smoke");
  ahead->set_trials(5);
  ahead->set_why("bob has less of its share");
  service_.sharing.order_reply.add_notes("alice runs 2 trials at once (max_parallel 2)");
  const Outcome shown = run({"show", "trial", "17"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_TRUE(
      shown.out.ends_with("\nBefore it: 5 trials\n"
                          "  5 of sweep 3 smoke of bob: bob has less of its share\n"
                          "Note: alice runs 2 trials at once (max_parallel 2)\n"))
      << shown.out;
  EXPECT_EQ(service_.sharing.orders.at(0).trial_id(), 17);
  EXPECT_EQ(Json::parse(run({"show", "trial", "17", "-o", "json"}).out)["order"]["trials_ahead"], 5);
  service_.trial_reply.mutable_trial()->set_state("running");
  EXPECT_EQ(run({"show", "trial", "17"}).out.find("Before it"), std::string::npos);
}

}  // namespace
}  // namespace oodml::cli
