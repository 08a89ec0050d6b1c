#include "coordinator/submission/sweep_settings_change.h"

#include <set>

#include "coordinator/scheduling/failure_limit.h"
#include "coordinator/store/ownership.h"
#include "coordinator/store/request_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"

namespace oodml::coordinator::submission {
namespace {

constexpr const char* kKind = "settings";

std::string subject_of(SweepId sweep, const SweepSettings& settings) {
  std::string text = std::to_string(sweep.value);
  for (const auto& number : {settings.priority, settings.max_parallel, settings.max_failures}) {
    text += number ? " " + std::to_string(*number) : " -";
  }
  return store::said_by(std::move(text), settings.by);
}

}  // namespace

Result<Changed> change_settings(store::Connection& database, const SweepSettings& settings, Time now) {
  OODML_ASSIGN_OR_RETURN(const SweepId sweep, store::find_sweep(database, settings.sweep));
  OODML_RETURN_IF_ERROR(store::check_not_archived(database, sweep));
  OODML_RETURN_IF_ERROR(store::check_may_change(database, sweep, settings.by));
  const std::string subject = subject_of(sweep, settings);
  OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, kKind, settings.request_id, subject));
  if (answered) {
    return Changed{.view = {.changed = std::stoll(*answered), .sweep = store::read_sweep_view(database, sweep)}};
  }
  store::set_settings(database, sweep, settings.priority, settings.max_parallel, settings.max_failures);
  Changed changed;
  std::set<TrialId> seen;
  for (const store::Member& member : store::read_members(database, sweep, /*with_labels=*/false)) {
    if (job::is_final(member.state) || !seen.insert(member.trial).second) continue;
    changed.situations.push_back(store::situation_of(database, member.trial));
  }
  changed.view.changed = std::ssize(changed.situations);
  // A limit that is reached already holds at once.
  for (store::Situation& paused : scheduling::pause_if_failing(database, sweep)) {
    changed.situations.push_back(std::move(paused));
  }
  store::insert_request(database, kKind, settings.request_id, subject, std::to_string(changed.view.changed), now);
  changed.view.sweep = store::read_sweep_view(database, sweep);
  return changed;
}

}  // namespace oodml::coordinator::submission
