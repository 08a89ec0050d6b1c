#include "core/data/split_on_disk.h"

#include <unordered_map>
#include <unordered_set>

#include "core/base/printable.h"
#include "core/splits/split_file_check.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;
using ClassIndex = std::unordered_map<std::string_view, const ImageClass*>;
using FileNames = std::unordered_set<std::string>;

/// Turns lists of ids into lists of names; collects those it does not know.
class IdNames {
 public:
  explicit IdNames(const Benchmark& benchmark) {
    for (const ImageClass& known : benchmark.classes) names_.emplace(std::to_string(known.id), known.name);
  }

  void put_names(Names& ids) {
    for (std::string& id : ids) {
      const auto name = names_.find(id);
      if (name == names_.end()) {
        unknown.push_back(id);
      } else {
        id = name->second;
      }
    }
  }

  Names unknown;

 private:
  std::unordered_map<std::string, std::string> names_;
};

std::string file_of(const std::string& image) { return image.substr(image.rfind('/') + 1); }

class Comparison {
 public:
  Comparison(const Benchmark& benchmark, const splits::Split& split) : benchmark_(benchmark), split_(split) {
    for (const ImageClass& known : benchmark.classes) index_.emplace(known.name, &known);
  }

  Names misfits() {
    compare_classes("train", split_.train);
    compare_classes("test", split_.test);
    for (const auto& [shots, episodes] : split_.test_episodes) {
      for (std::size_t i = 0; i < episodes.size(); ++i) {
        const std::string episode = "test_episodes." + std::to_string(shots) + "[" + std::to_string(i) + "]";
        for (const auto& [name, files] : episodes[i]) compare_support(episode, name, files);
      }
    }
    return std::move(misfits_);
  }

 private:
  void report(const std::string& what) { misfits_.push_back("split " + split_.id + ", " + what); }

  void compare_classes(const std::string& set, const Names& classes) {
    for (const std::string& name : classes) {
      const auto found = index_.find(name);
      const char* lack = found == index_.end() ? "' is not on disk" : "' has no images";
      if (found == index_.end() || found->second->images.empty()) report(set + ": class '" + printable(name) + lack);
    }
  }

  void compare_support(const std::string& episode, const std::string& name, const Names& files) {
    const auto found = index_.find(name);
    if (found == index_.end()) return;  // reported with its set
    const FileNames& on_disk = files_of(*found->second);
    const std::string place = episode + ", class '" + printable(name) + "': ";
    for (const std::string& file : files) {
      if (on_disk.contains(file)) continue;
      const bool second = file.find("_2.") != std::string::npos;
      report(place + "no image " + printable(file) +
             (second ? "; so is called the second image where both archives have one of this number" : ""));
    }
    if (on_disk.size() < files.size() + 2) {
      report(place + std::to_string(on_disk.size()) + " images leave fewer than two for queries");
    }
  }

  const FileNames& files_of(const ImageClass& of) {
    const auto [entry, is_new] = files_.try_emplace(of.name);
    if (!is_new) return entry->second;
    for (const std::int64_t image : of.images) entry->second.insert(file_of(benchmark_.source->name(image)));
    return entry->second;
  }

  const Benchmark& benchmark_;
  const splits::Split& split_;
  ClassIndex index_;
  std::unordered_map<std::string_view, FileNames> files_;
  Names misfits_;
};

}  // namespace

Status name_classes(const Benchmark& benchmark, splits::Split& split) {
  if (!split.validation_by_id && !split.episodes_by_id) return {};
  IdNames names(benchmark);
  if (split.validation_by_id) {
    names.put_names(split.split_train);
    names.put_names(split.split_val);
  }
  if (split.episodes_by_id) {
    for (auto& [shots, episodes] : split.episode_classes) {
      for (Names& classes : episodes) names.put_names(classes);
    }
  }
  if (!names.unknown.empty()) {
    return not_found("split '" + printable(split.id) + "' of " + printable(benchmark.name) + " names " +
                     std::to_string(names.unknown.size()) +
                     " class ids that its info files do not have: " + name_list(names.unknown));
  }
  split.validation_by_id = split.episodes_by_id = false;
  return splits::check_split(split, "splits." + split.id);
}

Names misfits_on_disk(const Benchmark& benchmark, const splits::Split& split) {
  return Comparison(benchmark, split).misfits();
}

}  // namespace oodml::data
