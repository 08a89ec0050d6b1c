#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/result.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// Key order is part of what we print, so that outputs can be compared line by line.
using Json = nlohmann::ordered_json;

/// What every document starts with; raised when a key changes its meaning or goes away.
inline constexpr int kJsonVersion = 1;

// Times are ISO 8601 in UTC, values that are not there are null, metrics are raw values in [0, 1], NaN is null.

Json json_of(const v1::SweepSummary& sweep);
Json json_of(const v1::MachineFault& fault);
Json json_of(const v1::TrialSummary& trial);
Json json_of(const v1::TrialSpec& spec);  ///< key -> typed value
Json json_of(const v1::Attempt& attempt);
Json json_of(const v1::Progress& progress);
Json json_of(const v1::Metric& metric);
Json json_of(const v1::Event& event);
Json json_of(const v1::WorkerSummary& worker);
Json json_of(const v1::PlannedTrial& trial);
Json json_of(const v1::Statistic& statistic);
Json json_of(const v1::ResultRow& row);
Json json_of(const v1::ListReply& reply);
Json json_of(const v1::GetReply& reply);
Json json_of(const v1::GetTrialReply& reply);
Json json_of(const v1::PlanReply& reply);
Json json_of(const v1::SubmitReply& reply);
Json json_of(const v1::ChangeReply& reply);
Json json_of(const v1::ListWorkersReply& reply);
Json json_of(const v1::QueryResultsReply& reply);
Json json_of(const v1::WatchEventsReply& reply);

/// {"error": {"code", "message", "details"}}: `message` is the first line; `details` holds every line when there
/// are several (specification errors, one a line), and is empty otherwise.
Json json_of(const Status& status);

/// The document with "version" first, indented, with a final newline. Bytes that are no UTF-8 are replaced.
std::string json_text(Json body);
/// The same on one line, for streams of documents.
std::string json_line(Json body);

}  // namespace oodml::cli
