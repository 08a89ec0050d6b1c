#pragma once

#include "core/base/result.h"
#include "core/job/event.h"
#include "oodml/v1/types.pb.h"

/// What a trial says <-> proto/oodml/v1/types.proto; the rules are those of job_convert.h.
namespace oodml::convert {

v1::Event to_proto(const job::Event& event);
Result<job::Event> from_proto(const v1::Event& message);

v1::Progress to_proto(const job::Progress& progress);
Result<job::Progress> from_proto(const v1::Progress& message);

v1::Metric to_proto(const job::Metric& metric);
Result<job::Metric> from_proto(const v1::Metric& message);

v1::Checkpoint to_proto(const job::Checkpoint& checkpoint);
Result<job::Checkpoint> from_proto(const v1::Checkpoint& message);

}  // namespace oodml::convert
