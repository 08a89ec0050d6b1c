#include "core/catalogue/catalogue.h"
#include "tests/core/models/models_support.h"

// Names, counts and outputs beside torchvision's and timm's networks are golden cases (tests/golden/backbone).

namespace oodml::models {
namespace {

class EveryBackbone : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryBackbone, KeepsTheContractAndTrainsEveryParameter) {
  auto net = network(GetParam() + "_normalize", 4);
  net->train();
  const auto output = net->forward(images(2, 64), false);
  EXPECT_EQ(output.features.dim(), 4);
  EXPECT_EQ(output.features.size(1), net->feature_dim());
  EXPECT_EQ(output.avg_features.sizes(), (std::vector<std::int64_t>{2, net->feature_dim()}));
  EXPECT_TRUE(output.avg_features.allclose(output.features.mean({2, 3})));
  EXPECT_TRUE(output.embeddings.norm(2, {1}).allclose(torch::ones({2})));
  output.embeddings.select(1, 0).sum().backward();
  for (const auto& item : net->named_parameters()) {
    ASSERT_TRUE(item.value().grad().defined()) << item.key();
    EXPECT_TRUE(item.value().grad().isfinite().all().item<bool>()) << item.key();
  }
}

TEST_P(EveryBackbone, AFrozenOneKeepsEveryStatisticAndItsMapInTraining) {
  auto net = network(GetParam() + "_frozen", 4);
  const torch::NoGradGuard no_grad;
  net->eval();
  const auto before = net->forward(images(2, 64), false).features;
  NamedTensors buffers;
  for (const auto& item : net->named_buffers()) buffers[item.key()] = item.value().clone();
  net->train();
  EXPECT_TRUE(net->forward(images(2, 64), false).features.equal(before));
  for (const auto& item : net->named_buffers()) {
    if (item.key().starts_with("dropout.")) continue;
    EXPECT_TRUE(item.value().equal(buffers.at(item.key()))) << item.key();
  }
}

TEST_P(EveryBackbone, SeveralHeadsAndEveryModifier) {
  std::string arch = "multifeature_" + GetParam();
  for (const auto& word : catalogue::find(catalogue::Kind::kBackbone, GetParam())->modifiers) arch += "_" + word;
  auto net = network(arch, 3);
  const torch::NoGradGuard no_grad;
  net->eval();
  const auto output = net->forward(images(1, 64), false);
  ASSERT_EQ(output.heads.size(), 4U);
  for (const auto& [name, z] : output.heads) EXPECT_EQ(z.sizes(), (std::vector<std::int64_t>{1, 3})) << name;
}

INSTANTIATE_TEST_SUITE_P(Backbones, EveryBackbone,
                         ::testing::Values("resnet18", "resnet50", "resnet101", "resnext101", "bninception",
                                           "googlenet", "efficientb0", "bit", "small_conv"),
                         [](const auto& info) { return info.param; });

TEST(BackbonesTest, MapsAreSevenAt224AndEightAt256) {
  const torch::NoGradGuard no_grad;
  for (const char* name : {"bninception", "googlenet", "efficientb0", "bit"}) {
    auto net = network(name, 2);
    net->eval();
    EXPECT_EQ(net->forward(images(1, 224), false).features.size(2), 7) << name;
    EXPECT_EQ(net->forward(images(1, 256), false).features.size(3), 8) << name;
  }
}

TEST(BackbonesTest, BnInceptionHasTheTablesChannels) {
  const auto state = state_of(*network("bninception"));
  const auto shape = [&](const char* name) { return state.at(std::string(name) + ".weight").sizes().vec(); };
  using Shape = std::vector<std::int64_t>;
  EXPECT_EQ(shape("conv1_7x7_s2"), (Shape{64, 3, 7, 7}));
  EXPECT_EQ(shape("conv2_3x3"), (Shape{192, 64, 3, 3}));
  EXPECT_EQ(shape("inception_3a_3x3_reduce"), (Shape{64, 192, 1, 1}));
  EXPECT_EQ(shape("inception_3c_double_3x3_2"), (Shape{96, 96, 3, 3}));
  EXPECT_EQ(shape("inception_4d_1x1"), (Shape{96, 608, 1, 1}));
  EXPECT_EQ(shape("inception_4e_double_3x3_1"), (Shape{256, 192, 3, 3}));
  EXPECT_EQ(shape("inception_5b_pool_proj"), (Shape{128, 1024, 1, 1}));
  EXPECT_EQ(shape("inception_5a_double_3x3_1_bn"), (Shape{224}));
  for (const char* none : {"inception_3c_1x1", "inception_3c_pool_proj", "inception_4e_1x1"}) {
    EXPECT_FALSE(state.contains(std::string(none) + ".weight")) << none;
  }
  EXPECT_TRUE(state.contains("inception_3a_1x1.bias"));
  std::int64_t count = 0;  // 11 295 240 with the 1000 ImageNet classes
  for (const auto& item : network("bninception")->named_parameters()) {
    if (!item.key().starts_with("last_linear.")) count += item.value().numel();
  }
  EXPECT_EQ(count, 11'295'240 - 1'025'000);
}

TEST(BackbonesTest, LpPoolingAddsNormsOfTheMapWithGradientsAtZero) {
  auto net = network("bninception_lp2_lp3");
  const auto output = net->forward(images(2, 64), false);
  const auto& map = output.features;
  const auto want = map.mean({2, 3}) + map.square().sum({2, 3}).sqrt() + map.pow(3).sum({2, 3}).pow(1.0 / 3);
  EXPECT_TRUE(output.avg_features.allclose(want, 1e-4));
  // Grey images of one value leave whole maps at zero behind the ReLU.
  auto dark = network("bninception_lp2_lp3_normalize");
  {
    const torch::NoGradGuard no_grad;
    state_of(*dark).at("inception_5b_1x1_bn.bias").fill_(-1e6);
  }
  dark->forward(images(2, 64), false).embeddings.select(1, 0).sum().backward();
  for (const auto& item : dark->named_parameters()) {
    EXPECT_TRUE(item.value().grad().isfinite().all().item<bool>()) << item.key();
  }
}

TEST(BackbonesTest, HeStartsTheHeadAsKaimingWithoutBias) {
  const auto state = state_of(*network("bninception_he", 64));
  EXPECT_NEAR(state.at("last_linear.weight").std().item<double>(), std::sqrt(2.0 / 64), 2e-3);
  EXPECT_TRUE(state.at("last_linear.bias").equal(torch::zeros({64})));
  EXPECT_GT(state_of(*network("bninception", 64)).at("last_linear.bias").abs().max().item<double>(), 0.0);
}

TEST(BackbonesTest, OnlyGoogLeNetsHeadSeesDropoutAndOnlyInTraining) {
  auto net = network("googlenet", 4);
  net->train();
  const auto first = net->forward(images(2, 64), false), second = net->forward(images(2, 64), false);
  EXPECT_TRUE(first.avg_features.equal(second.avg_features));
  EXPECT_FALSE(first.embeddings.equal(second.embeddings));
  net->eval();
  EXPECT_TRUE(net->forward(images(2, 64), false).embeddings.equal(net->forward(images(2, 64), false).embeddings));
}

TEST(BackbonesTest, BitStandardizesItsFilters) {
  auto net = network("bit", 4);
  net->eval();
  const torch::NoGradGuard no_grad;
  const auto before = net->forward(images(1, 64), false).embeddings;
  auto filter = state_of(*net).at("stages.1.blocks.0.conv2.weight");
  filter.mul_(3.0).add_(0.5);
  EXPECT_TRUE(net->forward(images(1, 64), false).embeddings.allclose(before, 1e-3, 1e-4));
}

}  // namespace
}  // namespace oodml::models
