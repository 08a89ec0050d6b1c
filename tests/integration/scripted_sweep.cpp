#include "tests/integration/scripted_sweep.h"

namespace oodml::testing {

std::string scripted_sweep(const std::string& name, int seeds, int first_seed) {
  return "version: 1\n"
         "name: " +
         name +
         "\n"
         "trial:\n"
         "  arch: small_conv_normalize\n"
         "  embed_dim: 16\n"
         "  crop_size: 28\n"
         "  resize: 28\n"
         "  batch_size: 8\n"
         "  epochs: 3\n"
         "  evaluate: {sets: [test], metrics: [e_recall@1, nmi]}\n"
         "matrix:\n"
         "  benchmark: [fashion_mnist]\n"
         "  split: default\n"
         "  criterion: [multisimilarity]\n"
         "  seed: {count: " +
         std::to_string(seeds) + ", first: " + std::to_string(first_seed) + "}\n";
}

}  // namespace oodml::testing
