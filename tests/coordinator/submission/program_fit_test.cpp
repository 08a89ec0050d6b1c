// Trials of programs of people's own: who may run them, and what is refused before anybody does.
#include "coordinator/submission/program_fit.h"

#include "coordinator/store/kind_table.h"
#include "coordinator/store/trial_need.h"
#include "core/job/program.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class ProgramFitTest : public ServiceTest {
 protected:
  static SweepText text(const std::string& learning_rate) {
    SweepText text = TestSweep{}.text();
    text.overrides = {{"program", "\"reference\""}, {"params.lr", learning_rate}};
    return text;
  }
  Result<SubmitView> submit_text(const std::string& learning_rate, const std::string& request) {
    Answer<SubmitView> answer;
    sweeps().submit(text(learning_rate), request, {}, answer.reply());
    return answer.get();
  }
  void connect_with(const std::string& id, std::vector<job::ProgramOffer> programs) {
    job::WorkerInfo info = worker_info(id);
    info.programs = std::move(programs);
    Answer<LeaseTerms> answer;
    leases().register_worker(info, {}, answer.reply());
    ASSERT_TRUE(answer.get());
  }
};

TEST_F(ProgramFitTest, OnlyAWorkerWithTheProgramGetsTheTrial) {
  connect("plain");
  ASSERT_TRUE(submit_text("0.1", "r1"));
  const PlanView plan = *sweeps().plan(text("0.2"), {});
  ASSERT_FALSE(plan.notes.empty());
  EXPECT_NE(plan.notes[0].find("no program reference (has none)"), std::string::npos) << plan.notes[0];
  EXPECT_NE(trial({1}).waiting_for.find("no program reference"), std::string::npos) << trial({1}).waiting_for;
  connect_with("own", {{.name = "reference", .keys = {}}});
  EXPECT_EQ(job::program_of(acquire("own").spec), "reference");
}

TEST_F(ProgramFitTest, ParametersThatNoConnectedWorkerTakesAreRefused) {
  connect_with("a", {{.name = "reference", .keys = {{"lr", "text"}}}});
  const auto refused = submit_text("0.1", "r1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(refused.error().message(),
            "the trial 'criterion margin, seed 0': params.lr of program reference must be a text, got 0.1, as worker a "
            "declares");
  EXPECT_EQ(sweeps().plan(text("0.1"), {}).error().message(), refused.error().message());
  connect_with("b", {{.name = "reference", .keys = {{"lr", "number"}}}});
  EXPECT_TRUE(submit_text("0.1", "r2")) << "one that takes them is enough";
}

TEST_F(ProgramFitTest, AnAttemptIsToldWhatThoseBeforeItFound) {
  ASSERT_TRUE(submit_text("0.1", "r1"));
  connect_with("own", {{.name = "reference", .keys = {}}});
  const job::LeasedTrial first = acquire("own");
  EXPECT_TRUE(first.run_data.empty());
  ASSERT_TRUE(push("own", first.lease, 1, {job::Identity{.program = "reference", .data = "program reference=1"}}));
  ASSERT_TRUE(finish(first.lease, job::Outcome::kPreempted, 1).ok());
  const job::LeasedTrial second = acquire("own");
  EXPECT_EQ(second.run_data, (job::DataStamps{{"program reference", "1"}}));
  ASSERT_TRUE(push("own", second.lease, 1, {job::Identity{.program = "reference", .data = "program reference=2"}}));
  ASSERT_TRUE(finish(second.lease, job::Outcome::kPreempted, 1).ok());
  EXPECT_EQ(acquire("own").run_data, (job::DataStamps{{"program reference", "2"}})) << "another run began";
}

TEST_F(ProgramFitTest, SpeedsOfProgramsAreTheirOwn) {
  const job::TrialSpec spec{.values = {{"program", "reference"}, {"benchmark", "birds"}, {"split", "default"}}};
  EXPECT_EQ(store::kind_of(spec), (store::Kind{.network = "program reference", .data = "birds", .batch = 0}));
  EXPECT_EQ(store::need_of(spec).program, "reference");
}

}  // namespace
}  // namespace oodml::coordinator::testing
