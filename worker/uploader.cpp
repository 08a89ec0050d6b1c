#include "worker/uploader.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace oodml::worker {
namespace {

constexpr auto kLook = std::chrono::seconds(1);
constexpr auto kNoService = std::chrono::minutes(10);  // an older coordinator may be replaced by a newer one
constexpr const char* kCheckpoint = "checkpoint";

bool is_checkpoint(const StagedSet& set) { return set.name == kCheckpoint; }

/// What another attempt that follows by itself leaves to the last of them.
std::set<job::FileKind> owed_at_end(const UploadWishes& wishes, job::Outcome outcome) {
  if (!job::may_retry(outcome)) return wishes.artifacts;
  if (wishes.artifacts.contains(job::FileKind::kLog)) return {job::FileKind::kLog};
  return {};
}

bool has_no_output(const std::filesystem::path& run) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(run / "log.txt", error);
  return error ? error == std::errc::no_such_file_or_directory : bytes == 0;
}

/// What is to follow goes on from a checkpoint that has not been told.
bool owes_checkpoint(const Upload& upload, job::Outcome outcome) {
  return job::may_retry(outcome) && newest_checkpoint(upload.folder().run()).has_value();
}

}  // namespace

bool end_without_files(Upload& upload, job::Outcome outcome) {
  const std::filesystem::path& run = upload.folder().run();
  if (!has_no_output(run) || owes_checkpoint(upload, outcome)) return false;
  const auto artifacts = artifact_set(run, owed_at_end(upload.wishes(), outcome));
  if (!artifacts || !artifacts->files.empty()) return false;
  if (!note_ended(run, {.outcome = outcome, .is_needed = false}).ok()) return false;
  upload.set_quiet();
  upload.set_files(Upload::Progress::kSent);
  upload.set_output(Upload::Progress::kSent);
  upload.settle();
  upload.close();
  return true;
}

void Uploader::run() {
  const auto ended = [&] { return session_.ended.load(); };
  while (!ended()) {
    session_.bell.wait_until(session_.clock.steady_now() + kLook, [&] { return ended() || has_work(); });
    std::vector<std::shared_ptr<Upload>> uploads = this->uploads();
    std::ranges::stable_partition(uploads, [](const auto& upload) { return upload->outcome().has_value(); });
    for (const auto& upload : uploads) {
      if (ended()) return;
      step(*upload);
    }
  }
}

std::vector<std::shared_ptr<Upload>> Uploader::uploads() const {
  std::vector<std::shared_ptr<Upload>> own = session_.uploads.open();
  std::erase_if(own, [&](const auto& upload) { return !share_.has(upload->lease()); });
  return own;
}

/// Whether something can be done at once. That a running trial has written a checkpoint is seen at the next look.
bool Uploader::has_work() {
  const SteadyTime now = session_.clock.steady_now();
  return std::ranges::any_of(uploads(), [&](const auto& upload) {
    const bool ends = upload->outcome() && !upload->sending.staged_end;
    const bool is_over = upload->outcome() && (upload->overtaken() || upload->sent());
    return is_over || ends || (!upload->sending.sets.empty() && now >= upload->sending.not_before);
  });
}

/// An attempt whose report waits goes before what can take its time.
bool Uploader::has_urgent_work(const Upload& than) {
  const auto waits = [](const Upload& upload) { return upload.outcome() && !upload.settled(); };
  if (waits(than)) return false;
  const SteadyTime now = session_.clock.steady_now();
  return std::ranges::any_of(uploads(),
                             [&](const auto& upload) { return waits(*upload) && now >= upload->sending.not_before; });
}

void Uploader::step(Upload& upload) {
  const auto outcome = upload.outcome();
  if (!outcome) stage_running(upload);
  if (outcome && !upload.sending.staged_end && !upload.overtaken()) stage_end(upload, *outcome);
  if (session_.clock.steady_now() >= upload.sending.not_before && !upload.overtaken()) send(upload);
  settle_if_so(upload);
  if (upload.overtaken()) upload.sending.sets.clear();
  if (!outcome || !upload.sending.sets.empty()) return;
  upload.set_files(Upload::Progress::kSent);
  if (upload.output() == Upload::Progress::kSent || upload.overtaken()) close(upload, *outcome);
}

void Uploader::stage_running(Upload& upload) {
  const auto& every = upload.wishes().every;
  if (!every || upload.overtaken()) return;
  const SteadyTime now = session_.clock.steady_now();
  auto& next = upload.sending.next_checkpoint;
  if (!next) next = now + *every;
  if (now < *next || !upload.sending.sets.empty()) return;
  // One that its trial removes in this moment is made up for by the next look, which finds the one after it.
  if (const Status staged = stage_checkpoint(upload); !staged.ok()) {
    spdlog::debug("checkpoint not staged trial={} error={}", upload.lease().trial.value, staged.message());
  }
  if (!upload.sending.sets.empty()) next = now + *every;
}

