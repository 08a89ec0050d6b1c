#include "core/connection/authority_file.h"

#include <utility>

#include "core/connection/certificates.h"

namespace oodml {

AuthorityFile::AuthorityFile(std::filesystem::path file, std::string pem)
    : file_(std::move(file)), pem_(std::move(pem)) {}

std::optional<Result<std::string>> AuthorityFile::look(Time now) {
  // Before the reading: a change under it is seen the next time.
  const std::optional<FileStamp> present = file_stamp(file_);
  if (present == std::exchange(seen_, present)) return std::nullopt;
  Result<Authorities> read = read_authorities(file_, now);
  if (!read) return Result<std::string>(failure(read.error()));
  if (read->pem == pem_) return std::nullopt;
  pem_ = read->pem;
  return Result<std::string>(std::move(read->pem));
}

}  // namespace oodml
