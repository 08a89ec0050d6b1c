// oodml's core, a loss that PyTorch wrote and a PyTorch program of a person's own in one sweep, and in one table:
// docs/programs.md, docs/pytorch.md.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMixed = R"(version: 1
name: mixed
trial:
  benchmark: fashion_mnist
  split: 1
  arch: small_conv_normalize
  embed_dim: 32
  crop_size: 28
  resize: 28
  batch_size: 32
  epochs: 2
  lr: 1.0e-3
  images_per_class: 40
  evaluate: {sets: [test], metrics: [e_recall@1]}
matrix:
  criterion:
    - multisimilarity
    - pairs: {criterion: {name: script, file: pairs.pt}}
    - theirs: {program: theirs, params: {lr: 0.001, images_per_class: 40}}
)";

/// A loss of four lines, as a file of TorchScript.
constexpr const char* kExport = R"(import sys, torch
class Pairs(torch.nn.Module):
    def forward(self, embeddings: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        distances = torch.cdist(embeddings, embeddings)
        same = labels.unsqueeze(0) == labels.unsqueeze(1)
        return distances[same].mean() + torch.relu(1.0 - distances[~same]).mean()
torch.jit.script(Pairs()).save(sys.argv[1])
)";

/// The program alone, with these parameters beside the images; `epochs` of a moment each.
std::string alone(const std::string& rows, int epochs) {
  return R"(version: 1
name: alone
trial: {benchmark: fashion_mnist, split: 1, epochs: )" +
         std::to_string(epochs) + R"(, evaluate: {sets: [test], metrics: [e_recall@1]}}
matrix:
  criterion:
)" + rows;
}

class ProgramsEndToEndTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(python_)) GTEST_SKIP() << "no Python with PyTorch at " << python_;
    make_fashion_mnist(folder_ / "benchmarks");
    write_text(script_, "#!/bin/sh\nexec " + python_.string() + " " +
                            source("tests/support/programs/fashion.py").string() + "\n");
    fs::permissions(script_, fs::perms::owner_all);
  }
  std::vector<std::string> local(const std::string& yaml, const std::string& state,
                                 const std::vector<std::string>& further = {}) const {
    write_text(folder_ / (state + ".yaml"), yaml);
    std::vector<std::string> words = {program("oodml"),
                                      "local",
                                      folder_ / (state + ".yaml"),
                                      "--state",
                                      folder_ / state,
                                      "--benchmarks-root",
                                      folder_ / "benchmarks",
                                      "--slots",
                                      "2",
                                      "--program",
                                      "theirs=" + script_.string(),
                                      "-o",
                                      "csv"};
    words.insert(words.end(), further.begin(), further.end());
    return words;
  }
  nlohmann::json shown(int trial, const std::string& state) const {
    const Output shown =
        run({program("oodml"), "show", "trial", std::to_string(trial), "--state", folder_ / state, "-o", "json"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    return nlohmann::json::parse(shown.out, nullptr, false);
  }
  bool has_checkpoint(const std::string& state) const {
    std::error_code error;
    for (const auto& file : fs::recursive_directory_iterator(folder_ / state / "worker" / "runs", error)) {
      if (file.path().filename() == "manifest.json") return true;
    }
    return false;
  }

  TemporaryFolder folder_;
  const fs::path python_ = OODML_TORCH_PYTHON;
  const fs::path script_ = folder_ / "run.sh";
};

TEST_F(ProgramsEndToEndTest, ALossAndAProgramOfPyTorchStandBesideTheCoreInOneTable) {
  write_text(folder_ / "export.py", kExport);
  fs::create_directory(folder_ / "scripts");
  const Output exported = run({python_, "-W", "ignore", folder_ / "export.py", folder_ / "scripts" / "pairs.pt"}, {},
                              std::chrono::minutes(2));
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  const Output done =
      run(local(kMixed, "state", {"--allow-scripts", folder_ / "scripts"}), {}, std::chrono::minutes(5));
  ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
  for (const char* row : {"multisimilarity,", "pairs,", "theirs,"}) {
    EXPECT_NE(done.out.find(row), std::string::npos) << row << "\n" << done.out;
  }
}

TEST_F(ProgramsEndToEndTest, AScriptThatWasKilledEndsWithTheBitsOfAnUndisturbedOne) {
  const std::string sweep = alone("    - row: {program: theirs, params: {images_per_class: 300}}\n", 8);
  const Output calm = run(local(sweep, "calm"), {}, std::chrono::minutes(5));
  ASSERT_EQ(calm.exit_code, 0) << calm.err;

  Process running(local(sweep, "killed"), {.environment = {}, .folder = {}, .output = folder_ / "killed.txt"});
  ASSERT_TRUE(wait_until([&] { return has_checkpoint("killed"); }, std::chrono::seconds(120)))
      << read_text(folder_ / "killed.txt");
  for (const pid_t pid : processes_with((folder_ / "killed").string())) ::kill(pid, SIGKILL);
  EXPECT_EQ(running.wait(), 128 + SIGKILL) << read_text(folder_ / "killed.txt");
  const Output again = run(local(sweep, "killed"), {}, std::chrono::minutes(5));
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(shown(1, "killed").at("trial").at("attempt"), 2);
  EXPECT_EQ(shown(1, "killed").at("metrics"), shown(1, "calm").at("metrics"));
  EXPECT_EQ(again.out, calm.out);
}

TEST_F(ProgramsEndToEndTest, MemoryThatIsNotThereAndALossThatIsNoNumberEndATrialByTheirClassAtOnce) {
  const Output done = run(local(alone("    - memory: {program: theirs, params: {embed_dim: 1000000000000}}\n"
                                      "    - nan: {program: theirs, params: {lr: 1.0e+30}}\n",
                                      2),
                                "state"),
                          {}, std::chrono::minutes(5));
  EXPECT_NE(done.exit_code, 0) << done.out;
  const nlohmann::json memory = shown(1, "state").at("trial"), nan = shown(2, "state").at("trial");
  EXPECT_EQ(memory.at("outcome"), "out_of_memory") << memory;
  EXPECT_NE(memory.at("message").get<std::string>().find("can't allocate memory"), std::string::npos) << memory;
  EXPECT_EQ(nan.at("outcome"), "numeric") << nan;
  EXPECT_NE(nan.at("message").get<std::string>().find("NotFinite: the loss of epoch "), std::string::npos) << nan;
  for (const nlohmann::json& trial : {memory, nan}) EXPECT_EQ(trial.at("attempt"), 1) << "it would fail again";
}

}  // namespace
}  // namespace oodml::testing
