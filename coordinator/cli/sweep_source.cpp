#include "coordinator/cli/sweep_source.h"

#include <algorithm>
#include <charconv>
#include <istream>
#include <iterator>

#include "coordinator/cli/sweep_scripts.h"
#include "core/base/atomic_file.h"
#include "core/sweep/sweep.h"

namespace oodml::cli {
namespace {

std::uint64_t max_bytes() { return sweep::Limits().max_bytes; }

Result<std::string> read_text(const std::string& file, std::istream& in) {
  if (file != "-") {
    Result<std::string> text = sweep::resolve_files(file);
    // What cannot be read is the caller's mistake here, whatever the file system calls it; findings in it stay as they
    // are.
    if (!text && text.error().code() != StatusCode::kInvalidArgument)
      return invalid_argument("cannot read the sweep: " + text.error().message());
    return text;
  }
  std::string text;
  for (auto it = std::istreambuf_iterator<char>(in); it != std::istreambuf_iterator<char>(); ++it) {
    if (text.size() == max_bytes()) {
      return invalid_argument("the sweep on standard input is larger than " + std::to_string(max_bytes()) + " bytes");
    }
    text += *it;
  }
  return text;
}

/// KEY and what stands behind the first '='.
Result<std::pair<std::string, std::string>> split_setting(const std::string& flag, const std::string& setting,
                                                          const std::string& wanted) {
  const auto equals = setting.find('=');
  if (equals == 0 || equals == std::string::npos) return invalid_argument(flag + " " + setting + ": wanted " + wanted);
  return std::pair{setting.substr(0, equals), setting.substr(equals + 1)};
}

void add_setting(std::string key, std::string value, v1::SweepText& sweep) {
  auto* override = sweep.add_overrides();
  override->set_key(std::move(key));
  override->set_value(std::move(value));
}

}  // namespace

Result<v1::SweepRef> sweep_ref(const std::string& text) {
  v1::SweepRef ref;
  const bool digits =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  std::int64_t id = 0;
  if (digits && std::from_chars(text.data(), text.data() + text.size(), id).ec == std::errc() && id > 0) {
    ref.set_sweep_id(id);
  } else if (text.empty() || digits) {
    return invalid_argument("'" + text + "' is no sweep; give its id (from 1) or its name, as oodml list shows them");
  } else {
    ref.set_name(text);
  }
  return ref;
}

std::filesystem::path scripts_folder(const SweepSource& source) {
  if (!source.scripts_folder.empty()) return source.scripts_folder;
  return source.file == "-" ? "" : std::filesystem::path(source.file).parent_path();
}

Result<v1::SweepText> read_sweep(const SweepSource& source, std::istream& in) {
  v1::SweepText sweep;
  for (const std::string& setting : source.file_settings) {
    OODML_ASSIGN_OR_RETURN(auto said, split_setting("--set-file", setting, "key=FILE, as in --set-file tau=taus.yaml"));
    Result<std::string> value = read_file(said.second, kMaxSettingFile);
    if (!value) return invalid_argument("--set-file " + setting + ": " + value.error().message());
    add_setting(std::move(said.first), *std::move(value), sweep);
  }
  for (const std::string& setting : source.settings) {
    OODML_ASSIGN_OR_RETURN(auto said, split_setting("--set", setting, "key=value, as in --set epochs=2"));
    add_setting(std::move(said.first), std::move(said.second), sweep);
  }
  OODML_ASSIGN_OR_RETURN(const std::string text, read_text(source.file, in));
  sweep.set_yaml(text);
  sweep.set_file_name(source.file == "-" ? "standard input" : std::filesystem::path(source.file).filename().string());
  sweep.set_scripts_on_workers(source.scripts_on_workers);
  if (!source.scripts_on_workers) OODML_RETURN_IF_ERROR(add_scripts(scripts_folder(source), sweep));
  return sweep;
}

}  // namespace oodml::cli
