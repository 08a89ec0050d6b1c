// Criteria that hold others: s2sd and diva.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

bool can_stand_inside(const std::string& name) {
  const auto& choices = find(Kind::kCriterion, "s2sd")->find("source")->choices;
  return std::count(choices.begin(), choices.end(), name) > 0;
}

ComponentChoice s2sd(const std::string& source, const std::string& target) {
  return {"s2sd", {{"source", source}, {"target", target}}};
}

TEST(InnerCriteriaTest, OnlyCriteriaThatReadNothingElseStandInside) {
  for (const char* name : {"triplet", "margin", "multisimilarity", "oproxy", "arcface"}) {
    EXPECT_TRUE(can_stand_inside(name)) << name;
  }
  for (const char* name : {"s2sd", "diva", "nir", "moco", "imrot"}) EXPECT_FALSE(can_stand_inside(name)) << name;
}

TEST(InnerCriteriaTest, TheirParametersHaveTheirNameInFrontAndTheirOwnRange) {
  for (const char* outer : {"s2sd", "diva"}) {
    const Parameter* beta = find(Kind::kCriterion, outer)->find("margin_beta");
    ASSERT_NE(beta, nullptr) << outer;
    const Parameter* own = find(Kind::kCriterion, "margin")->find("beta");
    EXPECT_EQ(beta->fallback, own->fallback);
    EXPECT_EQ(beta->at_least, own->at_least);
    EXPECT_NE(beta->help.find(own->help), std::string::npos);
    EXPECT_EQ(find(Kind::kCriterion, outer)->find("s2sd_w"), nullptr);
  }
}

TEST(InnerCriteriaTest, TheTrialsMinerServesThoseInsideThatNeedOne) {
  EXPECT_TRUE(check_pairing(s2sd("margin", "margin"), "distance").ok());
  EXPECT_TRUE(check_pairing(s2sd("multisimilarity", "margin"), "distance").ok());
  EXPECT_TRUE(check_pairing({"s2sd", {}}, "none").ok());
  EXPECT_NE(check_pairing(s2sd("multisimilarity", "margin"), "none").message().find("margin inside s2sd needs a miner"),
            std::string::npos);
  EXPECT_FALSE(check_pairing({"s2sd", {}}, "distance").ok());
  EXPECT_TRUE(check_pairing({"diva", {}}, "distance").ok());
  EXPECT_FALSE(check_pairing({"diva", {}}, "none").ok());
  EXPECT_TRUE(check_pairing({"diva", {{"loss", std::string("multisimilarity")}}}, "none").ok());
}

}  // namespace
}  // namespace oodml::catalogue
