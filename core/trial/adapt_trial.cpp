#include "core/trial/adapt_trial.h"

#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/DeviceGuard.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/this_machine.h"
#include "core/few_shot/episode_file.h"
#include "core/few_shot/episodes.h"
#include "core/few_shot/run_episode.h"
#include "core/models/backbone.h"
#include "core/sweep/sweep.h"
#include "core/train/pace.h"
#include "core/train/selected_network.h"
#include "core/trial/keep_decoded.h"
#include "core/trial/trial_scripts.h"

namespace oodml::trial {
namespace {

using few_shot::Flow;

/// The network that adapts, and the epoch it is of.
struct Chosen {
  models::NamedTensors network;
  std::int64_t epoch = 0;
};

Chosen chosen_network(const TrialSettings& settings, const train::Snapshot& trained, const Warn& warn) {
  if (!settings.train.selection) return {trained.network, trained.state.epoch};
  const auto epoch = train::selected_epoch(trained.state.history, *settings.train.selection, settings.train.epochs > 0);
  auto network = models::below(trained.extras, "selected");
  if (epoch && !network.empty()) return {std::move(network), *epoch};
  warn("few-shot: no epoch has a validation score above 0, so the last epoch's network adapts");
  return {trained.network, trained.state.epoch};
}

data::ImagesRequest images_of(const RunOptions& options, const TrialSettings& settings) {
  return own_images(settings, options.places.benchmarks_root / settings.benchmark);
}

Result<few_shot::Episodes> episodes_of(const RunOptions& options, const TrialSettings& settings, const Warn& warn) {
  OODML_ASSIGN_OR_RETURN(auto episodes, few_shot::open_episodes(images_of(options, settings), settings.few_shot.shots,
                                                                settings.few_shot.episodes, warn));
  TrialData data{.train = episodes.test, .sets = {}, .fid = {}};
  keep_decoded(data, settings.cache_mib);
  episodes.test = data.train;
  return episodes;
}

/// The finished episodes in the run directory, else of an earlier attempt.
few_shot::FinishedEpisodes finished(const RunOptions& options, const few_shot::EpisodeOwner& owner, const Warn& warn) {
  std::vector<std::filesystem::path> folders = {options.run_dir};
  folders.insert(folders.end(), options.resume_from.begin(), options.resume_from.end());
  for (const std::filesystem::path& folder : folders) {
    auto episodes = few_shot::read_episodes(folder, owner);
    if (!episodes) warn("few-shot: adapted anew: " + episodes.error().message());
    if (episodes && !episodes->figures.empty()) return *std::move(episodes);
  }
  return {};
}

/// Tells how far the episodes are, and whether to go on.
class Progress {
 public:
  Progress(const TrialSettings& settings, std::size_t episodes, const train::Channel& channel, const Clock& clock)
      : settings_(settings),
        total_(static_cast<std::int64_t>(episodes) * settings.few_shot.steps),
        channel_(channel),
        clock_(clock),
        pace_(clock, std::chrono::milliseconds(500)),
        looked_(clock.steady_now()) {}

  bool goes_on(std::size_t episode, std::int64_t steps) {
    if (told.ok() && pace_.due()) told = tell(static_cast<std::int64_t>(episode) * settings_.few_shot.steps + steps);
    return told.ok() && !channel_.stop_requested();
  }

  Status told;

 private:
  Status tell(std::int64_t done) {
    const auto now = clock_.steady_now();
    if (done > done_ && done_ >= 0)
      pace_.steps_done(done - done_, std::chrono::duration<double>(now - looked_).count());
    done_ = done;
    looked_ = now;
    return channel_.emit(job::Progress{settings_.train.epochs, settings_.train.epochs, done, total_,
                                       std::numeric_limits<double>::quiet_NaN(), pace_.seconds_left(total_ - done, 0),
                                       "adapting"});
  }

