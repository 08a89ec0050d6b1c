#include "tests/core/models/models_support.h"

#include "core/catalogue/catalogue.h"
#include "core/catalogue/script_name.h"

namespace oodml::models {
namespace {

std::int64_t trunk_parameters(const Network& net) {
  std::int64_t count = 0;
  for (const auto& item : net.named_parameters()) {
    if (!item.key().starts_with("last_linear.")) count += item.value().numel();
  }
  return count;
}

TEST(BackboneTest, TrunksHaveTorchvisionsParameterCounts) {
  EXPECT_EQ(trunk_parameters(*network("resnet18")), 11'176'512);
  EXPECT_EQ(trunk_parameters(*network("resnet50")), 23'508'032);
}

TEST(BackboneTest, NamesAreTorchvisionsWithLastLinearAsTheHead) {
  const auto state = state_of(*network("resnet50", 128));
  EXPECT_EQ(state.size(), 320U);  // torchvision's state_dict: 53 convolutions, 53 norms of 5, 2 of the classifier
  for (const char* name : {"conv1.weight", "bn1.num_batches_tracked", "layer1.0.downsample.0.weight",
                           "layer1.0.downsample.1.running_var", "layer3.5.bn2.bias", "layer4.2.conv3.weight"}) {
    EXPECT_TRUE(state.contains(name)) << name;
  }
  EXPECT_EQ(state.at("layer4.0.conv2.weight").sizes(), (std::vector<std::int64_t>{512, 512, 3, 3}));
  EXPECT_EQ(state.at("last_linear.weight").sizes(), (std::vector<std::int64_t>{128, 2048}));
  EXPECT_EQ(state.at("last_linear.bias").sizes(), (std::vector<std::int64_t>{128}));
}

TEST(BackboneTest, OutputsHaveTheShapesOfTheContract) {
  const torch::NoGradGuard no_grad;
  auto resnet = network("resnet50", 32);
  resnet->eval();
  const auto output = resnet->forward(images(2, 224), false);
  EXPECT_EQ(output.features.sizes(), (std::vector<std::int64_t>{2, 2048, 7, 7}));
  EXPECT_EQ(output.avg_features.sizes(), (std::vector<std::int64_t>{2, 2048}));
  EXPECT_EQ(output.embeddings.sizes(), (std::vector<std::int64_t>{2, 32}));
  EXPECT_EQ(resnet->feature_dim(), 2048);
  for (const std::int64_t side : {16, 28, 32, 64}) {
    EXPECT_EQ(network("small_conv", 8)->forward(images(2, side), false).embeddings.sizes(),
              (std::vector<std::int64_t>{2, 8}));
  }
}

TEST(BackboneTest, TheStrideOfABottleneckSitsInThe3x3Convolution) {
  const auto state = state_of(*network("resnet50"));
  EXPECT_EQ(state.at("layer2.0.conv1.weight").size(2), 1);
  auto net = network("resnet50");
  const torch::NoGradGuard no_grad;
  net->eval();
  // A 1x1 convolution of stride 2 would not see odd pixels; the whole image must matter.
  auto input = images(1, 64);
  const auto before = net->forward(input, false).embeddings;
  input.index_put_({0, 0, 33, 33}, 5.0);
  EXPECT_FALSE(before.equal(net->forward(input, false).embeddings));
}

TEST(BackboneTest, NormalizeGivesUnitRowsAndOnlyThen) {
  const auto unit = network("small_conv_normalize")->forward(images(4, 28), false).embeddings.norm(2, {1});
  EXPECT_TRUE(unit.allclose(torch::ones({4})));
  EXPECT_FALSE(network("small_conv")->forward(images(4, 28), false).embeddings.norm(2, {1}).allclose(torch::ones({4})));
}

TEST(BackboneTest, DoubleAddsTheMaximumToTheAverage) {
  const auto output = network("small_conv_double")->forward(images(3, 28), false);
  const auto expected = output.features.mean({2, 3}) + output.features.flatten(2).amax(2);
  EXPECT_TRUE(output.avg_features.allclose(expected));
}

TEST(BackboneTest, AMultifeatureArchHasOneHeadABranchEachNormalisedAlone) {
  const auto several = network("multifeature_small_conv_normalize");
  const auto output = several->forward(images(4, 28), false);
  ASSERT_EQ(output.heads.size(), 4U);
  for (const auto& name : catalogue::head_names()) {
    EXPECT_EQ(output.heads.at(name).sizes(), (std::vector<std::int64_t>{4, 16})) << name;
    EXPECT_TRUE(output.heads.at(name).norm(2, {1}).allclose(torch::ones({4}))) << name;
  }
  EXPECT_TRUE(output.embeddings.equal(output.heads.at("discriminative")));
  EXPECT_FALSE(output.embeddings.equal(output.heads.at("shared")));
  const auto state = state_of(*several);
  for (const char* name : {"last_linear.discriminative.weight", "last_linear.shared.bias",
                           "last_linear.selfsimilarity.weight", "last_linear.intra.bias", "conv1.weight"}) {
    EXPECT_TRUE(state.contains(name)) << name;
  }
  EXPECT_FALSE(state.contains("last_linear.weight"));
  const auto one = network("small_conv_normalize");  // the trunk draws first, so both start from the same one
  EXPECT_TRUE(state.at("conv1.weight").equal(state_of(*one).at("conv1.weight")));
  EXPECT_TRUE(one->forward(images(4, 28), false).heads.empty());
}

TEST(BackboneTest, InitialValuesAreAFunctionOfTheGeneratorAlone) {
  torch::manual_seed(1);
  const auto first = state_of(*network("small_conv", 16, 7));
  torch::manual_seed(2);
  const auto second = state_of(*network("small_conv", 16, 7));
  const auto other = state_of(*network("small_conv", 16, 8));
  for (const auto& [name, value] : first) EXPECT_TRUE(value.equal(second.at(name))) << name;
  EXPECT_FALSE(first.at("conv1.weight").equal(other.at("conv1.weight")));
  EXPECT_FALSE(first.at("last_linear.weight").equal(other.at("last_linear.weight")));
}

TEST(BackboneTest, InitialValuesHaveTorchvisionsSpread) {
  const auto state = state_of(*network("resnet18", 512));
  const auto weight = state.at("layer2.0.conv1.weight");  // 128 channels of 3x3: std = sqrt(2 / (128 * 9))
  EXPECT_NEAR(weight.std().item<double>(), std::sqrt(2.0 / (128 * 9)), 3e-4);
  EXPECT_NEAR(weight.mean().item<double>(), 0.0, 3e-4);
  const double bound = 1.0 / std::sqrt(512.0);
  EXPECT_LE(state.at("last_linear.weight").abs().max().item<double>(), bound);
  EXPECT_GT(state.at("last_linear.weight").abs().max().item<double>(), 0.99 * bound);
  EXPECT_GT(state.at("last_linear.bias").abs().max().item<double>(), 0.5 * bound);
}

TEST(BackboneTest, AFrozenNetworkKeepsItsStatisticsButTrainsItsNorms) {
  auto frozen = network("small_conv_frozen");
  frozen->train();
  const auto output = frozen->forward(images(8, 28), false);
  const auto state = state_of(*frozen);
  EXPECT_TRUE(state.at("bn1.running_mean").equal(torch::zeros({32})));
  EXPECT_EQ(state.at("bn1.num_batches_tracked").item<std::int64_t>(), 0);
  frozen->eval();
  EXPECT_TRUE(output.embeddings.equal(frozen->forward(images(8, 28), false).embeddings));
  output.embeddings.square().sum().backward();
  EXPECT_GT(state.at("bn1.weight").grad().abs().sum().item<double>(), 0.0);

  auto free = network("small_conv");
  free->train();
  (void)free->forward(images(8, 28), false);
  EXPECT_FALSE(state_of(*free).at("bn1.running_mean").equal(torch::zeros({32})));
  EXPECT_EQ(state_of(*free).at("bn1.num_batches_tracked").item<std::int64_t>(), 1);
}

TEST(BackboneTest, InWarmupOnlyTheHeadGetsGradientsButStatisticsMove) {
  auto net = network("small_conv_normalize");
  net->train();
  net->forward(images(8, 28), true).embeddings.sum().backward();
  for (const auto& item : net->named_parameters()) {
    EXPECT_EQ(item.value().grad().defined(), item.key().starts_with("last_linear.")) << item.key();
  }
  EXPECT_FALSE(state_of(*net).at("bn1.running_mean").equal(torch::zeros({32})));
}

TEST(BackboneTest, AnUnknownArchIsRefusedWithTheKnownOnes) {
  const auto made = make_network("resnet51", 16, at::make_generator<at::CPUGeneratorImpl>(1));
  ASSERT_FALSE(made.has_value());
  EXPECT_NE(made.error().message().find("resnet50"), std::string::npos) << made.error().message();
}

TEST(BackboneTest, FactoriesAndCatalogueNameTheSameBackbones) {
  std::vector<std::string> known;
  for (const auto& component : catalogue::components(catalogue::Kind::kBackbone)) {
    if (component.name == catalogue::kScript) continue;  // whatever is in its file
    known.push_back(component.name);
    EXPECT_EQ(network(component.name)->feature_dim(), component.feature_dim) << component.name;
  }
  EXPECT_EQ(known, backbone_names());
}

}  // namespace
}  // namespace oodml::models
