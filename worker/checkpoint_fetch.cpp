#include "worker/checkpoint_fetch.h"

#include <spdlog/spdlog.h>

#include <cmath>
#include <fstream>
#include <random>

#include "core/base/atomic_file.h"
#include "core/base/replace_folder.h"
#include "core/base/sha256.h"
#include "core/job/limits.h"
#include "worker/left_files.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr auto kPatience = std::chrono::minutes(10);
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
      : session_(session), lease_(leased.lease), from_(*leased.resume_from), run_(run), attempt_(attempt) {}

  Status run() {
    const std::string name = checkpoint_of(from_.files);
    if (name.empty()) return {StatusCode::kDataLoss, "what the coordinator has is no checkpoint"};
    const fs::path checkpoint = run_ / "checkpoints" / (kUnfinished + name);
    const fs::path best = run_ / (std::string(kUnfinished) + kBest);
    for (const fs::path& folder : {checkpoint, best}) OODML_RETURN_IF_ERROR(remove_folder(folder));
    for (const job::StoredFile& file : from_.files) {
      OODML_ASSIGN_OR_RETURN(const fs::path to, landing_place(run_, name, file.path));
      OODML_RETURN_IF_ERROR(take(file, to));
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

  Status take(const job::StoredFile& file, const fs::path& to) {
    OODML_RETURN_IF_ERROR(make_folders(to.parent_path()));
    std::ofstream out(to, std::ios::binary | std::ios::trunc);
    for (std::int64_t offset = 0; offset < file.bytes;) {
      OODML_ASSIGN_OR_RETURN(const std::string data, chunk(file, offset));
      offset += static_cast<std::int64_t>(data.size());
      if (data.empty() || offset > file.bytes) {
        return {StatusCode::kDataLoss, file.path + " does not have the " + std::to_string(file.bytes) +
                                           " bytes that the coordinator promised"};
      }
      if (!out.write(data.data(), static_cast<std::streamsize>(data.size()))) break;
    }
    out.close();
    if (!out) return system_failure("write " + to.string(), errno);
    OODML_ASSIGN_OR_RETURN(const std::string sha256, sha256_hex_of_file(to));
    if (sha256 == file.sha256) return {};
    return {StatusCode::kDataLoss, file.path + " does not have the hash that the coordinator promised"};
  }

  Result<std::string> chunk(const job::StoredFile& file, std::int64_t offset) {
    Backoff backoff(std::chrono::milliseconds(200), std::chrono::seconds(15), std::random_device{}());
    const SteadyTime give_up = session_.clock.steady_now() + kPatience;
    const auto stopped = [&] { return attempt_.stop() != StopReason::kNone || session_.draining.load(); };
    while (true) {
      if (stopped()) return failure(StatusCode::kCancelled, "the attempt is to stop");
      std::string data;
      const Status answer = session_.ask([&] {
        auto got = session_.client.take_chunk(lease_, file.sha256, offset);
        if (got) data = *std::move(got);
        return detail::status_of(got);
      });
      if (answer.ok()) return data;
      if (!may_work_later(answer.code()) || session_.clock.steady_now() >= give_up) return failure(answer);
      session_.pause(backoff.next(), stopped);
    }
  }

  Session& session_;
  const job::Lease& lease_;
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

void say(Session& session, Attempt& attempt, job::EventBody body) {
  const Status told = attempt.spool().append(session.clock.now(), std::move(body), session.clock.steady_now());
  if (!told.ok()) spdlog::warn("an event is not told trial={} error={}", attempt.lease().trial.value, told.message());
}

}  // namespace

void fetch_checkpoint(Session& session, const job::LeasedTrial& leased, const RunDirectory& directory,
                      Attempt& attempt) {
  if (!leased.resume_from || !is_wanted(*leased.resume_from, directory)) return;
  const job::ResumeFrom& from = *leased.resume_from;
  say(session, attempt,
      job::Progress{.epoch = from.epoch,
                    .epochs_total = leased.spec.values.value_or<std::int64_t>("epochs", 0),
                    .loss = NAN,
                    .phase = "fetching"});
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
