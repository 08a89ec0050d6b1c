#include "core/metrics/faiss_version.h"

#include <faiss/Index.h>

namespace oodml::metrics {

std::string faiss_version() {
  return std::to_string(FAISS_VERSION_MAJOR) + "." + std::to_string(FAISS_VERSION_MINOR) + "." +
         std::to_string(FAISS_VERSION_PATCH);
}

}  // namespace oodml::metrics
