// ooDML, few shot.
#include "tests/core/sweep/published_sweeps/tables.h"

namespace oodml::sweep {
namespace {

const std::vector<Row>& few_shot_methods() {
  static const std::vector<Row> rows = {
      {"Multisimilarity",
       {{"criterion", text("multisimilarity")},
        {"criterion.pos_weight", 2.0},
        {"criterion.neg_weight", 40.0},
        {"criterion.margin", 0.1},
        {"embed_dim", integer(512)},
        {"batch_size", integer(112)},
        {"few_shot.beta", 1.2}}},
      {"ArcFace",
       {{"criterion", text("arcface")},
        {"criterion.lr", 5e-4},
        {"criterion.angular_margin", 0.5},
        {"criterion.feature_scale", 16.0},
        {"few_shot.beta", 1.2}}},
      {"S2SD",
       {{"criterion", text("s2sd")},
        {"miner", text("rho_distance")},
        {"criterion.margin_beta", 0.6},
        {"criterion.w", 50.0},
        {"criterion.feat_distill_delay", integer(0)},
        {"criterion.pool_aggr", true},
        {"few_shot.beta", 0.6}},
       {{"miner.cp", 0.4}},
       {{"miner.cp", 0.3}}},
      {"DiVA",
       {{"criterion", text("diva")},
        {"embed_dim", integer(128)},
        {"batch_size", integer(108)},
        {"few_shot.beta", 1.2},
        {"few_shot.reweight", false}},
       {{"criterion.rho_decorrelation", Numbers(3, 1500.0)},
        {"criterion.alpha_ssl", 0.3},
        {"few_shot.embeddings", text("Combined_discriminative_shared_selfsimilarity_intra-0.75-1.25-1.25-1.25")}},
       {{"criterion.rho_decorrelation", Numbers(3, 100.0)},
        {"criterion.alpha_ssl", 0.15},
        {"few_shot.embeddings", text("Combined_discriminative_shared_selfsimilarity_intra-0.5-1.5-1.5-1.5")}}},
  };
  return rows;
}

TEST(PublishedSweepsTest, FewShotHasEveryMethodOnEverySplitOfCubAndCarsWithTwoAndFiveShots) {
  const auto plan = published("oodml_few_shot.yaml");
  EXPECT_EQ(plan.trials.size(), 680u);
  EXPECT_EQ(counts_of(plan, "benchmark"), (Counts{{"CUB", 360}, {"CAR", 320}}));
  EXPECT_EQ(counts_of(plan, "few_shot.shots"), (Counts{{"2", 340}, {"5", 340}}));
  EXPECT_EQ(counts_of(plan, "criterion").size(), 4u);
  EXPECT_EQ(counts_of(plan, "split").size(), 9u);
  for (const Row& row : few_shot_methods()) expect_row(plan, row, {"CUB", "CAR"});
}

TEST(PublishedSweepsTest, FewShotAdaptsTheLastLayerByMarginAtTenTimesTheRate) {
  const auto plan = published("oodml_few_shot.yaml");
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"epochs", integer(200)},
                 {"validation", text("split")},
                 {"evaluate.sets", std::vector<std::string>{"val", "train"}},
                 {"few_shot.episodes", integer(10)},
                 {"few_shot.criterion", text("margin")},
                 {"few_shot.miner", text("distance")},
                 {"few_shot.lr_multi", 10.0},
                 {"few_shot.only_last", true},
                 {"few_shot.optimizer", text("adam")},
                 {"few_shot.recall_only", false},
                 {"few_shot.select", text("best")}});
  expect_values(plan, {{"few_shot.shots", "2"}}, {{"few_shot.steps", integer(1000)}});
  expect_values(plan, {{"few_shot.shots", "5"}}, {{"few_shot.steps", integer(1500)}});
}

TEST(PublishedSweepsTest, TheFewShotScriptHas32RunsWithItsGroupNames) {
  const auto plan = published("oodml_few_shot_script.yaml");
  EXPECT_EQ(plan.trials.size(), 32u);
  EXPECT_EQ(counts_of(plan, "split"), (Counts{{"1", 32}}));
  EXPECT_EQ(counts_of(plan, "seed"), (Counts{{"0", 16}, {"1", 16}}));
  const Counts groups = counts_of(plan, "group");
  EXPECT_EQ(groups.size(), 16u);
  EXPECT_EQ(groups.at("CAR_Shots-5_ID-1_S2SD"), 2);
  EXPECT_EQ(groups.at("CUB_Shots-2_ID-1_DiVA"), 2);
}

TEST(PublishedSweepsTest, TheScriptsAccidentsComeBackWhereTheyAreAskedFor) {
  const auto plan = published("oodml_few_shot_script.yaml", {{"compat", "paper"}});
  expect_values(plan, {}, {{"few_shot.select", text("last")}});
  const Labels typo = {{"benchmark", "CAR"}, {"criterion", "S2SD"}, {"few_shot.shots", "2"}};
  expect_values(plan, typo, {{"few_shot.steps", integer(100)}});
  expect_values(plan, {{"benchmark", "CUB"}, {"criterion", "S2SD"}, {"few_shot.shots", "2"}},
                {{"few_shot.steps", integer(1000)}});
}

}  // namespace
}  // namespace oodml::sweep
