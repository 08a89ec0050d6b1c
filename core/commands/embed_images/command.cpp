#include "core/commands/embed_images/command.h"

#include <c10/core/DeviceGuard.h>
#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/print.h"
#include "core/base/printable.h"
#include "core/commands/command_errors.h"
#include "core/commands/embed_images/images_to_embed.h"
#include "core/commands/embed_images/output.h"
#include "core/commands/share_line.h"
#include "core/train/device.h"
#include "core/train/embed.h"
#include "core/trial/trial_scripts.h"

namespace oodml::commands {
namespace {

using DatasetPointer = std::shared_ptr<const data::Dataset>;

/// Everything that is decided before an image is read.
struct Job {
  EmbeddingOutput output;
  OpenedNetwork opened;
  trial::TrialSettings settings;
  torch::Device device = torch::kCPU;
  train::NamedEmbeddings embeddings;
  data::ImagesRequest images;
};

Result<train::NamedEmbeddings> embeddings_of(const EmbedImagesOptions& options, const trial::TrialSettings& settings) {
  if (options.embeddings.empty()) return settings.train.embeddings.front();
  OODML_ASSIGN_OR_RETURN(const catalogue::Arch arch, catalogue::parse_arch(settings.arch));
  OODML_ASSIGN_OR_RETURN(auto parts, catalogue::parse_embeddings(options.embeddings, arch));
  return train::NamedEmbeddings{options.embeddings, std::move(parts)};
}

Result<Job> prepare(const EmbedImagesOptions& options) {
  Job job;
  OODML_ASSIGN_OR_RETURN(job.output, plan_output(options.output, options.force));
  OODML_ASSIGN_OR_RETURN(job.device, train::find_device(options.device));
  OODML_ASSIGN_OR_RETURN(job.opened, open_network(options.network, print_warning));
  if (!job.opened.has_head && !options.features) {
    const bool named = !options.network.checkpoint.empty();
    return invalid_argument("the head of " + job.opened.from + " has initial values" +
                            (named ? ", as no last_linear is in that file; ask for its --features"
                                   : "; ask for its --features, or name a --checkpoint"));
  }
  OODML_ASSIGN_OR_RETURN(job.settings, trial::settings_of(job.opened.spec, options.threads));
  trial::use_input_statistics(*job.opened.network, job.settings.train);
  OODML_ASSIGN_OR_RETURN(job.embeddings, embeddings_of(options, job.settings));
  OODML_ASSIGN_OR_RETURN(job.images, images_to_embed(options, job.opened.of_trial, job.settings));
  return job;
}

Result<DatasetPointer> open_images(const EmbedImagesOptions& options, const Job& job, ShareLine& line) {
  if (job.images.skip_unreadable) line.show("looking for unreadable images", 0.0);
  const data::Warn warn = [&](const std::string& text) {
    line.close();
    print_warning(text);
  };
  OODML_ASSIGN_OR_RETURN(const data::OpenedSets opened, data::open_sets(job.images, {set_to_embed(options)}, warn));
  line.close();
  return opened.sets.front();
}

Result<torch::Tensor> rows_of(const EmbedImagesOptions& options, Job& job, const DatasetPointer& dataset,
                              ShareLine& line) {
  const train::TrainOptions& trained = job.settings.train;
  train::EmbedOptions embedding{.device = job.device,
                                .batch_size = trained.evaluation_batch_size,
                                .loader = trained.evaluation_loader,
                                .precision = trained.precision,
                                .channels_last = trained.channels_last,
                                .features = options.features || job.embeddings.parts.are_features};
  if (options.batch_size > 0) embedding.batch_size = options.batch_size;
  embedding.loader.threads = options.threads;
  embedding.loader.pin_memory = job.device.is_cuda();
  const auto batches = static_cast<double>(std::ssize(dataset->samples)) / static_cast<double>(embedding.batch_size);
  embedding.keep_going = [&line, batches, begun = 0]() mutable {
    line.show("embedding", std::min(begun++ / batches, 1.0));
    return true;
  };
  const c10::DeviceGuard guard(job.device);
  job.opened.network->to(job.device);
  OODML_ASSIGN_OR_RETURN(const auto set, train::embed(*job.opened.network, dataset, embedding));
  if (!set->is_finite()) {
    return failure(StatusCode::kDataLoss, "the embeddings of " + job.opened.from + " are not finite");
  }
  return options.features ? set->features : train::joined_embeddings(*set, job.embeddings.parts, trained.normalize);
}

/// A line on what was written.
Result<std::string> embed_and_write(const EmbedImagesOptions& options, ShareLine& line) {
  OODML_ASSIGN_OR_RETURN(Job job, prepare(options));
  train::make_deterministic(options.cpu_threads > 0 ? options.cpu_threads : job.settings.cpu_threads);
  OODML_ASSIGN_OR_RETURN(const DatasetPointer dataset, open_images(options, job, line));
  OODML_ASSIGN_OR_RETURN(const torch::Tensor rows, rows_of(options, job, dataset, line));
  line.show("writing " + job.output.rows.string(), 0.0);
  OODML_RETURN_IF_ERROR(write_output(job.output, rows, *dataset));
  return fmt::format("{}: {} {} of {} dimensions, {} classes, by {}\n", job.output.rows.string(), rows.size(0),
                     options.features ? "features" : "embeddings", rows.size(1), dataset->class_names.size(),
                     job.opened.from);
}

}  // namespace

int run_embed(const EmbedImagesOptions& options) {
  const auto work = [&]() -> Status {
    ShareLine line;
    OODML_ASSIGN_OR_RETURN(const std::string written, embed_and_write(options, line));
    line.close();
    return print_out(written);
  };
  return end_of_command("embed", guarded(work, "; try a smaller --batch-size"));
}

}  // namespace oodml::commands
