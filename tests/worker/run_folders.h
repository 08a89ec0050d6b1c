#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/sha256.h"
#include "tests/support/process.h"

namespace oodml::testing {

/// A checkpoint as the core leaves it, with these contents of its files; gives the manifest's text.
inline std::string make_checkpoint(const std::filesystem::path& run, const std::string& name,
                                   const std::map<std::string, std::string>& contents = {{"state.json", "{}"}}) {
  const auto folder = run / "checkpoints" / name;
  std::filesystem::create_directories(folder);
  nlohmann::json parts;
  for (const auto& [file, text] : contents) {
    write_text(folder / file, text);
    parts[file] = sha256_hex(text);
  }
  const std::string manifest = nlohmann::json{{"version", 3}, {"parts", parts}}.dump();
  write_text(folder / "manifest.json", manifest);
  return manifest;
}

}  // namespace oodml::testing
