#include "core/trial/trial_scripts.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/base/printable.h"
#include "core/base/sha256.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/script_name.h"

namespace oodml::trial {
namespace {

constexpr std::size_t kStampDigits = 32;  // as of every data stamp

/// A file that the trial names, and the key that says what is in it.
struct NamedScript {
  std::string file, hash_key;
};

std::vector<NamedScript> scripts_of(const Params& values) {
  std::vector<NamedScript> named;
  const auto arch = catalogue::parse_arch(values.text("arch"));
  if (arch && !arch->script.empty()) named.push_back({arch->script, "arch_sha256"});
  if (values.text("criterion") == catalogue::kScript) {
    named.push_back({values.text("criterion.file"), "criterion.sha256"});
  }
  return named;
}

}  // namespace

Status fill_script_hashes(job::TrialSpec& spec, const scripts::Access& access) {
  for (const NamedScript& script : scripts_of(spec.values)) {
    OODML_ASSIGN_OR_RETURN(const auto file, scripts::find_script(access, script.file));
    OODML_ASSIGN_OR_RETURN(const std::string hash, sha256_hex_of_file(file));
    const auto said = spec.values.value_or<std::string>(script.hash_key, "");
    if (!said.empty() && said != hash) {
      return {StatusCode::kDataLoss, "script " + printable(script.file) + ": the trial is of a file with SHA-256 " +
                                         said + ", but that of " + printable(file.string()) + " is " + hash};
    }
    spec.values.set(script.hash_key, hash);
  }
  return {};
}

job::DataStamps script_stamps(const job::TrialSpec& spec) {
  job::DataStamps stamps;
  for (const NamedScript& script : scripts_of(spec.values)) {
    const auto hash = spec.values.value_or<std::string>(script.hash_key, "");
    if (!hash.empty()) stamps[job::script_named(script.file)] = hash.substr(0, kStampDigits);
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
