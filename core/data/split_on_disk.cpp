#include "core/data/split_on_disk.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/base/printable.h"
#include "core/splits/split_file_check.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;
using ClassIndex = std::unordered_map<std::string_view, const ImageClass*>;
using FileNames = std::unordered_set<std::string>;

std::string at(const std::string& list, std::size_t index) { return list + "[" + std::to_string(index) + "]"; }

bool is_empty_class(const Benchmark& benchmark, const std::string& name) {
  return std::ranges::find(benchmark.empty_classes, name) != benchmark.empty_classes.end();
}

/// Turns lists of ids into lists of names; collects those it does not know, with their places.
class IdNames {
 public:
  explicit IdNames(const Benchmark& benchmark) {
    for (const ImageClass& known : benchmark.classes) names_.emplace(std::to_string(known.id), known.name);
  }

  void put_names(Names& ids, const std::string& list) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto name = names_.find(ids[i]);
      if (name == names_.end()) {
        unknown.push_back(ids[i] + " (" + at(list, i) + ")");
      } else {
        ids[i] = name->second;
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
        const std::string episode = at("test_episodes." + std::to_string(shots), i);
        for (const auto& [name, files] : episodes[i]) compare_support(episode, name, files);
      }
    }
    return std::move(misfits_);
  }

 private:
  void report(const std::string& what) { misfits_.push_back("split " + split_.id + ", " + what); }

  void compare_classes(const std::string& set, const Names& classes) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (index_.contains(classes[i])) continue;
      const char* lack = is_empty_class(benchmark_, classes[i]) ? "' has no images" : "' is not on disk";
      report(at(set, i) + ": class '" + printable(classes[i]) + lack);
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

Status check_on_disk(const Benchmark& benchmark, const splits::Split& split) {
  std::unordered_set<std::string_view> known;
  for (const ImageClass& one : benchmark.classes) known.insert(one.name);
  Names missing;
  const auto look = [&](const Names& names, const std::string& list) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (known.contains(names[i])) continue;
      const char* empty = is_empty_class(benchmark, names[i]) ? ", a folder without images" : "";
      missing.push_back(names[i] + " (" + at(list, i) + empty + ")");
    }
  };
  look(split.train, "train");
  look(split.test, "test");
  if (missing.empty()) return {};
  return not_found("splits." + split.id + " names " + std::to_string(missing.size()) + " classes that benchmark " +
                   printable(benchmark.name) + " does not have on disk: " + name_list(missing));
}

Status name_classes(const Benchmark& benchmark, splits::Split& split) {
  if (!split.validation_by_id && !split.episodes_by_id) return {};
  OODML_RETURN_IF_ERROR(check_on_disk(benchmark, split));  // else an item that train has wrong is blamed on split_train
  IdNames names(benchmark);
  if (split.validation_by_id) {
    names.put_names(split.split_train, "split_train");
    names.put_names(split.split_val, "split_val");
  }
  if (split.episodes_by_id) {
    for (auto& [shots, episodes] : split.episode_classes) {
      const std::string list = "test_episodes." + std::to_string(shots);
      for (std::size_t i = 0; i < episodes.size(); ++i) names.put_names(episodes[i], at(list, i));
    }
  }
  if (!names.unknown.empty()) {
    return not_found("splits." + split.id + " names " + std::to_string(names.unknown.size()) +
                     " class ids that the info files of " + printable(benchmark.name) +
                     " do not have: " + name_list(names.unknown));
  }
  split.validation_by_id = split.episodes_by_id = false;
  return splits::check_split(split, "splits." + split.id);
}

Names misfits_on_disk(const Benchmark& benchmark, const splits::Split& split) {
  return Comparison(benchmark, split).misfits();
}

}  // namespace oodml::data
