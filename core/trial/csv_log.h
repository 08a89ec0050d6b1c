#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/trial/figure_log.h"

namespace oodml::trial {

/// `<folder>/Data_<sub>_<group>.csv`, as the references name them: a header of segment names, then a row an epoch. Ours
/// begin with the epoch, because an evaluation may leave some out. NaN is an empty field.
class CsvLog final : public FigureLog {
 public:
  /// Makes the folder and removes the Data_*.csv of an earlier attempt.
  static Result<std::unique_ptr<FigureLog>> open(const std::filesystem::path& folder);

  Status add(const job::Metric& figure) override;
  Status flush() override;

 private:
  struct Table {
    std::vector<std::string> segments;
    std::map<std::int64_t, std::map<std::string, double>> rows;  ///< by epoch, then segment
    bool changed = false;
  };
  explicit CsvLog(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
  std::map<std::string, Table> tables_;  ///< by file name
};

}  // namespace oodml::trial
