#include "core/few_shot/episodes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/base/printable.h"
#include "core/base/this_machine.h"
#include "core/base/words.h"
#include "core/data/choose_sets.h"
#include "core/data/drop_unreadable.h"
#include "core/data/select_classes.h"
#include "core/data/split_on_disk.h"
#include "core/splits/split_file.h"

namespace oodml::few_shot {
namespace {

constexpr std::size_t kShown = 5;

using Positions = std::vector<std::int64_t>;
using PositionOf = std::unordered_map<std::string, std::int64_t>;  ///< By file name, of one class.

/// The split with the first `episodes` episodes of `shots` shots and no others.
splits::Split only(splits::Split split, std::int64_t shots, std::int64_t episodes) {
  const auto keep = [&](auto& of_shots) {
    std::erase_if(of_shots, [&](const auto& entry) { return entry.first != shots; });
    if (const auto found = of_shots.find(shots); found != of_shots.end() && std::ssize(found->second) > episodes) {
      found->second.resize(static_cast<std::size_t>(episodes));
    }
  };
  keep(split.test_episodes);
  keep(split.episode_classes);
  return split;
}

std::string shots_there_are(const splits::Split& split) {
  std::set<std::int64_t> numbers;
  for (const auto& [shots, unused] : split.test_episodes) numbers.insert(shots);
  for (const auto& [shots, unused] : split.episode_classes) numbers.insert(shots);
  std::vector<std::string> words;
  for (const std::int64_t shots : numbers) words.push_back(std::to_string(shots));
  return joined(words);
}

Status check_shots(const splits::Split& split, std::int64_t shots) {
  if (split.test_episodes.contains(shots) || split.episode_classes.contains(shots)) return {};
  const std::string known = shots_there_are(split);
  const std::string wanted = std::to_string(shots);
  return not_found("splits." + printable(split.id) + " has no episodes of " + wanted + " shots; " +
                   (known.empty() ? "it has none at all" : "it has some of " + known + " (few_shot.shots)") +
                   "; `oodml splits create --shots " + wanted + "` makes them for images of your own");
}

/// `taken` images from the front of each class, in the set's order.
class Queries {
 public:
  Queries(const data::Dataset& test, std::int64_t images_per_class)
      : test_(test), images_per_class_(images_per_class) {}

  void add(std::size_t label, const std::set<std::int64_t>& but, Positions& query) const {
    std::int64_t seen = 0;
    for (const std::int64_t position : test_.by_class[label]) {
      if (images_per_class_ > 0 && seen++ == images_per_class_) return;
      if (!but.contains(position)) query.push_back(position);
    }
  }

