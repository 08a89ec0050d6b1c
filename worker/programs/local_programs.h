#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/catalogue/program_keys.h"
#include "core/job/lease.h"

namespace oodml::worker {

/// A program of people's own on this machine, started for trials with `program: NAME`.
struct LocalProgram {
  std::filesystem::path file;        ///< Absolute; executable when the worker began.
  catalogue::DeclaredParams params;  ///< Empty: whatever a sweep says.
};
using LocalPrograms = std::map<std::string, LocalProgram>;  ///< By name.

/// From --program NAME=FILE and --program-keys NAME=FILE; without the latter, FILE.keys beside a program is read where
/// there is one. Failures name the option and what it takes.
Result<LocalPrograms> local_programs(const std::vector<std::string>& programs, const std::vector<std::string>& keys);

/// As they are announced.
std::vector<job::ProgramOffer> offers_of(const LocalPrograms& programs);

}  // namespace oodml::worker
