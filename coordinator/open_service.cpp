#include "coordinator/open_service.h"

#include <utility>

#include "coordinator/read_only_service.h"
#include "coordinator/scheduling/lease_manager.h"
#include "coordinator/scheduling/token_owners.h"
#include "coordinator/service/leases.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/service/token_owners.h"
#include "coordinator/store/job_store.h"
#include "coordinator/submission/sweep_service.h"
#include "coordinator/submission/watch_hub.h"
#include "coordinator/upkeep/upkeep_service.h"

namespace oodml::coordinator {
namespace {

class StoredService final : public Service {
 public:
  StoredService(std::unique_ptr<store::JobStore> store, const LeaseTerms& terms, const RetentionTerms& retention,
                Clock& clock, submission::Planner planner)
      : store_(std::move(store)),
        owners_(*store_, clock),
        hub_(*store_),
        leases_(std::make_shared<scheduling::LeaseManager>(*store_, clock, terms, hub_)),
        sweeps_(*store_, clock, std::move(planner), *leases_, hub_,
                [this](const std::vector<store::Situation>& situations) { leases_->apply(situations); }),
        upkeep_(*store_, clock, retention) {
    hub_.set_live(*leases_);
  }

  /// The store goes first: its writer commits what waits, and the replies find everything else still there.
  ~StoredService() override {
    leases_->stop();
    hub_.stop();
    upkeep_.stop();
    store_.reset();
  }

  Status recover() {
    OODML_RETURN_IF_ERROR(owners_.recover());
    return leases_->recover();
  }
  Sweeps& sweeps() override { return sweeps_; }
  Leases& leases() override { return *leases_; }
  TokenOwners& token_owners() override { return owners_; }
  Upkeep& upkeep() override { return upkeep_; }
  void tick() override {
    leases_->tick();
    upkeep_.tick();
  }

 private:
  std::unique_ptr<store::JobStore> store_;
  scheduling::StoredTokenOwners owners_;
  submission::WatchHub hub_;
  std::shared_ptr<scheduling::LeaseManager> leases_;
  submission::SweepService sweeps_;
  upkeep::UpkeepService upkeep_;
};

}  // namespace

Result<std::unique_ptr<Service>> open_service(const ServiceOptions& options, Clock& clock,
                                              submission::Planner planner) {
  if (options.read_only) return open_read_only_service(options, clock, std::move(planner));
  OODML_ASSIGN_OR_RETURN(auto store,
                         store::JobStore::open(options.database, {.reads = {.connections = options.reader_threads},
                                                                  .accept_damaged_log = options.accept_damaged_log,
                                                                  .disk_failed = options.disk_failed}));
  auto service =
      std::make_unique<StoredService>(std::move(store), options.terms, options.retention, clock, std::move(planner));
  OODML_RETURN_IF_ERROR(service->recover());
  return service;
}

}  // namespace oodml::coordinator
