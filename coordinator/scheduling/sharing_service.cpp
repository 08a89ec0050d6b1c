#include "coordinator/scheduling/sharing_service.h"

#include <spdlog/spdlog.h>

#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "coordinator/scheduling/backlog.h"
#include "coordinator/scheduling/explain_order.h"
#include "coordinator/service/trial_views.h"
#include "coordinator/store/request_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"
#include "core/base/words.h"
#include "core/job/worker_name.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr const char* kShareRequest = "share";
constexpr const char* kMarkRequest = "mark";

Status check(const ShareChange& change) {
  if (!change.weight && !change.max_parallel) return invalid_argument("a weight or a max_parallel wanted");
  if (change.owner.empty() && change.weight) return invalid_argument("weight: of owners only; a label has a limit");
  if (change.weight && !(*change.weight >= FairShare::kSmallestWeight && *change.weight <= FairShare::kLargestWeight)) {
    std::ostringstream text;
    text << "weight: " << *change.weight << "; " << FairShare::kSmallestWeight << " to " << FairShare::kLargestWeight
         << " wanted";
    return invalid_argument(text.str());
  }
  return {};
}

std::string subject_of(const ShareChange& change) {
  std::ostringstream text;
  text << change.owner << '\0' << change.axis << '\0' << change.label << '\0' << change.weight.value_or(0) << ' '
       << change.max_parallel.value_or(-1);
  return text.str();
}

std::string subject_of(const MarkChange& change) {
  return change.worker + '\0' + WorkerMarks::word(change.mark) + '\0' + change.reason;
}

/// Marks to be written, each with kNone where one goes.
Result<std::vector<store::MarkRow>> rows_of(store::Connection& database, const MarkChange& change, Time now) {
  const std::vector<store::MarkRow> marks = store::read_marks(database);
  if (change.mark != WorkerMark::kNone) {
    return std::vector<store::MarkRow>{{.worker = change.worker,
                                        .mark = change.mark,
                                        .reason = change.reason,
                                        .said_by = change.said_by,
                                        .since = now}};
  }
  std::vector<store::MarkRow> taken_away;
  for (const store::MarkRow& mark : marks) {
    if (mark.worker == change.worker || job::worker_name({mark.worker}) == change.worker) taken_away.push_back(mark);
  }
  const std::string name = job::worker_name({change.worker});
  for (const store::MarkRow& mark : marks) {
    if (mark.worker != name || name == change.worker) continue;
    return failed_precondition("worker " + change.worker + " is " + WorkerMarks::word(mark.mark) +
                               " by its name; say it of the name: " + name);
  }
  for (store::MarkRow& mark : taken_away) mark.mark = WorkerMark::kNone;
  return taken_away;
}

void write_marks(store::Connection& database, const std::vector<store::MarkRow>& marks) {
  for (const store::MarkRow& mark : marks) {
    if (mark.mark == WorkerMark::kNone) {
      store::delete_mark(database, mark.worker);
    } else {
      store::set_mark(database, mark);
    }
  }
}

std::string waits_not(job::TrialState state) {
  switch (state) {
    case job::TrialState::kRunning:
      return "it runs";
    case job::TrialState::kPaused:
      return "it is paused";
    case job::TrialState::kBackoff:
      return "it failed, and is tried again after a while";
    default:
      return std::string("it has ") + job::to_text(state);
  }
}

}  // namespace

Result<OrderView> SharingService::explain_order(TrialId trial) {
  OrderView view = explain(leases_.look_at_order(trial));
  return store_.read([&](store::Connection& database) -> Result<OrderView> {
    const auto stored = store::read_trial_view(database, trial, SweepId{});
    if (!stored) return store::no_trial(database, trial);
    if (stored->view.state != job::TrialState::kQueued) view.notes.push_back(waits_not(stored->view.state));
    for (AheadView& ahead : view.ahead) ahead.sweep_name = store::read_sweep(database, ahead.sweep).name;
    return view;
  });
}

Result<SharesView> SharingService::shares() {
  const OrderGlance glance = leases_.look_at_order(TrialId{});
  return SharesView{.shares = shares_of(glance), .labels = label_limits_of(glance)};
}

