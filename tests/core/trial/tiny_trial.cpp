#include "tests/core/trial/tiny_trial.h"

#include <gtest/gtest.h>

#include <sstream>

#include "core/base/number_text.h"
#include "core/protocol/lines.h"
#include "tests/core/images/sample_images.h"

namespace oodml::testing {
namespace {

constexpr int kClasses = 6, kImages = 8;

}  // namespace

TinyTrial::TinyTrial()
    : settings_({{"benchmark", "tiny"},
                 {"layout", "image_folder"},
                 {"arch", "small_conv_normalize"},
                 {"embed_dim", "16"},
                 {"crop_size", "16"},
                 {"resize", "18"},
                 {"batch_size", "8"},
                 {"epochs", "3"},
                 {"steps_per_epoch", "25"},
                 {"lr", "0.001"},
                 {"criterion", "{name: margin, beta: 0.8}"},
                 {"miner", "distance"},
                 {"seed", "5"},
                 {"evaluate", "{sets: [test, train], metrics: [e_recall@1, nmi, mAP_c, dists@intra]}"}}) {
  for (int k = 0; k < kClasses; ++k) {
    std::filesystem::create_directories(image(k, 0).parent_path());
    for (int n = 0; n < kImages; ++n) {
      write_text(image(k, n), images::png_bytes(images::patterned_image(20, 20, k * kImages + n)));
    }
  }
}

std::filesystem::path TinyTrial::image(int k, int n) const {
  return benchmark() / ("class" + std::to_string(k)) / (std::to_string(n) + ".png");
}

void TinyTrial::set(const std::string& key, const std::string& value) {
  for (auto& [known, text] : settings_) {
    if (known == key) {
      text = value;
      return;
    }
  }
  settings_.emplace_back(key, value);
}

std::string TinyTrial::text() const {
  std::string text;
  for (const auto& [key, value] : settings_) text += key + ": " + value + "\n";
  return text;
}

std::vector<std::string> TinyTrial::words(const std::string& run, const std::vector<std::string>& more) const {
  const std::filesystem::path file = folder_ / (run + ".yaml");
  write_text(file, text());
  std::vector<std::string> words = {program("oodml-core"),
                                    "run",
                                    file.string(),
                                    "--run-dir",
                                    run_dir(run).string(),
                                    "--benchmarks-root",
                                    (folder_ / "benchmarks").string(),
                                    "--weights-root",
                                    (folder_ / "weights").string(),
                                    "--device",
                                    "cpu",
                                    "--threads",
                                    "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Output TinyTrial::finish(const std::string& run, const std::vector<std::string>& more) const {
  return testing::run(words(run, more));
}

std::vector<job::EventBody> last_attempt(const std::filesystem::path& events_log) {
  std::vector<job::EventBody> events;
  std::istringstream lines(read_text(events_log));
  for (std::string line; std::getline(lines, line);) {
    auto decoded = protocol::decode(line);
    if (!decoded || !*decoded) {
      ADD_FAILURE() << "no event: " << line;
      continue;
    }
    if (std::holds_alternative<job::Hello>(**decoded)) events.clear();
    events.push_back(**decoded);
  }
  return events;
}

std::vector<std::string> figures(const std::vector<job::EventBody>& events) {
  std::vector<std::string> lines;
  for (const auto& metric : all_of<job::Metric>(events)) {
    if (metric.name == "seconds" || metric.name == "data_wait") continue;
    const std::string name = metric.embeds == "embeds" ? metric.name : metric.name + "/" + metric.embeds;
    lines.push_back(std::to_string(metric.epoch) + " " + metric.set + " " + name + " " + number_text(metric.value));
  }
  return lines;
}

}  // namespace oodml::testing
