#include <gtest/gtest.h>

#include "tests/core/sweep/plans.h"

namespace oodml::sweep {
namespace {

/// "cub200/1/arcface, ..." in the plan's order, by the axes named.
std::string order_of(const job::SweepPlan& plan, const std::vector<std::string>& axes) {
  std::string text;
  for (const auto& trial : plan.trials) {
    text += text.empty() ? "" : " ";
    for (std::size_t i = 0; i < axes.size(); ++i) text += (i > 0 ? "/" : "") + trial.labels.at(axes[i]);
  }
  return text;
}

TEST(PlanTest, MultipliesTheAxesInTheOrderOfTheFile) {
  const auto plan =
      planned(sweep_of("matrix:\n  benchmark: [cub200, cars196]\n  criterion: [arcface, oproxy]\n  seed: [3, 1]\n"));
  EXPECT_EQ(order_of(plan, {"benchmark", "criterion", "seed"}),
            "cub200/arcface/3 cub200/arcface/1 cub200/oproxy/3 cub200/oproxy/1 "
            "cars196/arcface/3 cars196/arcface/1 cars196/oproxy/3 cars196/oproxy/1");
  ASSERT_EQ(plan.axes.size(), 3u);
  EXPECT_EQ(plan.axes[2].labels, (std::vector<std::string>{"3", "1"}));
  EXPECT_EQ(plan.replicate_axis, "seed");
  EXPECT_EQ(plan.trials[0].spec.seed(), 3);
  EXPECT_EQ(plan.trials[0].fingerprint, fingerprint(plan.trials[0].spec));
}

TEST(PlanTest, TrialValuesAreSharedAndRowsWin) {
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200, epochs: 10, lr: 0.001, evaluate: {sets: [train]}}\n"
                       "matrix:\n  criterion:\n    - arcface\n    - slow: {criterion: arcface, epochs: 20}\n"));
  EXPECT_EQ(plan.trials[0].spec.values.integer("epochs"), 10);
  EXPECT_EQ(plan.trials[1].spec.values.integer("epochs"), 20);
  EXPECT_EQ(plan.trials[1].spec.values.texts("evaluate.sets"), std::vector<std::string>{"train"});
  EXPECT_EQ(plan.trials[1].labels, (Labels{{"criterion", "slow"}}));
}

TEST(PlanTest, ARecipeMayBeAnAxisAndWhatTheSweepSaysAnywhereComesBeforeIt) {
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200, lr: 0.5}\n"
                       "matrix:\n  recipe: [default, pads, revisiting]\n  criterion:\n    - arcface\n"
                       "    - own: {criterion: arcface, tau: [3], samples_per_class: 8}\n"));
  const auto values = [&](const char* recipe, const char* row) {
    const Params& said = trial_at(plan, {{"recipe", recipe}, {"criterion", row}}).spec.values;
    return to_text(said.at("tau")) + " " + to_text(said.at("samples_per_class")) + " " + to_text(said.at("lr"));
  };
  EXPECT_EQ(values("default", "arcface"), "[10000] 2 0.5");
  EXPECT_EQ(values("pads", "arcface"), "[150] 4 0.5");
  EXPECT_EQ(values("revisiting", "arcface"), "[1000] 2 0.5");
  EXPECT_EQ(values("pads", "own"), "[3] 8 0.5");
}

TEST(PlanTest, AnyTrialKeyAndParameterCanBeAnAxis) {
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200, criterion: margin}\n"
                       "matrix:\n  criterion.beta: [0.6, 1.2]\n  miner: [random, {name: rho_distance, cp: 0.3}]\n"
                       "  lr: [1e-5]\n  evaluate.every: 2..3\n  tau: [[10, 20], 30]\n"));
  EXPECT_EQ(plan.trials.size(), 16u);
  const auto& trial =
      trial_at(plan, {{"criterion.beta", "1.2"}, {"miner", "rho_distance(cp=0.3)"}, {"tau", "[10, 20]"}});
  EXPECT_EQ(trial.spec.values.number("criterion.beta"), 1.2);
  EXPECT_EQ(trial.spec.values.number("miner.cp"), 0.3);
  EXPECT_EQ(trial.spec.values.integers("tau"), (std::vector<std::int64_t>{10, 20}));
  EXPECT_EQ(trial.spec.values.integer("evaluate.every"), 2);
}

