#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/kinds.h"
#include "core/base/result.h"

namespace oodml::cli::report {

/// A report that can be asked for.
struct Kind {
  std::string name;                  ///< As people type it.
  std::string title, summary;        ///< Of the page; for the help.
  std::vector<std::string> figures;  ///< What it reads, as in v1::ReadCoursesRequest.
  Choice choice;                     ///< Its study's rule: which value of a run counts unless another is asked for.
  Document (*make)(const std::vector<Run>& runs, const ReportOptions& options);
};

const std::vector<Kind>& kinds();
std::vector<std::string> kind_names();

/// By name. kInvalidArgument lists those there are.
Result<const Kind*> find_kind(const std::string& name);

/// What trials with these recipes and axes are reported as: a sweep with shots few-shot, else its recipe's own kind,
/// else oodml where it has an axis of splits. kInvalidArgument lists the kinds where that does not decide it.
Result<const Kind*> guess_kind(const std::vector<std::string>& recipes, const std::vector<std::string>& axes);

}  // namespace oodml::cli::report
