#pragma once

#include <cstdint>
#include <string>

namespace oodml::job {

/// A file of people's own code that travels with a trial: TorchScript.
struct ScriptFile {
  std::string use;     ///< What the trial makes of it: arch or criterion.
  std::string file;    ///< Its name in the trial, relative: losses/anchor.pt
  std::string sha256;  ///< 64 hexadecimal digits.
  std::int64_t bytes = 0;
  friend bool operator==(const ScriptFile&, const ScriptFile&) = default;
};

}  // namespace oodml::job
