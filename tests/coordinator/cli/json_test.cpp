#include "coordinator/cli/output/json.h"

#include <gtest/gtest.h>

#include "tests/coordinator/cli/samples.h"

namespace oodml::cli {
namespace {

TEST(JsonTest, ADocumentStartsWithItsVersionAndKeepsTheOrderOfKeys) {
  v1::SubmitReply reply;
  reply.set_sweep_id(3);
  reply.set_name("smoke");
  reply.set_trials(18);
  reply.set_new_trials(12);
  EXPECT_EQ(json_line(json_of(reply)), R"({"version":1,"sweep":3,"name":"smoke","trials":18,"new_trials":12,)"
                                       R"("rerun_trials":0,"notes":[]})"
                                       "\n");
}

TEST(JsonTest, SweepsHaveTimesInUtcAndNullForWhatIsNotYet) {
  EXPECT_EQ(
      json_of(sample_sweep("running", 7, 1, 2, 8)).dump(),
      R"({"id":3,"name":"smoke","state":"running","created":"2026-11-22T05:05:47Z","finished":null,)"
      R"("owner":null,"priority":0,"max_parallel":null,"max_failures":null,"paused_because":null,)"
      R"("trials":18,"counts":{"queued":8,"running":2,"backoff":0,"paused":0,"succeeded":7,"failed":1,"cancelled":0}})");
}

TEST(JsonTest, SettingsHaveTheirTypesAndNanIsNull) {
  v1::TrialSpec spec;
  for (const auto& [key, value] :
       {std::pair{"criterion", "\"margin\""}, {"epochs", "3"}, {"lr", "1e-05"}, {"tau", "[1, 2]"}}) {
    auto* setting = spec.add_settings();
    setting->set_key(key);
    setting->set_value(value);
  }
  EXPECT_EQ(json_of(spec).dump(), R"({"criterion":"margin","epochs":3,"lr":1e-05,"tau":[1,2]})");
  const Json row = json_of(sample_results())["rows"][1]["statistics"][0];
  EXPECT_EQ(row["best"]["mean"], 0.5);
  EXPECT_TRUE(row["best"]["sd"].is_null());
  EXPECT_TRUE(row["selected"]["mean"].is_null());
}

TEST(JsonTest, AWorkerSaysWhyItTakesNoTrialsAndATrialWhichMachinesFailedIt) {
  v1::WorkerSummary worker;
  EXPECT_TRUE(json_of(worker)["set_aside"].is_null());
  worker.mutable_worker()->set_set_aside("only 3 MiB are free");
  worker.mutable_worker()->add_weights("resnet50-imagenet");
  EXPECT_EQ(json_of(worker)["set_aside"], "only 3 MiB are free");
  auto* slot = worker.mutable_worker()->add_slots();
  EXPECT_TRUE(json_of(worker)["slots"][0]["set_aside"].is_null());
  slot->add_gpus("GPU-a");
  slot->set_set_aside("GPU-a is used by others");
  EXPECT_EQ(json_of(worker)["slots"][0]["gpus"].dump(), R"(["GPU-a"])");
  EXPECT_EQ(json_of(worker)["slots"][0]["set_aside"], "GPU-a is used by others");
  EXPECT_TRUE(json_of(worker)["mark"].is_null());
  worker.set_mark("drained");
  worker.set_mark_reason("by olga: new fans");
  EXPECT_EQ(json_of(worker)["mark"], "drained");
  EXPECT_EQ(json_of(worker)["mark_reason"], "by olga: new fans");
  EXPECT_EQ(json_of(worker)["weights"].dump(), R"(["resnet50-imagenet"])");

  v1::TrialSummary trial = sample_trial(13, "queued", {{"seed", "0"}});
  EXPECT_EQ(json_of(trial)["failed_on"].dump(), "[]");
  auto* fault = trial.add_failed_on();
  fault->set_worker_id("gpu-1");
  fault->set_times(2);
  fault->set_message("no such folder");
  EXPECT_EQ(json_of(trial)["failed_on"].dump(),
            R"([{"worker":"gpu-1","times":2,"newest":null,"message":"no such folder"}])");
}

TEST(JsonTest, AnAttemptSaysWhatItsNumbersDependOn) {
  v1::Attempt attempt;
  EXPECT_TRUE(json_of(attempt)["device"].is_null());
  EXPECT_TRUE(json_of(attempt)["results_version"].is_null());
  attempt.set_device("cuda:0");
  attempt.set_program("0.1.0");
  attempt.set_results_version(1);
  attempt.add_data()->set_what("images of birds");
  attempt.mutable_data(0)->set_hash("3f2a");
  attempt.set_is_earlier_run(true);
  attempt.add_results()->set_name("nmi");
  const Json json = json_of(attempt);
  EXPECT_EQ(json["device"], "cuda:0");
  EXPECT_EQ(json["program"], "0.1.0");
  EXPECT_EQ(json["results_version"], 1);
  EXPECT_EQ(json["data"]["images of birds"], "3f2a");
  EXPECT_EQ(json["earlier_run"], true);
  EXPECT_EQ(json["earlier_results"][0]["name"], "nmi");
}

TEST(JsonTest, ErrorsListEveryFinding) {
  EXPECT_EQ(
      json_line(json_of(Status(StatusCode::kInvalidArgument, "a.yaml:1:2: x\na.yaml:3:4: y"))),
      R"({"version":1,"error":{"code":"invalid_argument","message":"a.yaml:1:2: x","details":["a.yaml:1:2: x","a.yaml:3:4: y"]}})"
      "\n");
  EXPECT_TRUE(json_of(Status(StatusCode::kNotFound, "no sweep 9"))["error"]["details"].empty());
}

TEST(JsonTest, BytesThatAreNotUtf8DoNotBreakTheDocument) { EXPECT_NO_THROW(json_text(Json{{"message", "\xff\xfe"}})); }

}  // namespace
}  // namespace oodml::cli
