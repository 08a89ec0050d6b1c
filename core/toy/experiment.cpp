#include "core/toy/experiment.h"

#include "core/criteria/perceptron.h"
#include "core/distances/pairwise.h"
#include "core/metrics/rho_spectrum.h"
#include "core/metrics/singular_values.h"
#include "core/samplers/draws.h"
#include "core/toy/objective.h"
#include "core/train/adam.h"
#include "core/train/device.h"

namespace oodml::toy {
namespace {

const std::vector<std::int64_t> kWidths = {2, 30, 30, 2};

at::Generator seeded_generator(std::uint64_t seed) {
  at::Generator generator = train::make_generator(at::kCPU);
  generator.set_current_seed(seed);
  return generator;
}

/// [24] different places of the training points
torch::Tensor batch_of(const Seeds& seeds, std::uint64_t step, std::int64_t points) {
  Random random = seeds.stream("toy batch", {step});
  return at::tensor(samplers::distinct_below(points, kBatchSize, random), at::kLong);
}

/// [T] bool
torch::Tensor switched(const Seeds& seeds, std::uint64_t step, std::int64_t triplets) {
  const at::Generator generator = seeded_generator(seeds.derive("toy switch", {step}));
  return at::rand({triplets}, generator, at::TensorOptions(at::kDouble)).lt(kSwitchProbability);
}

torch::Tensor on_the_circle(const criteria::Perceptron& network, const torch::Tensor& points) {
  return distances::unit_rows(network.forward(points));
}

void measure(const criteria::Perceptron& network, const Plane& plane, Learned& learned) {
  const at::NoGradGuard no_grad;
  learned.embeddings = on_the_circle(network, plane.points);
  for (const auto& points : plane.test_points) learned.test_embeddings.push_back(on_the_circle(network, points));
  learned.singular_values = metrics::singular_values(learned.embeddings);
  learned.spectrum = metrics::normalized_spectrum(learned.singular_values);
}

}  // namespace

Learned learn(const Plane& plane, Objective objective, const Seeds& seeds) {
  criteria::Perceptron network(kWidths, seeded_generator(seeds.derive("toy network")));
  train::Adam optimizer({{.parameters = network.parameters(), .lr = kLearningRate}});
  Learned learned;
  for (std::uint64_t step = 0; step < kSteps; ++step) {
    const auto batch = batch_of(seeds, step, plane.points.size(0));
    const auto embeddings = on_the_circle(network, plane.points.index_select(0, batch));  // [24, 2]
    const miners::Tuples triplets = all_triplets(plane.labels.index_select(0, batch));
    const auto loss = objective == Objective::kBase
                          ? base_loss(embeddings, triplets)
                          : regularised_loss(embeddings, triplets, switched(seeds, step, triplets.anchor.size(0)));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step(/*rate_factor=*/1.0);
    learned.losses.push_back(loss.item<double>());
  }
  measure(network, plane, learned);
  return learned;
}

Outcome run_experiment(std::uint64_t seed) {
  const Seeds seeds(seed);
  Outcome outcome{.seed = seed, .plane = make_plane(seeds), .base = {}, .regularised = {}};
  outcome.base = learn(outcome.plane, Objective::kBase, seeds);
  outcome.regularised = learn(outcome.plane, Objective::kRegularised, seeds);
  return outcome;
}

}  // namespace oodml::toy
