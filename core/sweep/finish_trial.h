#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "core/job/trial_spec.h"
#include "core/sweep/diagnostics.h"

namespace oodml::sweep {

/// Where a key of the trial was set; nothing when it has its default.
using PlaceOf = std::function<std::optional<Place>(std::string_view key)>;

/// The last step of a specification whose values are all typed: resolves `weights: default` and `layout: default`,
/// and checks names inside of texts (arch, metrics, split ids) and what keys demand of one another. An error that
/// concerns defaults alone stands at `whole`.
void finish_trial(job::TrialSpec& spec, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics);

/// Whether `name` may be a benchmark of one's own: [a-z0-9_-]+, at most 64 characters; it is also a folder's name.
bool is_benchmark_name(std::string_view name);

/// Whether `path` stays inside of a benchmark's folder, as a split file must: relative, without `..`.
bool stays_inside(const std::filesystem::path& path);

/// Whether `id` may be a split id: letters, digits, `.`, `_`, `-`, at most 64 characters.
bool is_split_id(std::string_view id);

}  // namespace oodml::sweep
