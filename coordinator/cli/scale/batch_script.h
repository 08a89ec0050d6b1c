#pragma once

#include <string>
#include <string_view>

#include "coordinator/cli/scale/scale_config.h"

namespace oodml::cli::scale {

/// The script of a job, where the configuration names no other. What stands in {{...}} is filled in, quoted for the
/// shell.
extern const char* const kDefaultScript;

/// kInvalidArgument: a {{...}} that is not known, or no {{worker}}.
Status check_template(std::string_view script);

/// The script of jobs of a profile.
std::string batch_script(const ScaleConfig& config, const Profile& profile);

/// One word of a shell's command line that means exactly this text.
std::string shell_quoted(std::string_view text);

}  // namespace oodml::cli::scale
