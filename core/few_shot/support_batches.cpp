#include "core/few_shot/support_batches.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/catalogue/catalogue.h"
#include "core/train/embed.h"

namespace oodml::few_shot {
namespace {

/// Passes of images are loaded together, so that the loader has something to work ahead on.
constexpr std::size_t kBatchesLoaded = 32;

using SupportSet = std::shared_ptr<const data::Dataset>;

ComponentChoice class_random() {
  ComponentChoice choice{"class_random", {}};
  for (const auto& parameter : catalogue::find(catalogue::Kind::kSampler, choice.name)->parameters) {
    choice.params.set(parameter.name, parameter.fallback);
  }
  return choice;
}

Result<std::unique_ptr<samplers::BatchSampler>> sampler_of(const SupportSet& support, const FewShotOptions& options,
                                                           Seeds seeds) {
  const std::int64_t whole = std::ssize(support->samples) / options.batch_size;
  return samplers::make_sampler(class_random(), {.dataset = support,
                                                 .batch_size = options.batch_size,
                                                 .samples_per_class = options.samples_per_class,
                                                 .steps_per_epoch = std::max<std::int64_t>(1, whole),
                                                 .seeds = seeds});
}

class ImageBatches final : public SupportBatches {
 public:
  ImageBatches(SupportSet support, std::unique_ptr<samplers::BatchSampler> sampler, data::LoaderOptions loader,
               Seeds seeds)
      : support_(std::move(support)), sampler_(std::move(sampler)), options_(std::move(loader)), seeds_(seeds) {}

  Result<data::Batch> next() override {
    if (loader_) {
      OODML_ASSIGN_OR_RETURN(data::Batch batch, loader_->next());
      if (batch.images.defined()) return batch;
    }
    samplers::Batches batches;
    while (batches.size() < kBatchesLoaded) {
      for (auto& batch : sampler_->epoch(pass_++, {})) batches.push_back(std::move(batch));
    }
    loader_ = std::make_unique<data::Loader>(support_, options_, std::move(batches), seeds_, round_++);
    return loader_->next();
  }

 private:
  SupportSet support_;
  std::unique_ptr<samplers::BatchSampler> sampler_;
  data::LoaderOptions options_;
  Seeds seeds_;
  std::uint64_t pass_ = 0, round_ = 0;
  std::unique_ptr<data::Loader> loader_;
};

class FeatureBatches final : public SupportBatches {
 public:
  FeatureBatches(SupportSet support, std::unique_ptr<samplers::BatchSampler> sampler, torch::Tensor features,
                 std::int64_t views, Seeds seeds)
      : support_(std::move(support)),
        sampler_(std::move(sampler)),
        features_(std::move(features)),
        views_(views),
        seeds_(seeds) {}

  Result<data::Batch> next() override {
    if (place_ == pass_.size()) {
      pass_ = sampler_->epoch(passes_++, {});
      place_ = 0;
    }
    const samplers::Batch& positions = pass_[place_++];
    Random random = seeds_.stream("view", {step_++});
    std::vector<std::int64_t> rows, labels;
    for (const std::int64_t position : positions) {
      rows.push_back(random.below(views_) * std::ssize(support_->samples) + position);
      labels.push_back(support_->samples[static_cast<std::size_t>(position)].label);
    }
    const auto chosen = torch::tensor(rows).to(features_.device(), /*non_blocking=*/true);
    return data::Batch{.images = features_.index_select(0, chosen),
                       .second_view = {},
                       .labels = torch::tensor(labels),
                       .positions = torch::tensor(positions)};
  }

 private:
  SupportSet support_;
  std::unique_ptr<samplers::BatchSampler> sampler_;
  torch::Tensor features_;
  std::int64_t views_;
  Seeds seeds_;
  samplers::Batches pass_;
  std::size_t place_ = 0;
  std::uint64_t passes_ = 0, step_ = 0;
};

}  // namespace

Result<std::unique_ptr<SupportBatches>> image_batches(SupportSet support, const FewShotOptions& options,
                                                      const Training& training, Seeds seeds) {
  OODML_ASSIGN_OR_RETURN(auto sampler, sampler_of(support, options, seeds));
  data::LoaderOptions loader = training.training_loader;
  loader.second_view = false;
  return std::make_unique<ImageBatches>(std::move(support), std::move(sampler), std::move(loader), seeds);
}

Result<std::unique_ptr<SupportBatches>> feature_batches(SupportSet support, torch::Tensor features,
                                                        const FewShotOptions& options, Seeds seeds) {
  OODML_ASSIGN_OR_RETURN(auto sampler, sampler_of(support, options, seeds));
  return std::make_unique<FeatureBatches>(std::move(support), std::move(sampler), std::move(features), options.views,
                                          seeds);
}

Result<std::optional<torch::Tensor>> view_features(models::Network& network, const SupportSet& support,
                                                   const FewShotOptions& options, const Training& training, Seeds seeds,
                                                   const std::function<bool()>& keep_going) {
  std::vector<torch::Tensor> views;
  for (std::int64_t view = 0; view < options.views; ++view) {
    train::EmbedOptions embed{training.device,    options.batch_size,     training.training_loader,
                              training.precision, training.channels_last, keep_going};
    embed.loader.second_view = false;
    embed.features = true;
    embed.seeds = seeds;
    embed.epoch = static_cast<std::uint64_t>(view);
    OODML_ASSIGN_OR_RETURN(const auto set, train::embed(network, support, embed));
    if (!set) return std::nullopt;
    views.push_back(set->features);
  }
  return torch::cat(views, 0);
}

}  // namespace oodml::few_shot
