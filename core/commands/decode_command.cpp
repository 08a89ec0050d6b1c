#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/atomic_file.h"
#include "core/base/print.h"
#include "core/base/printable.h"
#include "core/base/sha256.h"
#include "core/commands/command_errors.h"
#include "core/commands/commands.h"
#include "core/images/decode.h"

namespace oodml::commands {
namespace {

Result<std::string> describe_image(const std::string& file) {
  const std::string name = printable(file, 4096);
  const Result<std::string> bytes = read_file(file, images::kMaxImageFileBytes);
  if (!bytes) return failure(bytes.error().code(), printable(bytes.error().message(), 4096));
  OODML_ASSIGN_OR_RETURN(const images::Image image, images::decode_image(*bytes, name));
  const std::string_view pixels(reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size());
  const nlohmann::ordered_json line = {{"file", name},
                                       {"width", image.width},
                                       {"height", image.height},
                                       {"mode", images::stored_mode(*bytes)},
                                       {"sha256", sha256_hex(pixels)}};
  return line.dump() + "\n";
}

}  // namespace

int print_decoded(const std::vector<std::string>& files) {
  bool all = true;
  for (const std::string& file : files) {
    // Running out of memory over a large image costs that image only.
    const Result<std::string> line = guarded([&] { return describe_image(file); });
    all = all && line.has_value();
    if (!line) print_note("oodml-core decode: " + line.error().message() + "\n");
    if (!line) continue;
    if (const Status printed = print_out(*line); !printed.ok()) return end_of_command("decode", printed);
  }
  return all ? kExitDone : kExitFailed;
}

}  // namespace oodml::commands