 private:
  const data::Dataset& test_;
  std::int64_t images_per_class_;
};

std::string file_of(const std::string& image) { return image.substr(image.rfind('/') + 1); }

std::vector<PositionOf> positions_by_file(const data::Dataset& test) {
  std::vector<PositionOf> found(test.class_names.size());
  for (std::size_t i = 0; i < test.samples.size(); ++i) {
    const auto& sample = test.samples[i];
    found[static_cast<std::size_t>(sample.label)].emplace(file_of(test.source->name(sample.image)),
                                                          static_cast<std::int64_t>(i));
  }
  return found;
}

using Files = std::map<std::string, std::vector<std::string>>;

/// The form of CUB and CARS: files of every class.
Result<Episode> of_files(const Files& files, const data::Dataset& test, const std::vector<PositionOf>& by_file,
                         const Queries& queries) {
  Episode episode;
  for (std::size_t label = 0; label < test.class_names.size(); ++label) {
    const std::string& name = test.class_names[label];
    std::set<std::int64_t> support;
    for (const std::string& file : files.at(name)) {
      const auto found = by_file[label].find(file);
      if (found == by_file[label].end()) {
        return not_found("the support image " + printable(file) + " of class '" + printable(name) +
                         "' cannot be read and was left out; an episode needs all of its images");
      }
      episode.support.push_back(found->second);
      support.insert(found->second);
    }
    queries.add(label, support, episode.query);
  }
  return episode;
}

/// The form of SOP: all images of some classes.
Episode of_classes(const std::vector<std::string>& classes, const data::Dataset& test, const Queries& queries) {
  const std::set<std::string_view> chosen(classes.begin(), classes.end());
  Episode episode;
  for (std::size_t label = 0; label < test.class_names.size(); ++label) {
    const Positions& all = test.by_class[label];
    if (chosen.contains(test.class_names[label])) {
      episode.support.insert(episode.support.end(), all.begin(), all.end());
    } else {
      queries.add(label, {}, episode.query);
    }
  }
  return episode;
}

Result<std::shared_ptr<const data::Dataset>> test_set(const data::Benchmark& benchmark, const splits::Split& split,
                                                      const data::ImagesRequest& images, const data::Warn& warn) {
  OODML_ASSIGN_OR_RETURN(auto test, data::select_classes(benchmark, split.test, /*images_per_class=*/0));
  if (!images.skip_unreadable) return test;
  OODML_ASSIGN_OR_RETURN(data::Readable read, data::drop_unreadable(std::move(test), images.threads));
  if (!read.skipped.empty()) {
    warn("few-shot: left out " + std::to_string(read.skipped.size()) +
         " unreadable images of the test classes: " + name_list(read.skipped, kShown));
  }
  return read.dataset;
}

Status check_fits(const data::Benchmark& benchmark, const splits::Split& split) {
  const auto misfits = data::misfits_on_disk(benchmark, split);
  if (misfits.empty()) return {};
  return not_found("the episodes do not fit the images on disk in " + std::to_string(misfits.size()) +
                   " places: " + name_list(misfits, kShown));
}

Result<Episodes> episodes_of(const data::Benchmark& benchmark, const splits::Split& split,
                             const data::ImagesRequest& images, std::int64_t shots, const data::Warn& warn) {
  OODML_RETURN_IF_ERROR(of_this_machine(check_fits(benchmark, split)));
  Episodes opened;
  OODML_ASSIGN_OR_RETURN(opened.test, test_set(benchmark, split, images, warn));
  const Queries queries(*opened.test, images.images_per_class);
  if (const auto found = split.episode_classes.find(shots); found != split.episode_classes.end()) {
    for (const auto& classes : found->second) {
      opened.episodes.push_back(of_classes(classes, *opened.test, queries));
    }
    return opened;
  }
  const auto by_file = positions_by_file(*opened.test);
  for (const Files& files : split.test_episodes.at(shots)) {
    OODML_ASSIGN_OR_RETURN(Episode episode, of_files(files, *opened.test, by_file, queries));
    opened.episodes.push_back(std::move(episode));
  }
  return opened;
}

}  // namespace

Result<Episodes> open_episodes(const data::ImagesRequest& images, std::int64_t shots, std::int64_t episodes,
                               const data::Warn& warn) {
  OODML_ASSIGN_OR_RETURN(const auto opened, data::open_remembered(images.place, [](std::string) {}));  // told before
  const std::filesystem::path file = splits::split_file_in(images.place.folder, images.split_file.native());
  OODML_ASSIGN_OR_RETURN(const splits::Split split,
                         data::choose_split(*opened.benchmark, {.split = images.split, .split_file = file}));
  const auto in_file = [&](const Status& status) {
    return failure(status.code(), printable(file.native(), 4096) + ": " + status.message());
  };
  if (const Status there = check_shots(split, shots); !there.ok()) return in_file(there);
  auto made = episodes_of(*opened.benchmark, only(split, shots, episodes), images, shots, warn);
  if (!made) return in_file(made.error());
  if (const auto found = std::ssize(made->episodes); found < episodes) {
    warn("few-shot: split " + printable(images.split) + " has " + std::to_string(found) + " episodes of " +
         std::to_string(shots) + " shots, few_shot.episodes asks for " + std::to_string(episodes) +
         ": means and intervals are over those " + std::to_string(found));
  }
  return made;
}

std::shared_ptr<const data::Dataset> part_of(const data::Dataset& set, const std::vector<std::int64_t>& positions) {
  std::map<std::int64_t, std::int64_t> labels;  // of the set -> of the part
  for (const std::int64_t position : positions) labels[set.samples[static_cast<std::size_t>(position)].label] = 0;
  auto part = std::make_shared<data::Dataset>();
  part->source = set.source;
  for (auto& [old, number] : labels) {
    number = std::ssize(part->class_names);
    part->class_names.push_back(set.class_names[static_cast<std::size_t>(old)]);
  }
  part->by_class.resize(part->class_names.size());
  for (const std::int64_t position : positions) {
    const auto& sample = set.samples[static_cast<std::size_t>(position)];
    const std::int64_t label = labels.at(sample.label);
    part->by_class[static_cast<std::size_t>(label)].push_back(std::ssize(part->samples));
    part->samples.push_back({.image = sample.image, .label = label});
  }
  return part;
}

}  // namespace oodml::few_shot
