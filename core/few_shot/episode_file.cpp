#include "core/few_shot/episode_file.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"

namespace oodml::few_shot {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxFileBytes = 64 << 20;

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(std::isnan(value) ? Json() : Json(value));
  return list;
}

std::vector<double> read_numbers(const Json& list, std::size_t count) {
  std::vector<double> values;
  for (const Json& entry : list) {
    values.push_back(entry.is_null() ? std::numeric_limits<double>::quiet_NaN() : entry.get<double>());
  }
  if (values.size() != count) throw std::invalid_argument("an episode has another number of values than of metrics");
  return values;
}

Json owner_json(const EpisodeOwner& owner) {
  return {{"fingerprint", owner.fingerprint},
          {"results_version", owner.identity.results_version},
          {"data", owner.identity.data},
          {"network", owner.network}};
}

bool is_of(const Json& written, const EpisodeOwner& owner) {
  const job::Identity identity{.results_version = written.at("results_version").get<std::int64_t>(),
                               .program = "",
                               .data = written.at("data").get<std::string>()};
  return written.at("fingerprint") == owner.fingerprint && written.at("network") == owner.network &&
         job::differences(identity, owner.identity).empty();
}

FinishedEpisodes parse(const Json& document) {
  FinishedEpisodes episodes{.figures = {}, .expected = document.at("expected").get<std::int64_t>()};
  for (const Json& entry : document.at("episodes")) {
    EpisodeFigures figures{.metrics = entry.at("metrics").get<std::vector<std::string>>(), .zero = {}, .few = {}};
    figures.zero = read_numbers(entry.at("zero_shot"), figures.metrics.size());
    figures.few = read_numbers(entry.at("few_shot"), figures.metrics.size());
    episodes.figures.push_back(std::move(figures));
  }
  if (std::ssize(episodes.figures) > episodes.expected) throw std::invalid_argument("more episodes than expected");
  return episodes;
}

}  // namespace

std::string digest_of(const models::NamedTensors& network) {
  std::string all;
  for (const auto& [name, tensor] : network) {
    const auto bytes = tensor.detach().to(torch::kCPU).contiguous();
    all += name + " " + sha256_hex({static_cast<const char*>(bytes.data_ptr()), bytes.nbytes()}) + "\n";
  }
  return sha256_hex(all);
}

Status write_episodes(const std::filesystem::path& run_dir, const EpisodeOwner& owner,
                      const FinishedEpisodes& episodes) {
  Json list = Json::array();
  for (const EpisodeFigures& episode : episodes.figures) {
    list.push_back(
        {{"metrics", episode.metrics}, {"zero_shot", numbers(episode.zero)}, {"few_shot", numbers(episode.few)}});
  }
  const Json document = {
      {"version", 1}, {"of", owner_json(owner)}, {"expected", episodes.expected}, {"episodes", std::move(list)}};
  return write_file_atomically(run_dir / kEpisodeFile, document.dump(1) + "\n");
}

Result<FinishedEpisodes> read_episodes(const std::filesystem::path& run_dir, const EpisodeOwner& owner) {
  const std::filesystem::path file = run_dir / kEpisodeFile;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return FinishedEpisodes();
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(file, kMaxFileBytes));
  try {
    const Json document = Json::parse(text);
    if (document.at("version") != 1 || !is_of(document.at("of"), owner)) return FinishedEpisodes();
    return parse(document);
  } catch (const std::exception& error) {  // of nlohmann, and of numbers that do not fit
    return failure(StatusCode::kDataLoss, "read " + file.string() + ": " + error.what());
  }
}

}  // namespace oodml::few_shot
