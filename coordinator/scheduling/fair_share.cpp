#include "coordinator/scheduling/fair_share.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace oodml::coordinator::scheduling {
namespace {

using Seconds = std::chrono::duration<double>;

/// Of one slot that is always busy: the integral of what fades.
constexpr double kMemory = Seconds(FairShare::kHalfLife).count() / std::numbers::ln2;

constexpr double kOneMore = Seconds(FairShare::kAhead).count();

double fading(Seconds since) { return std::exp2(-since / Seconds(FairShare::kHalfLife)); }

}  // namespace

double FairShare::weight(const std::string& owner) const {
  const auto use = owners_.find(owner);
  return use == owners_.end() ? kUsualWeight : use->second.weight;
}

double FairShare::faded(const Use& use, Steady now) {
  const double left = fading(std::max(Seconds(now - use.at), Seconds(0)));
  return use.seconds * left + static_cast<double>(use.running) * kMemory * (1 - left);
}

FairShare::Use& FairShare::brought_to(const std::string& owner, Steady now) {
  Use& use = owners_[owner];
  use.seconds = faded(use, now);
  use.at = now;
  return use;
}

void FairShare::begin(const std::string& owner, Steady now) { ++brought_to(owner, now).running; }

void FairShare::end(const std::string& owner, Steady now) { --brought_to(owner, now).running; }

std::int64_t FairShare::running(const std::string& owner) const {
  const auto use = owners_.find(owner);
  return use == owners_.end() ? 0 : use->second.running;
}

std::set<std::string> FairShare::owners() const {
  std::set<std::string> names;
  for (const auto& [owner, use] : owners_) names.insert(owner);
  return names;
}

void FairShare::remember(const std::string& owner, Duration began, Duration ended, Steady now) {
  if (began <= ended) return;
  brought_to(owner, now).seconds += kMemory * (fading(std::max(ended, Duration(0))) - fading(began));
}

double FairShare::used(const std::string& owner, Steady now) const {
  const auto use = owners_.find(owner);
  if (use == owners_.end()) return 0;
  return faded(use->second, now) + static_cast<double>(use->second.running) * kOneMore;
}

double FairShare::level(const std::string& owner, Steady now) const {
  return (used(owner, now) + kOneMore / 2) / weight(owner);
}

double FairShare::step(const std::string& owner) const { return kOneMore / weight(owner); }

}  // namespace oodml::coordinator::scheduling
