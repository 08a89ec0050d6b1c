#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/few_shot/episode_figures.h"
#include "core/job/identity.h"
#include "core/models/tensor_file.h"

namespace oodml::few_shot {

/// What the figures of episodes depend on: they are gone on from by nobody else.
struct EpisodeOwner {
  std::string fingerprint;  ///< Of the trial.
  job::Identity identity;   ///< Results version and data; what one side does not know makes no difference.
  std::string network;      ///< digest_of the network that adapts.
};

/// SHA-256 of names and bits.
std::string digest_of(const models::NamedTensors& network);

inline constexpr const char* kEpisodeFile = "few_shot.json";

/// The episodes of a trial that are finished: the first ones, in order.
struct FinishedEpisodes {
  std::vector<EpisodeFigures> figures;
  std::int64_t expected = -1;  ///< How many there are to finish; -1: not known yet.

  bool all() const { return std::ssize(figures) == expected; }
};

/// Puts them into `<run dir>/few_shot.json`: before or after a kill it holds all that were written.
Status write_episodes(const std::filesystem::path& run_dir, const EpisodeOwner& owner,
                      const FinishedEpisodes& episodes);

/// Those of that owner; none where there is no file or it is another's. kDataLoss for a damaged one.
Result<FinishedEpisodes> read_episodes(const std::filesystem::path& run_dir, const EpisodeOwner& owner);

}  // namespace oodml::few_shot
