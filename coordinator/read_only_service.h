#pragma once

#include <memory>

#include "coordinator/open_service.h"
#include "coordinator/service/service.h"
#include "coordinator/submission/planner.h"

namespace oodml::coordinator {

/// A Service that shows what a database holds and refuses every change and every worker. The database may be another
/// process's at the same time; what that one knows besides (progress, workers, why trials wait) is not shown.
Result<std::unique_ptr<Service>> open_read_only_service(const ServiceOptions& options, Clock& clock,
                                                        submission::Planner planner);

}  // namespace oodml::coordinator
