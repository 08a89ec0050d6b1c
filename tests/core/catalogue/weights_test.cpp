#include "core/catalogue/weights.h"

#include <gtest/gtest.h>

namespace oodml::catalogue {
namespace {

Params trial(const std::string& arch, const std::string& weights) { return {{"arch", arch}, {"weights", weights}}; }

TEST(WeightsTest, TheFileIsThatOfTheBackboneWhateverItsModifiers) {
  EXPECT_EQ(weights_file(trial("resnet50_frozen_normalize", "imagenet")), "resnet50-imagenet");
  EXPECT_EQ(weights_file(trial("multifeature_bninception_normalize_double", "mine")), "bninception-mine");
  EXPECT_EQ(weights_file(trial("resnet50_normalize", "none")), "");
}

TEST(WeightsTest, MessagesListTheEndingsBesideTheFirst) {
  EXPECT_EQ(other_weights_endings(), ".pth, .pth.tar, .pt, .ckpt, .bin");
}

TEST(WeightsTest, DefaultIsWhatTheReferencesUse) {
  EXPECT_EQ(weights_file(trial("resnet50_normalize", "default")), "resnet50-imagenet");
  EXPECT_EQ(weights_file(trial("small_conv_normalize", "default")), "") << "which nobody has published";
  EXPECT_EQ(initial_weights("small_conv", "default"), "none");
}

TEST(WeightsTest, ValuesThatNameNoNetworkNameNoFile) {
  EXPECT_EQ(weights_file(Params{{"benchmark", std::string("cub200")}}), "");
  EXPECT_EQ(weights_file(trial("perceptron", "imagenet")), "");
}

}  // namespace
}  // namespace oodml::catalogue
