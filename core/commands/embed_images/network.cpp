#include "core/commands/embed_images/network.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/words.h"
#include "core/sweep/sweep.h"
#include "core/train/checkpoint.h"
#include "core/trial/backbone_weights.h"
#include "core/trial/trial_scripts.h"

namespace oodml::commands {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxTrialFileBytes = 1 << 20;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Status check_asked(const NetworkOptions& options) {
  if (options.checkpoint.empty() && options.arch.empty()) {
    return invalid_argument("name a network: --checkpoint RUN_DIR of a trial, or --arch with --weights");
  }
  if (!options.arch.empty() && !options.trial.empty()) {
    return invalid_argument("--arch and --trial both say what the network is; give one of them");
  }
  if (!options.checkpoint.empty() && !is_there(options.checkpoint)) {
    return not_found("--checkpoint " + options.checkpoint.string() + ": no such file or folder");
  }
  const bool shapes = options.embed_dim || options.crop_size || options.resize;
  if (shapes && options.arch.empty()) {
    return invalid_argument("--embed-dim, --crop-size and --resize go with --arch; a trial has its own");
  }
  return {};
}

/// trial.yaml in the checkpoint's folder, or up to three above: best/<metric>/network.safetensors lies so deep.
fs::path trial_beside(const fs::path& checkpoint) {
  std::error_code error;
  fs::path folder = fs::absolute(checkpoint, error).lexically_normal();
  for (int above = 0; above <= 3 && !folder.empty(); ++above, folder = folder.parent_path()) {
    if (is_there(folder / "trial.yaml")) return folder / "trial.yaml";
  }
  return {};
}

/// A trial with this arch and otherwise the defaults. The criterion is one that every arch may have; nothing here reads
/// it.
Result<job::TrialSpec> trial_of_arch(const NetworkOptions& options) {
  std::vector<sweep::SaidKey> said = {{"benchmark", "images", "images"},
                                      {"layout", "image_folder", "layout"},
                                      {"criterion", "oproxy", "criterion"},
                                      {"arch", options.arch, "--arch"},
                                      {"weights", options.weights, "--weights"}};
  const auto add = [&](const char* key, const char* option, const std::optional<std::int64_t>& value) {
    if (value) said.push_back({key, std::to_string(*value), option});
  };
  add("embed_dim", "--embed-dim", options.embed_dim);
  add("crop_size", "--crop-size", options.crop_size);
  add("resize", "--resize", options.resize);
  return sweep::trial_of(said);
}

Result<job::TrialSpec> spec_of(const NetworkOptions& options) {
  if (!options.arch.empty()) return trial_of_arch(options);
  const fs::path file = options.trial.empty() ? trial_beside(options.checkpoint) : options.trial;
  if (file.empty()) {
    return not_found("no trial.yaml at or above " + options.checkpoint.string() +
                     "; name the trial's file with --trial, or the network with --arch and --embed-dim");
  }
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(file, kMaxTrialFileBytes));
  return sweep::parse_core_trial_file(text, file.string());
}

/// The newest whole checkpoint of a run directory.
Status load_newest(const fs::path& run_dir, OpenedNetwork& opened, const trial::Warn& warn) {
  OODML_ASSIGN_OR_RETURN(const auto snapshot,
                         train::read_newest_checkpoint(run_dir, sweep::fingerprint(opened.spec), warn));
  if (!snapshot) return not_found(run_dir.string() + ": no whole checkpoint in it");
  opened.from = run_dir.string() + ", epoch " + std::to_string(snapshot->state.epoch);
  return models::copy_into(models::state_of(*opened.network), snapshot->network, "load " + opened.from);
}

Status load_file(const fs::path& file, OpenedNetwork& opened, const trial::Warn& warn) {
  OODML_ASSIGN_OR_RETURN(opened.has_head, models::load_network_weights(*opened.network, file.string(), warn));
  return {};
}

/// Of what was fetched of a trial; "" where there are none.
std::string best_networks(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder / "best", error), end; !error && entry != end; entry.increment(error)) {
    if (is_there(entry->path() / "network.safetensors")) found.push_back(entry->path().string());
  }
  std::ranges::sort(found);
  return joined(found);
}

Status load_checkpoint(const NetworkOptions& options, OpenedNetwork& opened, const trial::Warn& warn) {
  const fs::path& place = options.checkpoint;
  std::error_code ignored;
  opened.from = place.string();
  if (!fs::is_directory(place, ignored)) return load_file(place, opened, warn);
  if (is_there(place / "network.safetensors")) return load_file(place / "network.safetensors", opened, warn);
  if (!is_there(place / "checkpoints")) {
    const std::string best = best_networks(place);
    return not_found(place.string() + " is no run directory: it has neither checkpoints/ nor network.safetensors" +
                     (best.empty() ? "" : "; name one of its best networks: " + best));
  }
  if (!opened.of_trial) {
    return invalid_argument("a run directory is read with its trial, not with --arch; name one of its checkpoints: " +
                            (place / "checkpoints").string() + "/...");
  }
  return load_newest(place, opened, warn);
}

}  // namespace

Result<OpenedNetwork> open_network(const NetworkOptions& options, const trial::Warn& warn) {
  OODML_RETURN_IF_ERROR(check_asked(options));
  OpenedNetwork opened{.of_trial = options.arch.empty(), .has_head = !options.checkpoint.empty()};
  OODML_ASSIGN_OR_RETURN(opened.spec, spec_of(options));
  OODML_RETURN_IF_ERROR(trial::fill_script_hashes(opened.spec, options.scripts));
  const Params& values = opened.spec.values;
  // All initial values that are read come from a checkpoint or a file of weights, but for `--weights none`.
  OODML_ASSIGN_OR_RETURN(opened.network,
                         models::make_network(values.text("arch"), values.integer("embed_dim"),
                                              at::make_generator<at::CPUGeneratorImpl>(0),
                                              {.access = options.scripts, .crop_size = values.integer("crop_size")}));
  if (opened.has_head) {
    OODML_RETURN_IF_ERROR(load_checkpoint(options, opened, warn));
    return opened;
  }
  OODML_ASSIGN_OR_RETURN(const catalogue::Arch arch, catalogue::parse_arch(values.text("arch")));
  opened.from = arch.backbone + "-" + values.text("weights");
  OODML_RETURN_IF_ERROR(
      trial::load_weights(*opened.network, arch.backbone, values.text("weights"), options.weights_root, warn));
  return opened;
}

}  // namespace oodml::commands
