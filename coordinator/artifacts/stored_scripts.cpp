#include "coordinator/artifacts/stored_scripts.h"

#include "core/base/zip.h"
#include "core/job/limits.h"

namespace oodml::coordinator::artifacts {
namespace {

Status check_size(const ContentName& content) {
  if (content.bytes <= job::kMaxScriptBytes) return {};
  return invalid_argument("bytes: a script of " + std::to_string(content.bytes) + " bytes; at most " +
                          std::to_string(job::kMaxScriptBytes) + " are taken");
}

}  // namespace

Result<ContentPresence> StoredScripts::offer(const ContentName& content) {
  OODML_RETURN_IF_ERROR(check_size(content));
  return contents_.offer(content);
}

Result<ContentPresence> StoredScripts::put(const ContentName& content, std::int64_t offset, std::string_view data) {
  OODML_RETURN_IF_ERROR(check_size(content));
  return contents_.put(content, offset, data);
}

Result<std::int64_t> StoredScripts::hold(const std::string& sha256) {
  OODML_ASSIGN_OR_RETURN(const ContentChunk start, contents_.read(sha256, 0));
  if (!start.data.starts_with(kZipStart)) {
    return invalid_argument("content " + sha256 + " is no archive that torch.jit.save wrote");
  }
  OODML_ASSIGN_OR_RETURN(const bool whole, contents_.hold({.sha256 = sha256, .bytes = start.bytes}));
  if (!whole) return not_found("content " + sha256 + " is not in the store any more");
  return start.bytes;
}

}  // namespace oodml::coordinator::artifacts