  const TrialSettings& settings_;
  std::int64_t total_, done_ = -1;
  const train::Channel& channel_;
  const Clock& clock_;
  train::Pace pace_;
  std::chrono::steady_clock::time_point looked_;
};

few_shot::MakeNetwork maker_of(const TrialSettings& settings, const Places& places) {
  return [&settings, &places] {
    return models::make_network(settings.arch, settings.embed_dim, at::make_generator<at::CPUGeneratorImpl>(0),
                                script_options(settings, places));
  };
}

Result<std::shared_ptr<models::Network>> on_device(const TrialSettings& settings, const Places& places,
                                                   const models::NamedTensors& values) {
  OODML_ASSIGN_OR_RETURN(auto network, maker_of(settings, places)());
  OODML_RETURN_IF_ERROR(models::copy_into(models::state_of(*network), values, "restore the network that adapts"));
  network->to(settings.train.device);
  return network;
}

Status tell_all(const train::Channel& channel, const std::vector<job::Metric>& figures,
                std::vector<job::Metric>& told) {
  for (const job::Metric& figure : figures) {
    OODML_RETURN_IF_ERROR(channel.emit(figure));
    told.push_back(figure);
  }
  return {};
}

/// One trial's episodes, from the first that is not finished to the last.
class Adapting {
 public:
  Adapting(const RunOptions& options, const TrialSettings& settings, const few_shot::EpisodeOwner& owner,
           const Chosen& chosen, const train::Channel& channel, const Warn& warn, const Clock& clock)
      : options_(options),
        settings_(settings),
        owner_(owner),
        chosen_(chosen),
        channel_(channel),
        warn_(warn),
        clock_(clock) {}

  /// Ends early with what ended it; `done` and `outcome` have all that was finished.
  Status run(few_shot::FinishedEpisodes& done, AdaptedTrial& outcome) {
    OODML_ASSIGN_OR_RETURN(const few_shot::Episodes episodes, episodes_of(options_, settings_, warn_));
    OODML_ASSIGN_OR_RETURN(const auto network, on_device(settings_, options_.places, chosen_.network));
    train::TrainOptions training = settings_.train;
    use_input_statistics(*network, training);
    few_shot::EpisodeRuns runs(network, maker_of(settings_, options_.places), episodes, settings_.few_shot, training);
    Progress progress(settings_, episodes.episodes.size(), channel_, clock_);
    done.expected = std::ssize(episodes.episodes);
    for (std::size_t number = done.figures.size(); number < episodes.episodes.size(); ++number) {
      const auto ran = runs.run(number, [&](std::int64_t steps) { return progress.goes_on(number, steps); });
      OODML_RETURN_IF_ERROR(progress.told);
      if (!ran)
        return {ran.error().code(), "few-shot episode " + std::to_string(number) + ": " + ran.error().message()};
      outcome.flow = ran->flow;
      outcome.episode = static_cast<std::int64_t>(number);
      if (ran->flow != Flow::kGoOn) return {};
      done.figures.push_back(ran->figures);
      const Status kept = few_shot::write_episodes(options_.run_dir, owner_, done);
      if (!kept.ok()) return unavailable("keep a few-shot episode: " + kept.message());
      OODML_RETURN_IF_ERROR(
          tell_all(channel_, few_shot::episode_metrics(done.figures.back(), number, chosen_.epoch), outcome.figures));
    }
    return {};
  }

 private:
  const RunOptions& options_;
  const TrialSettings& settings_;
  const few_shot::EpisodeOwner& owner_;
  const Chosen& chosen_;
  const train::Channel& channel_;
  const Warn& warn_;
  const Clock& clock_;
};

}  // namespace

Status check_episodes(const RunOptions& options, const TrialSettings& settings, const Warn& warn) {
  if (settings.few_shot.shots == 0) return {};
  OODML_RETURN_IF_ERROR(episodes_of(options, settings, warn));
  return {};
}

Result<AdaptedTrial> adapt_trial(const RunOptions& options, const job::TrialSpec& spec, const TrialSettings& settings,
                                 const train::Snapshot& trained, const train::Channel& channel, const Warn& warn,
                                 const Clock& clock) {
  const c10::DeviceGuard guard(settings.train.device);
  const Chosen chosen = chosen_network(settings, trained, warn);
  const few_shot::EpisodeOwner owner{sweep::fingerprint(spec), options.identity, few_shot::digest_of(chosen.network)};
  few_shot::FinishedEpisodes done = finished(options, owner, warn);
  AdaptedTrial outcome;
  for (std::size_t number = 0; number < done.figures.size(); ++number) {
    OODML_RETURN_IF_ERROR(
        tell_all(channel, few_shot::episode_metrics(done.figures[number], number, chosen.epoch), outcome.figures));
  }
  if (!done.all()) {
    Adapting adapting(options, settings, owner, chosen, channel, warn, clock);
    OODML_RETURN_IF_ERROR(adapting.run(done, outcome));
    if (outcome.flow != Flow::kGoOn) return outcome;
  }
  const auto summary = few_shot::summary_of(done.figures);
  OODML_RETURN_IF_ERROR(tell_all(channel, few_shot::summary_metrics(summary, chosen.epoch), outcome.figures));
  OODML_RETURN_IF_ERROR(write_file_atomically(options.run_dir / "test_summary.txt", few_shot::summary_table(summary)));
  return outcome;
}

}  // namespace oodml::trial
