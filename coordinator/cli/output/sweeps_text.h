#pragma once

#include <cstdint>
#include <string>

#include "coordinator/cli/output/style.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// `oodml list`: one line a sweep, newest first.
std::string list_text(const v1::ListReply& reply, std::int64_t now_millis, const Style& style);

/// "12 succeeded, 1 failed, 3 running, 2 queued": the counts that are not zero.
std::string counts_text(const v1::StateCounts& counts, const Style& style);

/// `oodml show SWEEP`: heading, axes, trials, why trials wait, how trials failed. `hidden` trials were left out.
std::string sweep_text(const v1::GetReply& reply, std::int64_t hidden, std::int64_t now_millis, const Style& style);

/// `oodml plan`. Without `known_to_coordinator` nothing is said about what is new.
std::string plan_text(const v1::PlanReply& reply, bool known_to_coordinator, const Style& style);

/// "About 14 h of slot time, 3.5 h of wall time ...": what trials will take; empty where there are none to run.
std::string estimate_text(const v1::Estimate& estimate);

/// A line a note; a note's own lines stay.
std::string notes_text(const google::protobuf::RepeatedPtrField<std::string>& notes, const Style& style);

/// What `oodml submit` and the commands that change a sweep say on success: one line, and notes.
std::string submit_text(const v1::SubmitReply& reply, const Style& style);
std::string change_text(const v1::ChangeReply& reply, std::string_view done, const Style& style);

/// `oodml workers`.
std::string workers_text(const v1::ListWorkersReply& reply, std::int64_t now_millis, const Style& style);

}  // namespace oodml::cli
