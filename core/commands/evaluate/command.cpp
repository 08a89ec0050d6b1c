#include "core/commands/evaluate/command.h"

#include "core/base/print.h"
#include "core/commands/command_errors.h"
#include "core/commands/evaluate/measure.h"
#include "core/commands/evaluate/output.h"
#include "core/commands/share_line.h"

namespace oodml::commands {

int run_evaluate(const EvaluateOptions& options) {
  const Status done = guarded([&]() -> Status {
    if (options.file.empty() && options.query.empty() && !options.is_of_network()) {
      return invalid_argument("needs a file of embeddings, --query and --gallery, or a --checkpoint; see --help");
    }
    ShareLine line;
    OODML_ASSIGN_OR_RETURN(const Measured measured, measure(options, line));
    line.close();
    for (const std::string& note : measured.notes) print_note("note: " + note + "\n");
    return print_out(options.output == "json" ? to_json(measured) : to_table(measured));
  });
  return end_of_command("evaluate", done);
}

}  // namespace oodml::commands
