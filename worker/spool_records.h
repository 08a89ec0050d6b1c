#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/lease.h"
#include "core/job/trial_state.h"

namespace oodml::worker {

/// How an attempt ended, waiting to be told to the coordinator.
struct PendingFinish {
  std::string request_id;  ///< The same in every try, so that a lost reply does no harm.
  job::Outcome outcome = job::Outcome::kInfrastructure;
  std::string message;
  std::int64_t last_sequence = 0;
};

/// What the file of an EventSpool says, one record a line:
///   H{"lease": ..., "gone": 2, "told": 7, "thinned": 9}   first: whose events these are, and what is there of them
///   P8 MILLIS progress ...                                stands for every progress that is left out
///   E3 MILLIS metric ...                                  an event
///   F{"outcome": ...}                                     the end
struct SpoolContent {
  job::HeldLease held;
  std::int64_t gone = 0;     ///< Events up to this one cannot be told again.
  std::int64_t told = 0;     ///< The coordinator had all up to this one when the file was begun.
  std::int64_t thinned = 0;  ///< Of those up to this one, progress is left out.
  std::optional<job::Event> left_out;
  std::vector<job::Event> events;
  std::optional<PendingFinish> finish;
};

/// Of held, gone, told and thinned.
std::string header_record(const SpoolContent& content);
std::string event_record(const job::Event& event);
std::string left_out_record(const job::Event& progress);
std::string finish_record(const PendingFinish& finish);

/// kDataLoss when the lease is not readable or an event is missing; `file` is for the message.
Result<SpoolContent> parse_spool(const std::vector<std::string>& records, const std::string& file);

}  // namespace oodml::worker
