// Revisiting DML.
#include "tests/core/sweep/published_sweeps/tables.h"

namespace oodml::sweep {
namespace {

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
  EXPECT_EQ(by_prefix,
            (Counts{{"CUB_", 18}, {"CARS_", 18}, {"SOP_", 16}, {"CUBreg_", 5}, {"CARreg_", 5}, {"SOPreg_", 5}}));
  EXPECT_FALSE(groups.contains("SOP_ProxyNCA") || groups.contains("SOP_SoftTriple"));
  EXPECT_TRUE(groups.contains("CARreg_Margin_b06_Distance") && groups.contains("CARS_MS"));
}

TEST(PublishedSweepsTest, RevisitingDmlHasThePublishedSettings) {
  const auto plan = published("revisiting_dml.yaml");
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"tau", Integers{1000}},
                 {"batch_size", integer(112)},
                 {"samples_per_class", integer(2)},
                 {"embed_dim", integer(128)},
                 {"augmentation", text("base")},
                 {"optimizer", text("adam")},
                 {"weights", text("imagenet")},
                 {"split", text("default")},
                 {"warmup", integer(0)},
                 {"recipe", text("revisiting")}});
  expect_values(plan, {{"benchmark", "CUB"}}, {{"benchmark", text("cub200")}, {"epochs", integer(150)}});
  expect_values(plan, {{"benchmark", "CARS"}}, {{"benchmark", text("cars196")}, {"epochs", integer(150)}});
  expect_values(plan, {{"benchmark", "SOP"}}, {{"benchmark", text("online_products")}, {"epochs", integer(100)}});
  const auto plain = only(plan, false);
  for (const Row& row : revisited_rows()) {
    const bool without_sop = row.label == "ProxyNCA" || row.label == "SoftTriple";
    expect_row(plain, row,
               without_sop ? std::vector<std::string>{"CUB", "CARS"} : std::vector<std::string>{"CUB", "CARS", "SOP"});
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
  for (const Flips& row :
       {Flips{"Contrastive", "contrastive", 0.4, 0.35, 0.15}, Flips{"Margin_b06_Distance", "margin", 0.4, 0.35, 0.15},
        Flips{"Margin_b12_Distance", "margin", 0.35, 0.35, 0.15}, Flips{"Triplet_Distance", "triplet", 0.4, 0.35, 0.15},
        Flips{"SNR_Distance", "snr", 0.3, 0.35, 0.15}}) {
    expect_row(plan,
               {row.label,
                {{"criterion", text(row.criterion)}, {"miner", text("rho_distance")}},
                {{"miner.cp", row.cub}},
                {{"miner.cp", row.cars}},
                {{"miner.cp", row.sop}}},
               {"CUB", "CARS", "SOP"});
  }
  expect_values(plan, {{"criterion", "Margin_b06_Distance"}}, {{"criterion.beta", 0.6}});
  expect_values(plan, {{"criterion", "Margin_b12_Distance"}}, {{"criterion.beta", 1.2}});
}

}  // namespace
}  // namespace oodml::sweep
