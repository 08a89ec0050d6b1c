#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/file_stamp.h"
#include "core/base/result.h"

namespace oodml {

/// The file of --tls-ca while a program runs: authorities are renewed, and what runs for months has to learn of it.
class AuthorityFile {
 public:
  /// `pem`: what was read of it so far.
  AuthorityFile(std::filesystem::path file, std::string pem);

  /// The certificates, when the file was written or replaced since the last look and holds others than before; or why
  /// it cannot be used, once for each time that it changes. Nothing where it is as it was: one stat.
  std::optional<Result<std::string>> look(Time now);

 private:
  const std::filesystem::path file_;
  std::string pem_;
  std::optional<FileStamp> seen_;
};

}  // namespace oodml
