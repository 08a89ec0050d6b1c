#include "tests/core/sweep/random_specs.h"
#include "tests/core/sweep/trial_files.h"

namespace oodml::sweep {
namespace {

TEST(FingerprintTest, EverySpecificationReadsBackBitForBit) {
  RandomSpecs random(3);
  for (int i = 0; i < 2000; ++i) {
    const job::TrialSpec spec = random.spec();
    const job::TrialSpec read = parsed(trial_file_text(spec));
    ASSERT_EQ(read, spec) << trial_file_text(spec);
    ASSERT_EQ(fingerprint(read), fingerprint(spec));
  }
}

TEST(FingerprintTest, SpellingOrderAndExecutionDoNotCount) {
  const auto print = [](const char* more) { return fingerprint(parsed(small_trial(more))); };
  EXPECT_EQ(print("lr: 1e-5\nepochs: 3\n"), print("epochs: 3\nlr: 0.00001\n"));
  EXPECT_EQ(print("loader_threads: 1\n"), print("loader_threads: 8\ncheckpoint_every: 5\nkeep_checkpoints: 3\n"));
  EXPECT_EQ(print("fc_lr: 0\n"), print("fc_lr: -0.0\n"));
  EXPECT_NE(print("cpu_threads: 1\n"), print("cpu_threads: 2\n"));
  EXPECT_NE(print("replicas: 1\n"), print("replicas: 2\n"));
  EXPECT_NE(print("seed: 0\n"), print("seed: 1\n"));
  EXPECT_NE(print(""), print("criterion.pos_weight: 2.5\n"));
  EXPECT_EQ(print(""), print("criterion.pos_weight: 2\n"));
  EXPECT_EQ(print("").size(), 64u);
}

TEST(FingerprintTest, TheHashOfAScriptCountsWhereThereIsOne) {
  const auto print = [](const std::string& hash) {
    job::TrialSpec spec = parsed(small_trial("arch: script:net.pt_normalize\n"));
    if (hash.empty()) {
      spec.values.erase("arch_sha256");  // as in a specification of before the key
    } else {
      spec.values.set("arch_sha256", hash);
    }
    return fingerprint(spec);
  };
  EXPECT_EQ(print(""), fingerprint(parsed(small_trial("arch: script:net.pt_normalize\n"))));
  EXPECT_NE(print(""), print(std::string(64, 'a')));
  EXPECT_NE(print(std::string(64, 'b')), print(std::string(64, 'a')));
}

TEST(FingerprintTest, FilesOfScriptsBecomePartOfTheTrialsThatNameThem) {
  const std::string yaml =
      "version: 1\nname: a\ntrial: {benchmark: cub200, arch: script:net.pt_normalize, crop_size: 224}\n"
      "matrix: {criterion: [{mine: {criterion: {name: script, file: loss.pt}}}, oproxy]}\n";
  const std::string net(64, 'a'), loss(64, 'b');
  const auto plan = [&](std::map<std::string, std::string> scripts) {
    auto planned = plan_sweep(yaml, {.scripts = std::move(scripts)});
    EXPECT_TRUE(planned) << planned.error().message();
    return planned.value_or(job::SweepPlan());
  };
  const auto bare = plan({}), one = plan({{"net.pt", net}, {"loss.pt", loss}}),
             other = plan({{"net.pt", net}, {"loss.pt", net}});
  ASSERT_EQ(one.trials.size(), 2U);
  EXPECT_EQ(one.trials[0].spec.values.text("arch_sha256"), net);
  EXPECT_EQ(one.trials[0].spec.values.text("criterion.sha256"), loss);
  EXPECT_EQ(one.trials[0].fingerprint, fingerprint(one.trials[0].spec));
  EXPECT_NE(one.trials[0].fingerprint, bare.trials[0].fingerprint);
  EXPECT_NE(one.trials[0].fingerprint, other.trials[0].fingerprint);
  EXPECT_EQ(one.trials[1].fingerprint, other.trials[1].fingerprint) << "it does not name loss.pt";

  const auto said = plan_sweep(yaml, {.settings = {{"arch_sha256", loss}}, .scripts = {{"net.pt", net}}});
  ASSERT_FALSE(said);
  EXPECT_NE(said.error().message().find("script net.pt has the SHA-256 bbb"), std::string::npos)
      << said.error().message();
}

}  // namespace
}  // namespace oodml::sweep
