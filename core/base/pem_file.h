#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace oodml {

enum class PemKind { kCertificate, kPrivateKey };

/// The text of a PEM file of at most 1 MiB with at least one such entry; several certificates are a chain, or several to
/// trust. kInvalidArgument, with the file, when it holds none; else as read_file.
Result<std::string> read_pem_file(const std::filesystem::path& file, PemKind kind);

}  // namespace oodml
