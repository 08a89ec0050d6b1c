#include "coordinator/cli/sweep_source.h"

#include <algorithm>
#include <charconv>
#include <istream>
#include <iterator>

#include "core/base/atomic_file.h"
#include "core/sweep/sweep.h"
#include "proto/convert/job_convert.h"

namespace oodml::cli {
namespace {

std::uint64_t max_bytes() { return sweep::Limits().max_bytes; }

Result<std::string> read_text(const std::string& file, std::istream& in) {
  if (file != "-") {
    Result<std::string> text = sweep::resolve_extends(file);
    // What cannot be read is the caller's mistake here, whatever the file system calls it; findings in it stay as they
    // are.
    if (!text && text.error().code() != StatusCode::kInvalidArgument)
      return invalid_argument("cannot read the sweep: " + text.error().message());
    return text;
  }
  std::string text;
  for (auto it = std::istreambuf_iterator<char>(in); it != std::istreambuf_iterator<char>(); ++it) {
    if (text.size() == max_bytes()) {
      return invalid_argument("the sweep on standard input is larger than " + std::to_string(max_bytes()) + " bytes");
    }
    text += *it;
  }
  return text;
}

v1::AxisCount to_proto(const job::AxisCount& axis) {
  v1::AxisCount count;
  count.set_axis(axis.axis);
  for (const auto& [label, trials] : axis.labels) {
    count.add_labels()->set_label(label);
    count.add_counts(trials);
  }
  return count;
}

}  // namespace

Result<v1::SweepRef> sweep_ref(const std::string& text) {
  v1::SweepRef ref;
  const bool digits =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  std::int64_t id = 0;
  if (digits && std::from_chars(text.data(), text.data() + text.size(), id).ec == std::errc() && id > 0) {
    ref.set_sweep_id(id);
  } else if (text.empty() || digits) {
    return invalid_argument("'" + text + "' is no sweep; give its id (from 1) or its name, as oodml list shows them");
  } else {
    ref.set_name(text);
  }
  return ref;
}

Result<v1::SweepText> read_sweep(const std::string& file, const std::vector<std::string>& settings, std::istream& in) {
  v1::SweepText sweep;
  for (const std::string& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return invalid_argument("--set " + setting + ": wanted key=value, as in --set epochs=2");
    }
    auto* override = sweep.add_overrides();
    override->set_key(setting.substr(0, equals));
    override->set_value(setting.substr(equals + 1));
  }
  OODML_ASSIGN_OR_RETURN(const std::string text, read_text(file, in));
  sweep.set_yaml(text);
  sweep.set_file_name(file == "-" ? "standard input" : std::filesystem::path(file).filename().string());
  return sweep;
}

Result<v1::PlanReply> plan_here(v1::SweepText& text, const sweep::SplitIds& split_ids) {
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
  OODML_ASSIGN_OR_RETURN(const job::SweepPlan plan, sweep::plan_sweep(text.yaml(), options));
  v1::PlanReply reply;
  reply.set_name(plan.name);
  reply.set_trials(static_cast<std::int64_t>(plan.trials.size()));
  reply.set_new_trials(reply.trials());
  for (const job::AxisCount& axis : job::count_by_axis(plan)) *reply.add_axes() = to_proto(axis);
  for (const job::PlannedTrial& trial : plan.trials) {
    auto* planned = reply.add_planned();
    for (const job::Axis& axis : plan.axes) {
      const auto found = trial.labels.find(axis.name);
      if (found == trial.labels.end()) continue;
      auto* label = planned->add_labels();
      label->set_axis(axis.name);
      label->set_label(found->second);
    }
    planned->set_fingerprint(trial.fingerprint);
    *planned->mutable_spec() = convert::to_proto(trial.spec);
  }
  return reply;
}

}  // namespace oodml::cli
