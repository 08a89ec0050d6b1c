#include "worker/checkpoint_fetch.h"

#include <spdlog/spdlog.h>

#include "core/base/atomic_file.h"
#include "core/base/replace_folder.h"
#include "worker/content_download.h"
#include "worker/left_files.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBest = "best";
/// As train::kUnfinishedFolder: a trial's process clears it away.
constexpr const char* kUnfinished = ".unfinished-";

/// Where a file of the set is written first; nothing else is taken.
Result<fs::path> landing_place(const fs::path& run, const std::string& checkpoint, const std::string& path) {
  const fs::path file(path), folder = file.parent_path();
  if (folder == fs::path("checkpoints") / checkpoint) {
    return run / "checkpoints" / (kUnfinished + checkpoint) / file.filename();
  }
  if (folder.parent_path() == kBest) {
    return run / (std::string(kUnfinished) + kBest) / folder.filename() / file.filename();
  }
  return failure(StatusCode::kDataLoss, "'" + path + "' is no file of checkpoint " + checkpoint);
}

class Download {
 public:
  Download(Session& session, const job::LeasedTrial& leased, const fs::path& run, const Attempt& attempt)
      : session_(session), from_(*leased.resume_from), run_(run), attempt_(attempt) {}

  Status run() {
    const std::string name = checkpoint_of(from_.files);
    if (name.empty()) return {StatusCode::kDataLoss, "what the coordinator has is no checkpoint"};
    const fs::path checkpoint = run_ / "checkpoints" / (kUnfinished + name);
    const fs::path best = run_ / (std::string(kUnfinished) + kBest);
    for (const fs::path& folder : {checkpoint, best}) OODML_RETURN_IF_ERROR(remove_folder(folder));
    for (const job::StoredFile& file : from_.files) {
      OODML_ASSIGN_OR_RETURN(const fs::path to, landing_place(run_, name, file.path));
      OODML_RETURN_IF_ERROR(
          download_content(session_, attempt_, {.name = file.path, .sha256 = file.sha256, .bytes = file.bytes}, to));
    }
    OODML_RETURN_IF_ERROR(verify_checkpoint(checkpoint));
    OODML_RETURN_IF_ERROR(put_in_place(best, run_ / kBest));
    return put_in_place(checkpoint, run_ / "checkpoints" / name);
  }

 private:
  static Status put_in_place(const fs::path& fresh, const fs::path& target) {
    std::error_code error;
    if (!fs::exists(fresh, error)) return {};
    OODML_RETURN_IF_ERROR(sync_tree(fresh));
    return replace_folder(fresh, target);
  }

  Session& session_;
  const job::ResumeFrom& from_;
  const fs::path run_;
  const Attempt& attempt_;
};

bool is_wanted(const job::ResumeFrom& from, const RunDirectory& directory) {
  const auto offered = job::checkpoint_place(checkpoint_of(from.files));
  for (const fs::path& earlier : directory.earlier()) {
    const auto here = newest_checkpoint(earlier);
    if (here && offered && here->place >= *offered && verify_checkpoint(earlier / "checkpoints" / here->name).ok()) {
      return false;
    }
  }
  return true;
}

}  // namespace

void fetch_checkpoint(Session& session, const job::LeasedTrial& leased, const RunDirectory& directory,
                      Attempt& attempt) {
  if (!leased.resume_from || !is_wanted(*leased.resume_from, directory)) return;
  const job::ResumeFrom& from = *leased.resume_from;
  say_fetching(session, attempt, leased, from.epoch);
  const Status fetched = Download(session, leased, directory.path(), attempt).run();
  if (fetched.ok()) {
    spdlog::info("goes on from an uploaded checkpoint trial={} attempt={} of={} checkpoint={}",
                 leased.lease.trial.value, leased.lease.attempt, from.attempt, checkpoint_of(from.files));
    return;
  }
  if (fetched.code() == StatusCode::kCancelled) return;
  const std::string message = "the checkpoint of attempt " + std::to_string(from.attempt) +
                              " was not fetched from the coordinator, the trial goes on from what is on this machine, "
                              "or starts over: " +
                              fetched.message();
  spdlog::warn("{} trial={} attempt={}", message, leased.lease.trial.value, leased.lease.attempt);
  say(session, attempt, job::Warning{message});
}

}  // namespace oodml::worker
