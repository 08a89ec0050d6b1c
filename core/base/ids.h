#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace oodml {

/// Row ids given out by the coordinator's database, from 1.
struct SweepId {
  std::int64_t value = 0;
  friend auto operator<=>(const SweepId&, const SweepId&) = default;
};
struct TrialId {
  std::int64_t value = 0;
  friend auto operator<=>(const TrialId&, const TrialId&) = default;
};

/// A worker daemon's name: stable over its restarts, unique in the cluster.
struct WorkerId {
  std::string value;
  friend auto operator<=>(const WorkerId&, const WorkerId&) = default;
};

/// 32 lower-case hexadecimal digits that nobody guesses; names one lease of one attempt.
struct LeaseId {
  std::string value;
  friend auto operator<=>(const LeaseId&, const LeaseId&) = default;
};

/// One more than the number of earlier leases of the trial; a larger one fences off a smaller one.
using AttemptEpoch = std::int64_t;

/// 32 lower-case hexadecimal digits from the system's entropy source.
std::string random_hex_128();

}  // namespace oodml

template <>
struct std::hash<oodml::TrialId> {
  std::size_t operator()(const oodml::TrialId& id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
template <>
struct std::hash<oodml::SweepId> {
  std::size_t operator()(const oodml::SweepId& id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
template <>
struct std::hash<oodml::WorkerId> {
  std::size_t operator()(const oodml::WorkerId& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
