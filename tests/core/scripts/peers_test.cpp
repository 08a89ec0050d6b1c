// Networks of timm and torchvision and losses of pytorch-metric-learning, exported by the recipes of docs/pytorch.md
// and computed here: features, losses and gradients are those of Python (tests/pytorch/export.py).
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "core/criteria/criterion.h"
#include "core/models/backbone.h"
#include "core/models/tensor_file.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

constexpr double kTolerance = 1e-5;

class PeersTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    exported_ = std::make_unique<TemporaryFolder>();
    const Output python = run(
        {"/bin/bash", source("deploy/python_tools.sh").string(), source("tests/pytorch").string(), "--beside-torch"},
        {}, std::chrono::minutes(10));
    ASSERT_EQ(python.exit_code, 0) << python.err;
    const std::string path = python.out.substr(0, python.out.find('\n'));
    const Output output = run({path, source("tests/pytorch/export.py").string(), exported_->path().string()}, {},
                              std::chrono::minutes(10));
    ASSERT_EQ(output.exit_code, 0) << output.err;
  }
  static void TearDownTestSuite() { exported_.reset(); }

  static models::NamedTensors computed_by_python(const std::string& name) {
    auto tensors = models::read_tensors(*exported_ / (name + ".safetensors"));
    if (!tensors) throw std::runtime_error(tensors.error().message());
    return *tensors;
  }
  static scripts::Access access() { return {.allowed = true, .root = exported_->path()}; }
  /// Each gradient that Python has is the one here, to 1e-5 of the largest entry of all.
  static void expect_gradients(const torch::nn::Module& module, const models::NamedTensors& python) {
    const auto parameters = module.named_parameters();
    std::size_t compared = 0;
    for (const auto& [name, gradient] : python) {
      if (!name.starts_with("gradient ")) continue;
      const auto* own = parameters.find("script." + name.substr(9));
      ASSERT_NE(own, nullptr) << name;
      EXPECT_TRUE(own->grad().allclose(gradient, kTolerance, kTolerance)) << name;
      ++compared;
    }
    std::size_t with_gradient = 0;
    for (const auto& item : parameters)
      with_gradient += item.key().starts_with("script.") && item.value().grad().defined();
    EXPECT_EQ(compared, with_gradient);
  }

  inline static std::unique_ptr<TemporaryFolder> exported_;
};

TEST_F(PeersTest, BackbonesOfTimmAndTorchvisionGiveWhatPythonGives) {
  for (const std::string name : {"timm_scripted", "timm_traced", "torchvision_scripted"}) {
    SCOPED_TRACE(name);
    const auto python = computed_by_python(name);
    const auto made =
        models::make_network("script:" + name + ".pt_frozen_normalize", 4, at::make_generator<at::CPUGeneratorImpl>(1),
                             {.access = access(), .crop_size = 32});
    ASSERT_TRUE(made) << made.error().message();
    models::Network& network = **made;
    EXPECT_TRUE(network.input_statistics());
    network.train();
    const auto features = network.forward(python.at("images"), false).avg_features;
    EXPECT_TRUE(features.allclose(python.at("features"), kTolerance, kTolerance));
    features.square().mean().backward();
    expect_gradients(network, python);
  }
}

TEST_F(PeersTest, LossesOfPytorchMetricLearningGiveWhatPythonGives) {
  for (const std::string name : {"multi_similarity", "nt_xent", "proxy_anchor", "arcface"}) {
    SCOPED_TRACE(name);
    const auto python = computed_by_python(name);
    const Params params = {{"file", name + ".pt"}, {"sha256", std::string()}, {"lr_multi", 1.0}};
    const auto made = criteria::make_criterion({"script", params}, {.scripts = access()});
    ASSERT_TRUE(made) << made.error().message();
    criteria::BatchOutput batch;
    batch.embeddings = python.at("rows").clone().requires_grad_();
    batch.labels = python.at("labels");
    const auto loss = (*made)->forward(batch, std::nullopt);
    EXPECT_TRUE(loss.allclose(python.at("loss"), kTolerance, kTolerance)) << loss << python.at("loss");
    loss.backward();
    EXPECT_TRUE(batch.embeddings.grad().allclose(python.at("gradient"), kTolerance, kTolerance));
    expect_gradients(**made, python);
  }
}

}  // namespace
}  // namespace oodml::testing
