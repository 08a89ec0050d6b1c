#include "worker/programs/program_launch.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/sha256.h"
#include "core/base/words.h"
#include "core/identity/file_hashes.h"
#include "core/job/checkpoint_place.h"
#include "core/job/program.h"
#include "core/protocol/lines.h"
#include "worker/devices/slot_devices.h"
#include "worker/left_files.h"
#include "worker/passing_file.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json json_of(const Value& value) {
  return std::visit([](const auto& typed) { return Json(typed); }, value);
}

/// {"optimizer": {"lr": 0.1}} of optimizer.lr; that no name is both a value and a group was checked with the sweep.
void put(Json& object, const std::string& name, const Value& value) {
  Json* place = &object;
  std::size_t from = 0;
  for (auto dot = name.find('.'); dot != std::string::npos; from = dot + 1, dot = name.find('.', from)) {
    place = &(*place)[name.substr(from, dot - from)];
  }
  (*place)[name.substr(from)] = json_of(value);
}

/// What a trial is told, once in a file and once in the environment.
struct Told {
  const TrialOptions& options;
  const job::LeasedTrial& leased;
  const job::Slot& slot;
  const RunDirectory& directory;
  std::string device;      ///< As the program sees it: cpu, cuda:0
  std::string checkpoint;  ///< Empty: it starts from nothing.
};

/// Of several devices the program sees as many, from 0 on.
std::string device_seen(const job::Slot& slot) {
  if (slot.device == "cpu") return slot.device;
  const auto devices = 1 + std::ranges::count(slot.device, ',');
  std::string seen;
  for (std::int64_t i = 0; i < devices; ++i) seen += (i == 0 ? "cuda:" : ",cuda:") + std::to_string(i);
  return seen;
}

Json trial_json(const Told& told) {
  const Params& values = told.leased.spec.values;
  Json json = {{"program", job::program_of(told.leased.spec)},
               {"trial", told.leased.lease.trial.value},
               {"attempt", told.leased.lease.attempt},
               {"fingerprint", told.leased.fingerprint}};
  Json params = Json::object();
  for (const auto& [key, value] : values) {
    if (key.starts_with(catalogue::kParamsPrefix)) {
      put(params, key.substr(catalogue::kParamsPrefix.size()), value);
    } else {
      put(json, key, value);
    }
  }
  json["params"] = params;
  json["run_dir"] = told.directory.path().string();
  json["data_root"] = told.options.benchmarks_root.string();
  json["benchmark_dir"] = (told.options.benchmarks_root / told.leased.spec.benchmark()).string();
  json["weights_root"] = told.options.weights_root.string();
  json["device"] = told.device;
  json["threads"] = told.slot.threads;
  json["checkpoint"] = told.checkpoint.empty() ? Json() : Json(told.checkpoint);
  return json;
}

std::string text_of(const Value& value) {
  const auto* flag = std::get_if<bool>(&value);
  const auto* text = std::get_if<std::string>(&value);
  if (flag != nullptr) return *flag ? "1" : "0";
  return text != nullptr ? *text : json_of(value).dump();
}

std::string own_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<std::string> environment_of(const Told& told) {
  const job::TrialSpec& spec = told.leased.spec;
  const std::string threads = std::to_string(told.slot.threads);
  std::vector<std::string> list;
  const auto add = [&](std::string name, const std::string& value) { list.push_back(std::move(name) + "=" + value); };
  add("OODML_TRIAL", told.directory.path() / "trial.json");
  add("OODML_TRIAL_ID", std::to_string(told.leased.lease.trial.value));
  add("OODML_ATTEMPT", std::to_string(told.leased.lease.attempt));
  add("OODML_RUN_DIR", told.directory.path());
  add("OODML_DATA_ROOT", told.options.benchmarks_root);
  add("OODML_BENCHMARK", spec.benchmark());
  add("OODML_BENCHMARK_DIR", told.options.benchmarks_root / spec.benchmark());
  add("OODML_WEIGHTS_ROOT", told.options.weights_root);
  add("OODML_SPLIT", spec.split());
  add("OODML_SEED", std::to_string(spec.seed()));
  if (const Value* epochs = spec.values.find("epochs")) add("OODML_EPOCHS", text_of(*epochs));
  add("OODML_DEVICE", told.device);
  add("OODML_THREADS", threads);
  add("OODML_CHECKPOINT", told.checkpoint);
  add("OODML_EVENTS", std::to_string(protocol::kEventDescriptor));
  for (const auto& [name, value] : spec.values.below(catalogue::kParamsGroup))
    add(catalogue::param_variable(name), text_of(value));
  for (const char* library : {"OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"}) add(library, threads);
  const auto visible = visible_to(told.slot);
  add("CUDA_VISIBLE_DEVICES",
      visible ? *visible : visible_devices(told.slot.device, own_variable("CUDA_VISIBLE_DEVICES")));
  add("PYTHONUNBUFFERED", "1");  // what it prints can be followed
  const std::string python = own_variable("PYTHONPATH");
  if (!told.options.python.empty())
    add("PYTHONPATH", told.options.python.string() + (python.empty() ? "" : ":" + python));
  return list;
}

