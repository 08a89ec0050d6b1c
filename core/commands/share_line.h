#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "core/base/clock.h"

namespace oodml::commands {

/// What is being done and how much of it: on a terminal one line that is redrawn a few times a second, elsewhere a line
/// of its own every quarter of a minute, so that a log grows slowly and short work leaves nothing in it.
class ShareLine {
 public:
  /// On stderr, by the system's clock.
  ShareLine();
  /// On `out`, which is a terminal or not; both outlive this.
  ShareLine(std::FILE* out, bool is_terminal, const Clock& clock);
  ~ShareLine() { close(); }
  ShareLine(const ShareLine&) = delete;
  ShareLine& operator=(const ShareLine&) = delete;

  /// share in [0, 1] of `what`; the time left is told once it can be guessed.
  void show(std::string_view what, double share);
  /// Takes the redrawn line away.
  void close();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  std::string text_of(double share, TimePoint now) const;

  std::FILE* out_;
  bool is_terminal_;
  const Clock& clock_;
  bool is_open_ = false;
  std::string what_;
  TimePoint started_, shown_;  ///< When `what_` began, and when a line was last written.
};

}  // namespace oodml::commands
