#include "coordinator/cli/sweep_scripts.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>

#include "core/base/foreign_file.h"
#include "core/base/printable.h"
#include "core/base/sha256.h"
#include "core/base/zip.h"
#include "core/catalogue/script_name.h"
#include "core/job/limits.h"
#include "core/sweep/sweep.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDirectoryBytes = 4 << 20;  // of the end of a file, where an archive lists its members

/// Whether the text may name a script: the word, not the inside of `description`.
bool says_script(std::string_view text) {
  for (auto at = text.find(catalogue::kScript); at != text.npos; at = text.find(catalogue::kScript, at + 1)) {
    if (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0) return true;
  }
  return false;
}

/// Names of files, whatever splits there are.
std::set<std::string> names_in(const v1::SweepText& text) {
  sweep::ExpandOptions options{.file_name = text.file_name()};
  bool may_name = says_script(text.yaml());
  for (const auto& setting : text.overrides()) {
    options.settings.emplace_back(setting.key(), setting.value());
    may_name = may_name || says_script(setting.value());
  }
  if (!may_name) return {};
  options.split_ids = [](const std::string&, const std::string&) -> Result<std::vector<std::string>> {
    return std::vector<std::string>{"1"};
  };
  std::set<std::string> names;
  const auto plan = sweep::plan_sweep(text.yaml(), options);
  if (!plan) return names;
  for (const job::PlannedTrial& trial : plan->trials) {
    for (const auto& script : catalogue::named_scripts(trial.spec.values)) names.insert(script.file);
  }
  return names;
}

/// The first and the last bytes of a file.
struct Ends {
  std::string first, last;
};

Result<Ends> ends_of(const fs::path& file, std::int64_t bytes) {
  std::ifstream in(file, std::ios::binary);
  Ends ends{.first = std::string(std::min<std::size_t>(kZipStart.size(), static_cast<std::size_t>(bytes)), ' '),
            .last = std::string(static_cast<std::size_t>(std::min(bytes, kDirectoryBytes)), ' ')};
  in.read(ends.first.data(), std::ssize(ends.first));
  in.seekg(bytes - std::ssize(ends.last));
  in.read(ends.last.data(), std::ssize(ends.last));
  if (!in) return system_failure("read " + file.string(), errno);
  return ends;
}

/// As far as it can be seen without LibTorch; the trial's process looks closer.
Status check_archive(const fs::path& file, std::int64_t bytes, const std::string& who) {
  const std::string wanted = "; wanted what torch.jit.save writes (docs/pytorch.md)";
  OODML_ASSIGN_OR_RETURN(const Ends ends, ends_of(file, bytes));
  if (ends.first != kZipStart) {
    const std::string_view foreign = foreign_kind_of_file(file);
    return invalid_argument(who + (foreign.empty() ? " is no archive" : " is " + std::string(foreign)) + wanted);
  }
  const std::string_view last = ends.last;
  if (last.rfind("PK\x05\x06") == last.npos) {
    return invalid_argument(who + " ends before its archive does: it is not whole" + wanted);
  }
  if (last.find("/constants.pkl") == last.npos) {
    return invalid_argument(who + " contains no module, perhaps the tensors of torch.save" + wanted);
  }
  return {};
}

Result<std::int64_t> size_of(const fs::path& folder, const std::string& name) {
  const fs::path file = folder / name;
  const std::string who = "script " + printable(name);
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    return not_found(who + ": no file " + printable(file.string()) +
                     ": files of code are looked for from the sweep's own folder, and travel with it; where they lie "
                     "on the workers instead, say --scripts-on-workers");
  }
  const auto bytes = static_cast<std::int64_t>(fs::file_size(file, error));
  if (error) return system_failure("look at " + file.string(), error.value());
  if (bytes <= job::kMaxScriptBytes) return bytes;
  return invalid_argument(who + " has " + std::to_string(bytes) + " bytes; accepted are up to " +
                          std::to_string(job::kMaxScriptBytes));
}

