#pragma once

#include <string>

namespace oodml::metrics {

/// "1.7.3": of the FAISS that this program was built with.
std::string faiss_version();

}  // namespace oodml::metrics
