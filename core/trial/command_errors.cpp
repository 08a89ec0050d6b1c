#include "core/trial/command_errors.h"

#include "core/base/print.h"

namespace oodml::trial {

int end_of_command(const std::string& command, const Status& status) {
  if (!status.ok()) print_note("oodml-core " + command + ": " + status.message() + "\n");
  return exit_code_here(status.code());
}

std::string exit_codes_of_commands() {
  return exit_codes_help({kExitDone, kExitFailed, kExitUsage, kExitNotAllowed, kExitNotFound, kExitConflict});
}

}  // namespace oodml::trial