/// All that is owed for the end comes to lie in the upload folder, from where it is sent in this life or a later one.
void Uploader::stage_end(Upload& upload, job::Outcome outcome) {
  Status staged;
  if (job::may_retry(outcome) && upload.wishes().checkpoint_at_stop) staged = stage_checkpoint(upload);
  const auto artifacts = artifact_set(upload.folder().run(), owed_at_end(upload.wishes(), outcome));
  if (staged.ok()) staged = detail::status_of(artifacts);
  if (artifacts && !artifacts->files.empty()) {
    auto set = upload.folder().stage(*artifacts);
    if (set) upload.sending.sets.push_back(*std::move(set));
    if (staged.ok()) staged = detail::status_of(set);
  }
  if (staged.ok()) staged = upload.folder().note_end(outcome);
  if (!staged.ok()) {
    spdlog::error("not all of an attempt can be uploaded trial={} attempt={} error={}", upload.lease().trial.value,
                  upload.lease().attempt, staged.message());
  }
  upload.sending.not_before = {};  // what was refused to a running trial is offered once more
  upload.set_files(Upload::Progress::kMoving);
  upload.sending.staged_end = true;
  upload.note_put_down();
}

/// The newest one, in the place of one that waits.
Status Uploader::stage_checkpoint(Upload& upload) {
  Upload::Sending& sending = upload.sending;
  const auto newest = newest_checkpoint(upload.folder().run());
  if (!newest || newest->name == sending.staged_checkpoint) return {};
  OODML_ASSIGN_OR_RETURN(FileSet files, checkpoint_set(upload.folder().run(), *newest));
  OODML_ASSIGN_OR_RETURN(StagedSet set, upload.folder().stage(std::move(files)));
  std::erase_if(sending.sets, is_checkpoint);
  sending.sets.insert(sending.sets.begin(), std::move(set));
  sending.staged_checkpoint = newest->name;
  return {};
}

void Uploader::send(Upload& upload) {
  while (!upload.sending.sets.empty()) {
    const StagedSet set = upload.sending.sets.front();
    const Status answer = ask_sender(upload, set);
    if (answer.code() == StatusCode::kCancelled && !session_.ended) return;  // it goes on after what is urgent
    if (!answer.ok()) return note_failure(upload, answer);
    note_sent(upload, set);
  }
}

Status Uploader::ask_sender(Upload& upload, const StagedSet& set) {
  const auto interrupted = [&] { return session_.ended.load() || has_urgent_work(upload); };
  return session_.ask([&] { return sender_.send(upload.lease(), set, interrupted); });
}

void Uploader::note_sent(Upload& upload, const StagedSet& set) {
  Upload::Sending& sending = upload.sending;
  spdlog::info("uploaded trial={} attempt={} what={} files={}", upload.lease().trial.value, upload.lease().attempt,
               set.name, set.files.size());
  Status removed;
  if (is_checkpoint(set)) {
    sending.published_checkpoint = checkpoint_of(set.files);
    removed = upload.folder().note_published(sending.published_checkpoint);
  }
  if (removed.ok()) removed = upload.folder().remove(set);
  if (!removed.ok()) {
    spdlog::warn("an uploaded set stays and will be offered again error={}", removed.message());
  }
  sending.sets.erase(sending.sets.begin());
  sending.backoff.reset();
  sending.refusal.clear();
  upload.set_files(Upload::Progress::kMoving);
}

void Uploader::note_failure(Upload& upload, const Status& why) {
  Upload::Sending& sending = upload.sending;
  const SteadyTime now = session_.clock.steady_now();
  if (why.code() == StatusCode::kAborted) {
    spdlog::info("uploads end, another attempt has the trial trial={} attempt={}", upload.lease().trial.value,
                 upload.lease().attempt);
    return upload.overtake();
  }
  const bool away = may_work_later(why.code()) && why.code() != StatusCode::kResourceExhausted;
  if (!away && std::exchange(sending.refusal, why.text()) != why.text()) {
    const std::string message = "files are not uploaded: " + why.message();
    spdlog::warn("{} trial={} attempt={}", message, upload.lease().trial.value, upload.lease().attempt);
    upload.warn(message);
  }
  if (why.code() == StatusCode::kDataLoss || why.code() == StatusCode::kInvalidArgument) {
    const StagedSet set = sending.sets.front();  // no further try will do better
    sending.sets.erase(sending.sets.begin());
    (void)upload.folder().remove(set);  // what stays is offered again by a later life, and refused again
    return;
  }
  if (!away) upload.set_files(Upload::Progress::kPutOff);
  sending.not_before = now + (why.code() == StatusCode::kUnimplemented ? Duration(kNoService) : sending.backoff.next());
}

/// The report of an end waits for the checkpoint only, and not for one that is refused.
void Uploader::settle_if_so(Upload& upload) {
  const bool waits = std::ranges::any_of(upload.sending.sets, is_checkpoint);
  if (upload.sending.staged_end && (!waits || upload.files() == Upload::Progress::kPutOff) && !upload.settled()) {
    upload.settle();
    session_.bell.ring();
  }
}

void Uploader::close(Upload& upload, job::Outcome outcome) {
  const auto newest = newest_checkpoint(upload.folder().run());
  const bool elsewhere = !newest || newest->name == upload.sending.published_checkpoint || upload.overtaken();
  Status closed =
      note_ended(upload.folder().run(), {.outcome = outcome, .is_needed = job::may_retry(outcome) && !elsewhere});
  if (closed.ok()) closed = upload.folder().close();
  if (!closed.ok()) spdlog::warn("an upload folder stays for the next start error={}", closed.message());
  upload.close();
  session_.bell.ring();
}

}  // namespace oodml::worker
