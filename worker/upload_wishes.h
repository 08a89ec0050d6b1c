#pragma once

#include <optional>
#include <set>

#include "core/base/clock.h"
#include "core/base/params.h"
#include "core/job/stored_file.h"

namespace oodml::worker {

/// What a trial wants the coordinator to have of it (the keys `artifacts` and `checkpoint_upload`).
struct UploadWishes {
  std::set<job::FileKind> artifacts;  ///< Once it has ended.
  bool checkpoint_at_stop = false;    ///< When an attempt ends and another one is to go on.
  std::optional<Duration> every;      ///< Between checkpoints while it runs; nullopt: none.
};

/// Of a trial of an earlier version, which has no such keys, their defaults.
UploadWishes upload_wishes(const Params& values);

}  // namespace oodml::worker
