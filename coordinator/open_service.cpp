#include "coordinator/open_service.h"

#include <utility>

#include "coordinator/census.h"
#include "coordinator/read_only_service.h"
#include "coordinator/scheduling/lease_manager.h"
#include "coordinator/scheduling/sharing_service.h"
#include "coordinator/scheduling/token_owners.h"
#include "coordinator/service/leases.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/service/token_owners.h"
#include "coordinator/store/job_store.h"
#include "coordinator/submission/sweep_service.h"
#include "coordinator/submission/watch_hub.h"
#include "coordinator/telling/hooks.h"
#include "coordinator/telling/lookout.h"
#include "coordinator/telling/post.h"
#include "coordinator/telling/teller.h"
#include "coordinator/upkeep/upkeep_service.h"

namespace oodml::coordinator {
namespace {

std::optional<std::int64_t> free_bytes(const std::filesystem::path& folder) {
  std::error_code error;
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
  return error ? std::nullopt : std::optional(static_cast<std::int64_t>(space.available));
}

std::vector<scheduling::ChangeListener*> with(scheduling::ChangeListener* first,
                                              std::vector<scheduling::ChangeListener*> others) {
  if (first != nullptr) others.insert(others.begin(), first);
  return others;
}

class StoredService final : public Service {
 public:
  StoredService(std::unique_ptr<store::JobStore> store, std::unique_ptr<artifacts::ArtifactStore> artifacts,
                const ServiceOptions& options, Clock& clock, submission::Planner planner)
      : store_(std::move(store)),
        artifacts_(std::move(artifacts)),
        owners_(*store_, clock),
        hub_(*store_),
        lookout_(*store_, [folder = store_->path().parent_path()] { return free_bytes(folder); }),
        listeners_(with(options.listener, {&lookout_, &hub_})),
        leases_(std::make_shared<scheduling::LeaseManager>(*store_, clock, options.terms, listeners_)),
        sharing_(*store_, clock, *leases_),
        sweeps_(*store_, artifacts_->scripts(), clock, std::move(planner), *leases_, hub_,
                {.apply = [this](const std::vector<store::Situation>& changed) { leases_->apply(changed); },
                 .expect = [this](std::vector<TrialId> trials) { leases_->expect(std::move(trials)); },
                 .arrive = [this](std::vector<store::Situation> arrived) { leases_->arrive(std::move(arrived)); },
                 .have_arrived = [this] { leases_->have_arrived(); }}),
        upkeep_(*store_, clock, options.retention, [this] { return artifacts_->output_bytes(); }),
        teller_(*store_, clock, lookout_, [this] { return leases_->workers(); }, telling::make_http_post()) {
    hub_.set_live(*leases_);
  }

  /// The store goes first: its writer commits what waits, and the replies find everything else still there.
  ~StoredService() override {
    teller_.stop();
    leases_->stop();
    hub_.stop();
    artifacts_->stop();
    upkeep_.stop();
    store_.reset();
  }

  Status recover(std::filesystem::path webhooks) {
    webhooks_ = std::move(webhooks);
    OODML_RETURN_IF_ERROR(reload());
    OODML_RETURN_IF_ERROR(owners_.recover());
    OODML_RETURN_IF_ERROR(leases_->recover());
    teller_.start();
    return Status();
  }
  Status reload() override {
    if (webhooks_.empty()) return Status();
    OODML_ASSIGN_OR_RETURN(std::vector<telling::Hook> hooks, telling::read_hooks(webhooks_));
    teller_.set_hooks(std::move(hooks));
    return Status();
  }
  Sweeps& sweeps() override { return sweeps_; }
  Leases& leases() override { return *leases_; }
  Sharing& sharing() override { return sharing_; }
  TokenOwners& token_owners() override { return owners_; }
  Artifacts& artifacts() override { return artifacts_->artifacts(); }
  Uploads& uploads() override { return artifacts_->uploads(); }
  ScriptFiles& scripts() override { return artifacts_->scripts(); }
  Upkeep& upkeep() override { return upkeep_; }
  WriterLoad writer_load() override { return store_->writer_load(); }
  Result<Census> census() override {
    OODML_ASSIGN_OR_RETURN(Census census, take_census(*store_, leases_->workers(), hub_));
    census.artifact_bytes = artifacts_->content_bytes();
    return census;
  }
  void tick() override {
    leases_->tick();
    artifacts_->tick();
    upkeep_.tick();
  }

 private:
  std::unique_ptr<store::JobStore> store_;
  std::unique_ptr<artifacts::ArtifactStore> artifacts_;
  scheduling::StoredTokenOwners owners_;
  submission::WatchHub hub_;
  telling::Lookout lookout_;
  scheduling::ChangeListeners listeners_;
  std::shared_ptr<scheduling::LeaseManager> leases_;
  scheduling::SharingService sharing_;
  submission::SweepService sweeps_;
  upkeep::UpkeepService upkeep_;
  telling::Teller teller_;
  std::filesystem::path webhooks_;
};

}  // namespace

Result<std::unique_ptr<Service>> open_service(const ServiceOptions& options, Clock& clock,
                                              submission::Planner planner) {
  if (options.read_only) return open_read_only_service(options, clock, std::move(planner));
  OODML_ASSIGN_OR_RETURN(auto store,
                         store::JobStore::open(options.database, {.reads = {.connections = options.reader_threads},
                                                                  .accept_damaged_log = options.accept_damaged_log,
                                                                  .disk_failed = options.disk_failed,
                                                                  .committed = options.committed,
                                                                  .clock = &clock}));
  OODML_ASSIGN_OR_RETURN(auto artifacts, artifacts::ArtifactStore::open(*store, options.artifacts, clock));
  auto service =
      std::make_unique<StoredService>(std::move(store), std::move(artifacts), options, clock, std::move(planner));
  OODML_RETURN_IF_ERROR(service->recover(options.webhooks));
  return service;
}

}  // namespace oodml::coordinator
