#include "core/trial/trial_scripts.h"

#include <string>

#include "core/base/printable.h"
#include "core/base/sha256.h"
#include "core/catalogue/script_name.h"

namespace oodml::trial {
namespace {

constexpr std::size_t kStampDigits = 32;  // as of every data stamp

}  // namespace

Status fill_script_hashes(job::TrialSpec& spec, const scripts::Access& access) {
  for (const catalogue::NamedScript& script : catalogue::named_scripts(spec.values)) {
    OODML_ASSIGN_OR_RETURN(const auto file, scripts::find_script(access, script.file));
    OODML_ASSIGN_OR_RETURN(const std::string hash, sha256_hex_of_file(file));
    if (!script.sha256.empty() && script.sha256 != hash) {
      return {StatusCode::kDataLoss, "script " + printable(script.file) + ": the trial is of a file with SHA-256 " +
                                         script.sha256 + ", but that of " + printable(file.string()) + " is " + hash};
    }
    spec.values.set(script.hash_key, hash);
  }
  return {};
}

job::DataStamps script_stamps(const job::TrialSpec& spec) {
  job::DataStamps stamps;
  for (const catalogue::NamedScript& script : catalogue::named_scripts(spec.values)) {
    if (script.sha256.empty()) continue;
    stamps[job::script_named(script.file)] = script.sha256.substr(0, kStampDigits);
  }
  return stamps;
}

models::ScriptOptions script_options(const TrialSettings& settings, const Places& places) {
  return {.access = places.scripts,
          .crop_size = settings.train.training_loader.transform.crop_size,
          .replicas = settings.replicas};
}

void use_input_statistics(const models::Network& network, train::TrainOptions& options) {
  const auto statistics = network.input_statistics();
  if (!statistics) return;
  for (data::LoaderOptions* loader : {&options.training_loader, &options.evaluation_loader}) {
    loader->transform.normalisation = {.mean = statistics->mean, .std = statistics->std};
  }
}

}  // namespace oodml::trial
