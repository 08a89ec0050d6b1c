#include "core/scripts/archive_check.h"

#include <caffe2/serialize/inline_container.h>

#include <exception>
#include <fstream>
#include <string_view>

#include "core/base/foreign_file.h"
#include "core/scripts/access.h"
#include "core/scripts/failure_text.h"

namespace oodml::scripts {
namespace {

constexpr std::string_view kZip = "PK\x03\x04";

Failure no_script(const std::string& who, const std::string& what) {
  return invalid_argument(who + " " + what + "; wanted what torch.jit.save writes (docs/pytorch.md)");
}

}  // namespace

Status check_archive(const std::filesystem::path& file, const std::string& who) {
  char start[4] = {};
  std::ifstream(file, std::ios::binary).read(start, sizeof start);
  if (std::string_view(start, sizeof start) != kZip) {
    const std::string_view foreign = foreign_kind_of_file(file);
    return no_script(who, foreign.empty() ? "is no zip archive" : "is " + std::string(foreign));
  }
  try {
    caffe2::serialize::PyTorchStreamReader reader(file.string());
    if (!reader.hasRecord("data.pkl") || !reader.hasRecord("constants.pkl")) {
      return no_script(who, "contains no module, perhaps the tensors of torch.save");
    }
    std::uint64_t bytes = 0;
    for (const std::string& record : reader.getAllRecords()) {
      const std::uint64_t more = reader.getRecordSize(record);
      if (more > kMaxScriptBytes - bytes) {
        return no_script(who, "unpacks to more than " + std::to_string(kMaxScriptBytes) + " bytes");
      }
      bytes += more;
    }
  } catch (const std::exception& error) {
    return no_script(who, "is damaged: " + failure_text(error.what()));
  }
  return {};
}

}  // namespace oodml::scripts
