#include "worker/process_launcher.h"

#include <fcntl.h>

#include <cctype>
#include <string_view>

#include "worker/child_process.h"
#include "worker/descriptor.h"

extern char** environ;

namespace oodml::worker {
namespace {

bool is_secret(std::string_view name) {
  for (const std::string_view word : {"TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "ACCESS_KEY", "API_KEY"}) {
    if (name.find(word) != std::string_view::npos) return true;
  }
  return false;
}

/// Programs differ in which of two values of one name they take, so there is one.
std::vector<std::string> with_variables(std::vector<std::string> environment, const std::vector<std::string>& more) {
  for (const std::string& variable : more) {
    const std::string name = variable.substr(0, variable.find('=') + 1);
    std::erase_if(environment, [&](const std::string& other) { return other.starts_with(name); });
    environment.push_back(variable);
  }
  return environment;
}

}  // namespace

std::vector<std::string> scrubbed_environment(char** environment) {
  std::vector<std::string> kept;
  for (char** entry = environment; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    std::string name(text.substr(0, text.find('=')));
    for (char& letter : name) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    if (!is_secret(name)) kept.emplace_back(text);
  }
  return kept;
}

std::vector<std::string> environment_of(const LaunchSpec& spec) {
  return with_variables(scrubbed_environment(environ), spec.environment);
}

std::string mark_of(const LaunchSpec& spec) { return std::string(kRunFolderVariable) + "=" + spec.folder.native(); }

Result<std::unique_ptr<Process>> SystemProcessLauncher::launch(const LaunchSpec& spec) {
  OODML_ASSIGN_OR_RETURN(Pipe events, make_pipe());
  OODML_ASSIGN_OR_RETURN(const Descriptor null, open_file("/dev/null", O_RDONLY));
  OODML_ASSIGN_OR_RETURN(const Descriptor log, open_file(spec.log, O_WRONLY | O_CREAT | O_APPEND));
  ::fcntl(events.read.get(), F_SETFL, O_NONBLOCK);
  std::vector<std::string> environment = environment_of(spec);
  environment.push_back(mark_of(spec));
  OODML_ASSIGN_OR_RETURN(const pid_t pid, start_child({.command = spec.command,
                                                       .environment = std::move(environment),
                                                       .folder = spec.folder,
                                                       .null_fd = null.get(),
                                                       .log_fd = log.get(),
                                                       .third_fd = events.write.get()}));
  return watch_child(pid, std::move(events.read), mark_of(spec));
}

}  // namespace oodml::worker
