#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/core/models/models_support.h"
#include "tests/support/temporary_folder.h"

namespace oodml::models {
namespace {

class WeightsTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  testing::TemporaryFolder folder_;
};

TEST_F(WeightsTest, TensorsOfEveryTypeComeBackBitForBit) {
  const NamedTensors tensors = {{"a", torch::rand({2, 3})},
                                {"scalar", torch::tensor(std::nan(""), torch::kFloat64)},
                                {"empty", torch::empty({0, 4})},
                                {"count", torch::tensor({1, -2}, torch::kInt64)},
                                {"flags", torch::tensor({true, false})},
                                {"transposed", torch::rand({3, 2}).t()}};
  ASSERT_TRUE(write_tensors(path("t.safetensors"), tensors).ok());
  const auto read = read_tensors(path("t.safetensors"));
  ASSERT_TRUE(read.has_value()) << read.error().message();
  ASSERT_EQ(read->size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    EXPECT_EQ(read->at(name).scalar_type(), tensor.scalar_type()) << name;
    EXPECT_TRUE(at::equal(read->at(name), tensor) || tensor.isnan().all().item<bool>()) << name;
  }
}

// The file was written by PyTorch (tests/core/weight_files/files/make_torch_files.py).
TEST_F(WeightsTest, FilesOfTorchSaveGiveTensorsOfTheirOwn) {
  const auto folder = std::filesystem::path(std::getenv("OODML_SOURCE")) / "tests/core/weight_files/files";
  for (const char* name : {"tensors.pth", "tensors_legacy.pth"}) {
    const auto read = read_tensors(folder / name);
    ASSERT_TRUE(read.has_value()) << read.error().message();
    const auto same = [&](const char* entry, const torch::Tensor& want) {
      const torch::Tensor& got = read->at(entry);
      EXPECT_EQ(got.scalar_type(), want.scalar_type()) << entry;
      EXPECT_TRUE(got.sizes() == want.sizes() && got.equal(want)) << name << " " << entry;
    };
    EXPECT_EQ(read->size(), 12U);
    same("conv1.weight", at::arange(24, torch::kFloat32).view({2, 3, 2, 2}));
    same("count", torch::tensor(7, torch::kInt64));
    same("half", torch::tensor({0.5F, 2.0F}).to(torch::kFloat16));
    same("bfloat16", torch::tensor({0.5F, 3.0F}).to(torch::kBFloat16));
    same("bool", torch::tensor({true, false}));
    same("transposed", at::arange(6, torch::kFloat32).view({2, 3}).t());
    same("slice", torch::tensor({2.0F, 5.0F, 8.0F}));
    same("empty", torch::zeros({0, 4}));
  }
}

TEST_F(WeightsTest, BackboneWeightsLoadByNameAndTheClassifierStaysFresh) {
  auto source = network("small_conv", 16, 5);
  auto tensors = state_of(*source);
  tensors.erase("last_linear.weight");
  tensors.erase("last_linear.bias");
  std::erase_if(tensors, [](const auto& item) { return item.first.ends_with("num_batches_tracked"); });
  tensors["fc.weight"] = torch::zeros({1000, 128});
  tensors["fc.bias"] = torch::zeros({1000});
  ASSERT_TRUE(write_tensors(path("w.safetensors"), tensors).ok());

  auto target = network("small_conv", 16, 6);
  const auto head = state_of(*target).at("last_linear.weight").clone();
  const Status loaded = load_backbone_weights(*target, path("w.safetensors"));
  ASSERT_TRUE(loaded.ok()) << loaded.message();
  EXPECT_TRUE(state_of(*target).at("conv3.weight").equal(state_of(*source).at("conv3.weight")));
  EXPECT_TRUE(state_of(*target).at("last_linear.weight").equal(head));
}

TEST_F(WeightsTest, AFileThatDoesNotFitIsRefusedWithEveryDifference) {
  auto tensors = state_of(*network("small_conv"));
  tensors.erase("conv2.weight");
  tensors["conv1.weight"] = torch::zeros({8, 3, 3, 3});
  tensors["layer1.0.conv1.weight"] = torch::zeros({1});
  ASSERT_TRUE(write_tensors(path("w.safetensors"), tensors).ok());
  auto target = network("small_conv", 16, 6);
  const auto before = state_of(*target).at("conv3.weight").clone();
  const Status loaded = load_backbone_weights(*target, path("w.safetensors"));
  EXPECT_EQ(loaded.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(loaded.message().find("missing: conv2.weight"), std::string::npos) << loaded.message();
  EXPECT_NE(loaded.message().find("not in the network: layer1.0.conv1.weight"), std::string::npos);
  EXPECT_NE(loaded.message().find("conv1.weight [8, 3, 3, 3] instead of [32, 3, 3, 3]"), std::string::npos);
  EXPECT_TRUE(state_of(*target).at("conv3.weight").equal(before));  // nothing was copied
}

TEST_F(WeightsTest, AMissingOrDamagedFileIsNamed) {
  auto target = network("small_conv");
  EXPECT_EQ(load_backbone_weights(*target, path("none.safetensors")).code(), StatusCode::kNotFound);
  std::ofstream(path("bad.safetensors")) << "not tensors";
  const Status loaded = load_backbone_weights(*target, path("bad.safetensors"));
  EXPECT_FALSE(loaded.ok());
  EXPECT_NE(loaded.message().find("bad.safetensors"), std::string::npos) << loaded.message();
}

/// A network's state under the names of a reference checkpoint.
NamedTensors as_reference_checkpoint(const Network& network) {
  NamedTensors tensors;
  add_below(tensors, "model", state_of(network));
  tensors["layer_blocks.0.0.conv1.weight"] = torch::zeros({1});
  tensors["model.fc.weight"] = torch::zeros({1000, 128});
  return tensors;
}

TEST_F(WeightsTest, AReferenceCheckpointLoadsWithoutItsWrapperAliasesAndClassifier) {
  const auto source = network("small_conv", 16, 5);
  ASSERT_TRUE(write_tensors(path("w.safetensors"), as_reference_checkpoint(*source)).ok());
  auto target = network("small_conv", 16, 6);
  const auto head = state_of(*target).at("last_linear.weight").clone();
  const Status loaded = load_backbone_weights(*target, path("w.safetensors"));
  ASSERT_TRUE(loaded.ok()) << loaded.message();
  EXPECT_TRUE(state_of(*target).at("conv3.weight").equal(state_of(*source).at("conv3.weight")));
  EXPECT_TRUE(state_of(*target).at("last_linear.weight").equal(head));

  const auto whole = load_network_weights(*target, path("w.safetensors"));
  ASSERT_TRUE(whole.has_value()) << whole.error().message();
  for (const auto& [name, tensor] : state_of(*source)) EXPECT_TRUE(tensor.equal(state_of(*target).at(name))) << name;
}

TEST_F(WeightsTest, AWholeNetworkNeedsItsHead) {
  auto tensors = state_of(*network("multifeature_small_conv"));
  ASSERT_TRUE(write_tensors(path("w.safetensors"), tensors).ok());
  EXPECT_TRUE(load_network_weights(*network("multifeature_small_conv", 16, 2), path("w.safetensors")).has_value());
  const Status one = load_network_weights(*network("small_conv"), path("w.safetensors")).error();
  EXPECT_NE(one.message().find("missing: last_linear.bias, last_linear.weight"), std::string::npos) << one.message();
  EXPECT_NE(one.message().find("last_linear.intra.bias"), std::string::npos) << one.message();
}

/// Loads `tensors` as a whole network's; what was remarked on, without the file's name.
std::vector<std::string> remarks_on(const NamedTensors& tensors, const std::string& path, Network& target) {
  EXPECT_TRUE(write_tensors(path, tensors).ok());
  std::vector<std::string> remarks;
  const auto loaded = load_network_weights(target, path, [&](const std::string& text) {
    EXPECT_TRUE(text.starts_with(path + ": ")) << text;
    remarks.push_back(text.substr(path.size() + 2));
  });
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message();
  EXPECT_TRUE(loaded.value_or(false)) << "the head is in it";
  return remarks;
}

TEST_F(WeightsTest, APrefixOfAllNamesIsLeftOutAndTold) {
  const auto source = network("small_conv", 16, 5);
  for (const std::string prefix :
       {"module", "_orig_mod", "module._orig_mod", "_orig_mod.module.model", "backbone.encoder"}) {
    NamedTensors tensors;
    add_below(tensors, prefix, state_of(*source));
    const auto target = network("small_conv", 16, 6);
    EXPECT_EQ(remarks_on(tensors, path("w.safetensors"), *target),
              (std::vector<std::string>{"left out the prefix `" + prefix + ".` of all 26 names"}));
    for (const auto& [name, tensor] : state_of(*source)) EXPECT_TRUE(tensor.equal(state_of(*target).at(name))) << name;
  }
  EXPECT_TRUE(remarks_on(state_of(*source), path("w.safetensors"), *network("small_conv", 16, 6)).empty());
}

TEST_F(WeightsTest, WhatStandsBesideAWholeNetworkIsLeftOutAndTold) {
  const auto source = network("small_conv", 16, 5);
  NamedTensors lightning;
  add_below(lightning, "model", state_of(*source));
  lightning["loss.proxies"] = torch::zeros({10, 16});
  EXPECT_EQ(remarks_on(lightning, path("w.safetensors"), *network("small_conv", 16, 6)),
            (std::vector<std::string>{"took the 26 names below `model.` and left out 1 other: loss.proxies"}));

  NamedTensors averaged = {{"n_averaged", torch::tensor(3)}};  // torch.optim.swa_utils.AveragedModel
  add_below(averaged, "module", state_of(*source));
  EXPECT_EQ(remarks_on(averaged, path("w.safetensors"), *network("small_conv", 16, 6)),
            (std::vector<std::string>{"left out the prefix `module.` of all 26 names"}));

  NamedTensors apart;  // the head beside its backbone
  for (const auto& [name, tensor] : state_of(*source)) {
    apart[name.starts_with("last_linear.") ? name : "backbone." + name] = tensor;
  }
  EXPECT_EQ(remarks_on(apart, path("w.safetensors"), *network("small_conv", 16, 6)),
            (std::vector<std::string>{"left out the prefix `backbone.` of all 24 names"}));
}

TEST_F(WeightsTest, TwoNetworksInAFileAreNotChosenFrom) {
  NamedTensors moco;
  add_below(moco, "encoder_q", state_of(*network("small_conv", 16, 5)));
  add_below(moco, "encoder_k", state_of(*network("small_conv", 16, 5)));
  ASSERT_TRUE(write_tensors(path("w.safetensors"), moco).ok());
  const Status loaded = load_backbone_weights(*network("small_conv", 16, 6), path("w.safetensors"));
  EXPECT_NE(loaded.message().find("several networks are in it, below `encoder_k.` and `encoder_q.`"), std::string::npos)
      << loaded.message();
}

TEST_F(WeightsTest, WhatDoesNotFitIsNamedWithTheNearestBackbone) {
  NamedTensors wrapped;
  add_below(wrapped, "module", state_of(*network("resnet18", 16, 5)));
  ASSERT_TRUE(write_tensors(path("w.safetensors"), wrapped).ok());
  const Status loaded = load_backbone_weights(*network("resnet50", 16, 6), path("w.safetensors"));
  EXPECT_EQ(loaded.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(loaded.message().find("missing: layer1.0.bn3.bias"), std::string::npos) << loaded.message();
  EXPECT_NE(loaded.message().find("it has 100 of the 100 tensors of resnet18, the nearest of the known backbones"),
            std::string::npos)
      << loaded.message();
  ASSERT_TRUE(write_tensors(path("w.safetensors"), {{"resnet.embedder.weight", torch::zeros({2})}}).ok());
  const Status foreign = load_backbone_weights(*network("resnet50", 16, 6), path("w.safetensors"));
  EXPECT_NE(foreign.message().find("it is none of the known backbones"), std::string::npos) << foreign.message();
}

TEST_F(WeightsTest, ALibrarysFileHasNoHeadAndHalfPrecisionIsRead) {
  const auto source = network("small_conv", 16, 5);
  auto tensors = state_of(*source);
  std::erase_if(tensors, [](const auto& item) { return item.first.starts_with("last_linear."); });
  for (auto& [name, tensor] : tensors) {
    if (tensor.is_floating_point()) tensor = tensor.to(name.starts_with("bn") ? torch::kFloat16 : torch::kBFloat16);
  }
  tensors["fc.weight"] = torch::zeros({100, 128});
  ASSERT_TRUE(write_tensors(path("w.safetensors"), tensors).ok());
  auto target = network("small_conv", 16, 6);
  const auto head = state_of(*target).at("last_linear.weight").clone();
  const auto has_head = load_network_weights(*target, path("w.safetensors"));
  ASSERT_TRUE(has_head.has_value()) << has_head.error().message();
  EXPECT_FALSE(*has_head);
  EXPECT_TRUE(state_of(*target).at("last_linear.weight").equal(head));
  const auto& want = state_of(*source).at("conv2.weight");
  EXPECT_TRUE(state_of(*target).at("conv2.weight").equal(want.to(torch::kBFloat16).to(torch::kFloat32)));
}

TEST_F(WeightsTest, EachLibrarysClassifiersAreLeftOut) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> classifiers = {
      {"resnet18", {"fc.weight"}},
      {"bninception", {"last_linear.weight"}},
      {"googlenet", {"fc.weight", "aux1.conv.conv.weight", "aux2.fc2.bias"}},
      {"efficientb0", {"classifier.bias"}},
      {"bit", {"head.fc.weight"}}};
  for (const auto& [arch, names] : classifiers) {
    const auto source = network(arch, 4, 5);
    auto tensors = state_of(*source);
    for (const auto& [name, value] : source->beside_library_weights()) tensors.erase(name);
    for (const auto& name : names) tensors[name] = torch::zeros({3});
    ASSERT_TRUE(write_tensors(path("w.safetensors"), tensors).ok());
    const Status loaded = load_backbone_weights(*network(arch, 4, 6), path("w.safetensors"));
    EXPECT_TRUE(loaded.ok()) << loaded.message();
  }
  EXPECT_NE(load_backbone_weights(*network("resnet18"), path("w.safetensors")).message().find("head.fc.weight"),
            std::string::npos);
}

TEST_F(WeightsTest, WithGoogLeNetsPublishedWeightsComesItsInput) {
  auto source = network("googlenet", 4, 5), target = network("googlenet", 4, 6);
  EXPECT_TRUE(state_of(*source).at("input_scale").equal(torch::ones({3, 1, 1})));
  auto tensors = state_of(*source);
  ASSERT_TRUE(write_tensors(path("ours.safetensors"), tensors).ok());
  ASSERT_TRUE(load_backbone_weights(*target, path("ours.safetensors")).ok());
  EXPECT_TRUE(state_of(*target).at("input_scale").equal(torch::ones({3, 1, 1})));  // a file of ours says itself

  for (const auto& [name, value] : source->beside_library_weights()) tensors.erase(name);
  ASSERT_TRUE(write_tensors(path("published.safetensors"), tensors).ok());
  ASSERT_TRUE(load_backbone_weights(*target, path("published.safetensors")).ok());
  const auto scale = state_of(*target).at("input_scale"), shift = state_of(*target).at("input_shift");
  EXPECT_NEAR(scale[0].item<double>(), 0.229 / 0.5, 1e-7);
  EXPECT_NEAR(shift[2].item<double>(), (0.406 - 0.5) / 0.5, 1e-7);
}

}  // namespace
}  // namespace oodml::models
