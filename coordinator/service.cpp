#include "coordinator/service.h"

#include "coordinator/open_service.h"
#include "core/sweep/sweep.h"

namespace oodml::coordinator {

Result<std::unique_ptr<Service>> open_service(const ServiceOptions& options, Clock& clock) {
  return open_service(options, clock, [](const SweepText& text) {
    return sweep::plan_sweep(text.yaml, {.file_name = text.file_name, .settings = text.overrides});
  });
}

}  // namespace oodml::coordinator
