#include "core/train/best_checkpoints.h"

#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/replace_folder.h"
#include "core/catalogue/best_epoch.h"

namespace oodml::train {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFolder = "best";

Status make_empty(const fs::path& folder) {
  OODML_RETURN_IF_ERROR(remove_folder(folder));
  return make_folders(folder);
}

}  // namespace

bool is_best(const job::Metric& figure, const std::vector<job::Metric>& earlier, bool trains) {
  catalogue::Course course;
  for (const job::Metric& old : earlier) {
    const bool same = old.set == figure.set && old.embeds == figure.embeds && old.name == figure.name;
    if (same) course.insert_or_assign(old.epoch, old.value);
  }
  course.insert_or_assign(figure.epoch, figure.value);
  return catalogue::best_epoch(figure.name, course, trains) == figure.epoch;
}

BestCheckpoints::BestCheckpoints(fs::path run_dir, std::string fingerprint)
    : run_dir_(std::move(run_dir)), fingerprint_(std::move(fingerprint)) {}

Status BestCheckpoints::prepare() const { return finish_replacements(run_dir_ / kFolder); }

Status BestCheckpoints::write(const job::Metric& figure, const models::NamedTensors& network,
                              const models::NamedTensors& criterion) const {
  const std::string name = figure.set + "_" + figure.embeds + "_" + figure.name;
  const fs::path folder = run_dir_ / kFolder;
  const fs::path temporary = folder / (std::string(kUnfinishedFolder) + name);
  OODML_RETURN_IF_ERROR(make_empty(temporary));
  OODML_RETURN_IF_ERROR(models::write_tensors(temporary / "network.safetensors", network));
  OODML_RETURN_IF_ERROR(models::write_tensors(temporary / "criterion.safetensors", criterion));
  const nlohmann::ordered_json about = {
      {"version", 1},          {"fingerprint", fingerprint_}, {"set", figure.set},    {"embeddings", figure.embeds},
      {"metric", figure.name}, {"epoch", figure.epoch},       {"value", figure.value}};
  OODML_RETURN_IF_ERROR(write_file_atomically(temporary / "best.json", about.dump(1) + "\n"));
  return replace_folder(temporary, folder / name);
}

Status adopt_best(const fs::path& earlier, const fs::path& run_dir) {
  std::error_code error;
  OODML_RETURN_IF_ERROR(finish_replacements(earlier / kFolder));
  const fs::path from = earlier / kFolder, to = run_dir / kFolder;
  if (!fs::is_directory(from, error) || fs::equivalent(from, to, error)) return {};
  const fs::path temporary = run_dir / ".unfinished-best";
  OODML_RETURN_IF_ERROR(make_empty(temporary));
  fs::copy(from, temporary, fs::copy_options::recursive, error);
  if (error) return system_failure("copy " + from.string(), error.value());
  OODML_RETURN_IF_ERROR(sync_tree(temporary));
  return replace_folder(temporary, to);
}

}  // namespace oodml::train
