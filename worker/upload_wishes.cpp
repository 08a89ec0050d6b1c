#include "worker/upload_wishes.h"

#include <string>
#include <vector>

#include "core/catalogue/catalogue.h"

namespace oodml::worker {
namespace {

constexpr job::FileKind kArtifacts[] = {job::FileKind::kBest,    job::FileKind::kLast, job::FileKind::kLog,
                                        job::FileKind::kResults, job::FileKind::kCsv,  job::FileKind::kTensorboard};

template <typename T>
T value_of(const Params& values, const char* key) {
  return values.value_or(key, std::get<T>(catalogue::find_trial_key(key)->fallback));
}

}  // namespace

UploadWishes upload_wishes(const Params& values) {
  UploadWishes wishes;
  for (const std::string& word : value_of<std::vector<std::string>>(values, "artifacts")) {
    for (const job::FileKind kind : kArtifacts) {
      if (word == "all" || word == job::to_text(kind)) wishes.artifacts.insert(kind);
    }
  }
  const auto seconds = value_of<std::int64_t>(values, "checkpoint_upload");
  wishes.checkpoint_at_stop = seconds >= 0;
  if (seconds > 0) wishes.every = std::chrono::seconds(seconds);
  return wishes;
}

}  // namespace oodml::worker
