// Trials whose network and criterion came as files: allowed or not, bits of resumed runs, what their identity holds.
#include <gtest/gtest.h>

#include "core/base/sha256.h"
#include "core/sweep/sweep.h"
#include "tests/core/scripts/sample_modules.h"
#include "tests/core/trial/in_process.h"
#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

/// Batch norm and dropout, and a buffer that the code replaces: all that a resumed run must find again.
SampleModule restless_network() {
  SampleModule module = with_batch_norm();
  module.code =
      "def forward(self, x):\n"
      "  y = torch.batch_norm(torch.narrow(x, 1, 0, 2), self.weight, self.bias, self.running_mean,\n"
      "                       self.running_var, self.training, 0.1, 1e-5, True)\n"
      "  if self.training:\n"
      "    self.passes = self.passes + 1.0\n"
      "  y = torch.dropout(y.mean([3]).flatten(1), 0.2, self.training)\n"
      "  return torch.matmul(y, self.mix) * (1.0 + 0.01 * self.passes)\n";
  module.parameters.emplace_back("mix", at::arange(32 * 6, at::kFloat).view({32, 6}).sin());
  module.buffers.emplace_back("passes", at::zeros({}));
  module.attributes = {{"mean", std::vector<double>{0.4, 0.5, 0.6}},
                       {"std", std::vector<double>{0.2, 0.3, 0.4}},
                       {"input_size", 16},
                       {"feature_width", 6}};
  return module;
}

SampleModule drawing_loss() {
  return {.code =
              "def forward(self, embeddings, labels, tuples):\n"
              "  a = embeddings[torch.select(tuples, 1, 0)]\n"
              "  p = embeddings[torch.select(tuples, 1, 1)]\n"
              "  n = embeddings[torch.select(tuples, 1, 2)]\n"
              "  noise = 0.1 * torch.rand_like(a)\n"
              "  gap = torch.sum((a + noise - p) ** 2 - (a + noise - n) ** 2, 1) + self.margin\n"
              "  if self.training:\n"
              "    self.seen.add_(1)\n"
              "  return torch.relu(gap).mean()\n",
          .parameters = {{"margin", at::full({}, 0.3F)}},
          .buffers = {{"seen", at::zeros({})}},
          .attributes = {}};
}

class ScriptTrialTest : public ::testing::Test {
 protected:
  ScriptTrialTest() {
    restless_network().save(scripts_ / "net.pt");
    drawing_loss().save(scripts_ / "loss.pt");
    trial_.set("arch", "script:net.pt_normalize");
    trial_.set("criterion", "{name: script, file: loss.pt, lr_multi: 5}");
    trial_.set("miner", "random");
    trial_.set("epochs", "2");
    trial_.set("steps_per_epoch", "3");
    trial_.set("evaluate", "{sets: [test], metrics: [e_recall@1, mAP_c], batch_size: 32}");
  }
  InProcessRun run(const std::string& name, std::int64_t stop_at) {
    const auto spec = sweep::parse_trial_file(trial_.text(), "trial.yaml");
    if (!spec) throw std::runtime_error(spec.error().message());
    trial::Places places = trial_.places();
    places.scripts = {.allowed = true, .root = scripts_.path()};
    auto ran = run_in_process(*spec, places, trial_.run_dir(name), stop_at);
    if (!ran) throw std::runtime_error(ran.error().message());
    return *ran;
  }
  FinalState run_calmly() {
    const std::string name = run_prefix_ + "calm";
    const InProcessRun calm = run(name, kNever);
    EXPECT_EQ(calm.ending.kind, train::Ending::Kind::kDone);
    questions_ = calm.asked;
    return final_state(calm, trial_.run_dir(name));
  }
  void expect_the_same_when_stopped_at(std::int64_t stop_at, const FinalState& calm) {
    SCOPED_TRACE(stop_at);
    const std::string name = run_prefix_ + "stopped" + std::to_string(stop_at);
    ASSERT_EQ(run(name, stop_at).ending.kind, train::Ending::Kind::kStopped);
    ASSERT_EQ(final_state(run(name, kNever), trial_.run_dir(name)), calm);
  }
  Output run_allowed(const std::string& run) const {
    return trial_.finish(run, {"--allow-scripts", "--scripts-root", scripts_.path().string()});
  }
  job::Failed failure_in(const std::string& run) const {
    const auto failed = all_of<job::Failed>(last_attempt(trial_.events_log(run)));
    return failed.size() == 1 ? failed[0] : job::Failed{};
  }