void SharingService::set_share(const ShareChange& change, const std::string& request_id, Reply<SharesView> reply) {
  if (Status status = check(change); !status.ok()) return reply(failure(std::move(status)));
  if (change.owner.empty()) return set_limit_of_label(change, request_id, std::move(reply));
  set_share_of_owner(change, request_id, std::move(reply));
}

void SharingService::set_share_of_owner(const ShareChange& change, const std::string& request_id,
                                        Reply<SharesView> reply) {
  store_.write<store::OwnerShare>(
      [change, request_id, now = clock_.now()](store::Connection& database) -> Result<store::OwnerShare> {
        const std::string subject = subject_of(change);
        OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, kShareRequest, request_id, subject));
        store::OwnerShare share = store::read_share(database, change.owner);
        if (answered) return share;
        share.weight = change.weight.value_or(share.weight);
        share.max_parallel = change.max_parallel.value_or(share.max_parallel);
        store::set_share(database, share);
        store::insert_request(database, kShareRequest, request_id, subject, "", now);
        return share;
      },
      [this, reply = std::move(reply)](Result<store::OwnerShare> share) {
        if (!share) return reply(failure(share.error()));
        leases_.set_share(*share);
        spdlog::info("share set owner={} weight={} max_parallel={}", share->owner, share->weight, share->max_parallel);
        reply(shares());
      });
}

void SharingService::set_limit_of_label(const ShareChange& change, const std::string& request_id,
                                        Reply<SharesView> reply) {
  using Situations = std::vector<store::Situation>;
  const store::LabelLimit limit{.label = {.axis = change.axis, .label = change.label},
                                .max_parallel = *change.max_parallel};
  store_.write<std::optional<Situations>>(
      [limit, request_id, subject = subject_of(change),
       now = clock_.now()](store::Connection& database) -> Result<std::optional<Situations>> {
        OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, kShareRequest, request_id, subject));
        if (answered) return std::nullopt;
        store::set_label_limit(database, limit);
        store::insert_request(database, kShareRequest, request_id, subject, "", now);
        return store::situations_with(database, limit.label);
      },
      [this, limit, reply = std::move(reply)](Result<std::optional<Situations>> situations) {
        if (!situations) return reply(failure(situations.error()));
        if (*situations) leases_.set_label_limit(limit, **situations);
        spdlog::info("limit set label={}={} max_parallel={}", limit.label.axis, limit.label.label, limit.max_parallel);
        reply(shares());
      });
}

void SharingService::mark_worker(const MarkChange& change, const std::string& request_id, Reply<MarkView> reply) {
  const bool is_known = !leases_.workers_named(change.worker).empty();
  using Marks = std::vector<store::MarkRow>;
  store_.write<Marks>(
      [change, request_id, is_known, now = clock_.now()](store::Connection& database) -> Result<Marks> {
        const std::string subject = subject_of(change);
        OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, kMarkRequest, request_id, subject));
        if (answered) return Marks{};
        OODML_ASSIGN_OR_RETURN(Marks marks, rows_of(database, change, now));
        if (!is_known && (change.mark != WorkerMark::kNone || marks.empty())) {
          return not_found("no worker '" + change.worker + "', by id or by name; `oodml workers` lists them");
        }
        write_marks(database, marks);
        store::insert_request(database, kMarkRequest, request_id, subject, "", now);
        return marks;
      },
      [this, change, reply = std::move(reply)](Result<Marks> marks) {
        if (!marks) return reply(failure(marks.error()));
        const MarkView view = leases_.set_marks(*marks, change.worker);
        spdlog::info("worker marked name={} mark={} by={} reason={}", change.worker,
                     change.mark == WorkerMark::kNone ? "none" : WorkerMarks::word(change.mark), change.said_by,
                     change.reason);
        reply(view);
      });
}

Result<std::vector<WaitingView>> SharingService::backlog() { return backlog_of(leases_.look_at_order(TrialId{})); }

}  // namespace oodml::coordinator::scheduling
