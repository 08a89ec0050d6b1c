#include "core/commands/create_splits/result.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/split_creation/progression_csv.h"

namespace oodml::commands {
namespace {

constexpr std::size_t kMostSplitFileBytes = 64ULL << 20;  // what trials read

std::string name_of(const CreateSplitsOptions& options) {
  return options.from.benchmark.empty() ? std::filesystem::path(options.features).stem().string()
                                        : options.from.benchmark;
}

}  // namespace

std::string output_of(const CreateSplitsOptions& options) {
  if (!options.output.empty()) return options.output;
  return (options.superclasses ? "super_" : "") + name_of(options) + "_splits.json";
}

Status write_result(const CreateSplitsOptions& options, const Created& created, std::vector<splits::Split> splits) {
  const std::string json = splits::to_json({.benchmark = name_of(options), .splits = std::move(splits)});
  if (json.size() > kMostSplitFileBytes) {
    return failure(StatusCode::kResourceExhausted,
                   "the split file would be larger than 64 MiB, the most that trials read; ask for fewer splits or "
                   "--episodes, or leave these out with --episodes 0");
  }
  OODML_RETURN_IF_ERROR(write_file_atomically(output_of(options), json));
  if (options.csv.empty()) return {};
  return write_file_atomically(options.csv, split_creation::progression_csv(created.progression.entries, created.chosen,
                                                                            created.units.train, created.units.test));
}

std::string table_of(const Created& created, const std::string& output) {
  std::string text = fmt::format("{:>4}  {:<8}{:>10}{:>8}{:>8}{:>17}{:>9}\n", "id", "key", "FID", "train", "test",
                                 "moved each way", "removed");
  for (std::size_t i = 0; i < created.chosen.size(); ++i) {
    const split_creation::Entry& entry = created.progression.entries[created.chosen[i]];
    const split_creation::Moved moved = split_creation::moved(entry, created.units.train, created.units.test);
    text +=
        fmt::format("{:>4}  {:<8}{:>10.4f}{:>8}{:>8}{:>17}{:>9}\n", i + 1, entry.key(), entry.fid, entry.train.size(),
                    entry.test.size(), fmt::format("{} + {}", moved.to_test, moved.to_train), moved.removed);
  }
  return text + output + "\n";
}

}  // namespace oodml::commands
