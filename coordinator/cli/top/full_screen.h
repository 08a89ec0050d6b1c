#pragma once

#include <chrono>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::cli {

/// The terminal's other screen, where keys come one by one and without an echo. When this is gone the terminal is as it
/// was, what it showed included; so it is where a fault or SIGQUIT ends the program. One at a time.
class FullScreen {
 public:
  /// `out` writes to the terminal that standard input is. kFailedPrecondition: that is none.
  static Result<std::unique_ptr<FullScreen>> open(std::ostream& out);
  ~FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;

  /// In place of what is shown, as one write. No more lines than the terminal has.
  void show(const std::vector<std::string>& lines);
  /// What was typed, waiting for it at most so long; may be empty. Nullopt: the terminal is gone.
  std::optional<std::string> keys(std::chrono::milliseconds patience);

 private:
  explicit FullScreen(std::ostream& out) : out_(out) {}

  std::ostream& out_;
  std::string shown_;
};

}  // namespace oodml::cli
