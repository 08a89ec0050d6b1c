#include "coordinator/cli/local/programs.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace oodml::cli {

Result<std::filesystem::path> program_beside(std::string_view name) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return system_failure("read /proc/self/exe", error.value());
  const std::filesystem::path program = self.parent_path() / name;
  if (access(program.c_str(), X_OK) != 0) {
    return not_found("no program " + program.string() + "; oodml looks for " + std::string(name) +
                     " in its own folder, so install or build it there");
  }
  return program;
}

const std::vector<CoreCommand>& core_commands() {
  static const std::vector<CoreCommand> commands = {
      {"run", "Train and evaluate one trial file by hand (oodml-core)"},
      {"evaluate", "Measure embeddings of any framework, from a file, or a trained network (oodml-core)"},
      {"embed", "Embed images by a trained network, for evaluate (oodml-core)"},
      {"datasets", "List the images of a benchmark's sets in order (oodml-core)"},
      {"splits", "Make splits of growing shift, import published ones, show and draw them (oodml-core)"},
      {"subclasses", "Divide the classes of a benchmark into finer ones, as an image folder (oodml-core)"},
      {"toy", "Train two small networks in the plane: the toy experiment (oodml-core)"},
      {"probe", "List the devices that trials can run on (oodml-core)"},
  };
  return commands;
}

bool is_core_command(std::string_view word) {
  return std::ranges::any_of(core_commands(), [&](const CoreCommand& command) { return command.name == word; });
}

Status hand_over(std::string_view name, const std::vector<std::string>& arguments) {
  OODML_ASSIGN_OR_RETURN(const std::filesystem::path program, program_beside(name));
  std::vector<std::string> words = arguments;
  words.insert(words.begin(), program.string());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execv(program.c_str(), pointers.data());
  return system_failure("run " + program.string(), errno);
}

}  // namespace oodml::cli
