#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "coordinator/artifacts/content_store.h"
#include "coordinator/artifacts/outputs.h"
#include "coordinator/artifacts/stored_artifacts.h"
#include "coordinator/artifacts/stored_scripts.h"
#include "coordinator/artifacts/stored_uploads.h"
#include "coordinator/store/job_store.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::artifacts {

struct ArtifactOptions {
  std::filesystem::path root;  ///< Empty: beside the database, `<database>.artifacts`.
  ContentLimits limits;
};

std::filesystem::path root_of(const ArtifactOptions& options, const std::filesystem::path& database);

/// The files of one coordinator's trials: contents, outputs and their names behind one opening and one stop. A thread
/// of its own removes what nothing names any more, once an hour.
class ArtifactStore {
 public:
  static Result<std::unique_ptr<ArtifactStore>> open(store::JobStore& store, const ArtifactOptions& options,
                                                     const Clock& clock);
  ~ArtifactStore() { stop(); }

  Artifacts& artifacts() { return artifacts_; }
  Uploads& uploads() { return uploads_; }
  ScriptFiles& scripts() { return scripts_; }
  std::int64_t content_bytes() { return contents_->stored_bytes(); }
  /// Of what processes printed.
  Result<std::int64_t> output_bytes() const { return outputs_.bytes(); }
  /// Answers waits that are over; has things collected when it is time.
  void tick();
  /// Ends all waits, and the thread.
  void stop();
  /// What the thread does.
  Status collect();

 private:
  ArtifactStore(store::JobStore& store, std::unique_ptr<ContentStore> contents, std::filesystem::path root,
                const ArtifactOptions& options, const Clock& clock);
  void run();

  store::JobStore& store_;
  const Clock& clock_;
  const std::unique_ptr<ContentStore> contents_;
  Outputs outputs_;
  StoredArtifacts artifacts_;
  StoredUploads uploads_;
  StoredScripts scripts_;
  std::chrono::steady_clock::time_point next_collection_;  // of tick()'s thread
  std::mutex mutex_;                                       // guards what follows
  std::condition_variable wake_;
  bool due_ = false, stopping_ = false;
  std::thread thread_;
};

}  // namespace oodml::coordinator::artifacts
