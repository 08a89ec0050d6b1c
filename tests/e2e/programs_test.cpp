// A PyTorch script of a person's own and oodml's core in one sweep, and in one table: docs/programs.md.
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
    - theirs: {program: theirs, params: {lr: 0.001, images_per_class: 40}}
)";

TEST(ProgramsEndToEndTest, APyTorchScriptStandsBesideTheCoreInOneTable) {
  const fs::path python = OODML_TORCH_PYTHON;
  if (!fs::exists(python)) GTEST_SKIP() << "no Python with PyTorch at " << python;
  const TemporaryFolder folder;
  make_fashion_mnist(folder / "benchmarks");
  write_text(folder / "mixed.yaml", kMixed);
  const fs::path script = folder / "run.sh";
  write_text(script,
             "#!/bin/sh\nexec " + python.string() + " " + source("tests/support/programs/fashion.py").string() + "\n");
  fs::permissions(script, fs::perms::owner_all);
  const Output done =
      run({program("oodml"), "local", folder / "mixed.yaml", "--state", folder / "state", "--benchmarks-root",
           folder / "benchmarks", "--slots", "2", "--program", "theirs=" + script.string(), "-o", "csv"},
          {}, std::chrono::minutes(5));
  ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
  const std::size_t ours = done.out.find("multisimilarity,"), theirs = done.out.find("theirs,");
  ASSERT_NE(ours, std::string::npos) << done.out;
  ASSERT_NE(theirs, std::string::npos) << done.out;
}

}  // namespace
}  // namespace oodml::testing
