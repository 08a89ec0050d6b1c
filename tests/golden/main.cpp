// golden_replay [--device cuda:0] FILE...: computes golden cases again and compares. Exit status 0 only if every case
// is ok.
#include <cstdio>

#include "core/base/words.h"
#include "core/train/device.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

using Replay = void (*)(const Case&, bool, Comparison&);

const std::map<std::string, Replay>& replays() {
  static const std::map<std::string, Replay> by_kind = {
      {"criterion", replay_criterion},   {"flow", replay_flow},
      {"miner", replay_miner},           {"metric", replay_metric},
      {"evaluation", replay_evaluation}, {"backbone", replay_backbone},
      {"optimizer", replay_optimizer},   {"pads", replay_pads},
      {"sampler", replay_sampler},       {"training_step", replay_training_step},
      {"transform", replay_transform}};
  return by_kind;
}

/// Prints the line of one case; true if it is ok.
bool replay_case(const std::string& path, torch::Device device) {
  const Case golden = load_case(path, device);
  const auto replay = replays().find(golden.kind);
  if (replay == replays().end()) throw CaseError("unknown kind " + golden.kind);
  std::vector<std::string> modes, failures;
  double absolute = 0.0, relative = 0.0;
  for (const bool paper : golden.modes()) {
    Comparison comparison(golden);
    replay->second(golden, paper, comparison);
    const std::string mode = paper ? "paper" : "corrected";
    if (const auto missed = comparison.missed(); !missed.empty()) {
      throw CaseError("outputs not compared: " + joined(missed, ", "));
    }
    for (const auto& failure : comparison.failures()) failures.push_back(mode + ": " + failure);
    modes.push_back(mode);
    absolute = std::max(absolute, comparison.largest_absolute());
    relative = std::max(relative, comparison.largest_relative());
  }
  std::printf("%-6s %s/%s--%s [%s]  absolute %.2e  relative %.2e%s%s\n", failures.empty() ? "ok" : "FAIL",
              golden.kind.c_str(), golden.name.c_str(), golden.variant.c_str(), joined(modes, ", ").c_str(), absolute,
              relative, failures.empty() ? "" : "\n    ", joined(failures, "\n    ").c_str());
  return failures.empty();
}

}  // namespace
}  // namespace oodml::golden

int main(int argc, char** argv) {
  std::vector<std::string> files(argv + 1, argv + argc);
  std::string name = "cpu";
  if (files.size() > 2 && files[0] == "--device") {
    name = files[1];
    files.erase(files.begin(), files.begin() + 2);
  }
  const auto device = oodml::train::find_device(name);
  if (files.empty() || !device) {
    std::fprintf(stderr, "usage: golden_replay [--device cuda:0] FILE...\n%s\n",
                 device ? "" : device.error().message().c_str());
    return 2;
  }
  std::size_t bad = 0;
  for (const std::string& file : files) {
    try {
      if (!oodml::golden::replay_case(file, *device)) ++bad;
    } catch (const std::exception& error) {
      std::printf("ERROR  %s: %s\n", file.c_str(), error.what());
      ++bad;
    }
  }
  std::printf("%zu of %zu cases ok\n", files.size() - bad, files.size());
  return bad == 0 ? 0 : 1;
}
