#include "core/connection/authority_file.h"

#include <utility>

#include "core/connection/certificates.h"

namespace oodml {

AuthorityFile::AuthorityFile(std::filesystem::path file, std::string pem)
    : file_(std::move(file)), pem_(std::move(pem)) {}

AuthorityFile::Stamp AuthorityFile::stamp() const {
  struct stat info{};
  if (::stat(file_.c_str(), &info) != 0) return {};
  return {info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

std::optional<Result<std::string>> AuthorityFile::look(Time now) {
  // Before the reading: a change under it is seen the next time.
  const Stamp present = stamp();
  if (present == std::exchange(seen_, present)) return std::nullopt;
  Result<Authorities> read = read_authorities(file_, now);
  if (!read) return Result<std::string>(failure(read.error()));
  if (read->pem == pem_) return std::nullopt;
  pem_ = read->pem;
  return Result<std::string>(std::move(read->pem));
}

}  // namespace oodml
