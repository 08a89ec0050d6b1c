#include "core/commands/embed_images/command.h"

#include <fmt/format.h>

#include "core/base/print.h"
#include "core/commands/command_errors.h"
#include "core/commands/embed_images/output.h"
#include "core/commands/share_line.h"

namespace oodml::commands {
namespace {

/// A line on what was written.
Result<std::string> embed_and_write(const EmbedImagesOptions& options, ShareLine& line) {
  OODML_ASSIGN_OR_RETURN(const EmbeddingOutput output, plan_output(options.output, options.force));
  OODML_ASSIGN_OR_RETURN(Embedding embedding, prepare_embedding(options));
  OODML_ASSIGN_OR_RETURN(const EmbeddedImages embedded, embed_images(options, embedding, line));
  line.show("writing " + output.rows.string(), 0.0);
  OODML_RETURN_IF_ERROR(write_output(output, embedded.rows, *embedded.dataset));
  return fmt::format("{}: {} {} of {} dimensions, {} classes, by {}\n", output.rows.string(), embedded.rows.size(0),
                     options.features ? "features" : "embeddings", embedded.rows.size(1),
                     embedded.dataset->class_names.size(), embedding.opened.from);
}

}  // namespace

int run_embed(const EmbedImagesOptions& options) {
  const auto work = [&]() -> Status {
    ShareLine line;
    OODML_ASSIGN_OR_RETURN(const std::string written, embed_and_write(options, line));
    line.close();
    return print_out(written);
  };
  return end_of_command("embed", guarded(work, "; try a smaller --batch-size"));
}

}  // namespace oodml::commands
