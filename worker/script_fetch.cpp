#include "worker/script_fetch.h"

#include <spdlog/spdlog.h>

#include <system_error>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/catalogue/script_name.h"
#include "worker/content_download.h"

namespace oodml::worker {
namespace fs = std::filesystem;

TrialScripts::~TrialScripts() {
  if (folder_.empty()) return;
  std::error_code error;
  fs::remove_all(folder_, error);  // links, not what they lead to
  if (error) spdlog::warn("links to scripts stay in {}: {}", folder_.string(), error.message());
}

Status TrialScripts::add(const std::string& name, ScriptCache::Hold hold) {
  OODML_RETURN_IF_ERROR(catalogue::check_script_file(name, "a script that the coordinator names"));
  const fs::path link = folder_ / name;
  OODML_RETURN_IF_ERROR(make_folders(link.parent_path()));
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(link, error))) {
    if (fs::read_symlink(link, error) == hold.file()) return {};  // one file, used twice
    return invalid_argument("two scripts of the trial are called " + name + ", and are not the same");
  }
  fs::create_symlink(hold.file(), link, error);
  if (error) return system_failure("make the link " + link.string(), error.value());
  holds_.push_back(std::move(hold));
  return {};
}

Result<TrialScripts> fetch_scripts(Session& session, ScriptCache* cache, const job::LeasedTrial& leased,
                                   const RunDirectory& directory, Attempt& attempt) {
  if (leased.scripts.empty()) return TrialScripts({});
  if (cache == nullptr) {
    return failure(StatusCode::kPermissionDenied,
                   "the trial comes with scripts, code of whoever wrote it, and this worker runs none "
                   "(--allow-scripts)");
  }
  TrialScripts scripts(directory.scripts());
  const auto stopped = [&] { return attempt.stop() != StopReason::kNone || session.draining.load(); };
  for (const job::ScriptFile& script : leased.scripts) {
    const auto fetch = [&](const fs::path& to) {
      say_fetching(session, attempt, leased, 0);
      const Status came = download_content(
          session, attempt, {.name = "script " + script.file, .sha256 = script.sha256, .bytes = script.bytes}, to);
      if (came.ok())
        spdlog::info("fetched script file={} sha256={} bytes={}", script.file, script.sha256, script.bytes);
      return came;
    };
    OODML_ASSIGN_OR_RETURN(ScriptCache::Hold hold, cache->hold(script.sha256, script.bytes, fetch, stopped));
    OODML_RETURN_IF_ERROR(scripts.add(script.file, std::move(hold)));
  }
  return scripts;
}

}  // namespace oodml::worker
