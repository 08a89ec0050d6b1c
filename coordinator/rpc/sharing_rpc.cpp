#include "coordinator/rpc/sharing_rpc.h"

#include <utility>

#include "coordinator/rpc/sharing_messages.h"
#include "coordinator/rpc/sweep_messages.h"
#include "coordinator/service/sweep_change.h"
#include "coordinator/service/sweep_settings.h"
#include "oodml/v1/sweeps.pb.h"
#include "proto/convert/fields.h"

namespace oodml::coordinator::rpc {

using convert::at_least;

SharingRpc::SharingRpc(Sharing& sharing, Sweeps& sweeps, const Gate& gate, WorkQueue& queue)
    : sharing_(sharing),
      sweeps_(sweeps),
      calls_("SharingService",
             {.usual = Role::kViewer,
              .of_method = {{"SetPriority", Role::kSubmitter},
                            {"SetLimits", Role::kSubmitter},
                            {"SetShare", Role::kOperator},
                            {"MarkWorker", Role::kOperator}}},
             gate, queue) {}

SharingRpc::Reactor* SharingRpc::WhoAmI(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::WhoAmIRequest, v1::WhoAmIReply>(
      {*context, *request, *reply}, "WhoAmI", [](const auto&, auto& reply, auto answer) -> Status {
        reply.set_name(convert::wire_text(person_of(answer->caller()).name));
        reply.set_role(to_text(answer->caller().role));
        reply.set_scripts(answer->caller().scripts);
        answer->finish({});
        return Status();
      });
}

template <typename Request>
SharingRpc::Reactor* SharingRpc::change_settings(const RawCall& call, const std::string& method) {
  return calls_.later<Request, v1::ChangeReply>(
      call, method, [this](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(SweepSettings settings, from_proto(request));
        settings.by = person_of(answer->caller());
        sweeps_.change_settings(
            settings, reply_to<ChangeView>(std::move(answer), [&reply](const auto& view) { reply = to_proto(view); }));
        return Status();
      });
}

SharingRpc::Reactor* SharingRpc::SetPriority(Context* context, const Bytes* request, Bytes* reply) {
  return change_settings<v1::SetPriorityRequest>({*context, *request, *reply}, "SetPriority");
}

SharingRpc::Reactor* SharingRpc::SetLimits(Context* context, const Bytes* request, Bytes* reply) {
  return change_settings<v1::SetLimitsRequest>({*context, *request, *reply}, "SetLimits");
}

SharingRpc::Reactor* SharingRpc::ExplainOrder(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ExplainOrderRequest, v1::ExplainOrderReply>(
      {*context, *request, *reply}, "ExplainOrder", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const std::int64_t trial, at_least("trial_id", request.trial_id(), 1));
        OODML_ASSIGN_OR_RETURN(const OrderView order, sharing_.explain_order(TrialId{trial}));
        reply = to_proto(order);
        return Status();
      });
}

SharingRpc::Reactor* SharingRpc::ListShares(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ListSharesRequest, v1::ListSharesReply>(
      {*context, *request, *reply}, "ListShares", [this](const auto&, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const SharesView shares, sharing_.shares());
        reply = to_proto(shares);
        return Status();
      });
}

SharingRpc::Reactor* SharingRpc::SetShare(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::SetShareRequest, v1::ListSharesReply>(
      {*context, *request, *reply}, "SetShare", [this](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const ShareChange change, from_proto(request));
        OODML_ASSIGN_OR_RETURN(const std::string id, convert::request_id("request_id", request.request_id()));
        sharing_.set_share(change, id, reply_to<SharesView>(std::move(answer), [&reply](const auto& shares) {
                             reply = to_proto(shares);
                           }));
        return Status();
      });
}

SharingRpc::Reactor* SharingRpc::MarkWorker(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.later<v1::MarkWorkerRequest, v1::MarkWorkerReply>(
      {*context, *request, *reply}, "MarkWorker", [this](const auto& request, auto& reply, auto answer) -> Status {
        const Caller& caller = answer->caller();
        const std::string said_by = caller.token ? caller.name : "";  // without tokens it is an address, not a person
        OODML_ASSIGN_OR_RETURN(const MarkChange change, from_proto(request, said_by));
        OODML_ASSIGN_OR_RETURN(const std::string id, convert::request_id("request_id", request.request_id()));
        sharing_.mark_worker(change, id, reply_to<MarkView>(std::move(answer), [&reply](const auto& marked) {
                               reply = to_proto(marked);
                             }));
        return Status();
      });
}

SharingRpc::Reactor* SharingRpc::ListBacklog(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ListBacklogRequest, v1::ListBacklogReply>(
      {*context, *request, *reply}, "ListBacklog", [this](const auto&, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const std::vector<WaitingView> waiting, sharing_.backlog());
        reply = to_proto(waiting);
        return Status();
      });
}

}  // namespace oodml::coordinator::rpc
