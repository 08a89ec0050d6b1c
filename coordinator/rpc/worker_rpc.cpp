#include "coordinator/rpc/worker_rpc.h"

#include <utility>
#include <variant>
#include <vector>

#include "core/job/worker_name.h"
#include "proto/convert/event_convert.h"
#include "proto/convert/fields.h"
#include "proto/convert/job_convert.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::item;
using convert::within;

constexpr std::size_t kMaxWaitingPolls = 20'000;

void nothing(const std::monostate&) {}

/// The events of one attempt, without gaps.
template <typename Request>
Result<std::vector<job::Event>> events_of(const Request& request) {
  OODML_RETURN_IF_ERROR(convert::check_count("events", request.events_size(), convert::kMaxEvents));
  std::vector<job::Event> events;
  events.reserve(static_cast<std::size_t>(request.events_size()));
  for (int i = 0; i < request.events_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(job::Event event, within(item("events", i), convert::from_proto(request.events(i))));
    if (i > 0 && (event.trial != events.back().trial || event.attempt != events.back().attempt)) {
      return invalid_argument(item("events", i) + ": of another attempt than the first; one attempt a request wanted");
    }
    if (i > 0 && event.sequence != events.back().sequence + 1) {
      return invalid_argument(item("events", i) + ".sequence: " + std::to_string(event.sequence) + " after " +
                              std::to_string(events.back().sequence) + "; the next number wanted");
    }
    events.push_back(std::move(event));
  }
  return events;
}

/// How a worker may say that an attempt ended.
Result<job::Outcome> reported_outcome(const v1::FinishRequest& request) {
  OODML_ASSIGN_OR_RETURN(const job::Outcome outcome, convert::outcome("outcome", request.outcome()));
  if (outcome == job::Outcome::kLost) {
    return invalid_argument(
        "outcome: 'lost' is what the coordinator calls an expired lease; a worker cannot report it");
  }
  return outcome;
}

Result<AttemptEnd> attempt_end(const v1::FinishRequest& request) {
  AttemptEnd end;
  OODML_ASSIGN_OR_RETURN(end.request_id, convert::request_id("request_id", request.request_id()));
  OODML_ASSIGN_OR_RETURN(end.outcome, reported_outcome(request));
  OODML_ASSIGN_OR_RETURN(end.message, convert::text("message", request.message()));
  OODML_ASSIGN_OR_RETURN(end.last_sequence, convert::at_least("last_sequence", request.last_sequence(), 0));
  OODML_ASSIGN_OR_RETURN(end.events, events_of(request));
  return end;
}

}  // namespace

WorkerRpc::WorkerRpc(Leases& leases, Uploads& uploads, TokenOwners& owners, const Gate& gate, WorkQueue& queue)
    : leases_(leases),
      uploads_(uploads),
      owners_(owners),
      calls_("WorkerService", {.usual = Role::kWorker}, gate, queue),
      polls_(kMaxWaitingPolls) {}

/// The worker that a call says it is of, when its caller's token may speak for it.
Result<WorkerId> WorkerRpc::worker_of(const Answer& answer, const std::string& id) const {
  OODML_ASSIGN_OR_RETURN(const WorkerId worker, convert::worker_id("worker_id", id));
  if (answer.caller().token) OODML_RETURN_IF_ERROR(owners_.check(*answer.caller().token, job::worker_name(worker)));
  return worker;
}

WorkerRpc::Reactor* WorkerRpc::Register(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::RegisterRequest, v1::RegisterReply>(
      {*context, *request, *reply}, "Register", [this](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const job::WorkerInfo worker, within("worker", convert::from_proto(request.worker())));
        OODML_RETURN_IF_ERROR(convert::check_count("held", request.held_size(), convert::kMaxLeases));
        std::vector<job::HeldLease> held;
        for (int i = 0; i < request.held_size(); ++i) {
          OODML_ASSIGN_OR_RETURN(job::HeldLease lease, within(item("held", i), convert::from_proto(request.held(i))));
          held.push_back(std::move(lease));
        }
        const auto enlist = [this, worker, held = std::move(held), &reply,
                             answer](const Result<std::monostate>& claimed) {
          if (!claimed.has_value()) return answer->finish(claimed.error());
          leases_.register_worker(worker, held, reply_to<LeaseTerms>(answer, [&reply](const LeaseTerms& terms) {
                                    reply.set_lease_millis(terms.lease.count());
                                    reply.set_heartbeat_millis(terms.heartbeat.count());
                                    reply.set_coordinator_version(OODML_VERSION);
                                  }));
        };
        const std::optional<std::string>& token = answer->caller().token;
        if (token) owners_.claim(*token, job::worker_name(worker.id), enlist);
        if (!token) enlist(std::monostate{});
        return Status();
      });
}

