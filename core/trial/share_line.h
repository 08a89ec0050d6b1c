#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace oodml::trial {

/// What is being done, on one line of stderr that is redrawn a few times a second; silent where that is no terminal.
class ShareLine {
 public:
  ShareLine();
  ~ShareLine() { close(); }
  ShareLine(const ShareLine&) = delete;
  ShareLine& operator=(const ShareLine&) = delete;

  /// share in [0, 1] of `what`; the time left is told once it can be guessed.
  void show(std::string_view what, double share);
  /// Takes the line away.
  void close();

 private:
  using Clock = std::chrono::steady_clock;

  bool is_terminal_;
  bool is_open_ = false;
  std::string what_;
  Clock::time_point started_, drawn_;
};

}  // namespace oodml::trial
