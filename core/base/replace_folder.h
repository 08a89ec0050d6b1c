#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/result.h"

namespace oodml {

/// What stands behind the name of a folder that is just being replaced, where names cannot be exchanged.
inline constexpr std::string_view kReplacedSuffix = ".replaced";

/// Puts the folder `fresh`, whose content is synced, in the place of the folder `target` beside it, if there is one,
/// and removes that. At every moment, and after a power cut, one of the two stands whole under the name of the target;
/// on file systems that cannot exchange names perhaps the old one alone, with kReplacedSuffix behind the name.
Status replace_folder(const std::filesystem::path& fresh, const std::filesystem::path& target);

/// Ends what a killed replace_folder left in `folder`: a name with kReplacedSuffix goes where the new folder stands,
/// and becomes the plain name again where it does not. Nothing to do when there is no such folder.
Status finish_replacements(const std::filesystem::path& folder);

/// The folder with everything in it; no failure when there is none.
Status remove_folder(const std::filesystem::path& folder);

}  // namespace oodml
