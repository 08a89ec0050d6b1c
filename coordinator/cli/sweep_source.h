#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// A sweep by what people type: digits only are an id, anything else a name.
Result<v1::SweepRef> sweep_ref(const std::string& text);

/// The file with its `extends:` resolved, as it goes over the wire; "-" reads standard input. `settings` are
/// key=value. kInvalidArgument: the file cannot be read, or a setting has no '='.
Result<v1::SweepText> read_sweep(const std::string& file, const std::vector<std::string>& settings, std::istream& in);

}  // namespace oodml::cli
