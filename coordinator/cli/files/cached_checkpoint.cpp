#include "coordinator/cli/files/cached_checkpoint.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "coordinator/cli/files/artifact_client.h"
#include "coordinator/cli/files/chosen_files.h"
#include "coordinator/cli/files/download.h"
#include "coordinator/cli/files/file_selection.h"
#include "coordinator/cli/files/trial_file.h"
#include "coordinator/cli/output/text.h"
#include "core/base/atomic_file.h"
#include "core/base/cache_folder.h"
#include "core/base/sha256.h"
#include "core/connection/client_settings.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNetwork = "network.safetensors";
constexpr std::string_view kOption = "--checkpoint", kWithEquals = "--checkpoint=", kTrial = "trial:";

/// Of the best networks, one a metric, that of recall where there is one.
std::optional<fs::path> folder_of_network(const std::vector<ChosenFile>& files) {
  std::optional<fs::path> folder;
  for (const ChosenFile& file : files) {
    if (file.to.filename() != kNetwork) continue;
    const bool by_recall = file.to.parent_path().filename() == "test_embeds_e_recall@1";
    if (!folder || by_recall) folder = file.to.parent_path();
  }
  return folder;
}

/// One network with what lies beside it.
Result<std::vector<ChosenFile>> network_of(ArtifactClient& client, std::int64_t trial) {
  v1::ListArtifactsRequest request;
  request.set_trial_id(trial);
  OODML_ASSIGN_OR_RETURN(const v1::ListArtifactsReply list, client.list(request));
  for (const What what : {What::kBest, What::kLast}) {
    OODML_ASSIGN_OR_RETURN(ChosenFiles chosen, choose_files(list, what, /*folders=*/false));
    const auto folder = folder_of_network(chosen.files);
    if (!folder) continue;
    std::erase_if(chosen.files, [&](const ChosenFile& file) { return file.to.parent_path() != *folder; });
    return std::move(chosen.files);
  }
  return not_found("no network of trial " + std::to_string(trial) +
                   " is stored (yet); oodml artifacts lists what there is, `artifacts:` of a sweep says what is kept");
}

/// A folder for exactly these contents: what is in it never changes.
fs::path place_of(const fs::path& cache, const std::vector<ChosenFile>& files) {
  std::string all;
  for (const ChosenFile& file : files) all += file.to.string() + "\n" + file.file.sha256 + "\n";
  return cache / "artifacts" / sha256_hex(all);
}

/// With the coordinator that environment and client.toml say.
Status open_session(Surroundings& around, std::optional<Session>& session) {
  OODML_ASSIGN_OR_RETURN(ClientSettings settings, client_settings(ClientOptions(), around.environment));
  session.emplace(around, Format::kTable,
                  Connection{.address = settings.coordinator.text(),
                             .given = settings.coordinator_given,
                             .token = std::move(settings.token),
                             .tls_ca = std::move(settings.tls_ca)});
  return {};
}

}  // namespace

Result<fs::path> cached_checkpoint(Session& session, std::int64_t trial) {
  const fs::path cache = cache_folder();
  if (cache.empty()) return failed_precondition("trial:ID needs a folder to fetch into: set OODML_CACHE or HOME");
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  ArtifactClient artifacts(*client);
  OODML_ASSIGN_OR_RETURN(const std::vector<ChosenFile> files, network_of(artifacts, trial));
  const fs::path place = place_of(cache, files);
  OODML_RETURN_IF_ERROR(make_folders(place));
  for (const ChosenFile& file : files) {
    OODML_ASSIGN_OR_RETURN(const bool came, download(artifacts, place, file, [](std::int64_t) { return Status(); }));
    if (came) {
      session.note("Fetched " + file.to.string() + " of trial " + std::to_string(trial) + ", " +
                   bytes_text(file.file.bytes) + "\n");
    }
  }
  OODML_RETURN_IF_ERROR(write_trial_file(*client, trial, place / kTrialFile));
  return place / files.front().to.parent_path();
}

Result<std::vector<std::string>> with_trials_fetched(std::vector<std::string> arguments, Surroundings& around) {
  const bool measures = !arguments.empty() && arguments.front() == "evaluate";
  std::optional<Session> session;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const bool with_equals = arguments[i].starts_with(kWithEquals);
    const bool is_value = arguments[i - 1] == kOption;
    const std::string word = arguments[i].substr(with_equals ? kWithEquals.size() : 0);
    if (!word.starts_with(kTrial) || !(with_equals || is_value || measures)) continue;
    OODML_ASSIGN_OR_RETURN(const std::int64_t trial, trial_reference(word));
    if (!session) OODML_RETURN_IF_ERROR(open_session(around, session));
    OODML_ASSIGN_OR_RETURN(const fs::path folder, cached_checkpoint(*session, trial));
    arguments[i] = (is_value ? "" : std::string(kWithEquals)) + folder.string();
  }
  return arguments;
}

}  // namespace oodml::cli
