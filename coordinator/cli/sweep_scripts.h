#pragma once

#include <filesystem>
#include <string>

#include "coordinator/cli/files/artifact_client.h"
#include "coordinator/cli/output/json.h"
#include "core/base/result.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// Files of code (TorchScript) that a sweep's trials name travel with it. Puts them into `text`, with their hashes;
/// they lie below `folder`. A text that cannot be planned gets none: what is wrong with it, its plan says. kNotFound,
/// kInvalidArgument: a file is not there, is too large, or is no module that torch.jit wrote.
Status add_scripts(const std::filesystem::path& folder, v1::SweepText& text);

/// Sends the coordinator those that it does not have. kPermissionDenied says who grants the right to.
Status send_scripts(Client& client, const std::filesystem::path& folder, const v1::SweepText& text);

/// For a plan, which sends nothing: kPermissionDenied where the coordinator would refuse them, and who grants the
/// right.
Status check_may_submit_scripts(Client& client, const v1::SweepText& text);

/// "script vit.pt: 3f2a..." a line each, and the same for programs.
std::string scripts_text(const v1::SweepText& text);
Json scripts_json(const v1::SweepText& text);

}  // namespace oodml::cli
