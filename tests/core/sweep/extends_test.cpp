#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/atomic_file.h"
#include "core/sweep/sweep.h"
#include "tests/support/temporary_folder.h"

namespace oodml::sweep {
namespace {

namespace fs = std::filesystem;

class ExtendsTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root_ / "sweeps"); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    ASSERT_TRUE(write_file_atomically(root_ / name, text).ok());
  }
  Result<std::string> resolved(const std::string& name) { return resolve_files(root_ / name); }
  std::string error_of(const std::string& name) {
    const auto text = resolved(name);
    return text.has_value() ? "accepted" : text.error().message();
  }

  testing::TemporaryFolder root_;
};

constexpr const char* kBase =
    "version: 1\n"
    "name: base\n"
    "trial: {benchmark: cub200, epochs: 10, lr: 1.0e-5, evaluate: {sets: [test, train], every: 2}}\n"
    "matrix:\n"
    "  criterion: [arcface, m: {criterion: {name: margin, beta: 0.6}, miner: distance}]\n"
    "  seed: {count: 2}\n";

TEST_F(ExtendsTest, AFileWithoutExtendsComesBackAsItIs) {
  std::string yaml = kBase;
  yaml += "# the end";
  write("sweeps/a.yaml", yaml);
  EXPECT_EQ(*resolved("sweeps/a.yaml"), yaml);
}

TEST_F(ExtendsTest, MapsMergeAndTheExtendingFileWins) {
  write("sweeps/base.yaml", kBase);
  write(
      "sweeps/child.yaml",
      "extends: base.yaml\nname: child\ntrial: {epochs: 3, evaluate: {sets: [test]}, lr: null}\nmatrix: {seed: [7]}\n");
  const auto plan = plan_sweep(*resolved("sweeps/child.yaml"), {});
  ASSERT_TRUE(plan.has_value()) << plan.error().message();
  EXPECT_EQ(plan->name, "child");
  ASSERT_EQ(plan->trials.size(), 2u);
  const Params& values = plan->trials[1].spec.values;
  EXPECT_EQ(values.integer("epochs"), 3);
  EXPECT_EQ(values.integer("evaluate.every"), 2);
  EXPECT_EQ(values.texts("evaluate.sets"), std::vector<std::string>{"test"});
  EXPECT_EQ(values.number("criterion.beta"), 0.6);
  EXPECT_EQ(values.number("lr"), 1e-5);  // the default again
  EXPECT_EQ(values.integer("seed"), 7);
}

TEST_F(ExtendsTest, AMergedSweepEqualsTheSameSweepInOneFile) {
  write("sweeps/base.yaml", kBase);
  write("sweeps/child.yaml", "extends: base.yaml\n");
  const auto merged = plan_sweep(*resolved("sweeps/child.yaml"), {});
  const auto single = plan_sweep(kBase, {});
  ASSERT_TRUE(merged.has_value()) << merged.error().message();
  ASSERT_EQ(merged->trials.size(), single->trials.size());
  for (std::size_t i = 0; i < single->trials.size(); ++i) {
    EXPECT_EQ(merged->trials[i].fingerprint, single->trials[i].fingerprint);
    EXPECT_EQ(merged->trials[i].labels, single->trials[i].labels);
  }
}

TEST_F(ExtendsTest, AComponentOfAnotherNameReplacesTheBases) {
  write("sweeps/base.yaml",
        "version: 1\nname: b\ntrial: {benchmark: cub200, criterion: {name: margin, beta: 0.6}, miner: distance}\n");
  write("sweeps/child.yaml", "extends: base.yaml\ntrial: {criterion: {name: arcface, lr: 0.1}, miner: none}\n");
  const auto plan = plan_sweep(*resolved("sweeps/child.yaml"), {});
  ASSERT_TRUE(plan.has_value()) << plan.error().message();
  EXPECT_EQ(plan->trials[0].spec.choice("criterion").name, "arcface");
}

TEST_F(ExtendsTest, ErrorsNameTheFileAndLineThatWroteTheValue) {
  write("common/base.yaml",
        "version: 1\nname: b\ntrial:\n  benchmark: cub200\n  criterion: oproxy\n  lr: -1\n  note: 3\n");
  write("sweeps/child.yaml", "extends: ../common/base.yaml\n\ntrial: {epochs: many}\n");
  const auto plan = plan_sweep(*resolved("sweeps/child.yaml"), {.file_name = "child.yaml"});
  ASSERT_FALSE(plan.has_value());
  const std::string& text = plan.error().message();
  EXPECT_NE(text.find("../common/base.yaml:6:7: lr must be 0 or more, got -1"), std::string::npos) << text;
  EXPECT_NE(text.find("child.yaml:3:17: epochs must be an integer"), std::string::npos) << text;
  EXPECT_NE(text.find("../common/base.yaml:7:9: unknown key 'note'"), std::string::npos) << text;
}

TEST_F(ExtendsTest, TextsSurviveTheMerge) {
  write("sweeps/base.yaml",
        "version: 1\nname: b\ndescription: \"a: #b  #@ x:1\\t\xe2\x82\xac\"\ntrial: {benchmark: cub200, criterion: "
        "oproxy, split_file: \"1 2: #x.json\"}\n");
  write("sweeps/child.yaml", "extends: base.yaml\ntrial: {weights: '12', split: 3}\nmatrix: {seed: 0..3}\n");
  const auto plan = plan_sweep(*resolved("sweeps/child.yaml"), {});
  ASSERT_TRUE(plan.has_value()) << plan.error().message() << *resolved("sweeps/child.yaml");
  EXPECT_EQ(plan->trials.size(), 4u);
  EXPECT_EQ(plan->trials[0].spec.values.text("split_file"), "1 2: #x.json");
  EXPECT_EQ(plan->trials[0].spec.values.text("weights"), "12");
}

