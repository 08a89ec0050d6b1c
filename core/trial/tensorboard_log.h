#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "core/trial/figure_log.h"

namespace oodml::trial {

/// `<folder>/events.out.tfevents.oodml`: scalars under the tags `<sub>/<group>/<segment>` (`<sub>/<group>` where both
/// are one word), step = epoch. The format is TFRecord with the messages of tensorboard/compat/proto/event.proto.
class TensorboardLog final : public FigureLog {
 public:
  /// Makes the folder and begins the file anew.
  static Result<std::unique_ptr<FigureLog>> open(const std::filesystem::path& folder, const Clock& clock);

  Status add(const job::Metric& figure) override;
  Status flush() override;

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  TensorboardLog(File file, std::filesystem::path path, const Clock& clock)
      : file_(std::move(file)), path_(std::move(path)), clock_(clock) {}
  Status append(const std::string& event);
  double wall_seconds() const { return static_cast<double>(to_millis(clock_.now())) / 1000.0; }

  File file_;
  std::filesystem::path path_;
  const Clock& clock_;
};

}  // namespace oodml::trial
