#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/params.h"
#include "core/base/result.h"

namespace oodml::catalogue {

/// The backbone and the criterion that are a file, and how an arch begins that names the file:
/// script:FILE.pt_frozen_normalize.
inline constexpr std::string_view kScript = "script", kScriptPrefix = "script:";

/// Whether a trial of the core runs code of people's own.
bool names_scripts(const Params& trial);

/// A file of code that a trial names.
struct NamedScript {
  std::string use;       ///< What the trial makes of it: arch or criterion.
  std::string file;      ///< vit.pt, losses/anchor.pt
  std::string hash_key;  ///< The trial's key that says what is in it.
  std::string sha256;    ///< What it says; empty: nothing.
};
/// Those of a trial, at most one for each use; of names that are no file's none.
std::vector<NamedScript> named_scripts(const Params& trial);

/// Whether a trial may name that file: a path below the folder of scripts, of letters, digits, '.', '_', '-' and '/',
/// that does not climb and ends in .pt. `who` starts the message.
Status check_script_file(std::string_view file, std::string_view who);

/// How many characters of `text`, an arch without its kScriptPrefix, name the file: up to the last .pt that ends it or
/// has a modifier behind it. kInvalidArgument as check_script_file.
Result<std::size_t> script_file_length(std::string_view text);

/// Whether a trial may say that of a file: nothing, or 64 hexadecimal digits in lower case.
Status check_script_hash(std::string_view hash, std::string_view who);

}  // namespace oodml::catalogue
