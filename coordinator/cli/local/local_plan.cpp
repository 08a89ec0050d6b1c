#include "coordinator/cli/local/local_plan.h"

#include "proto/convert/job_convert.h"
#include "proto/convert/plan_convert.h"

namespace oodml::cli {
namespace {

/// Labels in the order of the axes.
v1::PlannedTrial to_proto(const job::PlannedTrial& trial, const std::vector<job::Axis>& axes) {
  v1::PlannedTrial message;
  for (const job::Axis& axis : axes) {
    const auto found = trial.labels.find(axis.name);
    if (found == trial.labels.end()) continue;
    v1::Label& label = *message.add_labels();
    label.set_axis(axis.name);
    label.set_label(found->second);
  }
  message.set_fingerprint(trial.fingerprint);
  *message.mutable_spec() = convert::to_proto(trial.spec);
  return message;
}

}  // namespace

Result<job::SweepPlan> plan_here(v1::SweepText& text, const sweep::SplitIds& split_ids) {
  const auto noted_ids = [&](const std::string& benchmark, const std::string& file) {
    Result<std::vector<std::string>> ids = split_ids(benchmark, file);
    if (!ids) return ids;
    auto& noted = *text.add_split_ids();
    noted.set_benchmark(benchmark);
    noted.set_split_file(file);
    for (const std::string& id : *ids) noted.add_ids(id);
    return ids;
  };
  sweep::ExpandOptions options{.file_name = text.file_name(), .split_ids = noted_ids};
  for (const auto& setting : text.overrides()) options.settings.emplace_back(setting.key(), setting.value());
  for (const v1::Script& script : text.scripts()) options.scripts[script.file()] = script.sha256();
  return sweep::plan_sweep(text.yaml(), options);
}

v1::PlanReply reply_of(const job::SweepPlan& plan, bool with_trials) {
  v1::PlanReply reply;
  reply.set_name(plan.name);
  reply.set_trials(static_cast<std::int64_t>(plan.trials.size()));
  reply.set_new_trials(reply.trials());
  for (const job::AxisCount& axis : job::count_by_axis(plan)) *reply.add_axes() = convert::to_proto(axis);
  if (!with_trials) return reply;
  for (const job::PlannedTrial& trial : plan.trials) *reply.add_planned() = to_proto(trial, plan.axes);
  return reply;
}

}  // namespace oodml::cli
