#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "coordinator/service/artifacts.h"
#include "core/base/result.h"

namespace oodml::coordinator {

/// What those hear who may not submit code: who grants the right, and how (rpc/tokens.h).
inline Status no_right_to_scripts(const std::string& who) {
  return {StatusCode::kPermissionDenied,
          who +
              " may not submit scripts, which are code that workers run: whoever keeps the coordinator's token file " +
              "grants it, by submitter+scripts in place of submitter (or operator+scripts) in the token's line"};
}

/// Files of code that come before the sweep that names them. What no trial names within hours goes again. Safe from any
/// thread; calls take as long as the disk does. A full disk or quota is kResourceExhausted, and loses nothing.
class ScriptFiles {
 public:
  virtual ~ScriptFiles() = default;
  /// How much of a file is there already. kInvalidArgument: it is larger than job::kMaxScriptBytes.
  virtual Result<ContentPresence> offer(const ContentName& content) = 0;
  /// As Uploads::put.
  virtual Result<ContentPresence> put(const ContentName& content, std::int64_t offset, std::string_view data) = 0;
  /// Bytes of a whole file, which is kept for some hours from now on so that a submission may name it. kNotFound: it is
  /// not there; kInvalidArgument: it is no archive that torch.jit.save may have written.
  virtual Result<std::int64_t> hold(const std::string& sha256) = 0;
};

}  // namespace oodml::coordinator
