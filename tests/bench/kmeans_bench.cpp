#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include "core/metrics/double_kmeans.h"

/// kmeans_bench ROWS N D CLUSTERS LABELS RUNS: k-means of N x D numbers in a file of floats, as `nmi` asks for it;
/// writes the label of each row as 8 bytes and prints the seconds, those of processors (of several runs the least) and
/// the objective as JSON.
namespace oodml::metrics {
namespace {

LabelledSet set_of(const char* file, std::int64_t n, std::int64_t dim) {
  auto rows = at::empty({n, dim}, at::kFloat);
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char*>(rows.mutable_data_ptr<float>()), n * dim * std::int64_t{sizeof(float)});
  return LabelledSet::make(rows, at::zeros({n}, at::kLong)).value();
}

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

int run(char** words) {
  const LabelledSet set = set_of(words[1], std::strtoll(words[2], nullptr, 10), std::strtoll(words[3], nullptr, 10));
  const KmeansOptions options{.clusters = std::strtoll(words[4], nullptr, 10)};
  double seconds = 1e9, processor = 1e9;
  for (int left = std::atoi(words[6]); left > 0; --left) {
    const auto start = std::chrono::steady_clock::now();
    const double processor_start = processor_seconds();
    const auto found = double_kmeans(set, Space::kEuclidean, options);
    processor = std::min(processor, processor_seconds() - processor_start);
    seconds = std::min(seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    if (!found) {
      std::fprintf(stderr, "kmeans_bench: %s\n", found.error().message().c_str());
      return 1;
    }
    if (left > 1) continue;
    std::ofstream(words[5], std::ios::binary)
        .write(reinterpret_cast<const char*>(found->assignment.data()),
               std::ssize(found->assignment) * std::int64_t{sizeof(std::int64_t)});
    std::printf("{\"seconds\": %.4f, \"processor_seconds\": %.4f, \"objective\": %.17g}\n", seconds, processor,
                found->objective);
  }
  return 0;
}

}  // namespace
}  // namespace oodml::metrics

int main(int count, char** words) {
  if (count == 7) return oodml::metrics::run(words);
  std::fputs("kmeans_bench ROWS N D CLUSTERS LABELS RUNS\n", stderr);
  return 2;
}
