#include <sstream>

#include "core/base/sha256.h"
#include "tests/golden/formula_network.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

constexpr std::int64_t kChannelStep = 16;  ///< out.features holds every 16th channel.

/// The trunk's names and shapes, a line each, as the library has them.
std::string listing(const models::Network& network) {
  const auto ours = network.beside_library_weights();
  std::ostringstream lines;
  for (const auto& [name, tensor] : models::state_of(network)) {
    if (!name.starts_with("last_linear.") && !ours.contains(name)) lines << name << " " << tensor.sizes() << "\n";
  }
  return lines.str();
}

std::int64_t trunk_parameters(const models::Network& network) {
  std::int64_t count = 0;
  for (const auto& item : network.named_parameters()) {
    if (!item.key().starts_with("last_linear.")) count += item.value().numel();
  }
  return count;
}

}  // namespace

void replay_backbone(const Case& golden, bool, Comparison& comparison) {
  for (const auto& [name, value] : golden.params.items()) {
    static const std::vector<std::string> known = {"arch", "embed_dim",  "batch",       "side",
                                                   "gain", "parameters", "names_sha256"};
    if (std::count(known.begin(), known.end(), name) == 0) throw CaseError("unknown parameter " + name);
  }
  const auto made = formula_network(golden);
  models::Network& network = *made;
  comparison.require(trunk_parameters(network) == golden.params.at("parameters").get<std::int64_t>(),
                     "the trunk has " + std::to_string(trunk_parameters(network)) + " parameters");
  comparison.require(sha256_hex(listing(network)) == golden.params.at("names_sha256").get<std::string>(),
                     "names or shapes are not the library's");

  network.to(golden.device);
  network.eval();
  const torch::NoGradGuard no_grad;
  const auto images = formula_images(golden.params.at("batch"), golden.params.at("side")).to(golden.device);
  const auto output = network.forward(images, /*warmup=*/false);
  comparison.check("out.features", output.features.slice(1, 0, std::nullopt, kChannelStep));
  comparison.check("out.avg_features", output.avg_features);
  for (const auto& [name, embeddings] : output.heads) comparison.check("out.heads." + name, embeddings);
  if (output.heads.empty()) comparison.check("out.embeddings", output.embeddings);
}

}  // namespace oodml::golden
