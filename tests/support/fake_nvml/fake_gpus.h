#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace oodml::testing {

/// A card, or a MIG device, as the fake of NVIDIA's library shows it.
struct FakeGpu {
  std::string uuid;
  std::string model = "NVIDIA Fake 100";
  std::int64_t memory_mib = 80'000;
  std::int64_t used_mib = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> processes = {};  ///< Number and MiB; below 0: not told.
  std::optional<std::int64_t> uncorrected = 0;
  bool repair_pending = false;
  bool lost = false;
  std::vector<FakeGpu> mig = {};  ///< Not empty: the card is divided into these.
  bool dead = false;              ///< `scripted_trial probe --exercise` finds that it does not compute.
};

/// A machine's GPUs in a file, from which the fake library reads them at every call, and scripted_trial what CUDA would
/// show: those of CUDA_VISIBLE_DEVICES.
class FakeGpus {
 public:
  FakeGpus(std::filesystem::path file, std::vector<FakeGpu> gpus);
  FakeGpu& operator[](std::size_t index) { return gpus_.at(index); }
  void write() const;  ///< After a change.
  /// For a program that is to find them.
  std::map<std::string, std::string> environment() const;
  static std::string library();  ///< Its file.

 private:
  const std::filesystem::path file_;
  std::vector<FakeGpu> gpus_;
};

}  // namespace oodml::testing
