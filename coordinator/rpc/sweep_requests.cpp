#include <algorithm>
#include <utility>

#include "coordinator/rpc/sweep_messages.h"
#include "coordinator/service/results.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_text.h"
#include "coordinator/service/sweep_views.h"
#include "core/job/limits.h"
#include "proto/convert/fields.h"
#include "proto/convert/job_convert.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::at_least;
using convert::check_count;
using convert::item;
using convert::kMaxNameBytes;
using convert::kMaxValueBytes;
using convert::within;

Result<std::vector<std::string>> names(std::string_view field, const auto& list) {
  OODML_RETURN_IF_ERROR(check_count(field, list.size(), job::kMaxTerms));
  std::vector<std::string> result;
  for (int i = 0; i < list.size(); ++i) {
    OODML_ASSIGN_OR_RETURN(std::string name, convert::name(item(field, i), list.Get(i)));
    result.push_back(std::move(name));
  }
  return result;
}

using Labels = std::vector<std::pair<std::string, std::string>>;

Result<Labels> labels(std::string_view list, const google::protobuf::RepeatedPtrField<v1::Label>& messages) {
  OODML_RETURN_IF_ERROR(check_count(list, messages.size(), job::kMaxTerms));
  Labels labels;
  for (int i = 0; i < messages.size(); ++i) {
    const std::string field = item(list, i);
    OODML_ASSIGN_OR_RETURN(std::string axis, convert::name(field + ".axis", messages[i].axis()));
    OODML_ASSIGN_OR_RETURN(std::string label, convert::text(field + ".label", messages[i].label()));
    labels.emplace_back(std::move(axis), std::move(label));
  }
  return labels;
}

Result<SplitIds> split_ids(const v1::SplitIds& message) {
  SplitIds split;
  OODML_ASSIGN_OR_RETURN(split.benchmark, convert::name("benchmark", message.benchmark()));
  OODML_ASSIGN_OR_RETURN(split.split_file, convert::text("split_file", message.split_file(), convert::kMaxPathBytes));
  OODML_RETURN_IF_ERROR(check_count("ids", message.ids_size(), job::kMaxSplitIds));
  for (int i = 0; i < message.ids_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(std::string id, convert::name(item("ids", i), message.ids(i)));
    split.ids.push_back(std::move(id));
  }
  return split;
}

bool is_empty(const v1::SweepRef& message) { return message.sweep_id() == 0 && message.name().empty(); }

}  // namespace

Result<SweepText> from_proto(const v1::SweepText& message) {
  SweepText text;
  if (message.yaml().empty()) return invalid_argument("yaml: empty; the text of a sweep wanted");
  text.yaml = message.yaml();
  OODML_ASSIGN_OR_RETURN(text.file_name, convert::text("file_name", message.file_name(), convert::kMaxPathBytes));
  OODML_RETURN_IF_ERROR(check_count("overrides", message.overrides_size(), convert::kMaxSettings));
  for (int i = 0; i < message.overrides_size(); ++i) {
    const std::string field = item("overrides", i);
    OODML_ASSIGN_OR_RETURN(std::string key, convert::name(field + ".key", message.overrides(i).key()));
    OODML_ASSIGN_OR_RETURN(std::string value,
                           convert::text(field + ".value", message.overrides(i).value(), kMaxValueBytes));
    text.overrides.emplace_back(std::move(key), std::move(value));
  }
  OODML_RETURN_IF_ERROR(check_count("split_ids", message.split_ids_size(), job::kMaxBenchmarks));
  for (int i = 0; i < message.split_ids_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(SplitIds split, within(item("split_ids", i), split_ids(message.split_ids(i))));
    text.split_ids.push_back(std::move(split));
  }
  OODML_RETURN_IF_ERROR(check_count("scripts", message.scripts_size(), job::kMaxScripts));
  for (int i = 0; i < message.scripts_size(); ++i) {
    const std::string field = item("scripts", i);
    ScriptOfSweep script;
    OODML_ASSIGN_OR_RETURN(script.file, convert::path_below(field + ".file", message.scripts(i).file()));
    OODML_ASSIGN_OR_RETURN(script.sha256, convert::sha256(field + ".sha256", message.scripts(i).sha256()));
    text.scripts.push_back(std::move(script));
  }
  text.scripts_on_workers = message.scripts_on_workers();
  return text;
}

Result<SubmitOptions> options_of(const v1::SubmitRequest& message) {
  SubmitOptions options{.priority = message.priority(), .rerun = message.rerun(), .reuse = message.reuse()};
  OODML_ASSIGN_OR_RETURN(options.rerun_only, labels("rerun_only", message.rerun_only()));
  if (!options.rerun && !options.rerun_only.empty()) {
    return invalid_argument("rerun_only: labels without rerun; set rerun too, or leave them out");
  }
  OODML_ASSIGN_OR_RETURN(options.on_disk, convert::stamps("on_disk", message.on_disk()));
  return options;
}

Result<std::vector<std::string>> terms_of(const google::protobuf::RepeatedPtrField<std::string>& where) {
  OODML_RETURN_IF_ERROR(check_count("where", where.size(), job::kMaxTerms));
  std::vector<std::string> terms;
  for (int i = 0; i < where.size(); ++i) {
    OODML_ASSIGN_OR_RETURN(std::string term, convert::name(item("where", i), where.Get(i), convert::kMaxPathBytes));
    terms.push_back(std::move(term));
  }
  return terms;
}

