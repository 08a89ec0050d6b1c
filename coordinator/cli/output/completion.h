#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::cli {

/// One command as a shell needs to know it.
struct CompletionCommand {
  std::string name;
  std::string summary;
  std::vector<std::string> flags;  ///< --trial, -f, ...; global ones included
  std::vector<std::string> words;  ///< What its arguments can be; empty: unknown.
  bool takes_file = false;
  std::string ids;  ///< What else they can be, as `oodml complete` lists it: sweeps, trials, workers; empty: nothing.
};

/// The completion script for bash, zsh or fish; kInvalidArgument for another shell.
Result<std::string> completion_script(const std::string& shell, const std::vector<CompletionCommand>& commands);

}  // namespace oodml::cli
