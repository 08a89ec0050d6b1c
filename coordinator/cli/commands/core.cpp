#include "coordinator/cli/commands/commands.h"

namespace oodml::cli {

void add_core(CommandLine& line) {
  for (const auto& [name, summary] : {std::pair{"evaluate", "Compute every metric of an embedding file (oodml-core)"},
                                      std::pair{"embed", "Write the embeddings of a trained network (oodml-core)"},
                                      std::pair{"splits", "Inspect and make split files (oodml-core)"}}) {
    CLI::App* command = line.add(name, summary, "Handed over to oodml-core", {});
    const std::string word = name;
    line.on(command, [word](Session&) -> Result<int> {
      return invalid_argument("write " + word + " first, before any option: oodml " + word + " ...");
    });
  }
}

}  // namespace oodml::cli
