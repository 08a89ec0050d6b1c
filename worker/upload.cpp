#include "worker/upload.h"

#include <spdlog/spdlog.h>

#include <random>

#include "core/base/atomic_file.h"
#include "core/base/replace_folder.h"
#include "core/sweep/sweep.h"
#include "worker/run_directory.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxTrialFile = 1 << 20;

Result<job::TrialSpec> spec_in(const fs::path& run) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(run / "trial.yaml", kMaxTrialFile));
  return sweep::parse_trial_file(text, (run / "trial.yaml").string());
}

Result<std::shared_ptr<Upload>> recover(const fs::path& run) {
  OODML_ASSIGN_OR_RETURN(UploadFolder folder, UploadFolder::open(run));
  OODML_ASSIGN_OR_RETURN(const job::TrialSpec spec, spec_in(run));
  OODML_ASSIGN_OR_RETURN(std::vector<StagedSet> sets, folder.staged());
  const auto end = folder.end();
  auto upload = std::make_shared<Upload>(std::move(folder), upload_wishes(spec.values), std::random_device{}());
  upload->sending.sets = std::move(sets);
  upload->sending.staged_checkpoint = upload->sending.published_checkpoint = upload->folder().published();
  upload->sending.staged_end = end.has_value();
  if (end) upload->note_put_down();
  upload->end(end.value_or(job::Outcome::kInfrastructure), Upload::Time::min());
  return upload;
}

}  // namespace

std::shared_ptr<Upload> begin_upload(const fs::path& run, const job::Lease& lease, const Params& values) {
  return std::make_shared<Upload>(UploadFolder::at(run, lease), upload_wishes(values), std::random_device{}());
}

std::shared_ptr<Upload> recover_upload(const fs::path& runs, const job::HeldLease& held) {
  if (!is_fingerprint(held.fingerprint)) return nullptr;
  const fs::path run = attempt_folder(runs, held.fingerprint, held.lease.attempt);
  if (!is_run_of(run, held.lease.id) || ended_run(run)) return nullptr;
  const auto spec = spec_in(run);
  return spec ? begin_upload(run, held.lease, spec->values) : nullptr;
}

std::vector<std::shared_ptr<Upload>> recover_uploads(const fs::path& runs) {
  std::vector<std::shared_ptr<Upload>> uploads;
  std::error_code error, ignored;
  for (fs::directory_iterator trial(runs, error), end; !error && trial != end; trial.increment(error)) {
    for (fs::directory_iterator run(trial->path(), ignored); !ignored && run != end; run.increment(ignored)) {
      const fs::path folder = run->path() / "upload";
      if (!fs::exists(folder, ignored)) continue;
      if (!fs::exists(folder / "owner.json", ignored)) {  // a kill or power cut while it was made: nothing is in it
        (void)remove_folder(folder);
        continue;
      }
      auto upload = recover(run->path());
      if (upload) {
        uploads.push_back(*std::move(upload));
      } else {
        spdlog::error("what an earlier life was to upload stays where it is folder={} error={}", run->path().string(),
                      upload.error().message());
      }
    }
  }
  if (error) spdlog::error("cannot list run folders folder={} error={}", runs.string(), error.message());
  return uploads;
}

}  // namespace oodml::worker
