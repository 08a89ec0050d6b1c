#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"
#include "core/base/ids.h"

namespace oodml::coordinator {

/// Which courses of a sweep's trials are read.
struct CourseQuery {
  SweepRef sweep;
  std::vector<std::string> figures;  ///< SET:METRIC, or the beginning of one and a *; empty: all.
  TrialId after;                     ///< Paging: trials with larger ids.
};

/// A figure over the epochs of one trial's present run, epochs ascending.
struct CourseView {
  std::size_t figure = 0;  ///< Its place in CoursePage::figures.
  std::vector<std::int64_t> epochs;
  std::vector<double> values;  ///< NaN where it was measured as such.
};

struct TrialCourses {
  TrialView trial;
  job::TrialSpec spec;
  std::vector<CourseView> courses;
};

/// A page of a sweep's trials by id, those without any course as well.
struct CoursePage {
  SweepView sweep;
  std::vector<std::string> axes;
  std::vector<std::string> figures;  ///< "test:e_recall@1"; NAME/EMBEDS for embeddings other than the usual one.
  std::vector<TrialCourses> trials;
  std::int64_t next_after = 0;  ///< 0: there are no more.
};

}  // namespace oodml::coordinator
