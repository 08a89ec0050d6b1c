#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/params.h"
#include "core/sweep/diagnostics.h"

namespace oodml::sweep {

// What is checked of every trial, whoever runs it: the core or a program of people's own.

/// Where a key of the trial was set; nothing when it has its default.
using PlaceOf = std::function<std::optional<Place>(std::string_view key)>;

/// Whether `name` may be a benchmark of one's own: [a-z0-9_-]+, at most 64 characters; it is also a folder's name.
bool is_benchmark_name(std::string_view name);
void refuse_benchmark_name(std::string_view name, const PlaceOf& place_of, const Place& whole,
                           Diagnostics& diagnostics);

/// Whether `path` stays inside of a benchmark's folder, as a split file must: relative, without `..`.
bool stays_inside(const std::filesystem::path& path);

/// Letters, digits, `.`, `_`, `-`, at most 64 characters: split ids, names of weights.
bool is_plain_name(std::string_view name);

/// `split` of a benchmark that the catalogue knows is one of its ids, of another one a plain name.
void check_split(const Params& values, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics);
void check_split_file(const Params& values, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics);
void check_artifacts(const Params& values, const PlaceOf& place_of, const Place& whole, Diagnostics& diagnostics);
void refuse_repeated_words(const std::string& key, const std::vector<std::string>& words, const PlaceOf& place_of,
                           const Place& whole, Diagnostics& diagnostics);

}  // namespace oodml::sweep
