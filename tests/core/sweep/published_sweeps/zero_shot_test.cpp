// ooDML, zero shot.
#include "tests/core/sweep/published_sweeps/tables.h"

namespace oodml::sweep {
namespace {

const std::vector<Row>& zero_shot_methods() {
  const auto diva = [](double rho, double alpha, std::int64_t batches) -> Values {
    return {{"criterion.rho_decorrelation", Numbers(3, rho)},
            {"criterion.alpha_ssl", alpha},
            {"criterion.alpha_shared", alpha},
            {"criterion.alpha_intra", alpha},
            {"criterion.n_key_batches", integer(batches)}};
  };
  const auto prior = [](double weight, std::int64_t iter, std::int64_t latent) -> Values {
    return {{"uniformity_prior.weight", weight},
            {"uniformity_prior.iter", integer(iter)},
            {"uniformity_prior.latent", integer(latent)}};
  };
  const auto s2sd = [](const char* miner, double beta, double w, std::int64_t delay, bool aggregated) -> Values {
    return {{"miner", text(miner)},
            {"criterion.margin_beta", beta},
            {"criterion.w", w},
            {"criterion.feat_w", w},
            {"criterion.feat_distill_delay", integer(delay)},
            {"criterion.pool_aggr", aggregated}};
  };
  const auto flipped = [](Values values, double cp) {
    values.emplace_back("miner.cp", cp);
    return values;
  };
  static const std::vector<Row> rows = {
      {"Margin_b12_Distance",
       {{"criterion", text("margin")},
        {"miner", text("distance")},
        {"criterion.beta", 1.2},
        {"criterion.beta_lr", 5e-4}}},
      {"Multisimilarity",
       {{"criterion", text("multisimilarity")},
        {"criterion.pos_weight", 2.0},
        {"criterion.neg_weight", 40.0},
        {"criterion.margin", 0.1},
        {"criterion.pos_thresh", 0.5},
        {"criterion.neg_thresh", 0.5},
        {"criterion.variant", text("oodml")}}},
      {"ArcFace",
       {{"criterion", text("arcface")},
        {"criterion.lr", 5e-4},
        {"criterion.angular_margin", 0.5},
        {"criterion.feature_scale", 16.0}}},
      {"oproxy",
       {{"criterion", text("oproxy")},
        {"criterion.mode", text("anchor")},
        {"criterion.lrmulti", 2000.0},
        {"criterion.pos_alpha", 32.0},
        {"criterion.neg_alpha", 32.0},
        {"criterion.pos_delta", 0.1},
        {"criterion.neg_delta", -0.1}},
       {{"warmup", integer(0)}},
       {{"warmup", integer(0)}},
       {{"warmup", integer(1)}}},
      {"RMargin_b06_Distance",
       {{"criterion", text("margin")}, {"miner", text("rho_distance")}, {"criterion.beta_lr", 5e-4}},
       {{"criterion.beta", 0.6}, {"miner.cp", 0.4}},
       {{"criterion.beta", 0.6}, {"miner.cp", 0.35}},
       {{"criterion.beta", 0.9}, {"miner.cp", 0.15}}},
      {"MaxEntropy",
       {{"criterion", text("margin")},
        {"miner", text("distance")},
        {"criterion.beta", 1.2},
        {"uniformity_prior.chunksize", integer(128)}},
       prior(0.2, 10, 100),
       prior(0.2, 10, 100),
       prior(0.02, 200, 50)},
      {"S2SD",
       {{"criterion", text("s2sd")},
        {"criterion.source", text("margin")},
        {"criterion.target", text("margin")},
        {"criterion.T", 1.0},
        {"criterion.target_dims", Integers{1024, 1536, 2048}},
        {"criterion.feat_distill", true},
        {"criterion.sub_lr", text("base")}},
       flipped(s2sd("rho_distance", 0.6, 50.0, 0, true), 0.4),
       flipped(s2sd("rho_distance", 0.6, 50.0, 0, true), 0.3),
       s2sd("distance", 0.9, 5.0, 1000, false)},
      {"DiVA",
       {{"criterion", text("diva")},
        {"criterion.loss", text("margin")},
        {"criterion.margin_beta", 1.2},
        {"criterion.margin_beta_lr", 5e-4},
        {"miner", text("distance")},
        {"embed_dim", integer(128)},
        {"batch_size", integer(108)},
        {"arch", text("multifeature_resnet50_frozen_normalize")}},
       diva(1500.0, 0.3, 30),
       diva(100.0, 0.15, 30),
       diva(150.0, 0.2, 70)},
  };
  return rows;
}

const std::vector<std::string> kShiftBenchmarks = {"CUB", "CAR", "SOP"};

TEST(PublishedSweepsTest, TheZeroShotStudyHas25SplitsEightMethodsAndFiveSeeds) {
  const auto plan = published("oodml_zero_shot.yaml");
  EXPECT_EQ(plan.trials.size(), 25u * 8u * 5u);
  EXPECT_EQ(counts_of(plan, "benchmark"), (Counts{{"CUB", 360}, {"CAR", 320}, {"SOP", 320}}));
  EXPECT_EQ(counts_of(plan, "criterion").size(), 8u);
  EXPECT_EQ(counts_of(plan, "seed"), (Counts{{"0", 200}, {"1", 200}, {"2", 200}, {"3", 200}, {"4", 200}}));
  for (const auto& [method, trials] : counts_of(plan, "criterion")) EXPECT_EQ(trials, 125) << method;
  EXPECT_EQ(counts_of(plan, "split").at("9"), 8 * 5) << "CUB alone has nine";
  EXPECT_EQ(counts_of(plan, "split").at("8"), 3 * 8 * 5);
  EXPECT_EQ(counts_of(plan, "group").size(), 200u);
}

TEST(PublishedSweepsTest, TheZeroShotStudyHasThePublishedSettings) {
  const auto plan = published("oodml_zero_shot.yaml");
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"samples_per_class", integer(2)},
                 {"optimizer", text("adam")},
                 {"sampler", text("class_random")},
                 {"augmentation", text("base")},
                 {"tau", Integers{10000}},
                 {"evaluate.every", integer(1)},
                 {"weights", text("imagenet")},
                 {"recipe", text("oodml")}});
  expect_values(plan, {{"benchmark", "CUB"}}, {{"benchmark", text("cub200")}, {"epochs", integer(200)}});
  expect_values(plan, {{"benchmark", "CAR"}}, {{"benchmark", text("cars196")}, {"epochs", integer(200)}});
  expect_values(plan, {{"benchmark", "SOP"}}, {{"benchmark", text("online_products")}, {"epochs", integer(150)}});
  for (const Row& row : zero_shot_methods()) expect_row(plan, row, kShiftBenchmarks);
  for (const auto& trial : plan.trials) {
    const std::string& method = trial.labels.at("criterion");
    const bool larger = method == "S2SD" && trial.labels.at("benchmark") == "SOP";
    const auto& values = trial.spec.values;
    EXPECT_EQ(values.integer("warmup"), method == "oproxy" && trial.labels.at("benchmark") == "SOP" ? 1 : 0);
    EXPECT_EQ(values.number("uniformity_prior.weight") > 0.0, method == "MaxEntropy");
    if (method == "DiVA") continue;
    EXPECT_EQ(values.integer("embed_dim"), 512);
    EXPECT_EQ(values.integer("batch_size"), larger ? 104 : 112);
    EXPECT_EQ(values.text("arch"), larger ? "resnet101_frozen_normalize" : "resnet50_frozen_normalize");
  }
}

