#include "worker/devices/visible_gpus.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

#include "core/base/counted.h"
#include "core/base/words.h"

namespace oodml::worker {
namespace {

using Gpus = std::vector<Gpu>;

std::vector<std::string> entries_of(const std::string& list) {
  std::vector<std::string> entries;
  for (std::size_t from = 0; from < list.size(); from = std::min(list.find(',', from), list.size()) + 1) {
    std::string entry = list.substr(from, list.find(',', from) - from);
    while (!entry.empty() && entry.front() == ' ') entry.erase(0, 1);
    while (!entry.empty() && entry.back() == ' ') entry.pop_back();
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole && number >= 0 ? std::optional(number) : std::nullopt;
}

/// The cards, each once, in the order of `all`.
std::vector<std::string> cards_of(const Gpus& all) {
  std::vector<std::string> cards;
  for (const Gpu& gpu : all) {
    if (std::ranges::find(cards, gpu.card) == cards.end()) cards.push_back(gpu.card);
  }
  return cards;
}

Gpus parts_of(const Gpus& all, const std::string& card) {
  Gpus parts;
  std::ranges::copy_if(all, std::back_inserter(parts), [&](const Gpu& gpu) { return gpu.card == card; });
  return parts;
}

/// The MIG device, or the card with all of its MIG devices, that one entry names; none when no or several do.
Gpus named_by(const Gpus& all, const std::string& entry) {
  const std::vector<std::string> cards = cards_of(all);
  if (const auto number = number_in(entry)) {
    const auto index = static_cast<std::size_t>(*number);
    return index < cards.size() ? parts_of(all, cards[index]) : Gpus();
  }
  if (entry.starts_with("MIG-")) {
    Gpus found;
    std::ranges::copy_if(all, std::back_inserter(found),
                         [&](const Gpu& gpu) { return gpu.is_mig() && gpu.uuid.starts_with(entry); });
    return found.size() == 1 ? found : Gpus();
  }
  if (!entry.starts_with("GPU-")) return {};
  std::vector<std::string> found;
  std::ranges::copy_if(cards, std::back_inserter(found), [&](const auto& card) { return card.starts_with(entry); });
  return found.size() == 1 ? parts_of(all, found[0]) : Gpus();
}

bool has(const Gpus& gpus, const std::string& uuid) { return std::ranges::find(gpus, uuid, &Gpu::uuid) != gpus.end(); }

std::string uuids_of(const Gpus& gpus) {
  std::vector<std::string> uuids;
  for (const Gpu& gpu : gpus) uuids.push_back(gpu.uuid);
  return uuids.empty() ? "none" : joined(uuids);
}

/// nullopt: Slurm did not say, or its numbers say nothing here.
std::optional<GpuChoice> of_slurm(const Gpus& all, const char* name, const std::string& list) {
  const std::vector<std::string> entries = entries_of(list);
  const std::vector<std::string> cards = cards_of(all);
  const bool divided = std::ranges::any_of(all, &Gpu::is_mig);
  if (entries.empty() || divided || cards.size() <= entries.size()) return std::nullopt;
  GpuChoice choice;
  for (const std::string& entry : entries) {
    const auto number = number_in(entry);
    const auto found = std::ranges::find_if(all, [&](const Gpu& gpu) { return number && gpu.index == *number; });
    if (found == all.end()) {
      choice.warnings.push_back(std::string(name) + "=" + list + " is not understood, as there is no GPU '" + entry +
                                "' among " + uuids_of(all) + "; it is not used");
      return GpuChoice{all, choice.warnings};
    }
    choice.gpus.push_back(*found);
  }
  return choice;
}

struct SlurmsList {
  const char* name = "";
  std::string list;  ///< "": Slurm did not say.
};

SlurmsList slurms_list(const std::function<std::optional<std::string>(const char*)>& environment) {
  for (const char* name : {"SLURM_STEP_GPUS", "SLURM_JOB_GPUS"}) {
    if (std::string list = environment(name).value_or(""); !list.empty()) return {name, std::move(list)};
  }
  return {};
}

GpuChoice all_or_slurms(const Gpus& all, const std::function<std::optional<std::string>(const char*)>& environment) {
  const auto [name, list] = slurms_list(environment);
  return of_slurm(all, name, list).value_or(GpuChoice{all, {}});
}

}  // namespace

bool counts_cards(const std::string& list) {
  return std::ranges::any_of(entries_of(list), [](const auto& entry) { return number_in(entry).has_value(); });
}

GpuChoice named_gpus(const Gpus& all, const std::string& list) {
  GpuChoice choice;
  for (const std::string& entry : entries_of(list)) {
    const Gpus found = named_by(all, entry);
    if (found.empty()) {
      if (entry != "-1" && entry != "NoDevFiles")
        choice.warnings.push_back("'" + entry + "' names no GPU, or several, and ends the list " + list);
      break;
    }
    for (const Gpu& gpu : found) {
      if (has(choice.gpus, gpu.uuid)) return {{}, {"the list " + list + " names " + gpu.uuid + " twice, and so none"}};
      choice.gpus.push_back(gpu);
    }
  }
  return choice;
}

GpuChoice given_gpus(const Gpus& all, const std::function<std::optional<std::string>(const char*)>& environment) {
  GpuChoice of_slurm = all_or_slurms(all, environment);
  const std::optional<std::string> list = environment("CUDA_VISIBLE_DEVICES");
  if (!list) return of_slurm;
  GpuChoice choice = named_gpus(all, *list);
  for (std::string& warning : choice.warnings) warning = "CUDA_VISIBLE_DEVICES: " + warning;
  if (choice.gpus.empty()) return choice;
  const auto is_others = [&](const Gpu& gpu) { return !has(of_slurm.gpus, gpu.uuid); };
  Gpus others;
  std::ranges::copy_if(choice.gpus, std::back_inserter(others), is_others);
  if (others.empty()) return choice;
  choice.warnings.push_back("CUDA_VISIBLE_DEVICES=" + *list + " names " + uuids_of(others) +
                            ", which Slurm did not give this job; it gave " + uuids_of(of_slurm.gpus));
  std::erase_if(choice.gpus, is_others);
  if (choice.gpus.empty()) choice.gpus = of_slurm.gpus;
  std::ranges::move(of_slurm.warnings, std::back_inserter(choice.warnings));
  return choice;
}

std::string slurms_gpus_unknown(std::size_t shown, const std::string& chosen,
                                const std::function<std::optional<std::string>(const char*)>& environment) {
  const auto [name, list] = slurms_list(environment);
  const std::size_t given = entries_of(list).size();
  if (given == 0 || shown <= given || !chosen.empty() || environment("CUDA_VISIBLE_DEVICES")) return "";
  return "CUDA shows " + counted(static_cast<std::int64_t>(shown), "GPU") + " and Slurm gave this job " +
         std::to_string(given) + " (" + name + "=" + list +
         "), which without libnvidia-ml.so.1 cannot be told from the others: all are used; set CUDA_VISIBLE_DEVICES";
}

Result<Gpus> chosen_gpus(const Gpus& given, const std::string& list) {
  Gpus chosen;
  if (list.empty()) return given;
  if (given.empty()) return invalid_argument("--devices " + list + ": no GPU is visible here");
  for (const std::string& entry : entries_of(list)) {
    const Gpus found = named_by(given, entry);
    const bool again = std::ranges::any_of(found, [&](const Gpu& gpu) { return has(chosen, gpu.uuid); });
    if (found.empty() || again) {
      return invalid_argument("--devices " + list + ": '" + entry + "' names " +
                              (again ? "a GPU for the second time" : "no GPU, or several") + "; there are " +
                              uuids_of(given) + ", by number from 0 or by the beginning of the UUID");
    }
    std::ranges::copy(found, std::back_inserter(chosen));
  }
  return chosen;
}

}  // namespace oodml::worker
