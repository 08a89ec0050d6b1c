#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/params.h"
#include "core/base/result.h"

namespace oodml::catalogue {

// Trials that a program of people's own runs in place of the core (docs/programs.md): `program: reference`, its
// parameters as params.lr, and of the other keys of a trial the few that say nothing of how the core trains.

inline constexpr std::string_view kProgramKey = "program";
inline constexpr std::string_view kNoProgram = "none";  ///< The core.
inline constexpr std::string_view kParamsGroup = "params";
inline constexpr std::string_view kParamsPrefix = "params.";

/// What workers may call a program: a to z, digits, '_', '.' and '-', at most 64 characters, and not `none`.
bool is_program_name(std::string_view name);

/// What a program's parameter may be called: words of letters, digits and '_' that begin with no digit, joined by dots;
/// at most 64 characters. Each of them can be a variable of the environment.
bool is_param_name(std::string_view name);

/// OODML_PARAM_OPTIMIZER_LR for optimizer.lr.
std::string param_variable(std::string_view name);

/// The keys of a trial beside program and params, those that are written out although nobody said them first.
const std::vector<std::string>& keys_of_program_trials();
bool is_key_of_program_trials(std::string_view key);
/// Whether the key is written out although nobody said it: split, seed and what decides where a trial runs.
bool is_usual_key_of_program_trials(std::string_view key);

/// Parameters that a worker declares for a program, with their types: text, number, integer, boolean, list.
using DeclaredParams = std::map<std::string, std::string>;
const std::vector<std::string>& param_types();

/// Whether the parameters of a trial (names without params.) are among those declared and of their types; a parameter
/// may be left out, and nothing declared takes all. kInvalidArgument names the first that does not fit, and what would.
Status check_params(std::string_view program, const DeclaredParams& declared, const Params& params);

}  // namespace oodml::catalogue
