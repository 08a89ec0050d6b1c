// The sweeps of configs/sweeps against the tables of the studies (experiments.md 1, 4, 5, 6), written down here again.
#include <cstdlib>
#include <filesystem>

#include "tests/core/sweep/plans.h"

namespace oodml::sweep {
namespace {

using Counts = std::map<std::string, std::int64_t>;
using Values = std::vector<std::pair<std::string, Value>>;
using Integers = std::vector<std::int64_t>;
using Numbers = std::vector<double>;

job::SweepPlan published(const std::string& name) {
  const auto text = resolve_extends(std::filesystem::path(std::getenv("OODML_SOURCE")) / "configs/sweeps" / name);
  if (text) return planned(*text);
  ADD_FAILURE() << text.error().message();
  return {};
}

Value integer(std::int64_t value) { return value; }
Value text(const char* value) { return std::string(value); }

/// How many trials stand at each label of the axis.
Counts counts_of(const job::SweepPlan& plan, const std::string& axis) {
  Counts counts;
  for (const auto& trial : plan.trials) {
    if (const auto label = trial.labels.find(axis); label != trial.labels.end()) ++counts[label->second];
  }
  return counts;
}

/// Every trial with these labels has these values, and there is one.
void expect_values(const job::SweepPlan& plan, const Labels& labels, const Values& values) {
  std::size_t found = 0;
  for (const auto& trial : plan.trials) {
    if (!stands_at(trial, labels)) continue;
    ++found;
    for (const auto& [key, value] : values) {
      const Value* actual = trial.spec.values.find(key);
      ASSERT_NE(actual, nullptr) << key << " of " << ::testing::PrintToString(trial.labels);
      EXPECT_EQ(to_text(*actual), to_text(value)) << key << " of " << ::testing::PrintToString(trial.labels);
    }
  }
  EXPECT_GT(found, 0u) << ::testing::PrintToString(labels);
}

/// A method of a table: what it says on each of CUB, CARS and SOP, besides what it says everywhere.
struct Row {
  std::string label;
  Values everywhere;
  Values cub = {}, cars = {}, sop = {};
};

void expect_row(const job::SweepPlan& plan, const Row& row, const std::vector<std::string>& benchmarks) {
  const std::vector<const Values*> own = {&row.cub, &row.cars, &row.sop};
  for (std::size_t i = 0; i < benchmarks.size(); ++i) {
    expect_values(plan, {{"criterion", row.label}, {"benchmark", benchmarks[i]}}, row.everywhere);
    expect_values(plan, {{"criterion", row.label}, {"benchmark", benchmarks[i]}}, *own[i]);
  }
}

TEST(PublishedSweepsTest, TheZeroShotStudyHas25SplitsFiveMethodsAndFiveSeeds) {
  const auto plan = published("oodml_zero_shot.yaml");
  EXPECT_EQ(plan.trials.size(), 25u * 5u * 5u);
  std::map<std::string, std::int64_t> by_benchmark;
  const auto counts = job::count_by_axis(plan);
  for (const auto& label : counts[0].labels) by_benchmark[label.label] = label.trials;
  EXPECT_EQ(by_benchmark,
            (std::map<std::string, std::int64_t>{{"cub200", 225}, {"cars196", 200}, {"online_products", 200}}));

  const auto& sop =
      trial_at(plan, {{"benchmark", "online_products"}, {"split", "8"}, {"criterion", "r_margin"}, {"seed", "4"}}).spec;
  EXPECT_EQ(sop.values.integer("epochs"), 150);
  EXPECT_EQ(sop.values.number("criterion.beta"), 0.9);
  EXPECT_EQ(sop.values.number("miner.cp"), 0.15);
  EXPECT_EQ(sop.values.integer("embed_dim"), 512);
  EXPECT_EQ(sop.values.integer("batch_size"), 112);
  EXPECT_EQ(sop.values.text("weights"), "imagenet");
  EXPECT_EQ(sop.seed(), 4);
  const auto warmup = [&](const char* benchmark, const char* criterion) {
    return trial_at(plan, {{"benchmark", benchmark}, {"criterion", criterion}}).spec.values.integer("warmup");
  };
  EXPECT_EQ(warmup("online_products", "proxy_anchor"), 1);
  EXPECT_EQ(warmup("online_products", "arcface"), 0);
  EXPECT_EQ(warmup("cub200", "proxy_anchor"), 0);
  const auto& cars = trial_at(plan, {{"benchmark", "cars196"}, {"criterion", "r_margin"}}).spec;
  EXPECT_EQ(cars.values.integer("epochs"), 200);
  EXPECT_EQ(cars.values.number("miner.cp"), 0.35);
  EXPECT_EQ(cars.values.number("lr"), 1e-5);
  const auto& margin = trial_at(plan, {{"benchmark", "cub200"}, {"split", "9"}, {"criterion", "margin_distance"}}).spec;
  EXPECT_EQ(margin.values.number("criterion.beta"), 1.2);
  EXPECT_EQ(margin.choice("miner").name, "distance");
}

// ---- Revisiting DML

Row revisited(std::string label, const char* criterion, const char* miner, Values values = {}) {
  Values all = {{"criterion", text(criterion)}, {"miner", text(miner)}};
  all.insert(all.end(), values.begin(), values.end());
  return {std::move(label), std::move(all)};
}

std::vector<Row> revisited_rows() {
  const Values triplet = {{"criterion.margin", 0.2}};
  const Values contrastive = {{"criterion.pos_margin", 0.0}, {"criterion.neg_margin", 1.0}};
  const Values snr = {{"criterion.margin", 0.2}, {"criterion.reg_lambda", 0.005}};
  const Values centroids = {{"criterion.n_centroids", integer(2)}, {"criterion.lrmulti", 1.0}};
  std::vector<Row> rows = {
      revisited("Npair", "npair", "npair", {{"criterion.l2", 0.005}}),
      revisited("GenLifted", "lifted", "lifted", {{"criterion.neg_margin", 1.0}, {"criterion.l2", 0.005}}),
      revisited("Angular", "angular", "npair", {{"criterion.alpha", 45.0}}),
      revisited("Contrastive", "contrastive", "distance", contrastive),
      revisited("ArcFace", "arcface", "none", {{"criterion.lr", 5e-4}}),
      revisited("Triplet_Random", "triplet", "random", triplet),
      revisited("Triplet_Semihard", "triplet", "semihard", triplet),
      revisited("Triplet_Softhard", "triplet", "softhard", triplet),
      revisited("Triplet_Distance", "triplet", "distance", triplet),
      revisited("Quadruplet_Distance", "quadruplet", "distance",
                {{"criterion.margin_alpha_1", 0.2}, {"criterion.margin_alpha_2", 0.2}}),
      revisited("Margin_b06_Distance", "margin", "distance", {{"criterion.beta", 0.6}, {"criterion.beta_lr", 5e-4}}),
      revisited("Margin_b12_Distance", "margin", "distance", {{"criterion.beta", 1.2}, {"criterion.beta_lr", 5e-4}}),
      revisited("SNR_Distance", "snr", "distance", snr),
      revisited("MS", "multisimilarity", "none", {{"criterion.variant", text("revisiting")}}),
      revisited("Histogram", "histogram", "none"),
      revisited("Softmax", "softmax", "none"),
      revisited("ProxyNCA", "proxynca", "none", {{"criterion.lrmulti", 50.0}}),
      revisited("SoftTriple", "softtriplet", "none", centroids),
  };
  rows[14].cub = rows[14].cars = {{"criterion.nbins", integer(65)}};
  rows[14].sop = {{"criterion.nbins", integer(11)}};
  rows[15].cub = rows[15].cars = {{"criterion.lr", 1e-5}};
  rows[15].sop = {{"criterion.lr", 2e-3}};
  return rows;
}

/// The trials of one block: the regularised ones have a label `miner`.
job::SweepPlan only(job::SweepPlan plan, bool regularised) {
  std::erase_if(plan.trials, [&](const auto& trial) { return trial.labels.contains("miner") != regularised; });
  return plan;
}

TEST(PublishedSweepsTest, RevisitingDmlHas67GroupsOfFiveSeeds) {
  const auto plan = published("revisiting_dml.yaml");
  EXPECT_EQ(plan.trials.size(), 335u);
  const auto groups = counts_of(plan, "group");
  EXPECT_EQ(groups.size(), 67u);
  Counts by_prefix;
  for (const auto& [name, trials] : groups) {
    EXPECT_EQ(trials, 5) << name;
    ++by_prefix[name.substr(0, name.find('_') + 1)];
  }
  EXPECT_EQ(by_prefix, (Counts{{"CUB_", 18}, {"CARS_", 18}, {"SOP_", 16}, {"CUBreg_", 5}, {"CARreg_", 5},
                               {"SOPreg_", 5}}));
  EXPECT_FALSE(groups.contains("SOP_ProxyNCA") || groups.contains("SOP_SoftTriple"));
  EXPECT_TRUE(groups.contains("CARreg_Margin_b06_Distance") && groups.contains("CARS_MS"));
}

TEST(PublishedSweepsTest, RevisitingDmlHasThePublishedSettings) {
  const auto plan = published("revisiting_dml.yaml");
  expect_values(plan, {},
                {{"lr", 1e-5}, {"weight_decay", 4e-4}, {"tau", Integers{1000}}, {"batch_size", integer(112)},
                 {"samples_per_class", integer(2)}, {"embed_dim", integer(128)}, {"augmentation", text("base")},
                 {"optimizer", text("adam")}, {"weights", text("imagenet")}, {"split", text("default")},
                 {"warmup", integer(0)}, {"recipe", text("revisiting")}});
  expect_values(plan, {{"benchmark", "CUB"}}, {{"benchmark", text("cub200")}, {"epochs", integer(150)}});
  expect_values(plan, {{"benchmark", "CARS"}}, {{"benchmark", text("cars196")}, {"epochs", integer(150)}});
  expect_values(plan, {{"benchmark", "SOP"}}, {{"benchmark", text("online_products")}, {"epochs", integer(100)}});
  const auto plain = only(plan, false);
  for (const Row& row : revisited_rows()) {
    const bool without_sop = row.label == "ProxyNCA" || row.label == "SoftTriple";
    expect_row(plain, row, without_sop ? std::vector<std::string>{"CUB", "CARS"}
                                       : std::vector<std::string>{"CUB", "CARS", "SOP"});
  }
  for (const auto& trial : plan.trials) {
    const std::string& method = trial.labels.at("criterion");
    const bool any_length = method == "Npair" || method == "GenLifted" || method == "Angular";
    EXPECT_EQ(trial.spec.values.text("arch"), any_length ? "resnet50_frozen" : "resnet50_frozen_normalize") << method;
  }
}

TEST(PublishedSweepsTest, RevisitingDmlRegularisesWithThePublishedFlips) {
  const auto plan = only(published("revisiting_dml.yaml"), true);
  struct Flips {
    const char* label;
    const char* criterion;
    double cub, cars, sop;
  };
  for (const Flips& row : {Flips{"Contrastive", "contrastive", 0.4, 0.35, 0.15},
                           Flips{"Margin_b06_Distance", "margin", 0.4, 0.35, 0.15},
                           Flips{"Margin_b12_Distance", "margin", 0.35, 0.35, 0.15},
                           Flips{"Triplet_Distance", "triplet", 0.4, 0.35, 0.15},
                           Flips{"SNR_Distance", "snr", 0.3, 0.35, 0.15}}) {
    expect_row(plan,
               {row.label, {{"criterion", text(row.criterion)}, {"miner", text("rho_distance")}},
                {{"miner.cp", row.cub}}, {{"miner.cp", row.cars}}, {{"miner.cp", row.sop}}},
               {"CUB", "CARS", "SOP"});
  }
  expect_values(plan, {{"criterion", "Margin_b06_Distance"}}, {{"criterion.beta", 0.6}});
  expect_values(plan, {{"criterion", "Margin_b12_Distance"}}, {{"criterion.beta", 1.2}});
}

// ---- NIR

TEST(PublishedSweepsTest, NirHasFourteenRuns) {
  const auto plan = published("nir.yaml");
  EXPECT_EQ(plan.trials.size(), 14u);
  EXPECT_EQ(counts_of(plan, "benchmark"), (Counts{{"CUB", 5}, {"CARS", 5}, {"SOP", 4}}));
  EXPECT_EQ(counts_of(plan, "criterion"), (Counts{{"ProxyAnchor", 2}, {"NIR", 12}}));
  expect_values(plan, {{"criterion", "ProxyAnchor"}},
                {{"embed_dim", integer(128)}, {"arch", text("resnet50_frozen_normalize")}});
  for (const char* benchmark : {"CUB", "CARS", "SOP"}) {
    for (const char* dim : {"128", "512"}) {
      const Labels at = {{"criterion", "NIR"}, {"benchmark", benchmark}, {"embed_dim", dim}};
      Labels average = at, twice = at;
      average["arch"] = "average";
      twice["arch"] = "double";
      const Value width = integer(std::atoi(dim));
      expect_values(plan, average, {{"arch", text("resnet50_frozen_normalize")}, {"embed_dim", width}});
      expect_values(plan, twice, {{"arch", text("resnet50_frozen_normalize_double")}, {"embed_dim", width}});
    }
  }
}

TEST(PublishedSweepsTest, NirHasThePublishedSettings) {
  const auto plan = published("nir.yaml");
  expect_values(plan, {},
                {{"lr", 1e-5}, {"weight_decay", 4e-4}, {"batch_size", integer(90)}, {"samples_per_class", integer(2)},
                 {"seed", integer(0)}, {"augmentation", text("base")}, {"optimizer", text("adam")},
                 {"evaluate.sets", std::vector<std::string>{"test"}}, {"recipe", text("nir")},
                 {"not_finite", text("skip")}, {"weights", text("imagenet")}});
  const Values hundred = {{"epochs", integer(100)}, {"tau", Integers{100}}, {"gamma", 0.1}};
  expect_values(plan, {{"benchmark", "CUB"}}, hundred);
  expect_values(plan, {{"benchmark", "CARS"}}, hundred);
  expect_values(plan, {{"benchmark", "SOP"}}, {{"epochs", integer(300)}, {"tau", Integers{140, 230}}, {"gamma", 0.2}});
  expect_values(plan, {{"criterion", "ProxyAnchor"}},
                {{"criterion", text("oproxy")}, {"criterion.mode", text("anchor")}, {"criterion.lrmulti", 2000.0},
                 {"criterion.variant", text("nir")}, {"warmup", integer(0)}});
  const Row row = {"NIR",
                   {{"criterion", text("nir")}, {"criterion.proxy_lrmulti", 4000.0},
                    {"criterion.nf_cblocks", integer(5)}, {"criterion.nf_fc_depth", integer(8)},
                    {"criterion.nf_fc_width", integer(128)}, {"criterion.nf_clamp_alpha", 2.0},
                    {"criterion.nf_cond_mode", text("dense")}},
                   {{"criterion.w_align", 0.0075}, {"criterion.lrmulti", 50.0}, {"warmup", integer(1)}},
                   {{"criterion.w_align", 0.01}, {"criterion.lrmulti", 50.0}, {"warmup", integer(1)}},
                   {{"criterion.w_align", 0.3}, {"criterion.lrmulti", 1.0}, {"warmup", integer(5)}}};
  expect_row(plan, row, {"CUB", "CARS", "SOP"});
}

// ---- PADS

TEST(PublishedSweepsTest, TheBaselinesOfPadsHaveItsSettings) {
  const auto plan = published("pads_baselines.yaml");
  EXPECT_EQ(plan.trials.size(), 12u);
  EXPECT_EQ(counts_of(plan, "miner"), (Counts{{"random", 3}, {"semihard", 3}, {"softhard", 3}, {"distance", 3}}));
  expect_values(plan, {},
                {{"lr", 1e-5}, {"weight_decay", 4e-4}, {"gamma", 0.3}, {"batch_size", integer(112)},
                 {"embed_dim", integer(128)}, {"criterion", text("margin")}, {"criterion.margin", 0.2},
                 {"arch", text("resnet50_frozen_normalize")}, {"recipe", text("pads")}});
  struct Row {
    const char* benchmark;
    std::int64_t seed, epochs, tau, per_class;
    double beta, beta_lr;
  };
  for (const Row& row : {Row{"CUB", 3, 300, 150, 2, 0.6, 1e-3}, Row{"CARS", 0, 300, 140, 4, 0.6, 5e-4},
                         Row{"SOP", 0, 120, 80, 2, 1.2, 1e-3}}) {
    expect_values(plan, {{"benchmark", row.benchmark}},
                  {{"seed", integer(row.seed)}, {"epochs", integer(row.epochs)}, {"tau", Integers{row.tau}},
                   {"samples_per_class", integer(row.per_class)}, {"criterion.beta", row.beta},
                   {"criterion.beta_lr", row.beta_lr}});
  }
}

// ---- Ours

TEST(PublishedSweepsTest, TheSmokeSweepHasThreeSplitsThreeCriteriaAnUntrainedRowAndTwoSeeds) {
  const auto plan = published("smoke.yaml");
  EXPECT_GE(counts_of(plan, "split").size(), 3u);
  EXPECT_GE(counts_of(plan, "criterion").size(), 4u);
  EXPECT_GE(counts_of(plan, "seed").size(), 2u);
  expect_values(plan, {{"criterion", "untrained"}}, {{"epochs", integer(0)}});
}

TEST(PublishedSweepsTest, EveryPairingIsPlannedWithoutAMistake) {
  EXPECT_GE(published("every_pairing.yaml").trials.size(), 100u);
}

}  // namespace
}  // namespace oodml::sweep
