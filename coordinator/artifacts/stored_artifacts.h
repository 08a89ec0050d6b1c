#pragma once

#include <memory>
#include <string>

#include "coordinator/artifacts/content_store.h"
#include "coordinator/artifacts/output_waits.h"
#include "coordinator/artifacts/outputs.h"
#include "coordinator/service/artifacts.h"
#include "coordinator/store/job_store.h"
#include "core/base/clock.h"

namespace oodml::coordinator::artifacts {

/// Artifacts out of the database, a ContentStore and Outputs.
class StoredArtifacts final : public Artifacts {
 public:
  StoredArtifacts(store::JobStore& store, const ContentStore& contents, const Outputs& outputs, const Clock& clock)
      : store_(store), contents_(contents), outputs_(outputs), clock_(clock) {}

  Result<FilesPage> list(const FileSelection& wanted) override;
  Result<ContentChunk> read(TrialId trial, const std::string& sha256, std::int64_t offset) override;
  Result<ContentChunk> read_content(const std::string& sha256, std::int64_t offset) override {
    return contents_.read(sha256, offset);
  }
  std::shared_ptr<Pending> read_output(const OutputQuery& query, Reply<OutputPiece> reply) override;

  /// More of a trial's output came: answers who waits for it.
  void output_grew(TrialId trial);
  /// Answers those whose waiting is over.
  void tick() { waits_->tick(clock_.steady_now()); }
  void stop() { waits_->stop(); }

 private:
  Result<OutputPiece> output_now(const OutputQuery& query) const;

  store::JobStore& store_;
  const ContentStore& contents_;
  const Outputs& outputs_;
  const Clock& clock_;
  const std::shared_ptr<OutputWaits> waits_ = std::make_shared<OutputWaits>();
};

}  // namespace oodml::coordinator::artifacts