TEST(PlanTest, SplitAllGivesEachBenchmarkItsOwnIds) {
  const auto plan = planned(
      sweep_of("trial: {criterion: oproxy}\nmatrix:\n  benchmark: [cub200, cars196, fashion_mnist]\n  split: all\n"));
  EXPECT_EQ(plan.trials.size(), 9u + 8u + 4u);
  const auto reversed =
      planned(sweep_of("trial: {criterion: oproxy}\nmatrix:\n  split: all\n  benchmark: [fashion_mnist, cub200]\n"));
  EXPECT_EQ(reversed.trials.size(), 13u);
  EXPECT_EQ(order_of(reversed, {"split", "benchmark"}).substr(0, 33), "1/fashion_mnist 1/cub200 2/fashio");
}

TEST(PlanTest, SplitAllOfAnOwnBenchmarkGivesTheIdsOfItsSplitFile) {
  std::vector<std::string> asked;
  const SplitIds ids = [&](const std::string& benchmark, const std::string& file) -> Result<std::vector<std::string>> {
    asked.push_back(benchmark + "/" + file);
    if (benchmark == "birds") return std::vector<std::string>{"near", "far"};
    if (benchmark == "fish" && file == "mine.json") return std::vector<std::string>{"1", "far"};
    return not_found("no split file /data/" + benchmark + "/" + file);
  };
  const auto plan_with = [&](const std::string& text) { return plan_sweep(sweep_of(text), {.split_ids = ids}); };
  const auto one =
      plan_with("trial: {criterion: oproxy, benchmark: birds, layout: image_folder}\nmatrix: {split: all}\n");
  ASSERT_TRUE(one) << one.error().message();
  EXPECT_EQ(order_of(*one, {"split"}), "near far");
  EXPECT_EQ(asked, std::vector<std::string>{"birds/splits.json"}) << "once";

  const auto both = plan_with(
      "trial: {criterion: oproxy}\nmatrix:\n  benchmark:\n    - birds: {layout: image_folder}\n"
      "    - fish: {layout: image_folder, split_file: mine.json}\n    - fashion_mnist\n  split: all\n");
  ASSERT_TRUE(both) << both.error().message();
  EXPECT_EQ(order_of(*both, {"benchmark", "split"}),
            "birds/near birds/far fish/far fish/1 fashion_mnist/1 fashion_mnist/2 fashion_mnist/3 fashion_mnist/4");

  const auto nobody =
      plan_with("trial: {criterion: oproxy, benchmark: cats, layout: image_folder}\nmatrix: {split: all}\n");
  ASSERT_FALSE(nobody);
  EXPECT_NE(nobody.error().message().find("no split file /data/cats/splits.json; or list them: split: [1, 2]"),
            std::string::npos)
      << nobody.error().message();
}

TEST(PlanTest, SplitAllLooksForNothingOutsideOfABenchmarksFolder) {
  const SplitIds ids = [](const std::string&, const std::string&) -> Result<std::vector<std::string>> {
    ADD_FAILURE() << "looked";
    return std::vector<std::string>{"1"};
  };
  const std::string head = "trial: {criterion: oproxy, layout: image_folder, ";
  EXPECT_FALSE(plan_sweep(sweep_of(head + "benchmark: ../birds}\nmatrix: {split: all}\n"), {.split_ids = ids}));
  const SplitIds usual_only = [](const std::string&, const std::string& file) -> Result<std::vector<std::string>> {
    EXPECT_EQ(file, "splits.json");
    return std::vector<std::string>{"1"};
  };
  EXPECT_FALSE(plan_sweep(sweep_of(head + "benchmark: birds, split_file: ../x.json}\nmatrix: {split: all}\n"),
                          {.split_ids = usual_only}));
}

TEST(PlanTest, SplitsComeAsIdListRangeAndDefault) {
  const auto splits = [](const char* axis) {
    const std::string head = "trial: {benchmark: cub200, criterion: oproxy}\nmatrix:\n  split: ";
    return order_of(planned(sweep_of(head + axis)), {"split"});
  };
  EXPECT_EQ(splits("3\n"), "3");
  EXPECT_EQ(splits("[1, 5]\n"), "1 5");
  EXPECT_EQ(splits("2..4\n"), "2 3 4");
  EXPECT_EQ(splits("[default, 8..9, 1]\n"), "default 8 9 1");
  EXPECT_EQ(splits("all\n"), "1 2 3 4 5 6 7 8 9");
}

