#pragma once

#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/lease.h"
#include "core/job/trial_spec.h"
#include "core/job/trial_state.h"
#include "oodml/v1/types.pb.h"
#include "oodml/v1/workers.pb.h"

/// core/job <-> proto/oodml/v1. `to_proto` always gives what `from_proto` accepts for values our own programs make:
/// text is brought to UTF-8 and to its limit. `from_proto` trusts nothing: kInvalidArgument names the field.
namespace oodml::convert {

v1::TrialSpec to_proto(const job::TrialSpec& spec);
/// Settings keep their types; whether their keys and values fit the catalogue is not looked at here.
Result<job::TrialSpec> from_proto(const v1::TrialSpec& message);

v1::Lease to_proto(const job::Lease& lease);
Result<job::Lease> from_proto(const v1::Lease& message);

v1::HeldLease to_proto(const job::HeldLease& held);
Result<job::HeldLease> from_proto(const v1::HeldLease& message);

v1::LeasedTrial to_proto(const job::LeasedTrial& trial);
Result<job::LeasedTrial> from_proto(const v1::LeasedTrial& message);

using StampList = google::protobuf::RepeatedPtrField<v1::DataStamp>;
void add_stamps(const job::DataStamps& stamps, StampList& list);
/// `field` names the list in a failure.
Result<job::DataStamps> stamps(std::string_view field, const StampList& list);

v1::WorkerInfo to_proto(const job::WorkerInfo& worker);
Result<job::WorkerInfo> from_proto(const v1::WorkerInfo& message);

v1::Directive to_proto(job::Directive directive);
Result<job::Directive> from_proto(v1::Directive directive);

/// One lease of a heartbeat's reply with what its worker shall do.
v1::LeaseDirective to_proto(const job::Lease& lease, job::Directive directive);
Result<std::pair<job::Lease, job::Directive>> from_proto(const v1::LeaseDirective& message);

/// A trial state or outcome by its name in core/job/trial_state.h; a failure lists the names.
Result<job::TrialState> trial_state(std::string_view field, const std::string& text);
Result<job::Outcome> outcome(std::string_view field, const std::string& text);

}  // namespace oodml::convert
