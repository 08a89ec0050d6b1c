#pragma once

#include <optional>
#include <string>

namespace oodml::cli::report {

/// Where a split of a published split file stands in the progression that it was taken from.
struct PublishedSplit {
  const char* benchmark;
  const char* id;
  double iteration;  ///< Pairs exchanged, negative in the inverse run; 0 is the default split. Of the removal run: its
                     ///< own.
  bool removes_classes;  ///< By the removal run.
  double fid;
};

/// By id and FID, which must agree to a hundredth; nullptr for other splits of these names.
/// Source: docs/splits.md#published-runs; Milbich et al., NeurIPS 2021.
const PublishedSplit* published_split(const std::string& benchmark, const std::string& id,
                                      const std::optional<double>& fid);

}  // namespace oodml::cli::report
