#include "core/job/checkpoint_place.h"

#include <charconv>
#include <system_error>

namespace oodml::job {

std::optional<CheckpointPlace> checkpoint_place(std::string_view name) {
  CheckpointPlace place;
  const char* end = name.data() + name.size();
  const auto epoch = std::from_chars(name.data(), end, place.epoch);
  if (epoch.ec != std::errc() || place.epoch < 0) return std::nullopt;
  if (epoch.ptr == end) return place;
  const auto step = *epoch.ptr == '-' ? std::from_chars(epoch.ptr + 1, end, place.step) : epoch;
  if (step.ec != std::errc() || step.ptr != end || place.step < 0) return std::nullopt;
  if (place.step == 0) place.step = -1;
  return place;
}

}  // namespace oodml::job
