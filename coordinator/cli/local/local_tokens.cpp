#include "coordinator/cli/local/local_tokens.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/base/ids.h"
#include "core/base/private_file.h"
#include "core/connection/token_file.h"

namespace oodml::cli {
namespace {

constexpr const char* kPerson = "local";  ///< Whose the sweeps of a state folder are.

std::string line_of(const char* role, const std::string& token) {
  return std::string(role) + " " + token + " " + kPerson + "\n";
}

}  // namespace

Status write_local_tokens(const StatePaths& state) {
  const std::string person = random_hex_128(), worker = random_hex_128();
  OODML_RETURN_IF_ERROR(
      write_private_file(state.tokens(), line_of("operator+scripts", person) + line_of("workers", worker)));
  OODML_RETURN_IF_ERROR(write_private_file(state.person_token(), person + "\n"));
  return write_private_file(state.worker_token(), worker + "\n");
}

Connection connection_to_run(const StatePaths& state, const std::string& address) {
  Connection connection{.address = address, .given = true};
  if (Result<std::string> token = read_token_file(state.person_token(), "--state")) {
    connection.token = *std::move(token);
    connection.token_file = state.person_token();
  }
  return connection;
}

Result<PassedToken> PassedToken::make() {
  const int file = memfd_create("oodml-tokens", 0);  // without MFD_CLOEXEC: a child has it under the same number
  if (file < 0) return system_failure("make a file in memory", errno);
  PassedToken passed(file, random_hex_128());
  const std::string line = line_of("operator", passed.token_);
  if (::fchmod(file, S_IRUSR | S_IWUSR) != 0 ||
      ::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    return system_failure("write a file in memory", errno);
  }
  return passed;
}

PassedToken::PassedToken(PassedToken&& other) noexcept
    : file_(std::exchange(other.file_, -1)), token_(std::move(other.token_)) {}

PassedToken::~PassedToken() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace oodml::cli
