// What loader_peers.py asks of oodml: the loader over a folder of images, as a trial uses it.
//   loader_bench FOLDER THREADS IMAGES CACHE_MIB base|red   batches of 56; base: RandomResizedCrop(224), red:
//   RandomCrop(224)
//                                                          of the shorter side made 256; flip, normalise
// Prints a line of JSON: images, seconds, and seconds of processor time; of a second epoch where images are kept.
#include <torch/types.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "core/data/benchmark.h"
#include "core/data/cached_source.h"
#include "core/data/loader.h"
#include "core/data/select_classes.h"

namespace oodml::data {

namespace {

constexpr std::int64_t kBatch = 56;

template <typename T>
T value_or_stop(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "loader_bench: %s\n", result.error().message().c_str());
  std::exit(1);
}

std::shared_ptr<const Dataset> all_images(const std::string& folder, std::int64_t cache_mib) {
  const auto benchmark = value_or_stop(open_benchmark("images", "image_folder", folder));
  std::vector<std::string> names;
  for (const ImageClass& images : benchmark->classes) names.push_back(images.name);
  auto dataset = std::make_shared<Dataset>(*value_or_stop(select_classes(*benchmark, names, 0)));
  if (cache_mib > 0) dataset->source = std::make_shared<CachedSource>(dataset->source, cache_mib << 20);
  return dataset;
}

/// `images` of them in batches, over and over.
std::vector<std::vector<std::int64_t>> batches_of(const Dataset& dataset, std::int64_t images) {
  const auto count = static_cast<std::int64_t>(dataset.samples.size());
  std::vector<std::vector<std::int64_t>> batches;
  for (std::int64_t i = 0; i < images / kBatch * kBatch; ++i) {
    if (i % kBatch == 0) batches.emplace_back();
    batches.back().push_back(i % count);
  }
  return batches;
}

void run(const std::shared_ptr<const Dataset>& dataset, std::int64_t threads, std::int64_t images,
         images::Pipeline pipeline, bool told) {
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t worked = std::clock();
  std::int64_t loaded = 0;
  Loader loader(dataset, {.transform = {.pipeline = pipeline}, .threads = threads}, batches_of(*dataset, images),
                Seeds(1), 0);
  for (Batch batch = value_or_stop(loader.next()); batch.images.defined(); batch = value_or_stop(loader.next())) {
    loaded += batch.images.size(0);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double processor = static_cast<double>(std::clock() - worked) / CLOCKS_PER_SEC;
  if (told) std::printf("{\"images\": %ld, \"seconds\": %.4f, \"processor\": %.4f}\n", loaded, seconds, processor);
}

}  // namespace
}  // namespace oodml::data

int main(int argc, char** argv) {
  const std::string_view pipeline = argc == 6 ? argv[5] : "";
  if (pipeline != "base" && pipeline != "red") {
    std::fprintf(stderr, "usage: loader_bench FOLDER THREADS IMAGES CACHE_MIB base|red\n");
    return 2;
  }
  const std::int64_t threads = std::atoll(argv[2]), images = std::atoll(argv[3]), cache_mib = std::atoll(argv[4]);
  const auto dataset = oodml::data::all_images(argv[1], cache_mib);
  const auto run = [&](bool told) {
    using oodml::images::Pipeline;
    oodml::data::run(dataset, threads, images, pipeline == "base" ? Pipeline::kBase : Pipeline::kRed, told);
  };
  if (cache_mib > 0) run(false);
  run(true);
}
