#include "coordinator/read_only_service.h"

#include <utility>

#include "coordinator/artifacts/stored_artifacts.h"
#include "coordinator/census.h"
#include "coordinator/open_service.h"
#include "coordinator/service/artifacts.h"
#include "coordinator/service/leases.h"
#include "coordinator/service/reply.h"
#include "coordinator/service/scripts.h"
#include "coordinator/service/sharing.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/service/token_owners.h"
#include "coordinator/service/worker_view.h"
#include "coordinator/store/job_store.h"
#include "coordinator/submission/sweep_service.h"
#include "coordinator/submission/watch_hub.h"
#include "coordinator/upkeep/upkeep_service.h"

namespace oodml::coordinator {
namespace {

Failure refusal() { return failed_precondition("this coordinator only shows a database and takes no workers"); }

/// Nothing is known beside the database.
class NothingLive final : public scheduling::LiveView {
 public:
  void complete(std::vector<store::StoredTrialView>&) override {}
  std::vector<WorkerView> workers() override { return {}; }
};

class NoLeases final : public Leases {
 public:
  void register_worker(const job::WorkerInfo&, const std::vector<job::HeldLease>&, Reply<LeaseTerms> reply) override {
    reply(refusal());
  }
  std::shared_ptr<Pending> acquire(const WorkerId&, const std::string&, const std::string&, Duration,
                                   Reply<std::optional<job::LeasedTrial>> reply) override {
    reply(refusal());
    return std::make_shared<Answered>();
  }
  Result<std::vector<job::Directive>> heartbeat(const WorkerId&, const std::vector<job::Lease>&) override {
    return refusal();
  }
  void leave(const WorkerId&) override {}
  void push_events(const WorkerId&, const LeaseId&, std::vector<job::Event>, Reply<std::int64_t> reply) override {
    reply(refusal());
  }
  void commit_checkpoint(const job::Lease&, const job::Checkpoint&, Reply<std::monostate> reply) override {
    reply(refusal());
  }
  void finish(const job::Lease&, AttemptEnd, Reply<std::monostate> reply) override { reply(refusal()); }

 private:
  struct Answered final : Pending {
    void cancel() override {}
  };
};

class NoSharing final : public Sharing {
 public:
  Result<OrderView> explain_order(TrialId) override { return refusal(); }
  Result<SharesView> shares() override { return refusal(); }
  void set_share(const ShareChange&, const std::string&, Reply<SharesView> reply) override { reply(refusal()); }
  void mark_worker(const MarkChange&, const std::string&, Reply<MarkView> reply) override { reply(refusal()); }
  Result<std::vector<WaitingView>> backlog() override { return refusal(); }
};

class NoOwners final : public TokenOwners {
 public:
  Status check(const std::string&, const std::string&) override { return refusal(); }
  void claim(const std::string&, const std::string&, Reply<std::monostate> reply) override { reply(refusal()); }
  void keep_only(const std::set<std::string>&) override {}
};

class NoUploads final : public Uploads {
 public:
  Result<ContentPresence> offer(const job::Lease&, const ContentName&) override { return refusal(); }
  Result<ContentPresence> put(const job::Lease&, const ContentName&, std::int64_t, std::string_view) override {
    return refusal();
  }
  void publish(const job::Lease&, const std::vector<job::StoredFile>&, Reply<std::monostate> reply) override {
    reply(refusal());
  }
  Result<std::int64_t> append_output(const job::Lease&, std::int64_t, std::string_view, bool) override {
    return refusal();
  }
  void note_quiet(const job::Lease&) override {}
  Result<ContentChunk> take(const job::Lease&, const std::string&, std::int64_t) override { return refusal(); }
};

class NoScripts final : public ScriptFiles {
 public:
  Result<ContentPresence> offer(const ContentName&) override { return refusal(); }
  Result<ContentPresence> put(const ContentName&, std::int64_t, std::string_view) override { return refusal(); }
  Result<std::int64_t> hold(const std::string&) override { return refusal(); }
};

/// Shows sizes, and leaves everything as it is.
class NoUpkeep final : public Upkeep {
 public:
  NoUpkeep(store::JobStore& store, const artifacts::Outputs& outputs) : store_(store), outputs_(outputs) {}
  Result<SnapshotPiece> read_snapshot(const std::string&, std::int64_t) override {
    return failed_precondition(
        "this coordinator only shows a database, and makes no copy of it; a database that nobody owns can be copied as "
        "a file");
  }
  Result<DatabaseStats> stats() override {
    return upkeep::stats_of(store_, [this] { return outputs_.bytes(); });
  }
  void remove(const RemovalWish&, Reply<RemovalView> reply) override {
    reply(failed_precondition("this coordinator only shows a database, and changes nothing"));
  }

 private:
  store::JobStore& store_;
  const artifacts::Outputs& outputs_;
};

class ReadOnlyService final : public Service {
 public:
  ReadOnlyService(std::unique_ptr<store::JobStore> store, const artifacts::ArtifactOptions& options, Clock& clock,
                  submission::Planner planner)
      : store_(std::move(store)),
        contents_(artifacts::root_of(options, store_->path()), options.limits, clock),
        outputs_(artifacts::root_of(options, store_->path()), options.limits.room),
        artifacts_(*store_, contents_, outputs_, clock),
        hub_(*store_),
        sweeps_(*store_, scripts_, clock, std::move(planner), live_, hub_, {}),
        upkeep_(*store_, outputs_) {
    hub_.set_live(live_);
  }
  ~ReadOnlyService() override {
    hub_.stop();
    artifacts_.stop();
  }

  Sweeps& sweeps() override { return sweeps_; }
  Leases& leases() override { return leases_; }
  Sharing& sharing() override { return sharing_; }
  TokenOwners& token_owners() override { return owners_; }
  Artifacts& artifacts() override { return artifacts_; }
  Uploads& uploads() override { return uploads_; }
  ScriptFiles& scripts() override { return scripts_; }
  Upkeep& upkeep() override { return upkeep_; }
  Result<Census> census() override { return take_census(*store_, {}, hub_); }
  void tick() override { artifacts_.tick(); }

 private:
  std::unique_ptr<store::JobStore> store_;
  artifacts::ContentStore contents_;
  artifacts::Outputs outputs_;
  artifacts::StoredArtifacts artifacts_;
  NoUploads uploads_;
  NoScripts scripts_;
  NothingLive live_;
  NoLeases leases_;
  NoSharing sharing_;
  NoOwners owners_;
  submission::WatchHub hub_;
  submission::SweepService sweeps_;
  NoUpkeep upkeep_;
};

}  // namespace

Result<std::unique_ptr<Service>> open_read_only_service(const ServiceOptions& options, Clock& clock,
                                                        submission::Planner planner) {
  OODML_ASSIGN_OR_RETURN(auto store,
                         store::JobStore::open_to_read(options.database, {.connections = options.reader_threads}));
  return std::make_unique<ReadOnlyService>(std::move(store), options.artifacts, clock, std::move(planner));
}

}  // namespace oodml::coordinator
