// Owners, priorities, limits, and who one is.
#include "coordinator/cli/output/sweeps_text.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using SettingsTest = CliTest;

TEST_F(SettingsTest, APriorityGoesToTheSweepAndComesBack) {
  v1::SweepSummary& sweep = *service_.sharing.change_reply.mutable_sweep() = sample_sweep("running", 1, 0, 2, 3);
  sweep.set_priority(-5);
  service_.sharing.change_reply.set_changed(5);
  for (const char* given : {"10", "-5"}) {
    const Outcome outcome = run({"priority", "smoke", given});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "Priority of sweep 3 smoke is -5 (5 trials to go).\n");
    EXPECT_EQ(service_.sharing.priorities.back().priority(), std::stoll(given));
    EXPECT_EQ(service_.sharing.priorities.back().sweep().name(), "smoke");
    EXPECT_FALSE(service_.sharing.priorities.back().request_id().empty());
  }
  EXPECT_EQ(run({"priority", "smoke"}).code, 2);
  EXPECT_EQ(run({"priority", "smoke", "high"}).code, 2);
}

TEST_F(SettingsTest, LimitsGoThereEachForItself) {
  v1::SweepSummary& sweep = *service_.sharing.change_reply.mutable_sweep() = sample_sweep("running", 1, 0, 2, 3);
  sweep.set_max_parallel(4);
  const Outcome parallel = run({"limit", "3", "--max-parallel", "4"});
  EXPECT_EQ(parallel.code, 0) << parallel.err;
  EXPECT_EQ(parallel.out, "Sweep 3 smoke: at most 4 trials at once, never paused by failures.\n");
  EXPECT_EQ(service_.sharing.limits.back().sweep().sweep_id(), 3);
  EXPECT_EQ(service_.sharing.limits.back().max_parallel(), 4);
  EXPECT_FALSE(service_.sharing.limits.back().has_max_failures());

  sweep.set_max_parallel(0);
  sweep.set_max_failures(1);
  const Outcome both = run({"limit", "3", "--max-parallel", "0", "--max-failures", "1"});
  EXPECT_EQ(both.out, "Sweep 3 smoke: as many trials at once as there are slots, paused with 1 failed trial.\n");
  EXPECT_TRUE(service_.sharing.limits.back().has_max_parallel());

  const Outcome neither = run({"limit", "3"});
  EXPECT_EQ(neither.code, 2);
  EXPECT_EQ(neither.err, "oodml: limit wants --max-parallel N, --max-failures N or both; 0 takes a limit away\n");
  EXPECT_EQ(run({"limit", "3", "--max-parallel", "-1"}).code, 2);
}

TEST_F(SettingsTest, WhoOneIsSaysWhatOneMayDo) {
  EXPECT_EQ(run({"whoami"}).out, "Nobody is asked for a token here: everybody may do everything.\n");
  service_.sharing.who_reply.set_name("alice");
  for (const auto& [role, text] : std::map<std::string, std::string>{
           {"viewer", "alice, viewer: sees everything and changes nothing\n"},
           {"submitter", "alice, submitter: sees everything, submits, and may change its own sweeps\n"},
           {"operator", "alice, operator: sees everything and may change everything\n"}}) {
    service_.sharing.who_reply.set_role(role);
    EXPECT_EQ(run({"whoami"}).out, text);
  }
  service_.sharing.who_reply.set_role("operator");
  EXPECT_EQ(run({"whoami", "-o", "json"}).out,
            "{\n  \"version\": 1,\n  \"name\": \"alice\",\n  \"role\": \"operator\",\n  \"scripts\": false\n}\n");
  service_.sharing.who_reply.set_scripts(true);
  EXPECT_EQ(run({"whoami"}).out, "alice, operator: sees everything and may change everything; may submit scripts\n");
}

TEST_F(SettingsTest, AListCanBeOfOneOwner) {
  EXPECT_EQ(run({"list", "--owner", "bob"}).out, "No sweeps of bob.\n");
  EXPECT_EQ(service_.lists.back().owner(), "bob");
  const Outcome nobody = run({"list", "--owner", "me"});
  EXPECT_EQ(nobody.code, 2);
  EXPECT_EQ(nobody.err, "oodml: --owner me: the coordinator asks nobody for a token, so you have no name there\n");
  service_.sharing.who_reply.set_name("alice");
  EXPECT_EQ(run({"list", "--owner", "me"}).code, 0);
  EXPECT_EQ(service_.lists.back().owner(), "alice");
}

TEST_F(SettingsTest, OwnersAreShownWhereThereAreAny) {
  v1::ListReply reply;
  *reply.add_sweeps() = sample_sweep("running", 7, 1, 2, 8);
  *reply.add_sweeps() = sample_sweep("finished", 2, 0, 0, 0);
  reply.mutable_sweeps(0)->set_owner("alice");
  EXPECT_EQ(list_text(reply, kNow, {}),
            "ID  NAME   OWNER  STATE     TRIALS  DONE  FAILED  RUNNING  WAITING  SUBMITTED\n"
            " 3  smoke  alice  running       18     7       1        2        8  10 min 00 s ago\n"
            " 3  smoke         finished       2     2       0        0        0  10 min 00 s ago\n");
  v1::GetReply shown;
  *shown.mutable_sweep() = reply.sweeps(0);
  EXPECT_NE(sweep_text(shown, 0, kNow, {}).find("(10 min 00 s ago), owner alice\n"), std::string::npos)
      << sweep_text(shown, 0, kNow, {});
}

TEST_F(SettingsTest, WhoseASweepIsIsSaidToWhoMayNotChangeIt) {
  service_.failing = {StatusCode::kPermissionDenied,
                      "sweep 3 smoke belongs to bob: bob or an operator may change it, and you are alice"};
  const Outcome refused = run({"pause", "smoke"});
  EXPECT_EQ(refused.code, 4);
  EXPECT_EQ(refused.err, "oodml: sweep 3 smoke belongs to bob: bob or an operator may change it, and you are alice\n");
}

}  // namespace
}  // namespace oodml::cli
