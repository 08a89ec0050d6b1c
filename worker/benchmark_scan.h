#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/job/lease.h"

namespace oodml::worker {

/// Looks at what lies under a benchmarks root: every subfolder with something in it is a benchmark, its split ids are
/// those of its split file (splits.json or a published pickle, found as a trial finds it: splits::split_file_in). A
/// file is read again only when its size or time has changed.
class BenchmarkScan {
 public:
  explicit BenchmarkScan(std::filesystem::path root) : root_(std::move(root)) {}

  /// By name. What cannot be read is logged once and left out, as is a benchmark whose name cannot be announced; a root
  /// that cannot be listed has no benchmarks.
  std::vector<job::BenchmarkOnDisk> operator()();

 private:
  struct Known {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;
    std::vector<std::string> split_ids;
  };
  std::vector<std::string> split_ids(const std::filesystem::path& file);

  std::filesystem::path root_;
  void complain_of_names(const std::set<std::string>& names);
  std::map<std::filesystem::path, Known> known_;
  std::set<std::string> strange_;  ///< Names that cannot be announced, as of the last look.
  bool complained_ = false;        ///< Of a root that cannot be listed.
};

}  // namespace oodml::worker
