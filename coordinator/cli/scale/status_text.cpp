#include "coordinator/cli/scale/status_text.h"

#include "coordinator/cli/output/table.h"
#include "coordinator/cli/output/text.h"
#include "core/base/rough_duration.h"

namespace oodml::cli::scale {
namespace {

std::string until(Time at, Time now) { return rough_duration(static_cast<double>((at - now).count()) / 1000); }

Cell state_cell(const ProfileState& profile, Time now) {
  if (profile.paused_until > now) return {"paused for " + until(profile.paused_until, now), Colour::kRed};
  if (profile.trouble.retry_at > now)
    return {"tries again in " + until(profile.trouble.retry_at, now), Colour::kYellow};
  return {"ready"};
}

std::string failed(const Trouble& trouble, Time now) {
  return ", " + ago_text(to_millis(trouble.since), to_millis(now)) + ": " + one_line(trouble.reason) + "\n";
}

std::string notes(const ScaleState& state, Time now) {
  std::string text;
  const auto add = [&](const std::string& whose, const Trouble& trouble) {
    if (trouble.failures > 0)
      text += whose + " failed " + counted(trouble.failures, "time") + " in a row, last" + failed(trouble, now);
    else if (!trouble.reason.empty())
      text += whose + " failed last" + failed(trouble, now);
  };
  add("the cluster", state.cluster);
  add("the coordinator", state.coordinator);
  for (const auto& [name, profile] : state.profiles) {
    add(name, profile.trouble);
    if (!profile.pending_reason.empty()) text += name + " waits in the cluster: " + profile.pending_reason + "\n";
  }
  for (const std::string& need : state.unserved) text += "no profile is for " + one_line(need) + "\n";
  return text;
}

}  // namespace

std::string status_text(const std::string& name, const ScaleState& state, Time now, const Style& style) {
  const std::string head =
      style.paint(Colour::kBold, name) + ": " +
      (state.looked_at == Time() ? "has not looked yet"
                                 : "looked " + ago_text(to_millis(state.looked_at), to_millis(now)));
  Table table({{"PROFILE"},
               {"STATE"},
               {"TRIALS WAITING", Align::kRight},
               {"PENDING", Align::kRight},
               {"STARTING", Align::kRight},
               {"WORKING", Align::kRight},
               {"IN DOUBT", Align::kRight, Overflow::kKeep, 1}});
  for (const auto& [profile_name, profile] : state.profiles) {
    table.add({profile_name, state_cell(profile, now), std::to_string(profile.waiting), std::to_string(profile.pending),
               std::to_string(profile.starting), std::to_string(profile.working), std::to_string(profile.in_doubt)});
  }
  const std::string said = notes(state, now);
  return head + "\n" + table.text(style) + (said.empty() ? "" : "\n" + said);
}

}  // namespace oodml::cli::scale
