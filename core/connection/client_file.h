#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/base/result.h"

namespace oodml {

/// A setting of client.toml and where it stands: /home/me/.config/oodml/client.toml:2.
struct FiledSetting {
  std::string value;
  std::string place;
};

/// The keys of a client.toml: `coordinator`, `tls-ca`, and either `token-file` or `token`, each a text, nothing else;
/// files are relative to its folder. A file that is missing has no settings. kInvalidArgument names file, line and
/// column; kFailedPrecondition: it holds a token and others can read it (private_file.h).
Result<std::map<std::string, FiledSetting>> read_client_file(const std::filesystem::path& file);

}  // namespace oodml
