#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>

namespace oodml::catalogue {

/// A figure's values, by the training epochs that were finished when it was measured: 0 is the untrained network.
using Course = std::map<std::int64_t, double>;

/// Whether more of it is better: true of the catalogue's metrics but for distances and spectra, and of their means over
/// few-shot episodes; false of intervals, gains, training figures (loss, seconds) and names that nobody knows.
bool larger_is_better(std::string_view metric);

/// The one definition of a best epoch, for tables, results.json and the networks that are kept: the first epoch that
/// reaches the largest finite value. Of a trial that trains (`trains`: it has an epoch to train, or has trained one)
/// the untrained epoch 0 is none. Nothing where no value is left, and for metrics of which more is not better.
std::optional<std::int64_t> best_epoch(std::string_view metric, const Course& course, bool trains);
/// The same of a course as two lists of one length, epochs ascending.
std::optional<std::int64_t> best_epoch(std::string_view metric, std::span<const std::int64_t> epochs,
                                       std::span<const double> values, bool trains);

}  // namespace oodml::catalogue
