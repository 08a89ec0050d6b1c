#include "core/few_shot/run_episode.h"

#include <cmath>
#include <utility>

#include "core/few_shot/joined_network.h"
#include "core/metrics/evaluation.h"
#include "core/train/evaluation_set.h"

namespace oodml::few_shot {
namespace {

Result<std::unique_ptr<miners::Miner>> miner_of(const FewShotOptions& options) {
  if (options.miner.name == "none") return nullptr;
  return miners::make_miner(options.miner, options.compat_paper);
}

}  // namespace

EpisodeRuns::EpisodeRuns(std::shared_ptr<models::Network> network, MakeNetwork make, const Episodes& episodes,
                         const FewShotOptions& options, const Training& training)
    : network_(std::move(network)),
      make_(std::move(make)),
      episodes_(episodes),
      options_(options),
      training_(training),
      seeds_(training.seeds.derive("few_shot")) {}

Result<EpisodeOutcome> EpisodeRuns::run(std::size_t number, const KeepGoing& keep_going) {
  const Episode& episode = episodes_.episodes.at(number);
  const auto support = part_of(*episodes_.test, episode.support), query = part_of(*episodes_.test, episode.query);
  const auto support_classes = std::ssize(support->class_names);
  const auto at_start = [&] { return keep_going(0); };
  const auto at_end = [&] { return keep_going(options_.steps); };
  OODML_ASSIGN_OR_RETURN(const Flow embedded, embed_test_set(at_start));
  if (embedded != Flow::kGoOn) return EpisodeOutcome{embedded, {}};

  const auto positions = torch::tensor(episode.query).to(training_.device);
  OODML_ASSIGN_OR_RETURN(const Measured zero,
                         measure(rows_by_heads(*network_, positions), *query, support_classes, at_start));
  if (zero.flow != Flow::kGoOn) return EpisodeOutcome{zero.flow, {}};
  OODML_ASSIGN_OR_RETURN(const auto network, copy());
  OODML_ASSIGN_OR_RETURN(const Flow adapted, adapt_to(support, network, keep_going));
  if (adapted != Flow::kGoOn) return EpisodeOutcome{adapted, {}};
  OODML_ASSIGN_OR_RETURN(Measured few, measure_after(*network, query, positions, support_classes, at_end));
  if (few.flow != Flow::kGoOn) return EpisodeOutcome{few.flow, {}};
  return EpisodeOutcome{Flow::kGoOn, {std::move(few.metrics), zero.values, std::move(few.values)}};
}

Result<Flow> EpisodeRuns::embed_test_set(const std::function<bool()>& keep_going) {
  if (test_) return Flow::kGoOn;
  auto options = embed_options(keep_going);
  options.features = true;
  OODML_ASSIGN_OR_RETURN(test_, train::embed(*network_, episodes_.test, options));
  if (!test_) return Flow::kStop;
  return test_->is_finite() ? Flow::kGoOn : Flow::kNotFinite;
}

Result<std::shared_ptr<models::Network>> EpisodeRuns::copy() const {
  OODML_ASSIGN_OR_RETURN(auto network, make_());
  network->to(training_.device);
  OODML_RETURN_IF_ERROR(
      models::copy_into(models::state_of(*network), models::state_of(*network_), "copy the trained network"));
  return network;
}

Result<Flow> EpisodeRuns::adapt_to(const std::shared_ptr<const data::Dataset>& support,
                                   const std::shared_ptr<models::Network>& network, const KeepGoing& keep_going) {
  OODML_ASSIGN_OR_RETURN(auto miner, miner_of(options_));
  const bool by_features = options_.only_last && options_.views > 0;
  std::unique_ptr<SupportBatches> batches;
  if (by_features) {
    OODML_ASSIGN_OR_RETURN(const auto features, view_features(*network, support, options_, training_, seeds_,
                                                              [&] { return keep_going(0); }));
    if (!features) return Flow::kStop;
    OODML_ASSIGN_OR_RETURN(batches, feature_batches(support, *features, options_, seeds_));
  } else {
    OODML_ASSIGN_OR_RETURN(batches, image_batches(support, options_, training_, seeds_));
  }
  return adapt({network, std::move(miner), std::ssize(support->class_names)}, *batches, options_, training_, seeds_,
               by_features, keep_going);
}

torch::Tensor EpisodeRuns::rows_by_heads(models::Network& network, const torch::Tensor& query) const {
  const torch::NoGradGuard no_grad;
  const train::Autocast autocast(training_.device, training_.precision);
  network.eval();
  const auto output = train::full_precision(network.heads_of(test_->features.index_select(0, query)));
  return train::joined_embeddings({output.embeddings, output.heads, {}}, options_.measured, training_.normalize);
}

Result<EpisodeRuns::Measured> EpisodeRuns::measure_after(models::Network& network,
                                                         const std::shared_ptr<const data::Dataset>& query,
                                                         const torch::Tensor& positions, std::int64_t support_classes,
                                                         const std::function<bool()>& keep_going) const {
  if (options_.only_last) return measure(rows_by_heads(network, positions), *query, support_classes, keep_going);
  OODML_ASSIGN_OR_RETURN(const auto set, train::embed(network, query, embed_options(keep_going)));
  if (!set) return Measured{Flow::kStop, {}, {}};
  return measure(train::joined_embeddings(*set, options_.measured, training_.normalize), *query, support_classes,
                 keep_going);
}

Result<EpisodeRuns::Measured> EpisodeRuns::measure(const torch::Tensor& rows, const data::Dataset& query,
                                                   std::int64_t support_classes,
                                                   const std::function<bool()>& keep_going) const {
  if (!rows.isfinite().all().item<bool>()) return Measured{Flow::kNotFinite, {}, {}};
  metrics::EvaluationOptions options = options_.evaluation;
  options.clusters = support_classes;
  options.keep_going = keep_going;
  const auto values = metrics::evaluate(rows, train::labels_of(query), options);
  if (!values && values.error().code() == StatusCode::kCancelled) return Measured{Flow::kStop, {}, {}};
  if (!values) return failure(values.error().code(), "evaluate the queries: " + values.error().message());
  Measured measured;
  for (const metrics::MetricValue& metric : *values) {
    if (!metric.values.empty()) continue;
    measured.metrics.push_back(metric.name);
    measured.values.push_back(std::isinf(metric.value) ? std::nan("") : metric.value);
  }
  return measured;
}

train::EmbedOptions EpisodeRuns::embed_options(const std::function<bool()>& keep_going) const {
  return {training_.device,    training_.evaluation_batch_size, training_.evaluation_loader,
          training_.precision, training_.channels_last,         keep_going};
}

}  // namespace oodml::few_shot
