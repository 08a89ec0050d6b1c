// evaluate at the sizes of the benchmarks of the field. Beside the time: the peak of the process's memory during it.
#include <ATen/CPUGeneratorImpl.h>
#include <benchmark/benchmark.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "core/metrics/evaluation.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kDimension = 512;

const std::vector<std::string> kEuclidean = {
    "e_recall@1",     "e_recall@2",     "e_recall@4",  "nmi",         "f1",
    "mAP_1000",       "mAP_c",          "dists@intra", "dists@inter", "dists@intra_over_inter",
    "rho_spectrum@1", "rho_spectrum@-1"};
const std::vector<std::string> kFurther = {"mAP",   "mAP_lim",    "c_recall@1", "c_nmi",     "c_f1",
                                           "c_mAP", "c_mAP_1000", "c_mAP_c",    "c_mAP_lim", "rho_spectrum@0"};

std::vector<std::string> both_spaces() {
  std::vector<std::string> names = kEuclidean;
  names.insert(names.end(), kFurther.begin(), kFurther.end());
  return names;
}

struct Set {
  torch::Tensor rows, labels;
};

/// Unit rows around one centre a class.
Set clustered(std::int64_t n, std::int64_t classes) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(1);
  const at::TensorOptions floats(at::kFloat);
  const auto labels = at::arange(n) % classes;
  auto rows = at::randn({classes, kDimension}, generator, floats).index_select(0, labels);
  rows.add_(at::randn({n, kDimension}, generator, floats), 1.5);
  return {rows.div_(rows.norm(2, 1, true)), labels};
}

/// Starts the peak of this process's memory anew.
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0.0;
}

void evaluate_set(benchmark::State& state, const std::vector<std::string>& names) {
  const Set set = clustered(state.range(0), state.range(1));
  forget_peak();
  for (auto _ : state) {
    const auto values = evaluate(set.rows, set.labels, {.metrics = names});
    if (!values) state.SkipWithError(values.error().message().c_str());
  }
  state.counters["peak_MiB"] = peak_mib();
}

void every_metric(benchmark::State& state) { evaluate_set(state, both_spaces()); }
void euclidean_metrics(benchmark::State& state) { evaluate_set(state, kEuclidean); }
void neighbours_only(benchmark::State& state) { evaluate_set(state, {"e_recall@1", "mAP_1000", "mAP_c"}); }
void clusters_only(benchmark::State& state) { evaluate_set(state, {"nmi", "f1"}); }

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Args({5924, 100})->Args({20000, 3700})->Args({60502, 11316});
  bench->ArgNames({"rows", "classes"})->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
}

BENCHMARK(every_metric)->Apply(sizes);
BENCHMARK(euclidean_metrics)->Apply(sizes);
BENCHMARK(neighbours_only)->Apply(sizes);
BENCHMARK(clusters_only)->Apply(sizes);

}  // namespace
}  // namespace oodml::metrics

BENCHMARK_MAIN();
