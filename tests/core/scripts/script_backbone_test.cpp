// Backbones that came as a file: what they may return, what is refused, and that they train as those of ours.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include "core/models/backbone.h"
#include "tests/core/scripts/sample_modules.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::models {
namespace {

using testing::SampleModule;

class ScriptBackboneTest : public ::testing::Test {
 protected:
  Result<std::shared_ptr<Network>> make(const std::string& modifiers = "", std::int64_t replicas = 1) {
    return make_network("script:net.pt" + modifiers, 2, at::make_generator<at::CPUGeneratorImpl>(1),
                        {.access = {.allowed = true, .root = folder_.path()}, .crop_size = 8, .replicas = replicas});
  }
  std::shared_ptr<Network> made(const SampleModule& module, const std::string& modifiers = "") {
    module.save(folder_ / "net.pt");
    auto network = make(modifiers);
    if (!network) throw std::runtime_error(network.error().message());
    return *network;
  }
  std::string refusal(const SampleModule& module, const std::string& modifiers = "", std::int64_t replicas = 1) {
    module.save(folder_ / "net.pt");
    std::string message;
    try {
      const auto network = make(modifiers, replicas);
      if (!network) message = network.error().message();
    } catch (const std::invalid_argument& error) {
      message = error.what();
    }
    return message;
  }
  static SampleModule returning(const std::string& expression) {
    SampleModule module = testing::mean_colours();
    module.code =
        "def forward(self, x):\n  y = torch.matmul(x.mean([2, 3]), self.weight)\n  return " + expression + "\n";
    return module;
  }

  testing::TemporaryFolder folder_;
  torch::Tensor images_ = at::arange(2 * 3 * 8 * 8, torch::kFloat32).view({2, 3, 8, 8}).div(400);
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST_F(ScriptBackboneTest, GivesItsFeaturesAndOursHeads) {
  const auto network = made(testing::mean_colours(), "_normalize");
  const auto output = network->forward(images_, false);
  const auto weight = at::arange(1, 13, at::kFloat).view({3, 4}).div(12);
  EXPECT_EQ(network->feature_dim(), 4);
  EXPECT_TRUE(output.avg_features.allclose(images_.mean({2, 3}).matmul(weight)));
  EXPECT_EQ(output.features.sizes(), (std::vector<std::int64_t>{2, 4, 1, 1}));
  EXPECT_TRUE(output.embeddings.norm(2, 1).allclose(at::ones({2})));
  std::vector<std::string> names;
  for (const auto& [name, tensor] : state_of(*network)) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"last_linear.bias", "last_linear.weight", "script.weight"}));
}

TEST_F(ScriptBackboneTest, MapsArePooledAsOursAndFeaturesMayComeWithAMap) {
  const auto map = made(returning("x"))->forward(images_, false);
  EXPECT_TRUE(map.avg_features.equal(images_.mean({2, 3})));
  EXPECT_TRUE(made(returning("x"), "_double")
                  ->forward(images_, false)
                  .avg_features.equal(images_.mean({2, 3}) + images_.amax({2, 3})));
  for (const char* both : {"(y, torch.cat([x, torch.narrow(x, 1, 0, 1)], 1))",
                           "{'map': torch.cat([x, torch.narrow(x, 1, 0, 1)], 1), 'features': y}"}) {
    const auto output = made(returning(both))->forward(images_, false);
    EXPECT_EQ(output.avg_features.sizes(), (std::vector<std::int64_t>{2, 4})) << both;
    EXPECT_EQ(output.features.sizes(), (std::vector<std::int64_t>{2, 4, 8, 8})) << both;
  }
  EXPECT_TRUE(holds(refusal(returning("y"), "_double"), "_double pools a map"));
}

TEST_F(ScriptBackboneTest, WhatIsNoFeaturesIsRefusedWithWhatWasReturned) {
  EXPECT_TRUE(
      holds(refusal(returning("torch.sum(y)")), "script net.pt returned Float [] for B = 2 images; accepted are"));
  EXPECT_TRUE(holds(refusal(returning("torch.narrow(y, 0, 0, 1)")), "returned Float [1, 4]"));
  EXPECT_TRUE(holds(refusal(returning("torch.argmax(y, 1)")), "returned Long [2]"));
  EXPECT_TRUE(holds(refusal(returning("(y, y)")), "a tuple of Float [2, 4], Float [2, 4]"));
  EXPECT_TRUE(holds(refusal(returning("None")), "returned nothing"));
  SampleModule said = testing::mean_colours();
  said.attributes = {{"feature_width", 5}};
  EXPECT_TRUE(holds(refusal(said), "its feature_width is 5"));
  said.attributes = {{"feature_width", std::nan("")}};
  EXPECT_TRUE(holds(refusal(said), "feature_width must be an integer"));
}

