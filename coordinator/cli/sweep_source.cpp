#include "coordinator/cli/sweep_source.h"

#include <algorithm>
#include <charconv>
#include <istream>
#include <iterator>

#include "core/base/atomic_file.h"
#include "core/sweep/sweep.h"

namespace oodml::cli {
namespace {

std::uint64_t max_bytes() { return sweep::Limits().max_bytes; }

Result<std::string> read_text(const std::string& file, std::istream& in) {
  if (file != "-") {
    Result<std::string> text = sweep::resolve_extends(file);
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

Result<v1::SweepText> read_sweep(const std::string& file, const std::vector<std::string>& settings, std::istream& in) {
  v1::SweepText sweep;
  for (const std::string& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return invalid_argument("--set " + setting + ": wanted key=value, as in --set epochs=2");
    }
    auto* override = sweep.add_overrides();
    override->set_key(setting.substr(0, equals));
    override->set_value(setting.substr(equals + 1));
  }
  OODML_ASSIGN_OR_RETURN(const std::string text, read_text(file, in));
  sweep.set_yaml(text);
  sweep.set_file_name(file == "-" ? "standard input" : std::filesystem::path(file).filename().string());
  return sweep;
}

}  // namespace oodml::cli
