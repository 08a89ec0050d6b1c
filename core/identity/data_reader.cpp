#include "core/identity/data_reader.h"

#include "core/identity/short_hash.h"
#include "core/identity/weights_file.h"
#include "core/job/program.h"

namespace oodml::identity {

std::string split_hash(const splits::Split& split) {
  return short_hash(splits::to_json({.benchmark = "", .splits = {split}}));
}

void DataReader::add_images(const std::string& name, const std::filesystem::path& folder, job::DataStamps& stamps) {
  if (auto hash = folders_.of(folder)) stamps[job::images_of(name)] = *std::move(hash);
}

void DataReader::add_benchmark(const std::string& name, const std::filesystem::path& folder, job::DataStamps& stamps) {
  add_images(name, folder, stamps);
  for (const auto& [id, hash] : split_hashes(splits::split_file_in(folder))) stamps[job::split_of(name, id)] = hash;
}

void DataReader::add_weights(const std::string& name, const std::filesystem::path& file, job::DataStamps& stamps) {
  if (auto hash = files_.of(file)) stamps[job::weights_named(name)] = *std::move(hash);
}

void DataReader::add_program(const std::string& name, const std::filesystem::path& file, job::DataStamps& stamps) {
  if (auto hash = files_.of(file)) stamps[job::program_named(name)] = *std::move(hash);
}

job::DataStamps DataReader::of_trial(const TrialReads& trial, const std::filesystem::path& benchmarks,
                                     const std::filesystem::path& weights) {
  job::DataStamps stamps;
  const std::filesystem::path folder = benchmarks / trial.benchmark;
  add_images(trial.benchmark, folder, stamps);
  if (trial.test_benchmark != "none") add_images(trial.test_benchmark, benchmarks / trial.test_benchmark, stamps);
  if (trial.split != "default") {
    const auto& hashes = split_hashes(splits::split_file_in(folder, trial.split_file));
    // A file of its own is not what others mean by the benchmark's split.
    const bool is_usual = trial.split_file == TrialReads{}.split_file;
    const std::string what = job::split_of(trial.benchmark, trial.split) + (is_usual ? "" : " in " + trial.split_file);
    if (const auto hash = hashes.find(trial.split); hash != hashes.end()) stamps[what] = hash->second;
  }
  if (!trial.weights.empty()) {
    if (const auto file = weights_file(weights, trial.weights)) add_weights(trial.weights, *file, stamps);
  }
  return stamps;
}

const std::map<std::string, std::string>& DataReader::split_hashes(const std::filesystem::path& file) {
  const auto stamp = file_stamp(file);
  SplitFile& known = split_files_[file.native()];
  if (stamp && stamp == known.stamp) return known.hashes;
  known = {};
  const auto whole = stamp ? splits::read_split_file(file) : Result<splits::SplitFile>(not_found("no split file"));
  if (!whole) return known.hashes;
  for (const splits::Split& split : whole->splits) known.hashes[split.id] = split_hash(split);
  if (is_settled(*stamp, clock_.now())) known.stamp = *stamp;
  return known.hashes;
}

}  // namespace oodml::identity
