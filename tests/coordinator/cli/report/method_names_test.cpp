#include "coordinator/cli/report/method_names.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace oodml::cli::report {
namespace {

std::string title(const std::string& group) {
  Run run;
  run.group = group;
  run.method = "label";
  return method_name(run).title;
}

TEST(MethodNamesTest, PublishedGroupsHaveTheirPublishedNames) {
  const std::map<std::string, std::string> names = {{"CUB_Margin_b06_Distance", "Margin (D), β=0.6"},
                                                    {"CARS_Margin_b12_Distance", "Margin (D), β=1.2"},
                                                    {"SOP_ArcFace", "ArcFace"},
                                                    {"CUB_Contrastive", "Contrastive (D)"},
                                                    {"CUB_Triplet_Distance", "Triplet (D)"},
                                                    {"CUB_Triplet_Random", "Triplet (R)"},
                                                    {"CUB_Triplet_Semihard", "Triplet (S)"},
                                                    {"CUB_Triplet_Softhard", "Triplet (H)"},
                                                    {"CUB_Quadruplet_Distance", "Quadruplet (D)"},
                                                    {"SOP_SNR_Distance", "SNR (D)"},
                                                    {"CUB_MS", "Multisimilarity"},
                                                    {"CUB_Npair", "Npair"},
                                                    {"CUB_My_Own_Loss", "My_Own_Loss"}};
  for (const auto& [group, name] : names) EXPECT_EQ(title(group), name);
}

TEST(MethodNamesTest, RegularisedOnesAreMarked) {
  report::Run run;
  for (const char* group : {"CUBreg_Triplet_Distance_3", "CARreg_Triplet_Distance", "SOPreg_Triplet_Distance"}) {
    run.group = group;
    EXPECT_EQ(method_name(run).title, "R-Triplet (D)");
    EXPECT_TRUE(method_name(run).regularised);
  }
  run.group = "CAR_ID-3_RMargin_b06_Distance";
  EXPECT_EQ(method_name(run).title, "R-Margin (D), β=0.6");
  EXPECT_TRUE(method_name(run).regularised);
}

TEST(MethodNamesTest, GroupsOfOtherStudiesLoseSplitAndShots) {
  EXPECT_EQ(title("CUB_ID-9_S2SD"), "S2SD");
  EXPECT_EQ(title("CAR_Shots-5_ID-2_Multisimilarity"), "Multisimilarity");
}

TEST(MethodNamesTest, OwnBenchmarksGoByTheirNameOrLabel) {
  report::Run run;
  run.benchmark = "fashion_mnist";
  run.method = "margin";
  run.group = "fashion_mnist_Softmax";
  EXPECT_EQ(method_name(run).title, "Softmax");
  run.labels["benchmark"] = "FM";
  run.group = "FMreg_SNR_Distance";
  EXPECT_EQ(method_name(run).title, "R-SNR (D)");
  run.group = "benchmark=FM, criterion=margin";
  EXPECT_EQ(method_name(run).title, "margin");
  EXPECT_FALSE(method_name(run).regularised);
}

TEST(MethodNamesTest, AGroupOfLabelsNamesNoMethodOfItsOwnForEachSplit) {
  report::Run run;
  run.benchmark = "fashion_styles";
  run.labels = {{"benchmark", "fashion_styles"}, {"criterion", "margin_distance"}, {"seed", "1"}, {"split", "3"}};
  run.group = group_of_labels(run.labels);
  run.method = "margin_distance";
  EXPECT_EQ(run.group, "fashion_styles_margin_distance_3");
  EXPECT_EQ(method_name(run).title, "margin_distance");
  run.method = "Margin_b12_Distance";
  EXPECT_EQ(method_name(run).title, title("CUB_Margin_b12_Distance"));
}

}  // namespace
}  // namespace oodml::cli::report
