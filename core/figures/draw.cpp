#include "core/figures/draw.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/base/atomic_file.h"
#include "core/figures/figure_csv.h"
#include "core/figures/gnuplot_script.h"

extern char** environ;

namespace oodml::figures {
namespace {

constexpr const char* kInstall =
    "gnuplot is not installed, so that no picture could be drawn; their numbers (.csv) and scripts (.gp) are there. "
    "Install it (Debian: apt install gnuplot-nox) and run the command again";

bool is_plain(const std::string& name) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.front() != '.' && name.front() != '-' &&
         name.find_first_not_of(kPlain) == std::string::npos;
}

bool has_equal_lengths(const Series& series) {
  const auto fits = [&](std::size_t size, bool may_be_empty) {
    return size == series.x.size() || (may_be_empty && size == 0);
  };
  return fits(series.y.size(), false) && fits(series.low.size(), true) && fits(series.labels.size(), true) &&
         series.low.size() == series.high.size();
}

Status check(const Figure& figure) {
  if (!is_plain(figure.name)) return invalid_argument("figure '" + figure.name + "': no name for a file");
  for (const Panel& panel : figure.panels) {
    if (!std::ranges::all_of(panel.series, has_equal_lengths)) {
      return invalid_argument("figure " + figure.name + ": a series has lists of unequal lengths");
    }
  }
  return {};
}

/// Draws each script in both formats; what one sets is gone before the next.
std::string script_of_all(const std::vector<Figure>& figures) {
  std::string text;
  for (const Figure& figure : figures) {
    for (const char* format : {"pdf", "svg"}) {
      text += fmt::format("reset\nformat = '{}'\nload '{}.gp'\n", format, figure.name);
    }
  }
  return text;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str().substr(0, 600);
}

/// Runs gnuplot in the folder on the script there; what it says goes to the log.
Status run_gnuplot(const std::filesystem::path& program, const std::filesystem::path& folder, const std::string& script,
                   const std::filesystem::path& log) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
  std::string name = program.string(), argument = script;
  char* const arguments[] = {name.data(), argument.data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) return system_failure("start " + name, error);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return failed_precondition("gnuplot failed in " + folder.string() + ": " + text_of(log));
}

Status write_numbers(const Figure& figure, const std::filesystem::path& folder) {
  OODML_RETURN_IF_ERROR(write_file_atomically(folder / (figure.name + ".csv"), csv_of(figure)));
  return write_file_atomically(folder / (figure.name + ".gp"), gnuplot_script(figure));
}

}  // namespace

std::filesystem::path gnuplot_program() {
  if (const char* given = std::getenv("OODML_GNUPLOT")) return given;
  std::istringstream folders(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path program = std::filesystem::path(folder) / "gnuplot";
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

Status draw(const std::vector<Figure>& figures, const std::filesystem::path& folder) {
  for (const Figure& figure : figures) OODML_RETURN_IF_ERROR(check(figure));
  OODML_RETURN_IF_ERROR(make_folders(folder));
  for (const Figure& figure : figures) OODML_RETURN_IF_ERROR(write_numbers(figure, folder));
  if (figures.empty()) return {};
  const std::filesystem::path program = gnuplot_program();
  if (program.empty()) return failed_precondition(kInstall);
  const std::filesystem::path all = folder / ".draw.gp", log = folder / ".draw.log";
  OODML_RETURN_IF_ERROR(write_file_atomically(all, script_of_all(figures)));
  const Status drawn = run_gnuplot(program, folder, ".draw.gp", std::filesystem::absolute(log));
  std::error_code ignored;
  std::filesystem::remove(all, ignored);
  std::filesystem::remove(log, ignored);
  return drawn;
}

}  // namespace oodml::figures
