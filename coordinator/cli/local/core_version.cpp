#include "coordinator/cli/local/core_version.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

extern char** environ;

namespace oodml::cli {
namespace {

constexpr std::size_t kMaxAnswer = 1 << 16;

/// Until the other end is closed; what is beyond the limit is left unread, which ends the writer.
std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  while (text.size() < kMaxAnswer) {
    const ssize_t count = ::read(descriptor, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(descriptor);
  return text;
}

/// The reading end of its stdout and stderr; `pid` is the child's.
Result<int> start(const std::filesystem::path& core, pid_t& pid) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_failure("make a pipe", errno);
  std::string program = core.string(), command = "version", json = "--json";
  char* words[] = {program.data(), command.data(), json.data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, ends[1], STDERR_FILENO);
  const int error = ::posix_spawn(&pid, program.c_str(), &files, nullptr, words, environ);
  posix_spawn_file_actions_destroy(&files);
  ::close(ends[1]);
  if (error == 0) return ends[0];
  ::close(ends[0]);
  return system_failure("start " + program, error);
}

}  // namespace

Result<Json> core_version(const std::filesystem::path& core) {
  pid_t pid = -1;
  OODML_ASSIGN_OR_RETURN(const int answer, start(core, pid));
  const std::string text = read_all(answer);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const std::string said = core.string() + " version --json " + (status == 0 ? "answered: " : "failed: ") +
                           text.substr(0, std::min<std::size_t>(text.find('\n'), 300));
  if (status != 0) return failed_precondition(said);
  // Warnings of libraries may stand before it.
  const Json document = Json::parse(text.substr(std::min(text.find('{'), text.size())), nullptr, false);
  if (!document.is_object() || !document.contains("oodml-core") || !document["oodml-core"].is_string()) {
    return invalid_argument(said);
  }
  return document;
}

}  // namespace oodml::cli
