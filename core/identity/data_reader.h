#pragma once

#include <compare>
#include <filesystem>
#include <map>
#include <string>

#include "core/identity/file_hashes.h"
#include "core/identity/folder_stamps.h"
#include "core/job/identity.h"
#include "core/splits/split_file.h"
#include "core/splits/split_file_name.h"

namespace oodml::identity {

/// What of a machine's disk a trial reads.
struct TrialReads {
  std::string benchmark;
  std::string split = "default";                     ///< Only other ones are in a file.
  std::string split_file = splits::kUsualSplitFile;  ///< Relative to the benchmark's folder.
  std::string test_benchmark = "none";
  std::string weights;  ///< Name of a file of weights: resnet50-imagenet; empty: none.
  friend auto operator<=>(const TrialReads&, const TrialReads&) = default;
};

/// The hash of what a split file says of one id: the other ids, and whether it is JSON or a pickle, do not matter.
std::string split_hash(const splits::Split& split);

/// Stamps of benchmarks and weights under their names (core/job/identity.h). What cannot be read has none: whoever uses
/// it will say why. Not thread-safe.
class DataReader {
 public:
  /// `memory` as of FileHashes.
  DataReader(std::filesystem::path memory, const Clock& clock)
      : clock_(clock), folders_(clock), files_(std::move(memory), clock) {}

  /// Images and every id of the split file of the benchmark in `folder`.
  void add_benchmark(const std::string& name, const std::filesystem::path& folder, job::DataStamps& stamps);
  void add_weights(const std::string& name, const std::filesystem::path& file, job::DataStamps& stamps);
  /// A program of people's own that runs trials.
  void add_program(const std::string& name, const std::filesystem::path& file, job::DataStamps& stamps);
  /// What the trial's numbers depend on, of benchmarks at <benchmarks>/<name> and weights below `weights`.
  job::DataStamps of_trial(const TrialReads& trial, const std::filesystem::path& benchmarks,
                           const std::filesystem::path& weights);

 private:
  struct SplitFile {
    FileStamp stamp{};
    std::map<std::string, std::string> hashes;  ///< by id
  };
  void add_images(const std::string& name, const std::filesystem::path& folder, job::DataStamps& stamps);
  const std::map<std::string, std::string>& split_hashes(const std::filesystem::path& file);

  const Clock& clock_;
  FolderStamps folders_;
  FileHashes files_;
  std::map<std::string, SplitFile> split_files_;  ///< by path
};

}  // namespace oodml::identity
