#include "coordinator/scheduling/sharing_service.h"

namespace oodml::coordinator::scheduling {
namespace {

Failure not_yet() { return failure(StatusCode::kUnimplemented, "this coordinator does not share yet"); }

}  // namespace

Result<OrderView> SharingService::explain_order(TrialId) { return not_yet(); }

Result<SharesView> SharingService::shares() { return not_yet(); }

void SharingService::set_share(const ShareChange&, const std::string&, Reply<SharesView> reply) { reply(not_yet()); }

void SharingService::mark_worker(const MarkChange&, const std::string&, Reply<MarkView> reply) { reply(not_yet()); }

}  // namespace oodml::coordinator::scheduling
