#include "proto/convert/job_convert.h"

#include "core/base/params.h"
#include "proto/convert/fields.h"
#include "proto/convert/stored_file_convert.h"

namespace oodml::convert {
namespace {

v1::Slot to_proto(const job::Slot& slot) {
  v1::Slot message;
  message.set_name(wire_text(slot.name, kMaxNameBytes));
  message.set_device(wire_text(slot.device, job::kMaxDevicesBytes));
  message.set_threads(slot.threads);
  message.set_memory_mib(slot.memory_mib);
  message.set_model(wire_text(slot.model, kMaxNameBytes));
  for (const std::string& gpu : slot.gpus) message.add_gpus(wire_name(gpu));
  message.set_set_aside(wire_text(slot.set_aside, job::kMaxDevicesBytes));
  return message;
}

Result<job::Slot> from_proto(const v1::Slot& message) {
  job::Slot slot;
  OODML_ASSIGN_OR_RETURN(slot.name, name("name", message.name()));
  OODML_ASSIGN_OR_RETURN(slot.device, name("device", message.device(), job::kMaxDevicesBytes));
  OODML_ASSIGN_OR_RETURN(slot.threads, at_least("threads", message.threads(), 1));
  OODML_ASSIGN_OR_RETURN(slot.memory_mib, at_least("memory_mib", message.memory_mib(), 0));
  OODML_ASSIGN_OR_RETURN(slot.model, text("model", message.model(), kMaxNameBytes));
  OODML_RETURN_IF_ERROR(check_count("gpus", message.gpus_size(), kMaxGpus));
  for (int i = 0; i < message.gpus_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(std::string gpu, name(item("gpus", i), message.gpus(i)));
    slot.gpus.push_back(std::move(gpu));
  }
  OODML_ASSIGN_OR_RETURN(slot.set_aside, text("set_aside", message.set_aside(), job::kMaxDevicesBytes));
  return slot;
}

v1::BenchmarkOnDisk to_proto(const job::BenchmarkOnDisk& benchmark) {
  v1::BenchmarkOnDisk message;
  message.set_name(wire_text(benchmark.name, kMaxNameBytes));
  for (const std::string& id : benchmark.split_ids) message.add_split_ids(wire_text(id, kMaxNameBytes));
  return message;
}

Result<job::BenchmarkOnDisk> from_proto(const v1::BenchmarkOnDisk& message) {
  job::BenchmarkOnDisk benchmark;
  OODML_ASSIGN_OR_RETURN(benchmark.name, name("name", message.name()));
  OODML_RETURN_IF_ERROR(check_count("split_ids", message.split_ids_size(), kMaxSplitIds));
  for (int i = 0; i < message.split_ids_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(std::string id, name(item("split_ids", i), message.split_ids(i)));
    benchmark.split_ids.push_back(std::move(id));
  }
  return benchmark;
}

v1::ProgramOffer to_proto(const job::ProgramOffer& program) {
  v1::ProgramOffer message;
  message.set_name(wire_text(program.name, kMaxNameBytes));
  for (const auto& [key, type] : program.keys) {
    (*message.mutable_keys())[wire_text(key, kMaxNameBytes)] = wire_text(type, kMaxNameBytes);
  }
  return message;
}

Result<job::ProgramOffer> from_proto(const v1::ProgramOffer& message) {
  job::ProgramOffer program;
  OODML_ASSIGN_OR_RETURN(program.name, name("name", message.name()));
  OODML_RETURN_IF_ERROR(check_count("keys", message.keys_size(), kMaxSettings));
  for (const auto& [key, type] : message.keys()) {
    OODML_ASSIGN_OR_RETURN(std::string known, name("keys", key));
    OODML_ASSIGN_OR_RETURN(program.keys[std::move(known)], name("keys[" + key + "]", type));
  }
  return program;
}

/// The names of an enum by going through its values, for messages.
template <typename Enum>
std::string names(Enum last) {
  std::string list;
  for (int i = 0; i <= static_cast<int>(last); ++i)
    list += (i > 0 ? ", " : "") + std::string(job::to_text(static_cast<Enum>(i)));
  return list;
}

}  // namespace

v1::TrialSpec to_proto(const job::TrialSpec& spec) {
  v1::TrialSpec message;
  for (const auto& [key, value] : spec.values) {
    v1::Setting& setting = *message.add_settings();
    setting.set_key(key);
    setting.set_value(to_text(value));
  }
  return message;
}

Result<job::TrialSpec> from_proto(const v1::TrialSpec& message) {
  if (message.settings_size() == 0) return invalid_argument("settings: empty; every key of the trial wanted");
  OODML_RETURN_IF_ERROR(check_count("settings", message.settings_size(), kMaxSettings));
  job::TrialSpec spec;
  for (int i = 0; i < message.settings_size(); ++i) {
    const std::string field = item("settings", i);
    const v1::Setting& setting = message.settings(i);
    OODML_ASSIGN_OR_RETURN(std::string key, name(field + ".key", setting.key()));
    OODML_ASSIGN_OR_RETURN(const std::string written, text(field + ".value", setting.value(), kMaxValueBytes));
    const Result<Value> value = parse_value(written);
    if (!value.has_value()) return invalid_argument(field + ".value of " + key + ": " + value.error().message());
    if (spec.values.has(key)) return invalid_argument(field + ".key: '" + key + "' is there twice");
    spec.values.set(std::move(key), *value);
  }
  return spec;
}

v1::Lease to_proto(const job::Lease& lease) {
  v1::Lease message;
  message.set_trial_id(lease.trial.value);
  message.set_attempt(lease.attempt);
  message.set_lease_id(lease.id.value);
  return message;
}

Result<job::Lease> from_proto(const v1::Lease& message) {
  job::Lease lease;
  OODML_ASSIGN_OR_RETURN(lease.trial.value, at_least("trial_id", message.trial_id(), 1));
  OODML_ASSIGN_OR_RETURN(lease.attempt, at_least("attempt", message.attempt(), 1));
  OODML_ASSIGN_OR_RETURN(lease.id, lease_id("lease_id", message.lease_id()));
  return lease;
}

v1::HeldLease to_proto(const job::HeldLease& held) {
  v1::HeldLease message;
  *message.mutable_lease() = to_proto(held.lease);
  message.set_fingerprint(wire_text(held.fingerprint, kMaxNameBytes));
  message.set_slot(wire_text(held.slot, kMaxNameBytes));
  return message;
}

Result<job::HeldLease> from_proto(const v1::HeldLease& message) {
  job::HeldLease held;
  OODML_ASSIGN_OR_RETURN(held.lease, within("lease", from_proto(message.lease())));
  OODML_ASSIGN_OR_RETURN(held.fingerprint, name("fingerprint", message.fingerprint()));
  OODML_ASSIGN_OR_RETURN(held.slot, name("slot", message.slot()));
  return held;
}

constexpr int kMaxScriptsOfTrial = 8;

v1::LeasedTrial to_proto(const job::LeasedTrial& trial) {
  v1::LeasedTrial message;
  *message.mutable_lease() = to_proto(trial.lease);
  *message.mutable_spec() = to_proto(trial.spec);
  message.set_fingerprint(trial.fingerprint);
  message.set_term_millis(trial.term.count());
  for (const AttemptEpoch attempt : trial.earlier_attempts) message.add_earlier_attempts(attempt);
  if (trial.resume_from) *message.mutable_resume_from() = to_proto(*trial.resume_from);
  for (const job::ScriptFile& script : trial.scripts) *message.add_scripts() = to_proto(script);
  add_stamps(trial.run_data, *message.mutable_run_data());
  return message;
}

Result<job::LeasedTrial> from_proto(const v1::LeasedTrial& message) {
  job::LeasedTrial trial;
  OODML_ASSIGN_OR_RETURN(trial.lease, within("lease", from_proto(message.lease())));
  OODML_ASSIGN_OR_RETURN(trial.spec, within("spec", from_proto(message.spec())));
  OODML_ASSIGN_OR_RETURN(trial.fingerprint, name("fingerprint", message.fingerprint()));
  OODML_ASSIGN_OR_RETURN(const std::int64_t term, at_least("term_millis", message.term_millis(), 1));
  trial.term = Duration(term);
  for (int i = 0; i < message.earlier_attempts_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(const std::int64_t attempt,
                           at_least(item("earlier_attempts", i), message.earlier_attempts(i), 1));
    trial.earlier_attempts.push_back(attempt);
  }
  if (message.has_resume_from()) {
    OODML_ASSIGN_OR_RETURN(trial.resume_from, within("resume_from", from_proto(message.resume_from())));
  }
  OODML_RETURN_IF_ERROR(check_count("scripts", message.scripts_size(), kMaxScriptsOfTrial));
  for (int i = 0; i < message.scripts_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(job::ScriptFile script, within(item("scripts", i), from_proto(message.scripts(i))));
    trial.scripts.push_back(std::move(script));
  }
  OODML_ASSIGN_OR_RETURN(trial.run_data, stamps("run_data", message.run_data()));
  return trial;
}

void add_stamps(const job::DataStamps& stamps, StampList& list) {
  for (const auto& [what, hash] : stamps) {
    v1::DataStamp& message = *list.Add();
    message.set_what(wire_name(what, job::kMaxStampBytes));
    message.set_hash(wire_name(hash));
  }
}

Result<job::DataStamps> stamps(std::string_view field, const StampList& list) {
  OODML_RETURN_IF_ERROR(check_count(field, list.size(), kMaxStamps));
  job::DataStamps stamps;
  for (int i = 0; i < list.size(); ++i) {
    const std::string place = item(field, i);
    OODML_ASSIGN_OR_RETURN(std::string what, name(place + ".what", list[i].what(), job::kMaxStampBytes));
    OODML_ASSIGN_OR_RETURN(stamps[std::move(what)], name(place + ".hash", list[i].hash()));
  }
  return stamps;
}

v1::WorkerInfo to_proto(const job::WorkerInfo& worker) {
  v1::WorkerInfo message;
  message.set_worker_id(worker.id.value);
  message.set_host(wire_text(worker.host, job::kMaxHostBytes));
  message.set_version(wire_text(worker.version, kMaxNameBytes));
  for (const job::Slot& slot : worker.slots) *message.add_slots() = to_proto(slot);
  for (const job::BenchmarkOnDisk& benchmark : worker.benchmarks) *message.add_benchmarks() = to_proto(benchmark);
  for (const std::string& weights : worker.weights) message.add_weights(wire_text(weights, kMaxNameBytes));
  message.set_set_aside(wire_text(worker.set_aside));
  add_stamps(worker.data, *message.mutable_data());
  if (worker.disk) {
    message.mutable_disk()->set_runs_bytes(worker.disk->runs_bytes);
    message.mutable_disk()->set_runs(worker.disk->runs);
    message.mutable_disk()->set_free_bytes(worker.disk->free_bytes);
  }
  for (const job::ProgramOffer& program : worker.programs) *message.add_programs() = to_proto(program);
  message.set_runs_scripts(worker.runs_scripts);
  message.set_fetches_scripts(worker.fetches_scripts);
  if (worker.ends_at) message.set_ends_at_millis(to_millis(*worker.ends_at));
  return message;
}

Result<job::WorkerInfo> from_proto(const v1::WorkerInfo& message) {
  job::WorkerInfo worker;
  OODML_ASSIGN_OR_RETURN(worker.id, worker_id("worker_id", message.worker_id()));
  OODML_ASSIGN_OR_RETURN(worker.host, text("host", message.host(), job::kMaxHostBytes));
  OODML_ASSIGN_OR_RETURN(worker.version, text("version", message.version(), kMaxNameBytes));
  OODML_RETURN_IF_ERROR(check_count("slots", message.slots_size(), kMaxSlots));
  for (int i = 0; i < message.slots_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(job::Slot slot, within(item("slots", i), from_proto(message.slots(i))));
    worker.slots.push_back(std::move(slot));
  }
  OODML_RETURN_IF_ERROR(check_count("benchmarks", message.benchmarks_size(), kMaxBenchmarks));
  for (int i = 0; i < message.benchmarks_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(job::BenchmarkOnDisk benchmark,
                           within(item("benchmarks", i), from_proto(message.benchmarks(i))));
    worker.benchmarks.push_back(std::move(benchmark));
  }
  OODML_RETURN_IF_ERROR(check_count("weights", message.weights_size(), kMaxWeights));
  for (int i = 0; i < message.weights_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(std::string weights, name(item("weights", i), message.weights(i)));
    worker.weights.push_back(std::move(weights));
  }
  OODML_ASSIGN_OR_RETURN(worker.set_aside, text("set_aside", message.set_aside()));
  OODML_ASSIGN_OR_RETURN(worker.data, stamps("data", message.data()));
  if (message.has_disk()) {
    worker.disk.emplace();
    OODML_ASSIGN_OR_RETURN(worker.disk->runs_bytes, at_least("disk.runs_bytes", message.disk().runs_bytes(), 0));
    OODML_ASSIGN_OR_RETURN(worker.disk->runs, at_least("disk.runs", message.disk().runs(), 0));
    OODML_ASSIGN_OR_RETURN(worker.disk->free_bytes, at_least("disk.free_bytes", message.disk().free_bytes(), 0));
  }
  OODML_RETURN_IF_ERROR(check_count("programs", message.programs_size(), kMaxPrograms));
  for (int i = 0; i < message.programs_size(); ++i) {
    OODML_ASSIGN_OR_RETURN(job::ProgramOffer program, within(item("programs", i), from_proto(message.programs(i))));
    worker.programs.push_back(std::move(program));
  }
  worker.runs_scripts = message.runs_scripts();
  worker.fetches_scripts = message.fetches_scripts();
  OODML_ASSIGN_OR_RETURN(const std::int64_t ends_at, at_least("ends_at_millis", message.ends_at_millis(), 0));
  if (ends_at > 0) worker.ends_at = Time(Duration(ends_at));
  return worker;
}

v1::Directive to_proto(job::Directive directive) {
  switch (directive) {
    case job::Directive::kContinue:
      return v1::DIRECTIVE_CONTINUE;
    case job::Directive::kCancel:
      return v1::DIRECTIVE_CANCEL;
    case job::Directive::kStop:
      return v1::DIRECTIVE_STOP;
    case job::Directive::kFenced:
      return v1::DIRECTIVE_FENCED;
  }
  return v1::DIRECTIVE_CONTINUE;
}

Result<job::Directive> from_proto(v1::Directive directive) {
  switch (directive) {
    case v1::DIRECTIVE_CONTINUE:
      return job::Directive::kContinue;
    case v1::DIRECTIVE_CANCEL:
      return job::Directive::kCancel;
    case v1::DIRECTIVE_STOP:
      return job::Directive::kStop;
    case v1::DIRECTIVE_FENCED:
      return job::Directive::kFenced;
    default:
      break;
  }
  return invalid_argument("directive: " + std::to_string(static_cast<int>(directive)) +
                          " is not one of continue, cancel, stop, fenced; is this program older than the coordinator?");
}

v1::LeaseDirective to_proto(const job::Lease& lease, job::Directive directive) {
  v1::LeaseDirective message;
  *message.mutable_lease() = to_proto(lease);
  message.set_directive(to_proto(directive));
  return message;
}

Result<std::pair<job::Lease, job::Directive>> from_proto(const v1::LeaseDirective& message) {
  OODML_ASSIGN_OR_RETURN(job::Lease lease, within("lease", from_proto(message.lease())));
  OODML_ASSIGN_OR_RETURN(const job::Directive directive, from_proto(message.directive()));
  return std::pair(std::move(lease), directive);
}

Result<job::TrialState> trial_state(std::string_view field, const std::string& text) {
  OODML_ASSIGN_OR_RETURN(const std::string known, name(field, text));
  if (const auto state = job::parse_trial_state(known)) return *state;
  return invalid_argument(std::string(field) + ": unknown '" + known + "'; one of " +
                          names(job::TrialState::kCancelled) + " wanted");
}

Result<job::Outcome> outcome(std::string_view field, const std::string& text) {
  OODML_ASSIGN_OR_RETURN(const std::string known, name(field, text));
  if (const auto ended = job::parse_outcome(known)) return *ended;
  return invalid_argument(std::string(field) + ": unknown '" + known + "'; one of " + names(job::Outcome::kCancelled) +
                          " wanted");
}

}  // namespace oodml::convert