  TemporaryFolder scripts_;
  TinyTrial trial_;
  std::string run_prefix_;
  std::int64_t questions_ = 0;  ///< How often the calm run asked whether it should stop.
};

bool tells(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST_F(ScriptTrialTest, StoppedAtAnyQuestionAndResumedGivesTheSameBits) {
  const FinalState calm = run_calmly();
  EXPECT_TRUE(tells(calm.tensors, "script.running_mean") && tells(calm.tensors, "script.seen"));
  for (std::int64_t stop_at = 1; stop_at <= questions_; ++stop_at) expect_the_same_when_stopped_at(stop_at, calm);
}

TEST_F(ScriptTrialTest, SoItDoesInLowerPrecision) {
  const std::string in_single_precision = run_calmly().tensors;
  for (const std::string precision : {"bfloat16", "float16"}) {
    SCOPED_TRACE(precision);
    trial_.set("precision", precision);
    run_prefix_ = precision;
    const FinalState calm = run_calmly();
    EXPECT_NE(calm.tensors, in_single_precision) << "the setting reached the module";
    for (const std::int64_t stop_at : {std::int64_t{1}, questions_ / 2, questions_}) {
      expect_the_same_when_stopped_at(stop_at, calm);
    }
  }
}

TEST_F(ScriptTrialTest, TwoReplicasTrainItAsOftenAsTheyAreAsked) {
  trial_.set("replicas", "2");
  const Output refused = run_allowed("refused");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_TRUE(tells(refused.err, "_frozen")) << refused.err;
  trial_.set("arch", "script:net.pt_frozen_normalize");
  const Output once = run_allowed("once"), again = run_allowed("again");
  ASSERT_EQ(once.exit_code, 0) << once.err;
  ASSERT_EQ(again.exit_code, 0) << again.err;
  const auto figures_once = figures(last_attempt(trial_.events_log("once")));
  EXPECT_FALSE(figures_once.empty());
  EXPECT_EQ(figures(last_attempt(trial_.events_log("again"))), figures_once);
}

TEST_F(ScriptTrialTest, NothingRunsUnlessItIsAllowed) {
  const Output output = trial_.finish("refused", {"--scripts-root", scripts_.path().string()});
  EXPECT_EQ(output.exit_code, 1);
  EXPECT_EQ(failure_in("refused").kind, "machine") << output.err;
  EXPECT_TRUE(tells(output.err, "script net.pt is a program of whoever wrote it")) << output.err;
  EXPECT_TRUE(tells(output.err, "--allow-scripts")) << output.err;
}

TEST_F(ScriptTrialTest, TheFilesContentIsPartOfTheTrialsIdentity) {
  const Output output = run_allowed("run");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const std::string hash = *sha256_hex_of_file(scripts_ / "net.pt");
  const auto identities = all_of<job::Identity>(last_attempt(trial_.events_log("run")));
  ASSERT_EQ(identities.size(), 1U);
  const auto stamps = job::parse_stamps(identities[0].data);
  EXPECT_EQ(stamps.at("script net.pt"), hash.substr(0, 32));
  EXPECT_TRUE(stamps.contains("script loss.pt"));
  EXPECT_TRUE(tells(read_text(trial_.run_dir("run") / "trial.yaml"), hash));

  SampleModule other = drawing_loss();
  other.parameters[0].second.fill_(0.9);
  other.save(scripts_ / "loss.pt");
  EXPECT_EQ(run_allowed("run").exit_code, 1) << "went on from the checkpoint of another criterion";
  trial_.set("arch_sha256", std::string(64, 'a'));
  EXPECT_EQ(run_allowed("other").exit_code, 1);
  EXPECT_EQ(failure_in("other").kind, "machine");
  EXPECT_TRUE(tells(failure_in("other").message, "but that of")) << failure_in("other").message;
}

TEST_F(ScriptTrialTest, AnErrorInTheModuleEndsTheTrialWithItsMessageAndLine) {
  SampleModule loss = drawing_loss();
  loss.code = "def forward(self, embeddings, labels, tuples):\n  return torch.matmul(embeddings, embeddings).sum()\n";
  loss.save(scripts_ / "loss.pt");
  EXPECT_EQ(run_allowed("run").exit_code, 1);
  const job::Failed failed = failure_in("run");
  EXPECT_EQ(failed.kind, "bad_configuration");
  EXPECT_TRUE(failed.message.starts_with("script loss.pt: mat1 and mat2 shapes cannot be multiplied"))
      << failed.message;
  EXPECT_TRUE(tells(failed.message, "return torch.matmul(embeddings, embeddings).sum()")) << failed.message;
}

}  // namespace
}  // namespace oodml::testing
