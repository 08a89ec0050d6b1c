#pragma once

#include <span>

namespace oodml::statistics {

/// Mean of the middle half of the values: of n values in order, value i stands for the places [i, i + 1), and counts
/// with the part of them in [n/4, 3n/4). So 1 2 3 4 5 6 give (0.5 * 2 + 3 + 4 + 0.5 * 5) / 3. Less noise than a median,
/// less moved by a single bad seed than a mean. For n a multiple of four it is scipy.stats.trim_mean(values, 0.25),
/// which for other n throws fewer values away. NaN of none. Source: Agarwal et al., "Deep Reinforcement Learning at the
/// Edge of the Statistical Precipice", NeurIPS 2021.
double interquartile_mean(std::span<const double> values);

}  // namespace oodml::statistics
