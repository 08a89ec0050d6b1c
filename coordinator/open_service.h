#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "coordinator/artifacts/artifact_store.h"
#include "coordinator/scheduling/changes.h"
#include "coordinator/service/retention.h"
#include "coordinator/service/service.h"
#include "coordinator/store/writer.h"
#include "coordinator/submission/planner.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator {

struct ServiceOptions {
  std::filesystem::path database;  ///< Opened and locked; made when missing.
  LeaseTerms terms;
  artifacts::ArtifactOptions artifacts;
  RetentionTerms retention;
  int reader_threads = 2;
  std::filesystem::path webhooks;   ///< Who is told of what (telling/hooks.h); empty: nobody.
  bool accept_damaged_log = false;  ///< Go on without what a damaged write-ahead log had confirmed; else refused.
  bool read_only = false;  ///< Show what the database holds: it is neither locked nor changed, and may have an owner.
  /// Called when the database's disk fails under a write, from any thread: a program logs it and ends, so that nothing
  /// is answered that may not be on disk. What the kernel could not write once it may have dropped, so trying again
  /// proves nothing; the next start reads what is there. Needed.
  std::function<void(const Status&)> disk_failed;
  // Those who count; what they use outlives the service.
  store::Committed committed;                      ///< Told of each commit; may be empty.
  scheduling::ChangeListener* listener = nullptr;  ///< Told of what became durable, before all others; null: nobody.
};

/// kFailedPrecondition: another process owns the database, it is on a network file system, or its schema is newer (of
/// a read-only one: another). kNotFound: a database to be read only is not there.
Result<std::unique_ptr<Service>> open_service(const ServiceOptions& options, Clock& clock, submission::Planner planner);

}  // namespace oodml::coordinator