TEST_F(ScriptBackboneTest, SaysItsImagesItself) {
  SampleModule module = testing::mean_colours();
  module.attributes = {{"mean", std::vector<double>{0.1, 0.2, 0.3}},
                       {"std", std::vector<double>{1, 2, 3}},
                       {"input_size", std::vector<std::int64_t>{3, 8, 8}},
                       {"feature_width", 4}};
  const auto statistics = made(module)->input_statistics();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(statistics->mean, (std::array<float, 3>{0.1F, 0.2F, 0.3F}));
  EXPECT_EQ(statistics->std, (std::array<float, 3>{1, 2, 3}));
  EXPECT_FALSE(made(testing::mean_colours())->input_statistics());
  module.attributes[2].second = 32;
  EXPECT_TRUE(holds(refusal(module), "write crop_size: 32"));
  module.attributes = {{"mean", std::vector<double>{0.1}}, {"std", std::vector<double>{1, 2, 3}}};
  EXPECT_TRUE(holds(refusal(module), "its mean must be three numbers"));
}

TEST_F(ScriptBackboneTest, ItsOwnErrorEndsTheStepWithItsMessageAndLine) {
  const std::string message = refusal(returning("torch.matmul(y, y)"));
  EXPECT_TRUE(holds(message, "script net.pt: mat1 and mat2 shapes cannot be multiplied (2x4 and 2x4), at ")) << message;
  EXPECT_TRUE(holds(message, "return torch.matmul(y, y)")) << message;
  SampleModule module = testing::mean_colours();
  module.code = "def forward(self, x):\n  assert x.size(2) == 7, 'only squares'\n  return x\n";
  EXPECT_TRUE(holds(refusal(module), "only squares")) << refusal(module);
}

TEST_F(ScriptBackboneTest, BatchNormsFollowTheImagesUnlessFrozen) {
  const auto network = made(testing::with_batch_norm());
  const auto mean = state_of(*network).at("script.running_mean");
  EXPECT_TRUE(mean.equal(at::zeros({2}))) << "trying it left something behind";
  network->train();
  network->forward(images_, false);
  EXPECT_FALSE(mean.equal(at::zeros({2})));
  const auto frozen = made(testing::with_batch_norm(), "_frozen");
  frozen->train();
  const auto trained = frozen->forward(images_, false).features;
  EXPECT_TRUE(state_of(*frozen).at("script.running_mean").equal(at::zeros({2})));
  frozen->eval();
  EXPECT_TRUE(frozen->forward(images_, false).features.equal(trained));
  EXPECT_TRUE(holds(refusal(testing::with_batch_norm(), "", 2), "replicas: 1"));
  EXPECT_EQ(refusal(testing::with_batch_norm(), "_frozen", 2), "");
}

TEST_F(ScriptBackboneTest, ATraceOfTheWrongModeIsRefused) {
  EXPECT_TRUE(holds(refusal(returning("torch.dropout(y, 0.5, True)")), "draws numbers in evaluation mode"));
  SampleModule norm = testing::with_batch_norm();
  const auto mode = norm.code.find("self.training");
  norm.code.replace(mode, 13, "True");
  EXPECT_TRUE(holds(refusal(norm), "changes script.running_mean in evaluation mode") ||
              holds(refusal(norm), "changes running_mean in evaluation mode"))
      << refusal(norm);
  norm.code.replace(mode, 4, "False");
  EXPECT_TRUE(holds(refusal(norm), "write _frozen behind its name"));
}

TEST_F(ScriptBackboneTest, WhatItDrawsIsAFunctionOfItsBuffers) {
  const auto network = made(returning("torch.dropout(y, 0.5, self.training)"));
  network->train();
  NamedTensors before;
  for (const auto& [name, tensor] : state_of(*network)) before[name] = tensor.detach().clone();
  const auto first = network->forward(images_, false).avg_features;
  EXPECT_FALSE(network->forward(images_, false).avg_features.equal(first));
  ASSERT_TRUE(copy_into(state_of(*network), before, "rewind").ok());
  EXPECT_TRUE(network->forward(images_, false).avg_features.equal(first));
  ASSERT_TRUE(copy_into(state_of(*network), before, "rewind").ok());
  network->take_part(1);
  EXPECT_FALSE(network->forward(images_, false).avg_features.equal(first)) << "another replica";
}

TEST_F(ScriptBackboneTest, BuffersThatTheCodeReplacesStayThoseOfTheCheckpoint) {
  SampleModule module = testing::mean_colours();
  module.code =
      "def forward(self, x):\n"
      "  if self.training:\n"
      "    self.passes = self.passes + 1\n"
      "  return torch.matmul(x.mean([2, 3]), self.weight) * self.passes\n";
  module.buffers = {{"passes", at::zeros({})}};
  const auto network = made(module);
  network->train();
  const auto passes = state_of(*network).at("script.passes");
  for (int i = 0; i < 3; ++i) network->forward(images_, false);
  EXPECT_EQ(passes.item<float>(), 3.0F);
  passes.fill_(0);
  EXPECT_TRUE(network->forward(images_, false)
                  .avg_features.equal(made(testing::mean_colours())->forward(images_, false).avg_features));
  module.code = "def forward(self, x):\n  self.count = self.count + 1\n  return x\n";
  module.attributes = {{"count", 0}};
  EXPECT_TRUE(holds(refusal(module), "sets its attribute count (int), which no checkpoint holds"));
}

