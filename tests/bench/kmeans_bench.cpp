#include <torch/types.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include "core/metrics/double_kmeans.h"

/// kmeans_bench ROWS N D CLUSTERS LABELS: k-means of N x D numbers in a file of floats, as `nmi` asks for it; writes
/// the label of each row as 8 bytes and prints the seconds, those of processors and the objective as JSON.
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
  const auto start = std::chrono::steady_clock::now();
  const double processor_start = processor_seconds();
  const auto found = double_kmeans(set, Space::kEuclidean, {.clusters = std::strtoll(words[4], nullptr, 10)});
  const double processor = processor_seconds() - processor_start;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (!found) {
    std::fprintf(stderr, "kmeans_bench: %s\n", found.error().message().c_str());
    return 1;
  }
  std::ofstream(words[5], std::ios::binary)
      .write(reinterpret_cast<const char*>(found->assignment.data()),
             std::ssize(found->assignment) * std::int64_t{sizeof(std::int64_t)});
  std::printf("{\"seconds\": %.4f, \"processor_seconds\": %.4f, \"objective\": %.17g}\n", seconds.count(), processor,
              found->objective);
  return 0;
}

}  // namespace
}  // namespace oodml::metrics

int main(int count, char** words) {
  if (count == 6) return oodml::metrics::run(words);
  std::fputs("kmeans_bench ROWS N D CLUSTERS LABELS\n", stderr);
  return 2;
}
