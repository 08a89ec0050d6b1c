#pragma once

#include <string>
#include <vector>

#include "coordinator/service/sharing.h"
#include "coordinator/service/sweep_settings.h"
#include "core/base/result.h"
#include "oodml/v1/sharing.pb.h"

/// coordinator/service/sharing.h <-> proto/oodml/v1/sharing.proto. Requests are checked as proto/convert/fields.h says.
namespace oodml::coordinator::rpc {

/// All but who asks.
Result<SweepSettings> from_proto(const v1::SetPriorityRequest& message);
Result<SweepSettings> from_proto(const v1::SetLimitsRequest& message);
/// SetShareRequest without its request id.
Result<ShareChange> from_proto(const v1::SetShareRequest& message);
/// MarkWorkerRequest without its request id, as `said_by` says it.
Result<MarkChange> from_proto(const v1::MarkWorkerRequest& message, const std::string& said_by);

v1::ExplainOrderReply to_proto(const OrderView& order);
v1::ListSharesReply to_proto(const SharesView& shares);
v1::MarkWorkerReply to_proto(const MarkView& marked);
/// The first 1000; the rest are counted.
v1::ListBacklogReply to_proto(const std::vector<WaitingView>& waiting);

}  // namespace oodml::coordinator::rpc
