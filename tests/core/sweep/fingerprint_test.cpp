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

}  // namespace
}  // namespace oodml::sweep
