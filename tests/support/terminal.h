#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace oodml::testing {

/// A program that leads the session of a terminal of its own, which can be closed under it.
class TerminalProgram {
 public:
  /// `after_nohup`: with SIGHUP ignored, as nohup starts it.
  TerminalProgram(const std::vector<std::string>& words, bool after_nohup, const ProcessOptions& options = {});
  ~TerminalProgram();
  TerminalProgram(const TerminalProgram&) = delete;
  TerminalProgram& operator=(const TerminalProgram&) = delete;

  /// Reads the terminal until `text` was on it; false when the program ended before.
  bool says(const std::string& text);
  /// As if somebody pressed these keys.
  void type(const std::string& keys) const;
  void resize(int columns, int rows) const;
  /// Whether keys come line by line and are shown, as a shell wants it.
  bool reads_lines() const;
  void close_terminal();
  void signal(int number) const;
  /// The exit status, 128 + signal, or -1 when it still runs after so long.
  int wait(std::chrono::milliseconds at_most = std::chrono::seconds(120));

 private:
  int terminal_ = -1;
  pid_t pid_ = -1;
  int status_ = -1;
  std::string seen_;
};

}  // namespace oodml::testing