/// As it is now; read once as long as its stamp stays the same.
Result<std::string> program_hash(const fs::path& file) {
  static std::mutex mutex;
  static const SystemClock clock;
  static identity::FileHashes hashes({}, clock);
  const std::lock_guard lock(mutex);
  return hashes.of(file);
}

/// Every checkpoint below a run folder.
void add_checkpoints(const fs::path& run, std::vector<std::pair<job::CheckpointPlace, fs::path>>& found) {
  std::error_code error;
  for (fs::directory_iterator entry(run / "checkpoints", error), end; !error && entry != end; entry.increment(error)) {
    if (const auto place = job::checkpoint_place(entry->path().filename().native()))
      found.emplace_back(*place, entry->path());
  }
}

}  // namespace

Result<LaunchSpec> program_launch(const TrialOptions& options, const job::LeasedTrial& leased, const job::Slot& slot,
                                  const RunDirectory& directory) {
  const std::string name = job::program_of(leased.spec);
  const auto program = options.programs.find(name);
  if (program == options.programs.end()) return not_found("this worker has no program '" + name + "'");
  OODML_RETURN_IF_ERROR(
      catalogue::check_params(name, program->second.params, leased.spec.values.below(catalogue::kParamsGroup)));
  const auto checkpoint = whole_checkpoint(directory);
  const Told told{.options = options,
                  .leased = leased,
                  .slot = slot,
                  .directory = directory,
                  .device = device_seen(slot),
                  .checkpoint = checkpoint ? checkpoint->string() : ""};
  const std::string text = trial_json(told).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  OODML_RETURN_IF_ERROR(write_passing_file(directory.path() / "trial.json", text));
  return LaunchSpec{.command = {program->second.file},
                    .folder = directory.path(),
                    .log = directory.log(),
                    .environment = environment_of(told)};
}

job::Identity program_identity(const TrialOptions& options, const job::TrialSpec& spec) {
  const std::string name = job::program_of(spec);
  const job::DataStamps known = options.data ? options.data() : job::DataStamps();
  job::DataStamps stamps;
  for (const std::string& what : {job::images_of(spec.benchmark()), job::split_of(spec.benchmark(), spec.split())}) {
    if (const auto found = known.find(what); found != known.end()) stamps.insert(*found);
  }
  if (const auto program = options.programs.find(name); program != options.programs.end()) {
    if (auto hash = program_hash(program->second.file)) stamps[job::program_named(name)] = *std::move(hash);
  }
  return {.results_version = 0, .program = name, .data = job::stamps_text(stamps)};
}

std::string leave_out_changed(const TrialOptions& options, job::LeasedTrial& leased) {
  if (leased.run_data.empty() || job::program_of(leased.spec).empty()) return "";
  const job::Identity before{.results_version = 0, .program = "", .data = job::stamps_text(leased.run_data)};
  const std::vector<std::string> changed = job::differences(before, program_identity(options, leased.spec));
  if (changed.empty()) return "";
  leased.earlier_attempts.clear();
  leased.resume_from.reset();
  return "not resumed from an earlier attempt; changed since: " + joined(changed);
}

std::optional<fs::path> whole_checkpoint(const RunDirectory& directory) {
  std::vector<std::pair<job::CheckpointPlace, fs::path>> found;
  add_checkpoints(directory.path(), found);
  for (const fs::path& earlier : directory.earlier()) add_checkpoints(earlier, found);
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [place, folder] : found) {
    if (verify_checkpoint(folder).ok()) return folder;
  }
  return std::nullopt;
}

std::string visible_devices(const std::string& devices, const std::string& visible) {
  const auto parts_of = [](const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from < text.size(); from = std::min(text.find(',', from), text.size()) + 1)
      parts.push_back(text.substr(from, text.find(',', from) - from));
    return parts;
  };
  const std::vector<std::string> named = parts_of(visible);
  std::string list;
  for (const std::string& device : parts_of(devices)) {
    const std::string number = device.substr(device.find(':') + 1);
    const auto index = static_cast<std::size_t>(std::strtoul(number.c_str(), nullptr, 10));
    list += (list.empty() ? "" : ",") + (index < named.size() ? named[index] : number);
  }
  return list;
}

}  // namespace oodml::worker
