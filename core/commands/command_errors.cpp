#include "core/commands/command_errors.h"

#include "core/base/print.h"

namespace oodml::commands {

void print_warning(const std::string& text) { print_note("warning: " + text + "\n"); }

int end_of_command(const std::string& command, const Status& status) {
  if (!status.ok()) print_note("oodml-core " + command + ": " + status.message() + "\n");
  return exit_code_here(status.code());
}

std::string exit_codes_of_commands() {
  return exit_codes_help({kExitDone, kExitFailed, kExitUsage, kExitNotAllowed, kExitNotFound, kExitConflict});
}

}  // namespace oodml::commands
