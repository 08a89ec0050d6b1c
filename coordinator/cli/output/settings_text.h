#pragma once

#include <string>

#include "coordinator/cli/output/json.h"
#include "oodml/v1/sharing.pb.h"

namespace oodml::cli {

/// What `oodml priority` and `oodml limit` say: the settings as they are now.
std::string priority_text(const v1::ChangeReply& reply);
std::string limits_text(const v1::ChangeReply& reply);

/// `oodml whoami`.
std::string whoami_text(const v1::WhoAmIReply& reply);
Json json_of(const v1::WhoAmIReply& reply);

}  // namespace oodml::cli
