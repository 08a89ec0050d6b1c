#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/commands/create_splits/command.h"
#include "core/commands/create_splits/units.h"
#include "core/split_creation/progression.h"
#include "core/splits/split_file.h"

namespace oodml::commands {

/// What `splits create` made.
struct Created {
  split_creation::Progression progression;
  std::vector<std::size_t> chosen;
  Units units;
  std::vector<std::string> notes;
};

/// The split file: that of the command line, or [super_]<benchmark>_splits.json.
std::string output_of(const CreateSplitsOptions& options);

/// Writes the split file and, where one is asked for, the table of every recorded split.
Status write_result(const CreateSplitsOptions& options, const Created& created, std::vector<splits::Split> splits);

/// The kept splits for a person, a line each, and where they lie.
std::string table_of(const Created& created, const std::string& output);

}  // namespace oodml::commands
