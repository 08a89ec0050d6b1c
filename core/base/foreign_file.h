#pragma once

#include <filesystem>
#include <string_view>

namespace oodml {

/// What lies under a file's name instead of what ought to, for messages: "an HTML page", "a Git LFS pointer: ...",
/// "a HEIC image", "a gzip file". Known by the first bytes; empty when none of these kinds begins so. Who reads one of
/// the kinds asks only after his own bytes were not there.
std::string_view foreign_kind(std::string_view bytes);

/// The same of the beginning of a file; empty too where it cannot be read.
std::string_view foreign_kind_of_file(const std::filesystem::path& path);

/// Whether the beginning is that of a text: UTF-8 without control characters but line ends and tabs.
bool looks_like_text(std::string_view bytes);

}  // namespace oodml