TEST(PlanTest, SeedsComeByCountListAndNumber) {
  const auto seeds = [](const char* axis) {
    const std::string head = "trial: {benchmark: cub200, criterion: oproxy}\nmatrix:\n  seed: ";
    return order_of(planned(sweep_of(head + axis)), {"seed"});
  };
  EXPECT_EQ(seeds("{count: 5}\n"), "0 1 2 3 4");
  EXPECT_EQ(seeds("{count: 3, first: 10}\n"), "10 11 12");
  EXPECT_EQ(seeds("[7, 2]\n"), "7 2");
  EXPECT_EQ(seeds("3\n"), "3");
}

constexpr const char* kRMargin =
    "matrix:\n"
    "  benchmark: [cub200, cars196, online_products]\n"
    "  criterion:\n"
    "    - arcface\n"
    "    - r_margin:\n"
    "        criterion: {name: margin, beta: 0.6}\n"
    "        miner: {name: rho_distance, cp: 0.4}\n"
    "        for:\n"
    "          - {benchmark: cars196, miner.cp: 0.35}\n"
    "          - {benchmark: [online_products], criterion: r_margin, criterion.beta: 0.9, miner: distance}\n";

TEST(PlanTest, ForChangesTheTrialsItMatchesAndNoOthers) {
  const auto plan = planned(sweep_of(kRMargin));
  const auto& cub = trial_at(plan, {{"benchmark", "cub200"}, {"criterion", "r_margin"}}).spec;
  const auto& cars = trial_at(plan, {{"benchmark", "cars196"}, {"criterion", "r_margin"}}).spec;
  const auto& sop = trial_at(plan, {{"benchmark", "online_products"}, {"criterion", "r_margin"}}).spec;
  EXPECT_EQ(cub.values.number("miner.cp"), 0.4);
  EXPECT_EQ(cars.values.number("miner.cp"), 0.35);
  EXPECT_EQ(cars.values.number("criterion.beta"), 0.6);
  EXPECT_EQ(sop.values.number("criterion.beta"), 0.9);
  EXPECT_EQ(sop.choice("miner").name, "distance");
  EXPECT_FALSE(sop.values.has("miner.cp"));  // it went with the row's own miner
  EXPECT_EQ(plan.trials.size(), 6u);
}

TEST(PlanTest, ForAtTheTopReachesEveryRowAndWhenAsksForAnyKey) {
  const auto plan = planned(sweep_of(
      "trial: {criterion: margin, miner: distance}\n"
      "matrix:\n  benchmark: [cub200, cars196]\n  lr: [1e-5, 0.001]\n"
      "for:\n  - {lr: 0.00001, epochs: 7}\n  - {when: {miner: distance, epochs: 7}, benchmark: cars196, warmup: 2}\n"));
  EXPECT_EQ(plan.trials[0].spec.values.integer("epochs"), 7);
  EXPECT_EQ(plan.trials[1].spec.values.integer("epochs"), 150);
  EXPECT_EQ(plan.trials[0].spec.values.integer("warmup"), 0);
  EXPECT_EQ(plan.trials[2].spec.values.integer("warmup"), 2);
  EXPECT_EQ(plan.trials[3].spec.values.integer("warmup"), 0);
}

TEST(PlanTest, ExcludeLeavesOutWhatMatchesAllItsConditions) {
  const auto plan =
      planned(sweep_of(std::string(kRMargin) + "  split: [6, 7, 8]\nexclude:\n"
                                               "  - {benchmark: online_products, split: [7, 8], criterion: r_margin}\n"
                                               "  - {criterion.beta: 0.60}\n"));
  // 18 trials; SOP r_margin 7 and 8 go, and CUB and CARS r_margin with their beta of 0.6.
  EXPECT_EQ(plan.trials.size(), 18u - 2u - 6u);
  EXPECT_NO_THROW(trial_at(plan, {{"benchmark", "online_products"}, {"criterion", "r_margin"}, {"split", "6"}}));
  EXPECT_THROW(trial_at(plan, {{"benchmark", "cub200"}, {"criterion", "r_margin"}}), std::logic_error);
}

