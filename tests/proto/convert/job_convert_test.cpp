#include "proto/convert/job_convert.h"
#include "proto/convert/fields.h"

#include <gtest/gtest.h>

#include "proto/convert/fields.h"

namespace oodml::convert {
namespace {

std::string refusal(const auto& message) {
  const auto result = from_proto(message);
  return result.has_value() ? "accepted" : result.error().message();
}

job::Lease lease() { return {TrialId{7}, 2, LeaseId{"0123456789abcdef0123456789abcdef"}}; }

job::TrialSpec spec() {
  return {Params{{"benchmark", std::string("cub200")},
                 {"criterion.beta", 0.1},
                 {"epochs", std::int64_t{3}},
                 {"flip", true},
                 {"steps", std::vector<std::int64_t>{1, 2}},
                 {"none", std::vector<std::string>{}},
                 {"weights", std::vector<double>{0.5, 1.0}}}};
}

v1::Setting setting(const std::string& key, const std::string& value) {
  v1::Setting message;
  message.set_key(key);
  message.set_value(value);
  return message;
}

TEST(JobConvertTest, ATrialSpecComesBackWithEveryTypeAndBit) {
  const auto back = from_proto(to_proto(spec()));
  ASSERT_TRUE(back.has_value()) << back.error().text();
  EXPECT_EQ(*back, spec());
}

TEST(JobConvertTest, ATrialSpecIsRefusedByField) {
  v1::TrialSpec message;
  EXPECT_EQ(refusal(message), "settings: empty; every key of the trial wanted");
  *message.add_settings() = setting("epochs", "3");
  *message.add_settings() = setting("epochs", "4");
  EXPECT_EQ(refusal(message), "settings[1].key: 'epochs' is there twice");
  *message.mutable_settings(1) = setting("lr", "{\"a\": 1}");
  EXPECT_EQ(refusal(message).substr(0, 24), "settings[1].value of lr:");
  *message.mutable_settings(1) = setting("", "4");
  EXPECT_EQ(refusal(message).substr(0, 22), "settings[1].key: empty");
  *message.mutable_settings(1) = setting("names", "\"" + std::string(70'000, 'x') + "\"");
  EXPECT_EQ(refusal(message), "settings[1].value: 70002 bytes; at most 65536 wanted");
  for (int i = 0; i < 1100; ++i) *message.add_settings() = setting("k" + std::to_string(i), "1");
  EXPECT_EQ(refusal(message), "settings: 1102 entries; at most 1024 wanted");
}

TEST(JobConvertTest, ALeaseComesBackAndIsRefusedByField) {
  EXPECT_EQ(*from_proto(to_proto(lease())), lease());
  v1::Lease message = to_proto(lease());
  message.set_lease_id("short");
  EXPECT_EQ(refusal(message), "lease_id: 'short'; 32 lower-case hexadecimal digits wanted");
  EXPECT_EQ(refusal(v1::Lease()), "trial_id: 0; 1 or more wanted");
}

TEST(JobConvertTest, ALeasedTrialComesBack) {
  job::LeasedTrial trial{lease(), spec(), std::string(64, 'f'), Duration(120'000), {1}};
  trial.run_data = {{"program reference", "3f2a"}};
  const auto back = from_proto(to_proto(trial));
  ASSERT_TRUE(back.has_value()) << back.error().text();
  EXPECT_EQ(back->lease, trial.lease);
  EXPECT_EQ(back->spec, trial.spec);
  EXPECT_EQ(back->fingerprint, trial.fingerprint);
  EXPECT_EQ(back->term, trial.term);
  EXPECT_EQ(back->earlier_attempts, trial.earlier_attempts);
  EXPECT_EQ(back->run_data, trial.run_data);

  v1::LeasedTrial message = to_proto(trial);
  message.clear_lease();
  EXPECT_EQ(refusal(message), "lease.trial_id: 0; 1 or more wanted");
}

TEST(JobConvertTest, AWorkerComesBackAndIsRefusedByField) {
  const job::WorkerInfo worker{
      WorkerId{"gpu-1"},
      "gpu-1.lab",
      "0.1.0",
      {{"cuda:0", "cuda:0", 8, 81'920, "H200", {"GPU-a"}, "used by others"}, {"cpu:0", "cpu", 2, 0}},
      {{"cub200", {"1", "2"}}, {"fashion_mnist", {}}},
      {"resnet50-imagenet"},
      "only 3 MiB are free",
      {{"images of cub200", "3f2a"}, {"split 1 of cub200", "77ab"}}};
  const auto back = from_proto(to_proto(worker));
  ASSERT_TRUE(back.has_value()) << back.error().text();
  EXPECT_EQ(*back, worker);

  v1::WorkerInfo message = to_proto(worker);
  message.mutable_slots(1)->set_threads(0);
  EXPECT_EQ(refusal(message), "slots[1].threads: 0; 1 or more wanted");
  message = to_proto(worker);
  message.mutable_slots(0)->add_gpus("");
  EXPECT_EQ(refusal(message).substr(0, 23), "slots[0].gpus[1]: empty");
  message = to_proto(worker);
  message.mutable_slots(0)->set_set_aside(std::string(1025, 'x'));
  EXPECT_EQ(refusal(message).substr(0, 25), "slots[0].set_aside: 1025 ");
  message = to_proto(worker);
  message.mutable_benchmarks(0)->set_split_ids(1, "");
  EXPECT_EQ(refusal(message).substr(0, 34), "benchmarks[0].split_ids[1]: empty;");
  message = to_proto(worker);
  message.add_weights("");
  EXPECT_EQ(refusal(message).substr(0, 17), "weights[1]: empty");
  message = to_proto(worker);
  message.set_set_aside(std::string(kMaxMessageBytes + 1, 'x'));
  EXPECT_EQ(refusal(message).substr(0, 16), "set_aside: 8193 ");
  message = to_proto(worker);
  message.mutable_data(1)->clear_hash();
  EXPECT_EQ(refusal(message).substr(0, 20), "data[1].hash: empty;");
  message = to_proto(worker);
  message.set_worker_id("../etc");
  EXPECT_EQ(refusal(message), "worker_id: '../etc'; 1 to 128 of [A-Za-z0-9._-] wanted");
}

TEST(JobConvertTest, DirectivesComeBackAndUnknownOnesAreRefused) {
  using enum job::Directive;
  for (const job::Directive directive : {kContinue, kCancel, kStop, kFenced}) {
    const auto back = from_proto(to_proto(lease(), directive));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, std::pair(lease(), directive));
  }
  EXPECT_EQ(from_proto(static_cast<v1::Directive>(99)).error().message().substr(0, 13), "directive: 99");
}

TEST(JobConvertTest, StatesAndOutcomesAreNamesAndAFailureListsThem) {
  EXPECT_EQ(*trial_state("states[0]", "backoff"), job::TrialState::kBackoff);
  EXPECT_EQ(trial_state("states[0]", "done").error().message(),
            "states[0]: unknown 'done'; one of queued, running, backoff, paused, succeeded, failed, cancelled wanted");
  EXPECT_EQ(*outcome("outcome", "out_of_memory"), job::Outcome::kOutOfMemory);
  EXPECT_NE(outcome("outcome", "ok").error().message().find("succeeded"), std::string::npos);
}

}  // namespace
}  // namespace oodml::convert
