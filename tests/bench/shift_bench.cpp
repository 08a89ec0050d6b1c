#include <ATen/CPUGeneratorImpl.h>
#include <benchmark/benchmark.h>

#include <numeric>

#include "core/split_creation/progression.h"

/// Split creation at the sizes of the published benchmarks, features of 2 048 dimensions.
namespace oodml::split_creation {
namespace {

torch::Tensor features(std::int64_t classes) {
  auto generator = at::make_generator<at::CPUGeneratorImpl>(1);
  const auto centres = at::randn({12, 2048}, generator, at::kFloat);
  const auto group = at::randint(12, {classes}, generator, at::kLong);
  return centres.index_select(0, group) + 0.5 * at::randn({classes, 2048}, generator, at::kFloat);
}

/// FID of 98 + 98 classes: with a general matrix square root 45 s.
void fid_of_cars(benchmark::State& state) {
  const auto x = features(98), y = features(98) + 0.01;
  const FidForm form = state.range(0) == 0 ? FidForm::kCheap : FidForm::kExact;
  for (auto unused : state) benchmark::DoNotOptimize(fid(x, y, form));
}
BENCHMARK(fid_of_cars)->Arg(0)->Arg(1)->ArgName("exact")->Unit(benchmark::kMillisecond);

void progression(benchmark::State& state, std::int64_t n, std::int64_t m, const ProgressionOptions& options) {
  const auto means = features(n + m);
  std::vector<std::int64_t> train(static_cast<std::size_t>(n)), test(static_cast<std::size_t>(m));
  std::iota(train.begin(), train.end(), std::int64_t{0});
  std::iota(test.begin(), test.end(), n);
  for (auto unused : state) {
    benchmark::DoNotOptimize(shift_split(means, train, test, options, [](std::string_view, double) {}));
  }
}

void runs_of_cub(benchmark::State& state) { progression(state, 100, 100, {}); }
BENCHMARK(runs_of_cub)->Unit(benchmark::kMillisecond);

/// Twenty iterations of the published run take this ten times, less the start.
void two_iterations_of_online_products(benchmark::State& state) {
  progression(state, 11318, 11316, {.forward = {2, 1000, 5}, .removal = {}, .inverse = {}});
}
BENCHMARK(two_iterations_of_online_products)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace oodml::split_creation

BENCHMARK_MAIN();