TEST(PlanTest, ExcludedTrialsMayBeImpossible) {
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200}\nmatrix:\n  criterion: [arcface, triplet]\n"
                       "  miner: [none, distance]\nexclude:\n  - {criterion: arcface, miner: distance}\n"
                       "  - {criterion: triplet, miner: none}\n"));
  EXPECT_EQ(order_of(plan, {"criterion", "miner"}), "arcface/none triplet/distance");
}

TEST(PlanTest, ZipPairsAxesEntryByEntry) {
  const auto plan =
      planned(sweep_of("trial: {criterion: oproxy}\nzip:\n  benchmark: [cub200, cars196]\n  epochs: [200, 100]\n"
                       "matrix:\n  seed: [0, 1]\n"));
  EXPECT_EQ(order_of(plan, {"benchmark", "epochs", "seed"}), "cub200/200/0 cub200/200/1 cars196/100/0 cars196/100/1");
}

TEST(PlanTest, BlocksAreAUnionWithTheirOwnTrialValues) {
  const auto plan =
      planned(sweep_of("trial: {criterion: oproxy, epochs: 5}\nblocks:\n"
                       "  - matrix: {benchmark: [cub200], split: 1..2}\n"
                       "  - {trial: {epochs: 9}, matrix: {benchmark: [cars196], lr: [0.1]}}\n"));
  ASSERT_EQ(plan.trials.size(), 3u);
  EXPECT_EQ(plan.trials[0].spec.values.integer("epochs"), 5);
  EXPECT_EQ(plan.trials[2].spec.values.integer("epochs"), 9);
  EXPECT_EQ(plan.trials[2].labels, (Labels{{"benchmark", "cars196"}, {"lr", "0.1"}}));
  ASSERT_EQ(plan.axes.size(), 3u);
  EXPECT_EQ(plan.axes[0].labels, (std::vector<std::string>{"cub200", "cars196"}));
}

TEST(PlanTest, ASharedMinerServesTheCriteriaThatTakeOne) {
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200, miner: {name: rho_distance, cp: 0.3}, criterion.beta: 0.7}\n"
                       "matrix:\n  criterion: [margin, multisimilarity, triplet]\n"));
  EXPECT_EQ(plan.trials[0].spec.values.number("miner.cp"), 0.3);
  EXPECT_EQ(plan.trials[0].spec.values.number("criterion.beta"), 0.7);
  EXPECT_EQ(plan.trials[1].spec.choice("miner").name, "none");
  EXPECT_EQ(plan.trials[1].spec.choice("miner").params.size(), 0u);
  EXPECT_EQ(plan.trials[2].spec.choice("miner").name, "rho_distance");
}

TEST(PlanTest, SetGoesOnTopOfTrialAndBelowTheAxes) {
  const std::string yaml = sweep_of(
      "trial: {benchmark: cub200, epochs: 10}\nmatrix:\n  criterion:\n    - arcface\n"
      "    - untrained: {criterion: arcface, epochs: 0}\n");
  ExpandOptions options;
  options.settings = {{"epochs", "2"}, {"evaluate.sets", "[train, test]"}, {"epochs", "3"}};
  const auto plan = planned(yaml, options);
  EXPECT_EQ(plan.trials[0].spec.values.integer("epochs"), 3);
  EXPECT_EQ(plan.trials[1].spec.values.integer("epochs"), 0);
  EXPECT_EQ(plan.trials[0].spec.values.texts("evaluate.sets"), (std::vector<std::string>{"train", "test"}));
}

TEST(PlanTest, EqualTrialsUnderTwoLabelsShareAFingerprint) {
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200}\nmatrix:\n  criterion:\n    - arcface\n"
                       "    - again: {criterion: {name: arcface, feature_scale: 16}}\n"));
  EXPECT_EQ(plan.trials[0].fingerprint, plan.trials[1].fingerprint);
}

TEST(PlanTest, AnAliasIsPlannedAsWhatItStandsFor) {
  const auto plan = planned(sweep_of(R"(
trial: {benchmark: cub200, miner: distance}
matrix:
  criterion:
    - margin
    - shared_margin
    - own: {criterion: {name: shared_margin, beta: 0.6}}
    - shared_triplet
  sampler: [random, full]
for:
  - {when: {criterion: margin}, lr: 3.0e-5}
exclude:
  - {criterion: triplet, sampler: random}
)"));
  ASSERT_EQ(plan.trials.size(), 6U);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(plan.trials[0].fingerprint, plan.trials[i].fingerprint);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto& spec = plan.trials[i].spec;
    EXPECT_EQ(spec.choice("criterion").name, "margin");
    EXPECT_EQ(spec.choice("sampler").name, "random");
    EXPECT_EQ(spec.values.number("lr"), 3e-5) << "a condition on the name holds for its aliases";
  }
  EXPECT_EQ(plan.trials[4].spec.choice("criterion").params.number("beta"), 0.6);
  EXPECT_EQ(plan.trials[2].labels.at("criterion"), "shared_margin") << "tables show what was written";
}

