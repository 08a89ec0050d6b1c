#include <torch/csrc/autograd/autograd.h>

#include "tests/golden/criterion_case.h"
#include "tests/golden/replay.h"
#include "tests/golden/replay_criteria.h"

namespace oodml::golden {
namespace {

/// Leaves of the graph: one matrix of embeddings, or one each for anchors, positives and negatives.
std::vector<std::pair<std::string, torch::Tensor>> leaves_of(const Case& golden) {
  std::vector<std::pair<std::string, torch::Tensor>> leaves;
  for (const char* name : {"embeddings", "embeddings_positive", "embeddings_negative"}) {
    if (golden.has(std::string("in.") + name)) leaves.emplace_back(name, leaf(golden, name));
  }
  if (leaves.size() != 1 && leaves.size() != 3) throw CaseError("one or three matrices are wanted");
  return leaves;
}

/// Embeddings, labels and perhaps tuples in, loss and gradients out. Three matrices are stacked, and the positions of
/// positives and negatives moved to their own.
void replay_plain(const Case& golden, bool compat_paper, Comparison& comparison) {
  const auto criterion = criterion_of(criterion_choice(golden), context_of(golden, compat_paper), golden);
  const auto leaves = leaves_of(golden);
  const auto& labels = golden.at("in.labels");
  auto tuples = tuples_of(golden);
  std::vector<torch::Tensor> matrices, their_labels;
  for (const auto& [name, matrix] : leaves) {
    matrices.push_back(matrix);
    their_labels.push_back(labels);
  }
  if (leaves.size() == 3 && tuples) {
    tuples->positive = tuples->positive + labels.size(0);
    tuples->negative = tuples->negative + 2 * labels.size(0);
  }
  const auto loss = criterion->forward({.embeddings = at::cat(matrices), .labels = at::cat(their_labels)}, tuples);
  comparison.check("out.loss", loss);
  loss.backward();
  for (const auto& [name, matrix] : leaves) check_gradient(name, matrix, golden, comparison);
  check_gradients(*criterion, golden, comparison);
}

}  // namespace

void replay_criterion(const Case& golden, bool compat_paper, Comparison& comparison) {
  using Replay = void (*)(const Case&, bool, Comparison&);
  // Criteria whose cases hold more than embeddings, labels and tuples.
  static const std::map<std::string, Replay> replays = {{"adversarial_separation", replay_adversarial_separation},
                                                        {"diva", replay_diva},
                                                        {"fast_moco", replay_moco},
                                                        {"imrot", replay_imrot},
                                                        {"moco", replay_moco},
                                                        {"nir", replay_nir},
                                                        {"quadruplet", replay_quadruplet},
                                                        {"s2sd", replay_s2sd},
                                                        {"uniformity_prior", replay_uniformity_prior}};
  const auto replay = replays.find(golden.name);
  (replay == replays.end() ? replay_plain : replay->second)(golden, compat_paper, comparison);
}

}  // namespace oodml::golden