TEST(PublishedSweepsTest, TheZeroShotStudysGroupsGoByTheirPublishedNames) {
  const auto groups = counts_of(published("oodml_zero_shot.yaml"), "group");
  for (const char* name : {"CUB_ID-9_Margin_b12_Distance", "CAR_ID-1_oproxy", "SOP_ID-8_DiVA", "CAR_ID-3_S2SD",
                           "SOP_R101_ID-1_S2SD", "CUB_ID-2_MaxEntropy", "SOP_ID-4_RMargin_b06_Distance"}) {
    EXPECT_TRUE(groups.contains(name)) << name;
  }
  EXPECT_FALSE(groups.contains("SOP_ID-1_S2SD"));
}

TEST(PublishedSweepsTest, TheScriptOfTheStudyRunsOneSplitAndTwoSeeds) {
  const auto plan = published("oodml_zero_shot_script.yaml");
  EXPECT_EQ(plan.trials.size(), 48u);
  EXPECT_EQ(counts_of(plan, "split"), (Counts{{"1", 48}}));
  for (const Row& row : zero_shot_methods()) expect_row(plan, row, kShiftBenchmarks);
}

TEST(PublishedSweepsTest, LikeForLikeEveryMethodHasTheSameBackbone) {
  const auto plan = published("oodml_zero_shot_one_backbone.yaml");
  EXPECT_EQ(plan.trials.size(), 1000u);
  expect_values(plan, {{"criterion", "S2SD"}},
                {{"arch", text("resnet50_frozen_normalize")}, {"batch_size", integer(112)}});
  EXPECT_TRUE(counts_of(plan, "group").contains("SOP_ID-1_S2SD"));
}

}  // namespace
}  // namespace oodml::sweep
