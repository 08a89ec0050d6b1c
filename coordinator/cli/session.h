#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/cli/client.h"
#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/style.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::cli {

enum class Format { kTable, kJson, kCsv, kLatex, kMarkdown };
const char* to_text(Format format);

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// What is around the program; main names the real things, tests give their own.
struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  std::istream& in;
  Style out_style;
  Style err_style;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<TerminalSize()> terminal_size;  ///< Asked again while the program runs: people resize windows.
  std::function<std::optional<std::string>(const char* name)> environment;
  /// How often the person asked to stop (Ctrl-C, SIGTERM, closing the terminal). Asking makes the program responsible
  /// for stopping: before the first question the signal ends it.
  std::function<int()> interrupts;
  Clock& clock;
};

class StateReader;

/// One run of one command.
class Session {
 public:
  Session(Surroundings& around, Format format, Connection connection)
      : around(around), format(format), connection(std::move(connection)) {}

  Surroundings& around;
  const Format format;
  Connection connection;

  bool json() const { return format == Format::kJson; }
  std::int64_t now_millis() const { return to_millis(around.clock.now()); }
  /// Prints to standard output at once.
  void print(const std::string& text) const;
  /// For people only: to standard error, so that output for programs stays clean.
  void note(const std::string& text) const;
  /// `document()` for -o json, else `text()`.
  void print(const std::function<Json()>& document, const std::function<std::string()>& text) const;

  /// Asks what `oodml local` left in a state folder instead of a coordinator; nothing happens for an empty name.
  Status read_state(const std::string& folder);
  /// Looks again whether a run is going on in the folder of read_state: one that is followed may have ended, and its
  /// coordinator with it. Nothing happens without a folder; what is asked may be another client() afterwards.
  Status look_at_state_again();
  /// The folder of read_state where no run is going on: nothing changes there. Else empty.
  std::string idle_folder() const;
  /// " --state DIR" for commands that are proposed to the person; empty where a coordinator is asked.
  std::string state_flag() const;

  /// Waits so long, or until the person interrupts more often than before: then true at once.
  bool interrupted_within(std::chrono::milliseconds length, int interrupts_before) const;

  /// Opened on first use.
  Result<Client*> client();
  /// Closes the connection; the next use opens it again.
  void hang_up() { client_ = nullptr; }

 private:
  std::shared_ptr<StateReader> reader_;  ///< Outlives the client.
  std::unique_ptr<Client> client_;
};

/// A command's work; its value is the exit code.
using Command = std::function<Result<int>(Session&)>;

}  // namespace oodml::cli
