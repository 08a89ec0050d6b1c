#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "worker/backoff.h"
#include "worker/open_list.h"
#include "worker/upload_folder.h"
#include "worker/upload_wishes.h"

namespace oodml::worker {

/// The files of one attempt on their way to the coordinator, while it runs and after its end: the slot says when it
/// ended, the uploader sends, the output feed tells what it prints, the courier waits for what whoever goes on needs.
class Upload {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Upload(UploadFolder folder, UploadWishes wishes, std::uint64_t seed)
      : sending(seed), folder_(std::move(folder)), wishes_(std::move(wishes)) {}

  const job::Lease& lease() const { return folder_.lease(); }
  const UploadFolder& folder() const { return folder_; }
  const UploadWishes& wishes() const { return wishes_; }

  /// The child is gone, and nothing is written any more. Its end is not told before what it owes lies in the upload
  /// folder, and not before `report_by` unless that is settled.
  void end(job::Outcome outcome, Time report_by) {
    const std::lock_guard lock(mutex_);
    outcome_ = outcome;
    report_by_ = report_by;
  }
  std::optional<job::Outcome> outcome() const {
    const std::lock_guard lock(mutex_);
    return outcome_;
  }
  /// Whether the coordinator may be told of the end: what is owed lies in the upload folder, and the checkpoint that
  /// another attempt goes on from is there, or will not come.
  bool may_report(Time now) const {
    if (settled_.load()) return true;
    if (!put_down_.load()) return false;
    const std::lock_guard lock(mutex_);
    return outcome_ && now >= report_by_;
  }
  /// What is owed for the end lies in the upload folder, as far as the disk took it.
  void note_put_down() { put_down_.store(true); }
  void settle() { settled_.store(true); }
  bool settled() const { return settled_.load(); }

  /// Somebody else has the trial: nothing of this attempt is taken any more.
  void overtake() {
    overtaken_.store(true);
    settle();
  }
  bool overtaken() const { return overtaken_.load(); }

  /// One of the two things that an attempt leaves, its files or its output: where it stands.
  enum class Progress {
    kMoving,  ///< Being sent, or there is nothing of it yet.
    kPutOff,  ///< The coordinator does not take it now, and will be asked later.
    kSent,    ///< The coordinator has all of it.
  };
  void set_files(Progress progress) { files_.store(progress); }
  void set_output(Progress progress) { output_.store(progress); }
  Progress files() const { return files_.load(); }
  Progress output() const { return output_.load(); }
  /// The coordinator has all of it; what is left is to put that down.
  bool sent() const { return files() == Progress::kSent && output() == Progress::kSent; }
  /// Whether waiting a moment longer may help.
  bool is_moving() const {
    return !closed() && (sent() || files() == Progress::kMoving || output() == Progress::kMoving);
  }

  /// It printed nothing; said before its end is told.
  void set_quiet() { quiet_.store(true); }
  bool is_quiet() const { return quiet_.load(); }

  /// The upload folder is gone.
  void close() { closed_.store(true); }
  bool closed() const { return closed_.load(); }

  /// For the trial's events: something a person should know. May be empty.
  void set_warn(std::function<void(const std::string&)> warn) {
    const std::lock_guard lock(mutex_);
    warn_ = std::move(warn);
  }
  void warn(const std::string& message) const {
    std::function<void(const std::string&)> warn;
    {
      const std::lock_guard lock(mutex_);
      warn = warn_;
    }
    if (warn) warn(message);
  }

  /// How the uploader stands with it; nobody else looks at it.
  struct Sending {
    explicit Sending(std::uint64_t seed) : backoff(std::chrono::seconds(1), std::chrono::minutes(10), seed) {}
    std::vector<StagedSet> sets;  ///< That wait, in their order.
    bool staged_end = false;
    std::string staged_checkpoint, published_checkpoint;  ///< Names of the newest ones.
    std::optional<Time> next_checkpoint;
    Time not_before{};
    Backoff backoff;
    std::string refusal;  ///< As said last.
  };
  Sending sending;

 private:
  const UploadFolder folder_;
  const UploadWishes wishes_;
  std::atomic<bool> put_down_{false}, settled_{false}, overtaken_{false}, quiet_{false}, closed_{false};
  std::atomic<Progress> files_{Progress::kMoving}, output_{Progress::kMoving};
  mutable std::mutex mutex_;  // guards all below
  std::optional<job::Outcome> outcome_;
  Time report_by_{};
  std::function<void(const std::string&)> warn_;
};

/// The attempts of which something may still be uploaded.
class UploadList : public OpenList<Upload> {
 public:
  /// Whether some will come to its end if it is given a moment.
  bool is_moving() {
    return std::ranges::any_of(open(), [](const auto& upload) { return upload->is_moving(); });
  }
};

/// For an attempt that begins in this run folder; its wishes are those of its trial.
std::shared_ptr<Upload> begin_upload(const std::filesystem::path& run, const job::Lease& lease, const Params& values);
/// For one of an earlier life of the worker, of which nothing was put down to upload and whose end is not told yet.
/// nullptr: its run folder is not there, or not whole, as after a power cut.
std::shared_ptr<Upload> recover_upload(const std::filesystem::path& runs, const job::HeldLease& held);
/// What earlier lives of the worker left to upload below its run folders. An attempt that had not ended counts as
/// broken off, until its spool says otherwise.
std::vector<std::shared_ptr<Upload>> recover_uploads(const std::filesystem::path& runs);

}  // namespace oodml::worker
