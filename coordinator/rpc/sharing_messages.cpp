#include "coordinator/rpc/sharing_messages.h"

#include "coordinator/rpc/sweep_messages.h"
#include "core/job/limits.h"
#include "proto/convert/fields.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::wire_text;

v1::Share message_of(const ShareView& share) {
  v1::Share message;
  message.set_owner(wire_text(share.owner));
  message.set_weight(share.weight);
  message.set_max_parallel(share.max_parallel);
  message.set_running(share.running);
  message.set_waiting(share.waiting);
  message.set_used(share.used);
  return message;
}

}  // namespace

Result<SweepSettings> from_proto(const v1::SetPriorityRequest& message) {
  SweepSettings settings{.priority = message.priority()};
  OODML_ASSIGN_OR_RETURN(settings.sweep, from_proto(message.sweep()));
  OODML_ASSIGN_OR_RETURN(settings.request_id, convert::request_id("request_id", message.request_id()));
  return settings;
}

Result<SweepSettings> from_proto(const v1::SetLimitsRequest& message) {
  SweepSettings settings;
  OODML_ASSIGN_OR_RETURN(settings.sweep, from_proto(message.sweep()));
  OODML_ASSIGN_OR_RETURN(settings.request_id, convert::request_id("request_id", message.request_id()));
  if (message.has_max_parallel()) {
    OODML_ASSIGN_OR_RETURN(settings.max_parallel, convert::at_least("max_parallel", message.max_parallel(), 0));
  }
  if (message.has_max_failures()) {
    OODML_ASSIGN_OR_RETURN(settings.max_failures, convert::at_least("max_failures", message.max_failures(), 0));
  }
  if (!settings.max_parallel && !settings.max_failures) {
    return invalid_argument("max_parallel: neither it nor max_failures; one of them wanted");
  }
  return settings;
}

Result<ShareChange> from_proto(const v1::SetShareRequest& message) {
  ShareChange change;
  const bool of_owner = !message.owner().empty();
  if (of_owner == (!message.axis().empty() || !message.label().empty())) {
    return invalid_argument("owner: an owner, or an axis and a label, wanted");
  }
  if (of_owner) {
    OODML_ASSIGN_OR_RETURN(change.owner, convert::name("owner", message.owner()));
  } else {
    OODML_ASSIGN_OR_RETURN(change.axis, convert::name("axis", message.axis()));
    OODML_ASSIGN_OR_RETURN(change.label, convert::name("label", message.label(), job::kMaxValueBytes));
  }
  if (message.has_weight()) change.weight = message.weight();
  if (message.has_max_parallel()) {
    OODML_ASSIGN_OR_RETURN(change.max_parallel, convert::at_least("max_parallel", message.max_parallel(), 0));
  }
  return change;
}

Result<MarkChange> from_proto(const v1::MarkWorkerRequest& message, const std::string& said_by) {
  MarkChange change{.said_by = said_by};
  OODML_ASSIGN_OR_RETURN(change.worker, convert::name("worker", message.worker()));
  OODML_ASSIGN_OR_RETURN(change.reason, convert::text("reason", message.reason()));
  switch (message.mark()) {
    case v1::WORKER_MARK_NONE:
      change.mark = WorkerMark::kNone;
      return change;
    case v1::WORKER_MARK_CORDONED:
      change.mark = WorkerMark::kCordoned;
      return change;
    case v1::WORKER_MARK_DRAINED:
      change.mark = WorkerMark::kDrained;
      return change;
    default:
      return invalid_argument("mark: " + std::to_string(message.mark()) + "; 0 (none), 1 (cordoned) or 2 (drained)");
  }
}

v1::ExplainOrderReply to_proto(const OrderView& order) {
  v1::ExplainOrderReply message;
  message.set_trials_ahead(order.trials_ahead);
  for (const AheadView& ahead : order.ahead) {
    v1::Ahead& entry = *message.add_ahead();
    entry.set_owner(wire_text(ahead.owner));
    entry.set_sweep_id(ahead.sweep.value);
    entry.set_sweep_name(wire_text(ahead.sweep_name));
    entry.set_trials(ahead.trials);
    entry.set_why(wire_text(ahead.why));
  }
  for (const std::string& note : order.notes) message.add_notes(wire_text(note));
  for (const ShareView& share : order.shares) *message.add_shares() = message_of(share);
  return message;
}

v1::ListSharesReply to_proto(const SharesView& shares) {
  v1::ListSharesReply message;
  for (const ShareView& share : shares.shares) *message.add_shares() = message_of(share);
  for (const LabelLimitView& limit : shares.labels) {
    v1::LabelLimit& entry = *message.add_labels();
    entry.set_axis(wire_text(limit.axis));
    entry.set_label(wire_text(limit.label));
    entry.set_max_parallel(limit.max_parallel);
    entry.set_running(limit.running);
  }
  return message;
}

v1::MarkWorkerReply to_proto(const MarkView& marked) {
  v1::MarkWorkerReply message;
  message.set_workers(marked.workers);
  message.set_trials_stopped(marked.trials_stopped);
  return message;
}

v1::ListBacklogReply to_proto(const std::vector<WaitingView>& waiting) {
  constexpr int kMaxNeeds = 1000;
  v1::ListBacklogReply message;
  for (const WaitingView& view : waiting) {
    if (message.waiting_size() == kMaxNeeds) break;
    v1::WaitingTrials& group = *message.add_waiting();
    group.set_benchmark(wire_text(view.need.benchmark));
    group.set_split(wire_text(view.need.split));
    group.set_test_benchmark(wire_text(view.need.test_benchmark));
    group.set_weights(wire_text(view.need.weights));
    group.set_cpu_threads(view.need.cpu_threads);
    group.set_replicas(view.need.replicas);
    group.set_gpu_memory_mib(view.need.gpu_memory_mib);
    group.set_program(wire_text(view.need.program));
    group.set_scripts(view.need.scripts != job::Scripts::kNone);
    group.set_scripts_on_worker(view.need.scripts == job::Scripts::kOnWorker);
    group.set_trials(view.trials);
    group.set_held(view.held);
  }
  message.set_left_out(static_cast<std::int64_t>(waiting.size()) - message.waiting_size());
  return message;
}

}  // namespace oodml::coordinator::rpc
