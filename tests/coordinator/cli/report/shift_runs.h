#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "tests/coordinator/cli/report/study_runs.h"

namespace oodml::cli::report {

/// A run of the shift study on cub200 with one epoch: R@1 and the split's FID.
inline Run shifted(const std::string& method, const std::string& split, double fid, std::int64_t seed, double recall) {
  Run run = run_of("cub200", method, seed);
  run.split = split;
  run.labels["split"] = split;
  run.group = "CUB_ID-" + split + "_" + method;
  with(run, "test:e_recall@1", {recall});
  with_final(run, "test:fid", fid, 0);
  run.fid = fid;
  return run;
}

/// Two methods, three splits, two seeds.
inline std::vector<Run> small_study() {
  std::vector<Run> runs;
  for (std::int64_t seed = 0; seed < 2; ++seed) {
    const double more = 0.02 * static_cast<double>(seed);
    runs.push_back(shifted("ArcFace", "1", 10.0, seed, 0.8 + more));
    runs.push_back(shifted("ArcFace", "2", 20.0, seed, 0.6 + more));
    runs.push_back(shifted("ArcFace", "3", 50.0, seed, 0.2 + more));
    runs.push_back(shifted("S2SD", "1", 10.0, seed, 0.9 + more));
    runs.push_back(shifted("S2SD", "2", 20.0, seed, 0.8 + more));
    runs.push_back(shifted("S2SD", "3", 50.0, seed, 0.6 + more));
  }
  return runs;
}

inline bool mentions(const std::vector<std::string>& lines, const std::string& part) {
  for (const std::string& line : lines) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace oodml::cli::report
