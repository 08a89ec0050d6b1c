#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/cli/report/options.h"
#include "coordinator/cli/report/runs.h"

namespace oodml::cli::report::nir {

inline constexpr const char* kRecall = "test:e_recall@1";
inline const std::vector<std::string> kFigures = {kRecall, "test:e_recall@2", "test:e_recall@4", "test:nmi",
                                                  "test:mAP_1000"};

/// Runs that differ in the seed alone.
struct Setting {
  std::string benchmark, method;
  std::map<std::string, std::string> others;  ///< Labels of the axes that vary, but benchmark, method and seed.
  bool is_plain = false;                      ///< A proxy loss without the regulariser, or what --baseline names.
  std::size_t expected = 0;
  std::vector<const Run*> runs;

  std::string others_text() const;  ///< "128, double"
  std::string title() const;        ///< "NIR, 128, double"
};

/// By benchmark (CUB, CARS, SOP first), in the order of the sweeps. Without --baseline the plain ones are those whose
/// criterion is not `nir`.
std::vector<Setting> settings_of(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options);

/// The plain setting that another one is compared with: of its benchmark, and alike in as many other labels as any;
/// nullptr where there is none.
const Setting* plain_of(const std::vector<Setting>& settings, const Setting& setting);

/// Mean R@1 over the runs that have it at the epoch, epochs ascending; NaN are holes of single runs.
Course mean_course(const Setting& setting);

/// The first epoch from 1 on at which the run's R@1 is at least `wanted`.
std::optional<std::int64_t> epochs_to(const Run& run, double wanted);

}  // namespace oodml::cli::report::nir
