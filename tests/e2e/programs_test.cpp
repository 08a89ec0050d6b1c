// oodml's core, a loss that PyTorch wrote and a PyTorch program of a person's own in one sweep, and in one table:
// docs/programs.md, docs/pytorch.md.
#include <gtest/gtest.h>

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

TEST(ProgramsEndToEndTest, ALossAndAProgramOfPyTorchStandBesideTheCoreInOneTable) {
  const fs::path python = OODML_TORCH_PYTHON;
  if (!fs::exists(python)) GTEST_SKIP() << "no Python with PyTorch at " << python;
  const TemporaryFolder folder;
  make_fashion_mnist(folder / "benchmarks");
  write_text(folder / "mixed.yaml", kMixed);
  const fs::path script = folder / "run.sh";
  write_text(script,
             "#!/bin/sh\nexec " + python.string() + " " + source("tests/support/programs/fashion.py").string() + "\n");
  fs::permissions(script, fs::perms::owner_all);
  write_text(folder / "export.py", kExport);
  fs::create_directory(folder / "scripts");
  const Output exported =
      run({python, "-W", "ignore", folder / "export.py", folder / "scripts" / "pairs.pt"}, {}, std::chrono::minutes(2));
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  const Output done = run({program("oodml"), "local", folder / "mixed.yaml", "--state", folder / "state",
                           "--benchmarks-root", folder / "benchmarks", "--slots", "2", "--program",
                           "theirs=" + script.string(), "--allow-scripts", folder / "scripts", "-o", "csv"},
                          {}, std::chrono::minutes(5));
  ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
  for (const char* row : {"multisimilarity,", "pairs,", "theirs,"}) {
    EXPECT_NE(done.out.find(row), std::string::npos) << row << "\n" << done.out;
  }
}

}  // namespace
}  // namespace oodml::testing