Result<SweepRef> from_proto(const v1::SweepRef& message) {
  if (is_empty(message)) return invalid_argument("sweep: neither sweep_id nor name; one of them wanted");
  SweepRef ref;
  OODML_ASSIGN_OR_RETURN(ref.id.value, at_least("sweep.sweep_id", message.sweep_id(), 0));
  OODML_ASSIGN_OR_RETURN(ref.name, convert::text("sweep.name", message.name(), kMaxNameBytes));
  return ref;
}

Result<ResultsQuery> from_proto(const v1::QueryResultsRequest& message) {
  ResultsQuery query;
  OODML_ASSIGN_OR_RETURN(query.sweep, from_proto(message.sweep()));
  OODML_ASSIGN_OR_RETURN(query.metrics, names("metrics", message.metrics()));
  OODML_ASSIGN_OR_RETURN(query.by, names("by", message.by()));
  OODML_ASSIGN_OR_RETURN(query.filter, labels("filter", message.filter()));
  OODML_ASSIGN_OR_RETURN(query.sort, convert::text("sort", message.sort(), kMaxNameBytes + 1));
  OODML_ASSIGN_OR_RETURN(query.over, convert::text("over", message.over(), kMaxNameBytes));
  OODML_ASSIGN_OR_RETURN(query.after_row, at_least("after_row", message.after_row(), 0));
  return query;
}

Result<MetricSelection> from_proto(const v1::ReadMetricsRequest& message) {
  MetricSelection selection;
  OODML_ASSIGN_OR_RETURN(selection.trial.value, at_least("trial_id", message.trial_id(), 0));
  if (selection.trial.value == 0 || message.has_sweep()) {
    OODML_ASSIGN_OR_RETURN(selection.sweep, from_proto(message.sweep()));
  }
  OODML_ASSIGN_OR_RETURN(selection.where, terms_of(message.where()));
  const v1::MetricCursor& after = message.after();
  OODML_ASSIGN_OR_RETURN(selection.after.trial.value, at_least("after.trial_id", after.trial_id(), 0));
  OODML_ASSIGN_OR_RETURN(selection.after.attempt, at_least("after.attempt", after.attempt(), 0));
  OODML_ASSIGN_OR_RETURN(selection.after.sequence, at_least("after.sequence", after.sequence(), 0));
  return selection;
}

Result<CourseQuery> from_proto(const v1::ReadCoursesRequest& message) {
  CourseQuery query;
  OODML_ASSIGN_OR_RETURN(query.sweep, from_proto(message.sweep()));
  OODML_ASSIGN_OR_RETURN(query.figures, names("figures", message.figures()));
  OODML_ASSIGN_OR_RETURN(query.after.value, at_least("after_trial_id", message.after_trial_id(), 0));
  return query;
}

Result<SweepSelection> from_proto(const v1::ListRequest& message) {
  SweepSelection selection;
  OODML_ASSIGN_OR_RETURN(selection.limit, at_least("limit", message.limit(), 0));
  OODML_ASSIGN_OR_RETURN(selection.before, at_least("before_sweep_id", message.before_sweep_id(), 0));
  OODML_ASSIGN_OR_RETURN(selection.owner, convert::text("owner", message.owner(), kMaxNameBytes));
  selection.archived = message.archived();
  return selection;
}

Result<TrialSelection> from_proto(const v1::GetRequest& message) {
  TrialSelection selection;
  OODML_ASSIGN_OR_RETURN(selection.sweep, from_proto(message.sweep()));
  OODML_RETURN_IF_ERROR(check_count("states", message.states_size(), job::kMaxTerms));
  for (int i = 0; i < message.states_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(const job::TrialState state, convert::trial_state(item("states", i), message.states(i)));
    selection.states.push_back(state);
  }
  OODML_ASSIGN_OR_RETURN(selection.limit, at_least("limit", message.limit(), 0));
  OODML_ASSIGN_OR_RETURN(selection.after_trial, at_least("after_trial_id", message.after_trial_id(), 0));
  OODML_ASSIGN_OR_RETURN(selection.where, terms_of(message.where()));
  return selection;
}

Result<ChangeSelection> from_proto(const v1::ChangeRequest& message) {
  ChangeSelection selection;
  OODML_RETURN_IF_ERROR(check_count("trial_ids", message.trial_ids_size(), job::kMaxTrialIds));
  for (int i = 0; i < message.trial_ids_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(const std::int64_t id, at_least(item("trial_ids", i), message.trial_ids(i), 1));
    selection.trials.push_back(TrialId{id});
  }
  if (selection.trials.empty() || !is_empty(message.sweep())) {
    OODML_ASSIGN_OR_RETURN(selection.sweep, from_proto(message.sweep()));
  }
  OODML_ASSIGN_OR_RETURN(selection.request_id, convert::request_id("request_id", message.request_id()));
  OODML_ASSIGN_OR_RETURN(selection.where, terms_of(message.where()));
  return selection;
}

}  // namespace oodml::coordinator::rpc
