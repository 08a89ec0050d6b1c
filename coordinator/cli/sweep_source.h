#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// A sweep by what people type: digits only are an id, anything else a name.
Result<v1::SweepRef> sweep_ref(const std::string& text);

/// Where a sweep comes from, as people type it.
struct SweepSource {
  std::string file;                        ///< "-" reads standard input.
  std::vector<std::string> settings;       ///< --set KEY=VALUE
  std::vector<std::string> file_settings;  ///< --set-file KEY=FILE
  std::filesystem::path scripts_folder;    ///< Of files of code that trials name; empty: that of the sweep file.
  bool scripts_on_workers = false;         ///< They lie there, and do not travel.
};

/// Largest file of --set-file, in bytes.
inline constexpr std::uint64_t kMaxSettingFile = 60'000;

/// Where files of code are that the sweep names.
std::filesystem::path scripts_folder(const SweepSource& source);

/// The sweep as it goes over the wire, with the files that it names put in, and the hashes of those of code. What --set
/// says of a key wins over
/// --set-file. kInvalidArgument: a file cannot be read, or a setting has no '='.
Result<v1::SweepText> read_sweep(const SweepSource& source, std::istream& in);

}  // namespace oodml::cli
