#pragma once

#include <string>

#include "coordinator/scheduling/lease_manager.h"
#include "coordinator/service/sharing.h"
#include "coordinator/store/job_store.h"

namespace oodml::coordinator::scheduling {

/// What people say of owners, labels and workers: written to the database, then handed to the lease manager.
class SharingService final : public Sharing {
 public:
  SharingService(store::JobStore& store, Clock& clock, LeaseManager& leases)
      : store_(store), clock_(clock), leases_(leases) {}

  Result<OrderView> explain_order(TrialId trial) override;
  Result<SharesView> shares() override;
  void set_share(const ShareChange& change, const std::string& request_id, Reply<SharesView> reply) override;
  void mark_worker(const MarkChange& change, const std::string& request_id, Reply<MarkView> reply) override;
  Result<std::vector<WaitingView>> backlog() override;

 private:
  void set_share_of_owner(const ShareChange& change, const std::string& request_id, Reply<SharesView> reply);
  void set_limit_of_label(const ShareChange& change, const std::string& request_id, Reply<SharesView> reply);

  store::JobStore& store_;
  Clock& clock_;
  LeaseManager& leases_;
};

}  // namespace oodml::coordinator::scheduling