TEST(PlanTest, TheSameTextGivesTheSamePlanAndKeepsItsSource) {
  const std::string yaml = sweep_of(kRMargin);
  const auto a = planned(yaml), b = planned(yaml);
  ASSERT_EQ(a.trials.size(), b.trials.size());
  for (std::size_t i = 0; i < a.trials.size(); ++i) EXPECT_EQ(a.trials[i].fingerprint, b.trials[i].fingerprint);
  EXPECT_EQ(a.source, yaml);
}

TEST(PlanTest, CountsTrialsByAxis) {
  const auto counts = job::count_by_axis(planned(sweep_of(kRMargin)));
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[1].axis, "criterion");
  EXPECT_EQ(counts[1].labels[1].label, "r_margin");
  EXPECT_EQ(counts[1].labels[1].trials, 3);
}

// What looks through all labels, ids or trials for each of them takes minutes here.
TEST(PlanTest, TenThousandBlocksThatShareAnAxisAreOneSweep) {
  std::string blocks;
  for (int i = 0; i < 10'000; ++i) {
    blocks += "  - trial: {criterion.beta: 1}\n    matrix: {seed: [" + std::to_string(i) + "]}\n";
  }
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200, criterion: margin, miner: distance}\nblocks:\n" + blocks));
  EXPECT_EQ(plan.trials.size(), 10'000u);
  const auto counts = job::count_by_axis(plan);
  ASSERT_EQ(counts.size(), 1u);
  ASSERT_EQ(counts[0].labels.size(), 10'000u);
  EXPECT_EQ(counts[0].labels.back().label, "9999");
  EXPECT_EQ(counts[0].labels.back().trials, 1);
}

TEST(PlanTest, AllOfTenThousandSplitIdsAreAskedForOnce) {
  int asked = 0;
  const SplitIds ids = [&](const std::string&, const std::string&) -> Result<std::vector<std::string>> {
    ++asked;
    std::vector<std::string> list;
    for (int i = 0; i < 10'000; ++i) list.push_back("s" + std::to_string(i));
    return list;
  };
  const auto plan = plan_sweep(sweep_of("trial: {benchmark: mine, layout: image_folder, criterion: arcface}\n"
                                        "matrix: {split: all}\n"),
                               {.split_ids = ids});
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(plan->trials.size(), 10'000u);
  EXPECT_EQ(asked, 1);
}

TEST(PlanTest, AGroupIsPutTogetherFromTheLabelsAndChangesNoFingerprint) {
  const std::string rest =
      "trial: {benchmark: cub200, group: \"{{x}}_{criterion}_{lr}\"}\n"
      "matrix:\n  lr: [1e-5, 0.1]\n  criterion: [arcface, oproxy]\n  seed: [0, 1]\n"
      "for:\n  - {criterion: oproxy, lr: 0.1, group: Fast}\n";
  const auto plan = planned(sweep_of(rest));
  ASSERT_EQ(plan.axes.size(), 4u);
  EXPECT_EQ(plan.axes[3].name, job::kGroupAxis);
  EXPECT_EQ(plan.axes[3].labels,
            (std::vector<std::string>{"{x}_arcface_1e-5", "{x}_oproxy_1e-5", "{x}_arcface_0.1", "Fast"}));
  const auto& fast = trial_at(plan, {{"group", "Fast"}, {"seed", "1"}});
  EXPECT_EQ(fast.spec.values.text("group"), "Fast");
  const auto plain =
      planned(sweep_of("trial: {benchmark: cub200, criterion: oproxy, lr: 0.1, seed: 1}\n"
                       "matrix: {epochs: [150]}\n"));
  EXPECT_EQ(fast.fingerprint, plain.trials[0].fingerprint);
  EXPECT_EQ(plain.axes.size(), 1u);
}

}  // namespace
}  // namespace oodml::sweep
