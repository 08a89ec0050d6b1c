#include "core/data/drop_unreadable.h"

#include <atomic>
#include <exception>
#include <optional>
#include <thread>

#include "core/base/printable.h"

namespace oodml::data {
namespace {

/// Why the sample cannot be read, or nothing.
std::optional<std::string> problem_of(const Dataset& dataset, std::size_t sample) {
  const std::int64_t image = dataset.samples[sample].image;
  try {
    const Result<images::Image> loaded = dataset.source->load(image);
    if (!loaded) return loaded.error().message();
    return std::nullopt;
  } catch (const std::exception& error) {  // out of memory, on a thread that has no caller to tell
    return dataset.source->name(image) + ": " + error.what();
  }
}

std::vector<std::optional<std::string>> try_all(const Dataset& dataset, std::int64_t threads) {
  std::vector<std::optional<std::string>> problems(dataset.samples.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < problems.size(); i = next++) problems[i] = problem_of(dataset, i);
  };
  std::vector<std::jthread> helpers;
  for (std::int64_t i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
  helpers.clear();  // joins
  return problems;
}

}  // namespace

Result<Readable> drop_unreadable(std::shared_ptr<const Dataset> dataset, std::int64_t threads) {
  const auto problems = try_all(*dataset, threads);
  auto kept = std::make_shared<Dataset>();
  kept->source = dataset->source;
  kept->class_names = dataset->class_names;
  kept->by_class.resize(dataset->by_class.size());
  Readable readable;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (problems[i]) {
      readable.skipped.push_back(*problems[i]);
      continue;
    }
    const Dataset::Sample& sample = dataset->samples[i];
    kept->by_class[static_cast<std::size_t>(sample.label)].push_back(static_cast<std::int64_t>(kept->samples.size()));
    kept->samples.push_back(sample);
  }
  std::vector<std::string> empty;
  for (std::size_t label = 0; label < kept->by_class.size(); ++label) {
    if (kept->by_class[label].empty()) empty.push_back(kept->class_names[label]);
  }
  if (!empty.empty()) {
    return failure(StatusCode::kDataLoss,
                   "no image can be read of the classes " + name_list(empty) +
                       "; first problem: " + (readable.skipped.empty() ? "they have none" : readable.skipped.front()));
  }
  readable.dataset = std::move(kept);
  return readable;
}

}  // namespace oodml::data