WorkerRpc::Reactor* WorkerRpc::Acquire(Context* context, const Bytes* request, Bytes* reply) {
  const auto wait = std::make_shared<Wait>();
  auto* const reactor = new LongPoll(wait, polls_);
  const Duration usual = waiting_time(std::chrono::system_clock::now(), context->deadline());
  calls_.answer_on<v1::AcquireRequest, v1::AcquireReply>(
      {*context, *request, *reply}, *reactor, "Acquire", [&](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const WorkerId worker, worker_of(*answer, request.worker_id()));
        OODML_ASSIGN_OR_RETURN(const std::string slot, convert::name("slot", request.slot()));
        OODML_ASSIGN_OR_RETURN(const std::string id, convert::request_id("request_id", request.request_id()));
        const Duration at_most = request.at_once() ? Duration(0) : usual;
        OODML_RETURN_IF_ERROR(polls_.add(wait));
        wait->set(leases_.acquire(worker, slot, id, at_most,
                                  [this, &reply, answer](Result<std::optional<job::LeasedTrial>> got) {
                                    if (!got.has_value()) return answer->finish(got.error());
                                    if (got->has_value()) {
                                      *reply.mutable_trial() = convert::to_proto(**got);
                                    } else if (polls_.stopping()) {
                                      return answer->finish(unavailable("the coordinator is stopping; ask again"));
                                    }
                                    answer->finish(Status());
                                  }));
        return Status();
      });
  return reactor;
}

WorkerRpc::Reactor* WorkerRpc::Heartbeat(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::HeartbeatRequest, v1::HeartbeatReply>(
      {*context, *request, *reply}, "Heartbeat", [this](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const WorkerId worker, worker_of(*answer, request.worker_id()));
        OODML_RETURN_IF_ERROR(convert::check_count("leases", request.leases_size(), convert::kMaxLeases));
        std::vector<job::Lease> leases;
        for (int i = 0; i < request.leases_size(); ++i) {
          OODML_ASSIGN_OR_RETURN(job::Lease lease, within(item("leases", i), convert::from_proto(request.leases(i))));
          leases.push_back(std::move(lease));
        }
        OODML_ASSIGN_OR_RETURN(const std::vector<job::Directive> directives, leases_.heartbeat(worker, leases));
        for (std::size_t i = 0; i < leases.size(); ++i) {
          *reply.add_directives() = convert::to_proto(leases[i], directives.at(i));
        }
        answer->finish(Status());
        return Status();
      });
}

WorkerRpc::Reactor* WorkerRpc::Leave(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::LeaveRequest, v1::LeaveReply>(
      {*context, *request, *reply}, "Leave", [this](const auto& request, auto&, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const WorkerId worker, worker_of(*answer, request.worker_id()));
        leases_.leave(worker);
        answer->finish(Status());
        return Status();
      });
}

WorkerRpc::Reactor* WorkerRpc::PushEvents(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::PushEventsRequest, v1::PushEventsReply>(
      {*context, *request, *reply}, "PushEvents", [this](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const WorkerId worker, worker_of(*answer, request.worker_id()));
        OODML_ASSIGN_OR_RETURN(const LeaseId lease, convert::lease_id("lease_id", request.lease_id()));
        OODML_ASSIGN_OR_RETURN(std::vector<job::Event> events, events_of(request));
        leases_.push_events(worker, lease, std::move(events),
                            reply_to<std::int64_t>(std::move(answer), [&reply](const std::int64_t durable) {
                              reply.set_durable_sequence(durable);
                            }));
        return Status();
      });
}

WorkerRpc::Reactor* WorkerRpc::CommitCheckpoint(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::CommitCheckpointRequest, v1::CommitCheckpointReply>(
      {*context, *request, *reply}, "CommitCheckpoint", [this](const auto& request, auto&, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const job::Lease lease, within("lease", convert::from_proto(request.lease())));
        OODML_ASSIGN_OR_RETURN(const job::Checkpoint checkpoint,
                               within("checkpoint", convert::from_proto(request.checkpoint())));
        leases_.commit_checkpoint(lease, checkpoint, reply_to<std::monostate>(std::move(answer), nothing));
        return Status();
      });
}

WorkerRpc::Reactor* WorkerRpc::Finish(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::FinishRequest, v1::FinishReply>(
      {*context, *request, *reply}, "Finish", [this](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const job::Lease lease, within("lease", convert::from_proto(request.lease())));
        OODML_ASSIGN_OR_RETURN(AttemptEnd end, attempt_end(request));
        std::shared_ptr<NextTrial> next;
        if (request.has_next()) {
          OODML_ASSIGN_OR_RETURN(next, next_trial(*answer, request.next()));
        }
        const auto ended = [this, lease, next, is_quiet = request.printed_nothing(), answer,
                            &reply](const Result<std::monostate>& done) {
          if (!done && next) next->forget();
          if (!done) return answer->finish(done.error());
          // Not here: it reads the database for those who wait, and this is the thread that writes it. Where nobody has
          // time for it they find out a moment later.
          if (is_quiet) (void)calls_.post([this, lease] { uploads_.note_quiet(lease); });
          if (!next) return answer->finish(Status());
          next->end([answer, &reply](const std::optional<job::LeasedTrial>& trial) {
            if (trial) *reply.mutable_next() = convert::to_proto(*trial);
            answer->finish(Status());
          });
        };
        leases_.finish(lease, std::move(end), ended);
        if (next) next->ask(leases_);  // behind the end, which may be what makes room for it
        return Status();
      });
}

Result<std::shared_ptr<NextTrial>> WorkerRpc::next_trial(const Answer& answer, const v1::NextTrial& next) const {
  OODML_ASSIGN_OR_RETURN(WorkerId worker, within("next", worker_of(answer, next.worker_id())));
  OODML_ASSIGN_OR_RETURN(std::string slot, within("next", convert::name("slot", next.slot())));
  OODML_ASSIGN_OR_RETURN(std::string id, within("next", convert::request_id("request_id", next.request_id())));
  return std::make_shared<NextTrial>(std::move(worker), std::move(slot), std::move(id));
}

}  // namespace oodml::coordinator::rpc
