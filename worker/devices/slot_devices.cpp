#include "worker/devices/slot_devices.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "core/base/words.h"

namespace oodml::worker {
namespace {

std::vector<std::string> words_in(const std::string& list) {
  std::vector<std::string> words;
  std::istringstream stream(list);
  for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
  return words;
}

}  // namespace

std::optional<std::string> visible_to(const job::Slot& slot) {
  if (slot.device == "cpu") return "";
  if (slot.gpus.empty()) return std::nullopt;
  return joined(slot.gpus, ",");
}

std::string devices_seen(const job::Slot& slot) {
  if (slot.gpus.empty()) return slot.device;
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < slot.gpus.size(); ++i) seen.push_back("cuda:" + std::to_string(i));
  return joined(seen, ",");
}

std::string device_of(const job::Slot& slot, const std::string& seen) {
  if (slot.gpus.empty()) return seen;
  const std::vector<std::string> own = words_in(slot.device), theirs = words_in(devices_seen(slot));
  std::vector<std::string> named;
  for (const std::string& device : words_in(seen)) {
    const auto found = std::ranges::find(theirs, device);
    const auto index = static_cast<std::size_t>(found - theirs.begin());
    named.push_back(index < own.size() ? own[index] : device);
  }
  return joined(named, ",");
}

}  // namespace oodml::worker
