#pragma once

#include <functional>
#include <string>
#include <vector>

#include "coordinator/artifacts/content_store.h"
#include "coordinator/artifacts/outputs.h"
#include "coordinator/service/artifacts.h"
#include "coordinator/store/job_store.h"
#include "core/base/clock.h"

namespace oodml::coordinator::artifacts {

/// Uploads into a ContentStore and Outputs, with their names in the database. Each call looks at the lease there first.
class StoredUploads final : public Uploads {
 public:
  /// `output_grew` hears of an attempt that printed something, or nothing more, on the caller's thread.
  StoredUploads(store::JobStore& store, ContentStore& contents, Outputs& outputs, const Clock& clock,
                std::function<void(TrialId)> output_grew)
      : store_(store), contents_(contents), outputs_(outputs), clock_(clock), output_grew_(std::move(output_grew)) {}

  Result<ContentPresence> offer(const job::Lease& lease, const ContentName& content) override;
  Result<ContentPresence> put(const job::Lease& lease, const ContentName& content, std::int64_t offset,
                              std::string_view data) override;
  void publish(const job::Lease& lease, const std::vector<job::StoredFile>& files,
               Reply<std::monostate> reply) override;
  Result<std::int64_t> append_output(const job::Lease& lease, std::int64_t offset, std::string_view data,
                                     bool over) override;
  void note_quiet(const job::Lease& lease) override;
  Result<ContentChunk> take(const job::Lease& lease, const std::string& sha256, std::int64_t offset) override;

 private:
  Status check(const job::Lease& lease);
  Status hold_all(const std::vector<job::StoredFile>& files);

  store::JobStore& store_;
  ContentStore& contents_;
  Outputs& outputs_;
  const Clock& clock_;
  const std::function<void(TrialId)> output_grew_;
};

}  // namespace oodml::coordinator::artifacts
