#pragma once

#include "worker/content_sender.h"
#include "worker/session.h"
#include "worker/share.h"

namespace oodml::worker {

/// Ends an attempt, which no uploader knows yet, of which nothing is to be sent. False, and nothing has happened: it
/// left something, or may have.
bool end_without_files(Upload& upload, job::Outcome outcome);

/// Sends files of attempts to the coordinator, one chunk after the other, on a thread of its own for its share of them:
/// checkpoints while a trial runs, and at its end the checkpoint that another attempt goes on from and what the trial's
/// `artifacts` say. What ends comes before what runs. Nothing waits for it but the report of an attempt that is to go
/// on elsewhere (Upload::may_report).
class Uploader {
 public:
  Uploader(Session& session, const std::filesystem::path& artifact_root, Share share = {})
      : session_(session), share_(share), sender_(session.client, artifact_root) {}

  /// Until the session has ended.
  void run();

 private:
  void step(Upload& upload);
  void stage_running(Upload& upload);
  void stage_end(Upload& upload, job::Outcome outcome);
  Status stage_checkpoint(Upload& upload);
  void send(Upload& upload);
  Status ask_sender(Upload& upload, const StagedSet& set);
  void note_sent(Upload& upload, const StagedSet& set);
  void note_failure(Upload& upload, const Status& why);
  void settle_if_so(Upload& upload);
  void close(Upload& upload, job::Outcome outcome);
  bool has_work();
  bool has_urgent_work(const Upload& than);

  std::vector<std::shared_ptr<Upload>> uploads() const;

  Session& session_;
  const Share share_;
  ContentSender sender_;
};

}  // namespace oodml::worker
