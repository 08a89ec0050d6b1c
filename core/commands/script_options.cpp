#include "core/commands/script_options.h"

namespace oodml::commands {

void add_scripts(CLI::App& command, scripts::Access& access) {
  command.add_flag("--allow-scripts", access.allowed,
                   "Run the code of scripts (arch: script:FILE.pt, criterion: script), with the rights of this user");
  command.add_option("--scripts-root", access.root, "Folder of scripts")
      ->envname("OODML_SCRIPTS_ROOT")
      ->capture_default_str();
}

}  // namespace oodml::commands
