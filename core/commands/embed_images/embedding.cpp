#include "core/commands/embed_images/embedding.h"

#include <c10/core/DeviceGuard.h>

#include <algorithm>
#include <utility>

#include "core/base/printable.h"
#include "core/commands/command_errors.h"
#include "core/commands/embed_images/images_to_embed.h"
#include "core/train/device.h"
#include "core/trial/trial_scripts.h"

namespace oodml::commands {
namespace {

using DatasetPointer = std::shared_ptr<const data::Dataset>;

Result<train::NamedEmbeddings> embeddings_of(const EmbeddingOptions& options, const trial::TrialSettings& settings) {
  if (options.embeddings.empty()) return settings.train.embeddings.front();
  OODML_ASSIGN_OR_RETURN(const catalogue::Arch arch, catalogue::parse_arch(settings.arch));
  OODML_ASSIGN_OR_RETURN(auto parts, catalogue::parse_embeddings(options.embeddings, arch));
  return train::NamedEmbeddings{options.embeddings, std::move(parts)};
}

Result<DatasetPointer> open_images(const EmbeddingOptions& options, const Embedding& embedding, ShareLine& line) {
  if (embedding.images.skip_unreadable) line.show("looking for unreadable images", 0.0);
  const data::Warn warn = [&](const std::string& text) {
    line.close();
    print_warning(text);
  };
  OODML_ASSIGN_OR_RETURN(const data::OpenedSets opened,
                         data::open_sets(embedding.images, {set_to_embed(options)}, warn));
  line.close();
  return opened.sets.front();
}

Result<torch::Tensor> rows_of(const EmbeddingOptions& options, Embedding& embedding, const DatasetPointer& dataset,
                              ShareLine& line) {
  const train::TrainOptions& trained = embedding.settings.train;
  train::EmbedOptions how{.device = embedding.device,
                          .batch_size = trained.evaluation_batch_size,
                          .loader = trained.evaluation_loader,
                          .precision = trained.precision,
                          .channels_last = trained.channels_last,
                          .features = options.features || embedding.embeddings.parts.are_features};
  if (options.batch_size > 0) how.batch_size = options.batch_size;
  how.loader.threads = options.threads;
  how.loader.pin_memory = embedding.device.is_cuda();
  const auto batches = static_cast<double>(std::ssize(dataset->samples)) / static_cast<double>(how.batch_size);
  how.keep_going = [&line, batches, begun = 0]() mutable {
    line.show("embedding", std::min(begun++ / batches, 1.0));
    return true;
  };
  const c10::DeviceGuard guard(embedding.device);
  embedding.opened.network->to(embedding.device);
  OODML_ASSIGN_OR_RETURN(const auto set, train::embed(*embedding.opened.network, dataset, how));
  if (!set->is_finite()) {
    return failure(StatusCode::kDataLoss, "the embeddings of " + embedding.opened.from + " are not finite");
  }
  return options.features ? set->features
                          : train::joined_embeddings(*set, embedding.embeddings.parts, trained.normalize);
}

}  // namespace

Result<Embedding> prepare_embedding(const EmbeddingOptions& options) {
  Embedding embedding;
  OODML_ASSIGN_OR_RETURN(embedding.device, train::find_device(options.device));
  OODML_ASSIGN_OR_RETURN(embedding.opened, open_network(options.network, print_warning));
  if (!embedding.opened.has_head && !options.features) {
    const bool named = !options.network.checkpoint.empty();
    return invalid_argument("the head of " + embedding.opened.from + " has initial values" +
                            (named ? ", as no last_linear is in that file; ask for its --features"
                                   : "; ask for its --features, or name a --checkpoint"));
  }
  OODML_ASSIGN_OR_RETURN(embedding.settings, trial::settings_of(embedding.opened.spec, options.threads));
  trial::use_input_statistics(*embedding.opened.network, embedding.settings.train);
  OODML_ASSIGN_OR_RETURN(embedding.embeddings, embeddings_of(options, embedding.settings));
  OODML_ASSIGN_OR_RETURN(embedding.images, images_to_embed(options, embedding.opened.of_trial, embedding.settings));
  return embedding;
}

Result<EmbeddedImages> embed_images(const EmbeddingOptions& options, Embedding& embedding, ShareLine& line) {
  train::make_deterministic(options.cpu_threads > 0 ? options.cpu_threads : embedding.settings.cpu_threads);
  EmbeddedImages embedded;
  OODML_ASSIGN_OR_RETURN(embedded.dataset, open_images(options, embedding, line));
  OODML_ASSIGN_OR_RETURN(embedded.rows, rows_of(options, embedding, embedded.dataset, line));
  return embedded;
}

}  // namespace oodml::commands
