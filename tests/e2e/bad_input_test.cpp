#include <gtest/gtest.h>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

/// A sweep that is right but for what a case puts in.
std::string sweep(const std::string& trial, const std::string& matrix) {
  return "version: 1\nname: bad\ntrial:\n  arch: small_conv_normalize\n  crop_size: 28\n  resize: 28\n" + trial +
         "matrix:\n  benchmark: [fashion_mnist]\n  split: [1]\n" + matrix + "  seed: {count: 2}\n";
}

struct BadSweep {
  const char* name;
  std::string text;
  std::vector<std::string> expected;  ///< All in the message.
};

class BadSweepTest : public ::testing::TestWithParam<BadSweep> {};

TEST_P(BadSweepTest, IsRefusedWithItsPlaceAndWhatWouldBeAccepted) {
  const TemporaryFolder folder;
  write_text(folder / "bad.yaml", GetParam().text);
  const Output refused = run({program("oodml"), "plan", folder / "bad.yaml"});
  EXPECT_EQ(refused.exit_code, 2) << refused.out;
  for (const std::string& part : GetParam().expected) {
    EXPECT_NE(refused.err.find(part), std::string::npos) << "wanted: " << part << "\ngot: " << refused.err;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Messages, BadSweepTest,
    ::testing::Values(BadSweep{"unknown_key",
                               sweep("  batchsize: 32\n", "  criterion: [multisimilarity]\n"),
                               {"bad.yaml:7:", "batchsize", "batch_size"}},
                      BadSweep{"unknown_component",
                               sweep("", "  criterion: [multisimilarty]\n"),
                               {"bad.yaml:10:", "multisimilarity"}},
                      BadSweep{"wrong_type",
                               sweep("  epochs: many\n", "  criterion: [multisimilarity]\n"),
                               {"bad.yaml:7:", "epochs", "an integer"}},
                      BadSweep{"out_of_range",
                               sweep("  embed_dim: 0\n", "  criterion: [multisimilarity]\n"),
                               {"bad.yaml:7:", "embed_dim", "2"}},
                      BadSweep{"forbidden_pairing",
                               sweep("", "  criterion:\n    - odd: {criterion: multisimilarity, miner: distance}\n"),
                               {"bad.yaml:11:", "takes no miner"}},
                      BadSweep{"missing_miner", sweep("", "  criterion: [margin]\n"), {"needs a miner", "distance"}},
                      BadSweep{"empty_axis", sweep("", "  criterion: []\n"), {"bad.yaml:10:", "criterion"}},
                      BadSweep{"too_many",
                               sweep("",
                                     "  criterion: [multisimilarity]\n  lr: [1.0e-5, 2.0e-5]\n  epochs: 1..1000\n"
                                     "  batch_size: 2..1000\n"),
                               {"trials", "100000"}},
                      BadSweep{"alias", "version: 1\nname: &a bomb\ntrial: *a\n", {"bad.yaml:2:", "anchor"}},
                      BadSweep{"not_utf8", "version: 1\nname: \xff\xfe\n", {"UTF-8"}},
                      BadSweep{"indivisible",
                               sweep("  batch_size: 33\n", "  criterion: [multisimilarity]\n"),
                               {"batch_size", "samples_per_class"}},
                      BadSweep{"too_large", std::string(50'000'000, '#'), {"bytes"}}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(BadInputTest, EveryErrorOfASweepIsReportedInOnePass) {
  const TemporaryFolder folder;
  write_text(folder / "bad.yaml", sweep("  batchsize: 32\n  epochs: many\n  embed_dim: 0\n", "  criterion: [margn]\n"));
  const std::string message = run({program("oodml"), "plan", folder / "bad.yaml"}).err;
  for (const char* part : {":7:", ":8:", ":9:", ":13:"}) EXPECT_NE(message.find(part), std::string::npos) << message;
}

TEST(BadInputTest, UnreachableCoordinatorHasItsOwnExitCode) {
  const Output failed = run({program("oodml"), "list", "--coordinator", "127.0.0.1:1"});
  EXPECT_EQ(failed.exit_code, 7);
  EXPECT_NE(failed.err.find("127.0.0.1:1"), std::string::npos) << failed.err;
}

TEST(BadInputTest, TrialNamesTheBenchmarkThatIsMissing) {
  const TemporaryFolder folder;
  write_text(folder / "trial.yaml",
             "benchmark: cub200\ncriterion: multisimilarity\narch: small_conv_normalize\nepochs: 1\n");
  std::filesystem::create_directories(folder / "benchmarks");
  const Output failed = run({program("oodml-core"), "run", folder / "trial.yaml", "--run-dir", folder / "run",
                             "--benchmarks-root", folder / "benchmarks"});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_NE((failed.err + failed.out).find("cub200"), std::string::npos) << failed.out << failed.err;
}

/// `oodml local` of so many trials on a benchmark whose images are none.
Output local_on_damaged_images(const TemporaryFolder& folder, int trials) {
  for (const char* image : {"a/1.png", "a/2.png", "b/1.png", "b/2.png"}) {
    std::filesystem::create_directories((folder / "benchmarks/birds" / image).parent_path());
    write_text(folder / "benchmarks/birds" / image, "no image");
  }
  write_text(
      folder / "sweep.yaml",
      "version: 1\nname: birds\ntrial: {layout: image_folder, arch: small_conv_normalize, crop_size: 16, resize: 16,\n"
      "  batch_size: 2, epochs: 1, criterion: multisimilarity}\nmatrix: {benchmark: [birds], seed: {count: " +
          std::to_string(trials) + "}}\n");
  return run({program("oodml"), "local", folder / "sweep.yaml", "--state", folder / "state", "--slots", "1",
              "--benchmarks-root", folder / "benchmarks"});
}

TEST(BadInputTest, LocalEndsAtOnceWhereItsOnlyMachineCannotReadTheImages) {
  const TemporaryFolder folder;
  const Output failed = local_on_damaged_images(folder, 1);
  EXPECT_NE(failed.exit_code, 0);
  EXPECT_NE(failed.out.find("failed, machine: "), std::string::npos) << failed.out << failed.err;
  EXPECT_NE(failed.out.find("a text file; JPEG, PNG and WebP files are read"), std::string::npos) << failed.out;
}

TEST(BadInputTest, LocalEndsWithTheReasonAndKeepsTheQueueWhenItsMachineFailsOneTrialAfterTheOther) {
  const TemporaryFolder folder;
  const Output failed = local_on_damaged_images(folder, 5);
  EXPECT_NE(failed.exit_code, 0);
  EXPECT_NE(failed.err.find("nothing can run: 2 trials wait"), std::string::npos) << failed.err;
  EXPECT_NE(failed.err.find("3 different trials in a row could not run on it"), std::string::npos) << failed.err;
}

TEST(BadInputTest, LocalSaysWhichBenchmarkIsMissingInsteadOfWaiting) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "benchmarks");
  const Output failed = run({program("oodml"), "local", source("tests/e2e/tiny.yaml"), "--state", folder / "state",
                             "--benchmarks-root", folder / "benchmarks"});
  EXPECT_EQ(failed.exit_code, 5);
  EXPECT_NE(failed.err.find("benchmark fashion_mnist: no folder " + (folder / "benchmarks/fashion_mnist").string()),
            std::string::npos)
      << failed.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "state")) << "nothing was started";
}

}  // namespace
}  // namespace oodml::testing
