#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/few_shot/adapt.h"
#include "core/few_shot/episode_figures.h"
#include "core/few_shot/episodes.h"
#include "core/few_shot/options.h"
#include "core/models/backbone.h"
#include "core/train/embed.h"

namespace oodml::few_shot {

/// A fresh network of the trial's arch, of any values, on the CPU.
using MakeNetwork = std::function<Result<std::shared_ptr<models::Network>>()>;
/// Asked between batches and before steps, with the steps of the episode that are done.
using KeepGoing = std::function<bool(std::int64_t steps)>;

struct EpisodeOutcome {
  Flow flow = Flow::kGoOn;
  EpisodeFigures figures;  ///< Whole where the flow is kGoOn.
};

/// One trained network and the episodes it adapts to, each from the same values and with the same seed (quirk T25):
/// an episode's figures depend on no other episode. What all episodes share, the test set's features and embeddings
/// before adaptation, is computed once. Source: docs/few_shot.md#adaptation.
class EpisodeRuns {
 public:
  /// `network` is on training.device; it is never changed.
  EpisodeRuns(std::shared_ptr<models::Network> network, MakeNetwork make, const Episodes& episodes,
              const FewShotOptions& options, const Training& training);

  Result<EpisodeOutcome> run(std::size_t number, const KeepGoing& keep_going);

 private:
  struct Measured {
    Flow flow = Flow::kGoOn;
    std::vector<std::string> metrics;
    std::vector<double> values;
  };

  Result<Flow> embed_test_set(const std::function<bool()>& keep_going);
  Result<std::shared_ptr<models::Network>> copy() const;
  Result<Flow> adapt_to(const std::shared_ptr<const data::Dataset>& support,
                        const std::shared_ptr<models::Network>& network, const KeepGoing& keep_going);
  /// The measured embeddings of the queries by a network of which all but the heads is as trained.
  torch::Tensor rows_by_heads(models::Network& network, const torch::Tensor& query) const;
  Result<Measured> measure(const torch::Tensor& rows, const data::Dataset& query, std::int64_t support_classes,
                           const std::function<bool()>& keep_going) const;
  Result<Measured> measure_after(models::Network& network, const std::shared_ptr<const data::Dataset>& query,
                                 const torch::Tensor& positions, std::int64_t support_classes,
                                 const std::function<bool()>& keep_going) const;
  train::EmbedOptions embed_options(const std::function<bool()>& keep_going) const;

  std::shared_ptr<models::Network> network_;
  MakeNetwork make_;
  const Episodes& episodes_;
  const FewShotOptions& options_;
  const Training& training_;
  Seeds seeds_;
  std::optional<train::EmbeddedSet> test_;  ///< Of the trained network, with features.
};

}  // namespace oodml::few_shot
