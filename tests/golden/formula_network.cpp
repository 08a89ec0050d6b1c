#include "tests/golden/formula_network.h"

#include <ATen/CPUGeneratorImpl.h>

#include "tests/golden/weight_formula.h"

namespace oodml::golden {

std::shared_ptr<models::Network> formula_network(const Case& golden) {
  const auto made = models::make_network(golden.params.at("arch"), golden.params.at("embed_dim"),
                                         at::make_generator<at::CPUGeneratorImpl>(1));
  if (!made) throw CaseError(made.error().message());
  const auto ours = (*made)->beside_library_weights();
  const double gain = golden.params.at("gain");
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : models::state_of(**made)) {
    const auto own = ours.find(name);
    tensor.copy_(own != ours.end() ? own->second : formula_values(name, tensor.sizes().vec(), gain));
  }
  return *made;
}

torch::Tensor formula_images(std::int64_t batch, std::int64_t side) {
  const auto levels = torch::tensor(formula_uniform("images", batch * 3 * side * side), torch::kFloat64) * 4 - 2;
  return levels.to(torch::kFloat32).view({batch, 3, side, side});
}

}  // namespace oodml::golden
