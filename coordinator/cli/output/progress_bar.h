#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "coordinator/cli/output/style.h"

namespace oodml::cli {

/// The parts of a bar, in units of `total`; the rest of it is still to do.
struct BarParts {
  double succeeded = 0;
  double failed = 0;   ///< failed and cancelled
  double running = 0;  ///< counted by how far each is
  double total = 0;
};

/// A bar of exactly `width` columns: full blocks, with eighths where the locale is UTF-8, [###>...] elsewhere.
/// What failed is red, or x in ASCII; a bar is only full when everything has ended.
std::string progress_bar(const BarParts& parts, std::size_t width, const Style& style);

}  // namespace oodml::cli