TEST_F(ExtendsTest, RefusesCirclesDepthAndFilesOutside) {
  write("sweeps/a.yaml", "extends: b.yaml\n");
  write("sweeps/b.yaml", "extends: a.yaml\n");
  EXPECT_NE(error_of("sweeps/a.yaml").find("runs in a circle"), std::string::npos) << error_of("sweeps/a.yaml");
  for (int i = 0; i < 12; ++i) {
    write("sweeps/c" + std::to_string(i) + ".yaml", "extends: c" + std::to_string(i + 1) + ".yaml\n");
  }
  EXPECT_NE(error_of("sweeps/c0.yaml").find("more than 8 files deep"), std::string::npos) << error_of("sweeps/c0.yaml");
  write("sweeps/d.yaml", "extends: /etc/passwd\n");
  EXPECT_NE(error_of("sweeps/d.yaml").find("d.yaml:1:10: `extends:` names a file relative"), std::string::npos);
  write("sweeps/e.yaml", "extends: ../../x.yaml\n");
  EXPECT_NE(error_of("sweeps/e.yaml").find("inside of"), std::string::npos) << error_of("sweeps/e.yaml");
  write("sweeps/f.yaml", "extends: [x]\n");
  EXPECT_NE(error_of("sweeps/f.yaml").find("names one file, got a list"), std::string::npos);
  write("sweeps/g.yaml", "extends: missing.yaml\n");
  EXPECT_NE(error_of("sweeps/g.yaml").find("No such file"), std::string::npos) << error_of("sweeps/g.yaml");
  EXPECT_EQ(error_of("sweeps/g.yaml").find('\n'), std::string::npos) << "one line, behind the place that names it";
  EXPECT_EQ(resolved("sweeps/none.yaml").error().code(), StatusCode::kNotFound);
}

TEST_F(ExtendsTest, AnAxisTakesTheLinesOfAFile) {
  write("lists/splits.txt", "\xef\xbb\xbf# near\r\n1\r\n  3..4  \n\n");
  write("sweeps/lrs.txt", "1e-5\n0.001");
  write("sweeps/a.yaml",
        "version: 1\nname: a\ntrial: {criterion: oproxy, benchmark: cub200}\nmatrix:\n"
        "  split: [default, {file: ../lists/splits.txt}]\n  lr: {file: lrs.txt}\n");
  const std::string yaml = *resolved("sweeps/a.yaml");
  const auto plan = plan_sweep(yaml, {});
  ASSERT_TRUE(plan) << plan.error().message();
  ASSERT_EQ(plan->axes.size(), 2u);
  EXPECT_EQ(plan->axes[0].labels, (std::vector<std::string>{"default", "1", "3", "4"}));
  EXPECT_EQ(plan->axes[1].labels, (std::vector<std::string>{"1e-5", "0.001"}));
  EXPECT_EQ(plan->source.find("file:"), std::string::npos) << "it can be read where the files are not";
}

TEST_F(ExtendsTest, ListsOfBlocksZipsAndBasesArePutInToo) {
  write("bases/lrs.txt", "1\n2\n");
  write("bases/base.yaml",
        "version: 1\nname: a\ntrial: {criterion: oproxy, benchmark: cub200}\n"
        "blocks:\n  - zip: {lr: {file: lrs.txt}, epochs: [1, 2]}\n  - matrix: {lr: [{file: lrs.txt}, 3]}\n");
  write("sweeps/a.yaml", "extends: ../bases/base.yaml\nname: b\n");
  const auto plan = plan_sweep(*resolved("sweeps/a.yaml"), {});
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(plan->trials.size(), 5u);
}

TEST_F(ExtendsTest, WhatIsWrongInAListSaysItsFileAndLine) {
  const std::string head = "version: 1\nname: a\ntrial: {criterion: oproxy, benchmark: cub200}\nmatrix: ";
  write("sweeps/lrs.txt", "1\nx\n");
  write("sweeps/a.yaml", head + "{lr: {file: lrs.txt}}\n");
  const auto plan = plan_sweep(*resolved("sweeps/a.yaml"), {});
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message().find("lrs.txt:2:1: lr must be a number"), std::string::npos)
      << plan.error().message();

  const auto refuses = [&](const std::string& name, const std::string& part) {
    write("sweeps/b.yaml", head + "{lr: {file: " + name + "}}\n");
    const std::string error = error_of("sweeps/b.yaml");
    EXPECT_NE(error.find(part), std::string::npos) << error;
  };
  refuses("none.txt", "b.yaml:4:21: file none.txt: open ");
  refuses("/etc/passwd", "`file:` names a file relative to this one, inside of ");
  refuses("../../x", "`file:` names a file relative to this one, inside of ");
  write("sweeps/empty.txt", "# nothing\n");
  refuses("empty.txt", "empty.txt: no value; a list file has one a line");
  write("sweeps/odd.txt", "1\n\xff\n");
  refuses("odd.txt", "odd.txt:2:1: ");
  write("sweeps/bell.txt", "1\n\x07\n");
  refuses("bell.txt", "bell.txt:2:1: ");
  write("sweeps/large.txt", std::string((1 << 20) + 1, '1'));
  refuses("large.txt", "large.txt");

  const auto far_away = plan_sweep(head + "{lr: {file: lrs.txt}}\n", {});
  ASSERT_FALSE(far_away);
  EXPECT_NE(far_away.error().message().find("sweep.yaml:4:14: `file:` reads another file, which only the command line"),
            std::string::npos)
      << far_away.error().message();
}

}  // namespace
}  // namespace oodml::sweep
