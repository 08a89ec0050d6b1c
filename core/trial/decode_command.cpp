#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/atomic_file.h"
#include "core/base/printable.h"
#include "core/base/sha256.h"
#include "core/data/decode.h"
#include "core/trial/commands.h"

namespace oodml::trial {
namespace {

Result<nlohmann::ordered_json> describe(const std::string& file) {
  const std::string name = printable(file, 4096);
  const Result<std::string> bytes = read_file(file, data::kMaxImageFileBytes);
  if (!bytes) return failure(bytes.error().code(), printable(bytes.error().message(), 4096));
  OODML_ASSIGN_OR_RETURN(const data::Image image, data::decode_image(*bytes, name));
  const std::string_view pixels(reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size());
  return nlohmann::ordered_json{{"file", name},
                                {"width", image.width},
                                {"height", image.height},
                                {"mode", data::stored_mode(*bytes)},
                                {"sha256", sha256_hex(pixels)}};
}

/// Running out of memory over a large image costs that image only.
Result<nlohmann::ordered_json> described(const std::string& file) {
  try {
    return describe(file);
  } catch (const std::exception& error) {
    return failure(StatusCode::kInternal, printable(file, 4096) + ": " + error.what());
  }
}

}  // namespace

int print_decoded(const std::vector<std::string>& files) {
  int exit_code = 0;
  for (const std::string& file : files) {
    const Result<nlohmann::ordered_json> line = described(file);
    if (line) {
      std::printf("%s\n", line->dump().c_str());
      continue;
    }
    std::fprintf(stderr, "oodml-core decode: %s\n", line.error().message().c_str());
    exit_code = 1;
  }
  return exit_code;
}

}  // namespace oodml::trial
