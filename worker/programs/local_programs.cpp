#include "worker/programs/local_programs.h"

#include <unistd.h>

#include <utility>

#include "core/base/atomic_file.h"
#include "core/job/limits.h"
#include "core/sweep/declared_params.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxKeysFile = 64 << 10;

/// NAME=FILE of an option, with an absolute file.
Result<std::pair<std::string, fs::path>> named_file(const std::string& option, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  if (equals == std::string::npos || !catalogue::is_program_name(name)) {
    return invalid_argument(option + " takes NAME=FILE, with a name of a to z, digits, '_', '.' and '-', got '" + text +
                            "'");
  }
  fs::path file = text.substr(equals + 1);
  if (!file.is_absolute()) {
    return invalid_argument(option + " " + name + " takes an absolute path, got '" + file.string() +
                            "': trials run in folders of their own");
  }
  return std::pair(name, file.lexically_normal());
}

Status check_program(const std::string& name, const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return not_found("--program " + name + ": no file " + file.string());
  if (::access(file.c_str(), X_OK) == 0) return {};
  return failed_precondition("--program " + name + ": " + file.string() + " cannot be executed; chmod +x it");
}

Status read_params(const fs::path& file, LocalProgram& program) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(file, kMaxKeysFile));
  OODML_ASSIGN_OR_RETURN(program.params, sweep::parse_declared_params(text, file.string()));
  return {};
}

}  // namespace

Result<LocalPrograms> local_programs(const std::vector<std::string>& programs, const std::vector<std::string>& keys) {
  LocalPrograms known;
  for (const std::string& text : programs) {
    OODML_ASSIGN_OR_RETURN(const auto named, named_file("--program", text));
    OODML_RETURN_IF_ERROR(check_program(named.first, named.second));
    if (!known.emplace(named.first, LocalProgram{.file = named.second, .params = {}}).second)
      return invalid_argument("--program " + named.first + " is there twice");
  }
  if (known.size() > job::kMaxPrograms)
    return invalid_argument(std::to_string(known.size()) + " programs; the most is " +
                            std::to_string(job::kMaxPrograms));
  for (auto& [name, program] : known) {
    const fs::path beside = program.file.string() + ".keys";
    std::error_code error;
    if (fs::is_regular_file(beside, error)) OODML_RETURN_IF_ERROR(read_params(beside, program));
  }
  for (const std::string& text : keys) {
    OODML_ASSIGN_OR_RETURN(const auto named, named_file("--program-keys", text));
    const auto program = known.find(named.first);
    if (program == known.end()) return not_found("--program-keys " + named.first + ": there is no such --program");
    OODML_RETURN_IF_ERROR(read_params(named.second, program->second));
  }
  return known;
}

std::vector<job::ProgramOffer> offers_of(const LocalPrograms& programs) {
  std::vector<job::ProgramOffer> offers;
  for (const auto& [name, program] : programs) offers.push_back({.name = name, .keys = program.params});
  return offers;
}

}  // namespace oodml::worker
