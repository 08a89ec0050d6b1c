#include "tests/core/scripts/sample_modules.h"

#include <torch/csrc/jit/api/module.h>

namespace oodml::testing {

void SampleModule::save(const std::filesystem::path& file) const {
  torch::jit::Module module("Sample");
  module.register_attribute("training", c10::BoolType::get(), true);
  for (const auto& [name, tensor] : parameters) {
    module.register_parameter(name, tensor.detach().clone().requires_grad_(), /*is_buffer=*/false);
  }
  for (const auto& [name, tensor] : buffers) module.register_buffer(name, tensor);
  for (const auto& [name, value] : attributes) module.register_attribute(name, value.type(), value);
  module.define(code);
  module.save(file.string());
}

SampleModule mean_colours() {
  return {.code = "def forward(self, x):\n  return torch.matmul(x.mean([2, 3]), self.weight)\n",
          .parameters = {{"weight", at::arange(1, 13, at::kFloat).view({3, 4}).div(12)}},
          .buffers = {},
          .attributes = {}};
}

SampleModule with_batch_norm() {
  return {.code =
              "def forward(self, x):\n"
              "  return torch.batch_norm(torch.narrow(x, 1, 0, 2), self.weight, self.bias, self.running_mean,\n"
              "                          self.running_var, self.training, 0.1, 1e-5, True)\n",
          .parameters = {{"weight", at::ones({2})}, {"bias", at::zeros({2})}},
          .buffers = {{"running_mean", at::zeros({2})}, {"running_var", at::ones({2})}},
          .attributes = {}};
}

}  // namespace oodml::testing
