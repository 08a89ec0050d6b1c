#include <ATen/Parallel.h>
#include <torch/types.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include "core/embedding_map/near_rows.h"
#include "tests/bench/float_file.h"

/// near_rows_bench ROWS N D K THREADS FOUND: the K nearest other rows of each of N x D floats in a file, written as
/// N x K int64; prints the seconds that it took, and those on the processors, as JSON.
namespace oodml::embedding_map {
namespace {

int run(char** words) {
  const auto rows = rows_of(words[1], std::strtoll(words[2], nullptr, 10), std::strtoll(words[3], nullptr, 10));
  at::set_num_threads(static_cast<int>(std::strtol(words[5], nullptr, 10)));
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu_start = std::clock();
  const NearRows near = near_rows(rows.to(at::kDouble), std::strtoll(words[4], nullptr, 10));
  const double cpu_seconds = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::ofstream(words[6], std::ios::binary)
      .write(reinterpret_cast<const char*>(near.rows.data()),
             static_cast<std::streamsize>(near.rows.size() * sizeof(std::int64_t)));
  std::printf("{\"seconds\": %.4f, \"cpu_seconds\": %.4f}\n", seconds, cpu_seconds);
  return 0;
}

}  // namespace
}  // namespace oodml::embedding_map

int main(int count, char** words) {
  if (count == 7) return oodml::embedding_map::run(words);
  std::fputs("near_rows_bench ROWS N D K THREADS FOUND\n", stderr);
  return 2;
}
