#include <torch/types.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/embedding_map/trustworthiness.h"
#include "core/embedding_map/umap.h"
#include "tests/bench/float_file.h"

/// map_bench ROWS N D SEED MAP: the map of N x D numbers in a file of floats, written as N x 2 floats; prints the
/// seconds that it took and its trustworthiness as JSON.
namespace oodml::embedding_map {
namespace {

int run(char** words) {
  const auto rows = rows_of(words[1], std::strtoll(words[2], nullptr, 10), std::strtoll(words[3], nullptr, 10));
  const auto start = std::chrono::steady_clock::now();
  const auto since_start = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::map<std::string, double, std::less<>> begun;  // steps
  const auto begin = [&](std::string_view what, double) { begun.emplace(what, since_start()); };
  const auto map = umap(rows, {.seed = std::strtoull(words[4], nullptr, 10), .progress = begin});
  const double seconds = since_start();
  if (!map) {
    std::fprintf(stderr, "map_bench: %s\n", map.error().message().c_str());
    return 1;
  }
  const auto written = map->to(at::kFloat).contiguous();
  std::ofstream(words[5], std::ios::binary)
      .write(reinterpret_cast<const char*>(written.const_data_ptr<float>()),
             written.numel() * std::int64_t{sizeof(float)});
  std::printf("{\"seconds\": %.3f, \"neighbours\": %.3f, \"start\": %.3f, \"trustworthiness\": %.6f}\n", seconds,
              begun["graph"], begun["map"] - begun["graph"], trustworthiness(rows, *map, 15).value_or(0.0));
  return 0;
}

}  // namespace
}  // namespace oodml::embedding_map

int main(int count, char** words) {
  if (count == 6) return oodml::embedding_map::run(words);
  std::fputs("map_bench ROWS N D SEED MAP\n", stderr);
  return 2;
}
