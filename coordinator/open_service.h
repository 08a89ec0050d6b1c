#pragma once

#include <memory>

#include "coordinator/service.h"
#include "coordinator/submission/planner.h"

namespace oodml::coordinator {

/// open_service with a planner of the caller's own.
Result<std::unique_ptr<Service>> open_service(const ServiceOptions& options, Clock& clock, submission::Planner planner);

}  // namespace oodml::coordinator
