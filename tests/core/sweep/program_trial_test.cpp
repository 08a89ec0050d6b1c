// Trials that a program of people's own runs in place of the core.
#include "core/sweep/program_trial.h"

#include <gtest/gtest.h>

#include "core/catalogue/program_keys.h"
#include "core/job/program.h"
#include "tests/core/sweep/plans.h"
#include "tests/core/sweep/trial_files.h"

namespace oodml::sweep {
namespace {

std::string errors_of(std::string_view rest) {
  const auto plan = plan_sweep(sweep_of(rest), {});
  return plan ? "accepted" : plan.error().message();
}

constexpr const char* kMixed =
    R"(trial: {benchmark: cub200, epochs: 3, batch_size: 32, evaluate: {metrics: [e_recall@1]}}
matrix:
  criterion:
    - multisimilarity
    - theirs: {program: reference, params: {lr: 0.1, name: adam, steps: 3, fast: true, tau: [1, 2], optimizer: {eps: 1e-8}}}
  seed: [0, 1]
)";

TEST(ProgramTrialTest, ARowOfAProgramStandsBesideThoseOfTheCoreWithItsOwnParametersAndFewKeys) {
  const job::SweepPlan plan = planned(sweep_of(kMixed));
  ASSERT_EQ(plan.trials.size(), 4u);
  const job::TrialSpec& theirs = trial_at(plan, {{"criterion", "theirs"}, {"seed", "1"}}).spec;
  EXPECT_EQ(job::program_of(theirs), "reference");
  const Params wanted = {{"program", Value("reference")},
                         {"benchmark", Value("cub200")},
                         {"split", Value("default")},
                         {"seed", Value(std::int64_t{1})},
                         {"epochs", Value(std::int64_t{3})},
                         {"cpu_threads", Value(std::int64_t{1})},
                         {"gpu_memory_mib", Value(std::int64_t{0})},
                         {"artifacts", Value(std::vector<std::string>{"best", "log"})},
                         {"checkpoint_upload", theirs.values.at("checkpoint_upload")},
                         {"evaluate.metrics", Value(std::vector<std::string>{"e_recall@1"})},
                         {"params.lr", Value(0.1)},
                         {"params.name", Value("adam")},
                         {"params.steps", Value(std::int64_t{3})},
                         {"params.fast", Value(true)},
                         {"params.tau", Value(std::vector<std::int64_t>{1, 2})},
                         {"params.optimizer.eps", Value(1e-8)}};
  EXPECT_EQ(theirs.values, wanted) << trial_file_text(theirs);
  EXPECT_EQ(job::program_of(trial_at(plan, {{"criterion", "multisimilarity"}}).spec), "");
}

TEST(ProgramTrialTest, ParametersAreAxesDottedOrBelowParams) {
  const char* kDotted = "trial: {benchmark: cub200}\nmatrix:\n  program: reference\n  params.lr: [0.1, 0.01]\n";
  const char* kNested =
      "trial: {benchmark: cub200}\nblocks:\n  - matrix:\n      program: reference\n      params: {lr: [0.1, 0.01]}\n";
  for (const char* yaml : {kDotted, kNested}) {
    const job::SweepPlan plan = planned(sweep_of(yaml));
    ASSERT_EQ(plan.trials.size(), 2u) << yaml;
    EXPECT_EQ(trial_at(plan, {{"program", "reference"}, {"params.lr", "0.01"}}).spec.values.number("params.lr"), 0.01);
  }
  const job::SweepPlan range = planned(sweep_of(
      "trial: {benchmark: cub200, program: reference}\nmatrix: {params.lr: {from: 0.1, to: 0.3, step: 0.1}}\n"));
  EXPECT_EQ(range.trials.size(), 3u);
}

TEST(ProgramTrialTest, BlocksOfCoreAndProgramHaveAxesOfTheirOwn) {
  const job::SweepPlan plan = planned(sweep_of(R"(trial: {benchmark: cub200}
blocks:
  - matrix: {criterion: [multisimilarity]}
  - matrix: {program: [reference, other]}
)"));
  ASSERT_EQ(plan.trials.size(), 3u);
  EXPECT_EQ(plan.axes[0].name, "criterion");
  EXPECT_EQ(plan.axes[1].name, "program");
  EXPECT_FALSE(trial_at(plan, {{"program", "other"}}).labels.contains("criterion"));
}

TEST(ProgramTrialTest, NameParametersBenchmarkSplitAndSeedTellTrialsApart) {
  const auto print = [](const std::string& text) { return fingerprint(parsed("benchmark: cub200\n" + text)); };
  const std::string usual = print("program: a\nparams: {lr: 0.1}\n");
  EXPECT_EQ(print("params.lr: 0.1\nprogram: a\nseed: 0\ngpu_memory_mib: 10\nartifacts: none\n"), usual);
  for (const char* other :
       {"program: b\nparams: {lr: 0.1}\n", "program: a\nparams: {lr: 0.2}\n", "program: a\nparams: {lr: '0.1'}\n",
        "program: a\n", "program: a\nparams: {lr: 0.1}\nseed: 1\n", "program: a\nparams: {lr: 0.1}\nsplit: 1\n"}) {
    EXPECT_NE(print(other), usual) << other;
  }
}

TEST(ProgramTrialTest, ATrialFileReadsBackAsTheSame) {
  for (
      const char* yaml :
      {"benchmark: mine\nprogram: reference\n",
       "benchmark: cub200\nsplit: 3\nprogram: r.2\nepochs: 4\nreplicas: 2\nparams: {text: '3', flag: 'true', none: '', "
       "number: 1.0, empty: [], texts: [a, '1'], deep: {er: {x: 1}}}\n"}) {
    const job::TrialSpec spec = parsed(yaml);
    EXPECT_EQ(parsed(trial_file_text(spec)), spec) << trial_file_text(spec);
    EXPECT_NE(parse_core_trial_file(yaml, "trial.yaml").error().message().find("runs this trial"), std::string::npos);
  }
}

TEST(ProgramTrialTest, AnotherProgramTakesNoParametersOfAnEarlierOneAndNoneIsTheCore) {
  const job::SweepPlan plan = planned(sweep_of(R"(trial: {benchmark: cub200, program: a, params: {lr: 0.1}}
blocks:
  - matrix: {seed: [7]}
  - matrix:
      criterion:
        - margin: {program: none, miner: distance}
        - other: {program: b}
)"));
  EXPECT_EQ(trial_at(plan, {{"seed", "7"}}).spec.values.number("params.lr"), 0.1);
  EXPECT_EQ(trial_at(plan, {{"criterion", "margin"}}).spec.values.text("criterion"), "margin");
  EXPECT_EQ(job::program_of(trial_at(plan, {{"criterion", "other"}}).spec), "b");
  EXPECT_FALSE(trial_at(plan, {{"criterion", "other"}}).spec.values.has("params.lr"));
}

TEST(ProgramTrialTest, WhatDoesNotFitIsRefusedWithWhatWouldBeAccepted) {
  const std::string program = "matrix:\n  program: reference\n";
  const std::pair<std::string, std::string> kCases[] = {
      {"trial: {benchmark: cub200}\n" + program + "  criterion: [margin]\n", "criterion is a key of oodml's own core"},
      {"trial: {benchmark: cub200, program: reference, lr: 0.1}\nmatrix: {seed: 0}\n",
       "lr is a key of oodml's own core"},
      {"trial: {benchmark: cub200, batch_size: 8}\n" + program, "batch_size has no effect: programs run all trials"},
      {"trial: {benchmark: cub200, params: {lr: 1}}\nmatrix: {criterion: multisimilarity}\n",
       "params.lr has no effect"},
      {"trial: {benchmark: cub200}\nmatrix: {criterion: [{margin: {miner: distance, params: {lr: 1}}}]}\n",
       "params.lr is set, but no program runs the trial"},
      {program, "a trial has no benchmark"},
      {"trial: {benchmark: cub200}\nmatrix: {program: /bin/sh}\n", "program must be the name that workers announce"},
      {"trial: {benchmark: cub200, split: 99}\n" + program, "benchmark cub200 has no split '99'"},
      {"trial: {benchmark: ../x}\n" + program, "a benchmark's name has letters"},
      {"trial: {benchmark: cub200, params: 3}\n" + program, "`params:` is a map"},
      {"trial: {benchmark: cub200, params: {a b: 3}}\n" + program, "'a b' is no name of a program's parameter"},
      {"trial: {benchmark: cub200, params: {lr: null}}\n" + program, "params.lr must be a text, a number"},
      {"trial: {benchmark: cub200, params: {lr: 1, LR: 2}}\n" + program, "are one to the program: OODML_PARAM_LR"},
      {"trial: {benchmark: cub200, params: {a: 1, a.b: 2}}\n" + program, "params.a has a value, and so cannot hold"},
      {"trial: {benchmark: cub200, params: {text: " + std::string(70'000, 'x') + "}}\n" + program, "the most is 256"},
  };
  for (const auto& [yaml, wanted] : kCases)
    EXPECT_NE(errors_of(yaml).find(wanted), std::string::npos) << errors_of(yaml).substr(0, 2000) << "\nin\n"
                                                               << yaml.substr(0, 300);
}

TEST(ProgramTrialTest, DeclaredParametersHaveNamesAndTypes) {
  const catalogue::DeclaredParams declared = {
      {"lr", "number"}, {"steps", "integer"}, {"name", "text"}, {"fast", "boolean"}, {"tau", "list"}};
  const auto said = [&](Params params) { return catalogue::check_params("reference", declared, params).message(); };
  EXPECT_EQ(said({{"lr", Value(std::int64_t{1})}, {"name", Value("x")}, {"fast", Value(false)}}), "");
  EXPECT_EQ(said({{"tau", Value(std::vector<double>{1.0})}, {"steps", Value(std::int64_t{1})}}), "");
  EXPECT_NE(said({{"lrr", Value(0.1)}}).find("no parameter 'lrr'; did you mean 'lr'? It takes: fast (boolean)"),
            std::string::npos)
      << said({{"lrr", Value(0.1)}});
  EXPECT_EQ(said({{"steps", Value(0.5)}}), "params.steps of program reference must be an integer, got 0.5");
  EXPECT_NE(said({{"fast", Value("yes")}}).find("must be a boolean, got yes"), std::string::npos);
  EXPECT_EQ(catalogue::check_params("reference", {}, {{"any", Value("thing")}}).message(), "");
}

}  // namespace
}  // namespace oodml::sweep