fs::path or_here(const fs::path& folder) { return folder.empty() ? fs::path(".") : folder; }

Result<v1::ContentReply> offer(Client& client, v1::ArtifactService::Stub& stub, const v1::OfferScriptRequest& request) {
  v1::ContentReply reply;
  OODML_RETURN_IF_ERROR(client.repeat([&](grpc::ClientContext& context) {
    reply.Clear();
    return stub.OfferScript(&context, request, &reply);
  }));
  return reply;
}

Status send(Client& client, v1::ArtifactService::Stub& stub, const fs::path& file, const v1::Script& script,
            std::int64_t bytes) {
  v1::OfferScriptRequest request;
  request.set_sha256(script.sha256());
  request.set_bytes(bytes);
  OODML_ASSIGN_OR_RETURN(v1::ContentReply there, offer(client, stub, request));
  std::ifstream in(file, std::ios::binary);
  std::string data;
  while (!there.whole()) {
    v1::PutScriptRequest chunk;
    chunk.set_sha256(script.sha256());
    chunk.set_bytes(bytes);
    chunk.set_offset(there.present());
    data.resize(static_cast<std::size_t>(
        std::clamp<std::int64_t>(bytes - there.present(), 0, static_cast<std::int64_t>(job::kMaxChunkBytes))));
    in.seekg(there.present());
    in.read(data.data(), std::ssize(data));
    if (!in) return system_failure("read " + file.string(), errno);
    chunk.set_data(data);
    OODML_RETURN_IF_ERROR(client.repeat([&](grpc::ClientContext& context) {
      there.Clear();
      return stub.PutScript(&context, chunk, &there);
    }));
  }
  return {};
}

}  // namespace

Status add_scripts(const fs::path& folder, v1::SweepText& text) {
  for (const std::string& name : names_in(text)) {
    const fs::path file = or_here(folder) / name;
    OODML_ASSIGN_OR_RETURN(const std::int64_t bytes, size_of(or_here(folder), name));
    OODML_RETURN_IF_ERROR(
        check_archive(file, bytes, "script " + printable(name) + " (" + printable(file.string()) + ")"));
    OODML_ASSIGN_OR_RETURN(const std::string sha256, sha256_hex_of_file(file));
    v1::Script& script = *text.add_scripts();
    script.set_file(name);
    script.set_sha256(sha256);
  }
  return {};
}

Status send_scripts(Client& client, const fs::path& folder, const v1::SweepText& text) {
  if (text.scripts().empty()) return {};
  const auto stub = v1::ArtifactService::NewStub(client.channel());
  for (const v1::Script& script : text.scripts()) {
    OODML_ASSIGN_OR_RETURN(const std::int64_t bytes, size_of(or_here(folder), script.file()));
    const Status sent = send(client, *stub, or_here(folder) / script.file(), script, bytes);
    if (!sent.ok()) return {sent.code(), "script " + script.file() + ": " + sent.message()};
  }
  return {};
}

Status check_may_submit_scripts(Client& client, const v1::SweepText& text) {
  if (text.scripts().empty()) return {};
  OODML_ASSIGN_OR_RETURN(const v1::WhoAmIReply me, client.who_am_i());
  if (me.name().empty() || me.scripts()) return {};
  return {StatusCode::kPermissionDenied, "it could not be submitted: " + me.name() +
                                             " may not submit scripts, which +scripts behind the role in the " +
                                             "coordinator's token file grants (" + me.role() + "+scripts)"};
}

std::string scripts_text(const v1::SweepText& text) {
  std::string lines;
  for (const v1::Script& script : text.scripts()) {
    lines += "Script " + script.file() + " travels with it, SHA-256 " + script.sha256() + "\n";
  }
  return lines;
}

Json scripts_json(const v1::SweepText& text) {
  Json list = Json::array();
  for (const v1::Script& script : text.scripts())
    list.push_back({{"file", script.file()}, {"sha256", script.sha256()}});
  return list;
}

}  // namespace oodml::cli
