// One training step without the network: mining, loss and backward, for every criterion with every miner it allows.
// Batches of 112 rows, two a class, unit rows of D = 128 and 512; nets and queues of the sizes in the catalogue.
//   step_bench [--benchmark_filter='^margin/distance/']
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cstdio>

#include "core/catalogue/catalogue.h"
#include "tests/core/criteria/steps.h"

namespace oodml {
namespace {

constexpr std::int64_t kBatch = 112, kSamplesPerClass = 2, kClasses = 100;
constexpr testing::StepSizes kSizes = {.feature_dim = 2048, .queue = 30 * kBatch};

/// Classes of two rows that lie close to each other, as after some training.
torch::Tensor clustered_rows(std::int64_t dim) {
  const auto centres = testing::random_unit_rows(kBatch / kSamplesPerClass, dim, 1);
  const auto noise = testing::random_unit_rows(kBatch, dim, 2);
  const auto rows = centres.repeat_interleave(kSamplesPerClass, 0) + 0.7 * noise;
  return rows / rows.norm(2, 1, /*keepdim=*/true);
}

void step(benchmark::State& state, const std::string& criterion, const std::string& miner, std::int64_t dim) {
  const auto rows = clustered_rows(dim);
  const auto labels = at::arange(kBatch, at::kLong).div(kSamplesPerClass, "floor");
  testing::Objective objective(testing::criterion_choice(criterion), miner, rows, kClasses, /*compat_paper=*/false,
                               kSizes);
  const auto inputs = testing::step_inputs(rows, labels, 3, kSizes);
  const auto& reads = catalogue::find(catalogue::Kind::kCriterion, criterion)->inputs;
  const bool pools = std::count(reads.begin(), reads.end(), "features") > 0;
  std::uint64_t seed = 0;
  for (auto _ : state) {
    for (const auto& leaf : inputs.leaves) leaf.mutable_grad().reset();
    auto batch = inputs.batch;
    if (pools) batch.avg_features = batch.features.mean({2, 3});  // a new graph each step
    objective.loss(batch, ++seed).backward();
  }
}

void register_steps() {
  for (const std::string& criterion : criteria::criterion_names()) {
    for (const std::string& miner : testing::allowed_miners(testing::criterion_choice(criterion))) {
      for (const std::int64_t dim : {128, 512}) {
        const std::string name = criterion + "/" + miner + "/D" + std::to_string(dim);
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) { step(state, criterion, miner, dim); })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
      }
    }
  }
}

/// Of the whole process so far, in MiB.
double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace
}  // namespace oodml

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  oodml::register_steps();
  benchmark::RunSpecifiedBenchmarks();
  std::printf("%d threads, peak memory %.0f MiB\n", at::get_num_threads(), oodml::peak_memory_mib());
  return 0;
}
