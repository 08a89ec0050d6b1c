#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/service/course_page.h"
#include "coordinator/service/metric_page.h"
#include "coordinator/service/selections.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/service/sweeps.h"
#include "core/base/result.h"
#include "oodml/v1/sweeps.pb.h"

/// coordinator/service <-> proto/oodml/v1/sweeps.proto. Requests are checked as proto/convert/fields.h says.
namespace oodml::coordinator::rpc {

Result<SweepText> from_proto(const v1::SweepText& message);
/// All but the sweep and the request id.
Result<SubmitOptions> options_of(const v1::SubmitRequest& message);
/// An id from 1 or a name.
Result<SweepRef> from_proto(const v1::SweepRef& message);
Result<ResultsQuery> from_proto(const v1::QueryResultsRequest& message);

/// Terms of `where`, which can be as long as what they choose among is wide.
Result<std::vector<std::string>> terms_of(const google::protobuf::RepeatedPtrField<std::string>& where);
Result<MetricSelection> from_proto(const v1::ReadMetricsRequest& message);
Result<CourseQuery> from_proto(const v1::ReadCoursesRequest& message);

Result<SweepSelection> from_proto(const v1::ListRequest& message);
Result<TrialSelection> from_proto(const v1::GetRequest& message);
/// All but who asks.
Result<ChangeSelection> from_proto(const v1::ChangeRequest& message);

v1::SweepSummary to_proto(const SweepView& sweep);
v1::TrialSummary to_proto(const TrialView& trial);
v1::WatchEventsReply to_proto(const WatchItem& item);
v1::SubmitReply to_proto(const SubmitView& submitted);
v1::ChangeReply to_proto(const ChangeView& change);

v1::PlanReply to_proto(const PlanView& plan, bool with_trials);
v1::ListReply to_proto(const SweepPage& page);
v1::GetReply to_proto(const SweepDetail& sweep);
v1::GetTrialReply to_proto(const TrialDetail& trial);
v1::QueryResultsReply to_proto(const ResultsTable& table);
v1::ReadMetricsReply to_proto(const MetricPage& page);
v1::ReadCoursesReply to_proto(const CoursePage& page);
v1::ListWorkersReply to_proto(const std::vector<WorkerView>& workers);

}  // namespace oodml::coordinator::rpc
