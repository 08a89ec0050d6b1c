#include "core/base/sha256.h"

#include <cerrno>
#include <cstdio>
#include <memory>

#include "core/base/sha256_stream.h"

namespace oodml {

std::string sha256_hex(std::string_view bytes) {
  Sha256Stream hasher;
  hasher.add(bytes);
  return hasher.hex();
}

Result<std::string> sha256_hex_of_file(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return system_failure("open " + path.string(), errno);
  Sha256Stream hasher;
  char buffer[1 << 16];
  std::size_t count = 0;
  while ((count = std::fread(buffer, 1, sizeof(buffer), file.get())) > 0) hasher.add({buffer, count});
  if (std::ferror(file.get()) != 0) return system_failure("read " + path.string(), EIO);
  return hasher.hex();
}

}  // namespace oodml