TEST_F(ScriptBackboneTest, GoesOnFromAFileOfItsTensorsWithTheSameBits) {
  SampleModule module = testing::with_batch_norm();
  module.code =
      "def forward(self, x):\n"
      "  y = torch.batch_norm(torch.narrow(x, 1, 0, 2), self.weight, self.bias, self.running_mean,\n"
      "                       self.running_var, self.training, 0.1, 1e-5, True)\n"
      "  y = torch.dropout(y.mean([3]).flatten(1), 0.2, self.training) * self.scale\n"
      "  if self.training:\n"
      "    self.scale = 0.9 * self.scale + 0.1 * y.detach().abs().mean()\n"
      "  return y\n";
  module.buffers.emplace_back("scale", at::ones({}));
  const auto steps = [&](Network& network, int count) {
    network.train();
    for (int i = 0; i < count; ++i) {
      network.zero_grad();
      network.forward(images_, false).embeddings.square().sum().backward();
      const torch::NoGradGuard no_grad;
      for (auto& parameter : network.parameters()) parameter.sub_(0.01 * parameter.grad());
    }
  };
  const auto calm = made(module), stopped = made(module);
  steps(*calm, 8);
  steps(*stopped, 3);
  ASSERT_TRUE(write_tensors(folder_ / "checkpoint.safetensors", state_of(*stopped)).ok());
  const auto resumed = made(module);
  ASSERT_TRUE(copy_into(state_of(*resumed), *read_tensors(folder_ / "checkpoint.safetensors"), "resume").ok());
  steps(*resumed, 5);
  for (const auto& [name, tensor] : state_of(*calm)) EXPECT_TRUE(state_of(*resumed).at(name).equal(tensor)) << name;
  EXPECT_FALSE(state_of(*calm).at("script.scale").equal(at::ones({})));
}

TEST_F(ScriptBackboneTest, GradientsReachItsParametersAndAutocastHolds) {
  const auto network = made(testing::mean_colours());
  network->forward(images_, false).embeddings.sum().backward();
  EXPECT_TRUE(network->named_parameters()["script.weight"].grad().defined());
  const auto full = network->forward(images_, false).avg_features;
  at::autocast::set_autocast_enabled(at::kCPU, true);  // bfloat16, as on a CPU unless said
  const auto half = network->forward(images_, false).avg_features;
  at::autocast::set_autocast_enabled(at::kCPU, false);
  at::autocast::clear_cache();
  EXPECT_EQ(half.scalar_type(), torch::kBFloat16);
  EXPECT_TRUE(half.to(torch::kFloat32).allclose(full, 0.02));
}

TEST_F(ScriptBackboneTest, FilesThatAreNoModuleAreRefused) {
  const auto refused = [&] { return make().error(); };
  EXPECT_EQ(refused().code(), StatusCode::kNotFound);
  testing::write_text(folder_ / "net.pt", "<!DOCTYPE html><html></html>");
  EXPECT_TRUE(holds(refused().message(), "wanted what torch.jit.save writes")) << refused().message();
  testing::write_text(folder_ / "net.pt", std::string("PK\x03\x04") + std::string(4000, 'x'));
  EXPECT_TRUE(holds(refused().message(), "is damaged")) << refused().message();
  testing::mean_colours().save(folder_ / "net.pt");
  const std::string whole = testing::read_text(folder_ / "net.pt");
  for (std::size_t cut = 1; cut < whole.size(); cut += whole.size() / 40 + 1) {
    testing::write_text(folder_ / "net.pt", whole.substr(0, cut));
    EXPECT_EQ(refused().code(), StatusCode::kInvalidArgument);
  }
  std::filesystem::resize_file(folder_ / "net.pt", scripts::kMaxScriptBytes + 1);  // sparse
  EXPECT_TRUE(holds(refused().message(), "accepted are up to 4294967296")) << refused().message();
}

TEST_F(ScriptBackboneTest, NothingOfAScriptRunsUnlessItIsAllowed) {
  testing::mean_colours().save(folder_ / "net.pt");
  const auto network = make_network("script:net.pt", 2, at::make_generator<at::CPUGeneratorImpl>(1),
                                    {.access = {.root = folder_.path()}});
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code(), StatusCode::kPermissionDenied);
  EXPECT_TRUE(holds(network.error().message(), "--allow-scripts"));
}

}  // namespace
}  // namespace oodml::models
