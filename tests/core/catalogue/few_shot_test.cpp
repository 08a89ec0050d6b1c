#include "core/catalogue/few_shot.h"

#include <gtest/gtest.h>

#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

Params trial(const std::string& criterion, Params more = {}) {
  Params values{{"criterion", criterion},
                {"miner", std::string("none")},
                {"few_shot.criterion", std::string("margin")},
                {"few_shot.miner", std::string("distance")},
                {"few_shot.beta", -1.0}};
  for (const auto& [key, value] : more) values.set(key, value);
  return values;
}

TEST(FewShotChoiceTest, ParametersAreThoseOfTheTrialsCriterionWhereItHasThem) {
  const auto own = few_shot_criterion(trial("margin", {{"criterion.margin", 0.3}, {"criterion.beta", 0.6}}));
  EXPECT_EQ(own.name, "margin");
  EXPECT_EQ(own.params.number("margin"), 0.3);
  EXPECT_EQ(own.params.number("beta"), 0.6);
  EXPECT_TRUE(own.params.flag("beta_constant")) << "betas are not trained";
  const auto inside = few_shot_criterion(trial("s2sd", {{"criterion.margin_beta", 0.9}}));
  EXPECT_EQ(inside.params.number("beta"), 0.9);
  const auto other = few_shot_criterion(trial("triplet", {{"criterion.margin", 0.7}}));
  EXPECT_EQ(other.params.number("margin"), 0.2) << "another criterion's margin is another thing";
  EXPECT_EQ(other.params.number("beta"), 1.2);
  EXPECT_EQ(few_shot_criterion(trial("margin", {{"few_shot.beta", 0.4}})).params.number("beta"), 0.4);
}

TEST(FewShotChoiceTest, MultisimilarityTakesDistancesAfterAMarginLoss) {
  const auto mode = [](const std::string& criterion, Params more = {}) {
    more.set("few_shot.criterion", std::string("multisimilarity"));
    return few_shot_criterion(trial(criterion, more)).params.text("d_mode");
  };
  EXPECT_EQ(mode("margin"), "euclidean");
  EXPECT_EQ(mode("diva", {{"criterion.loss", std::string("margin")}}), "euclidean");
  EXPECT_EQ(mode("s2sd"), "cosine");
  EXPECT_EQ(mode("arcface"), "cosine");
}

TEST(FewShotChoiceTest, TheMinersCutOffIsTheTrials) {
  const auto miner = few_shot_miner(trial("margin", {{"miner", std::string("distance")}, {"miner.lower_cutoff", 0.4}}));
  EXPECT_EQ(miner.params.number("lower_cutoff"), 0.4);
  EXPECT_EQ(few_shot_miner(trial("margin")).params.number("lower_cutoff"), 0.5);
}

TEST(FewShotChoiceTest, TheStudysWeightsOfEachBenchmark) {
  const auto names = default_embeddings(*parse_arch("multifeature_resnet50_normalize"));
  EXPECT_TRUE(few_shot_embeddings_of("cub200", names).ends_with("-0.75-1.25-1.25-1.25"));
  EXPECT_TRUE(few_shot_embeddings_of("cars196", names).ends_with("-0.5-1.5-1.5-1.5"));
  EXPECT_TRUE(few_shot_embeddings_of("online_products", names).ends_with("-1-1-1-1"));
  EXPECT_EQ(few_shot_embeddings_of("cub200", {"embeds"}), "embeds");
}

TEST(FewShotFigureTest, NamesAreTakenApart) {
  using Kind = FewShotFigure::Kind;
  EXPECT_EQ(few_shot_figure("few_shot.e_recall@1")->metric, "e_recall@1");
  EXPECT_EQ(few_shot_figure("zero_shot.nmi")->kind, Kind::kMean);
  EXPECT_EQ(few_shot_figure("zero_shot_conf.nmi")->kind, Kind::kHalfWidth);
  EXPECT_EQ(few_shot_figure("gain.nmi")->kind, Kind::kGain);
  for (const char* name : {"nmi", "e_recall@1", "loss", "", "few_shot"}) EXPECT_FALSE(few_shot_figure(name)) << name;
  EXPECT_EQ(few_shot_columns({"nmi", "rho_spectrum@0", "f1"}),
            (std::vector<std::string>{"zero_shot.nmi", "few_shot.nmi", "gain.nmi", "zero_shot.f1", "few_shot.f1",
                                      "gain.f1"}));
}

}  // namespace
}  // namespace oodml::catalogue
