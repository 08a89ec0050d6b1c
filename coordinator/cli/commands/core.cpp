#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/programs.h"

namespace oodml::cli {

void add_core(CommandLine& line) {
  for (const CoreCommand& core : core_commands()) {
    CLI::App* command = line.add(core.name, core.summary, "Handed over to oodml-core", {});
    line.on(command, [word = core.name](Session&) -> Result<int> {
      return invalid_argument("write " + word + " first, before any option: oodml " + word + " ...");
    });
  }
}

}  // namespace oodml::cli
