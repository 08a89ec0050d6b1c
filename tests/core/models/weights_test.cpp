#include <filesystem>
#include <fstream>

#include "tests/core/models/models_support.h"

namespace oodml::models {
namespace {

class WeightsTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                  ("oodml-weights-" + std::to_string(getpid()));
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

}  // namespace
}  // namespace oodml::models
