#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/core_version.h"
#include "coordinator/cli/local/programs.h"
#include "core/base/build_info.h"

namespace oodml::cli {
namespace {

Result<Json> core_beside() {
  OODML_ASSIGN_OR_RETURN(const std::filesystem::path core, program_beside("oodml-core"));
  return core_version(core);
}

std::string text_of(const Json& core, const std::string& key) {
  const auto found = core.find(key);
  return found != core.end() && found->is_string() ? found->get<std::string>() : "unknown";
}

std::string own_line() { return version_line("oodml") + ", " + std::string(build_info().type) + "\n"; }

std::string core_line(const Result<Json>& core) {
  if (!core) return "oodml-core: " + core.error().message() + "\n";
  const bool has_cuda = core->contains("cuda") && !(*core)["cuda"].is_null();
  return "oodml-core " + text_of(*core, "oodml-core") + ", commit " + text_of(*core, "commit") + ", " +
         text_of(*core, "build_type") + ", LibTorch " + text_of(*core, "libtorch") + ", FAISS " +
         text_of(*core, "faiss") + (has_cuda ? ", CUDA " + text_of(*core, "cuda") : ", no CUDA") + "\n";
}

Json core_json(const Result<Json>& core) {
  Json document = core ? *core : Json::object();
  if (!core) document["error"] = core.error().message();
  document.erase("version");  // of that document
  return document;
}

Result<int> print_version(Session& session, bool as_json) {
  const Result<Json> core = core_beside();
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  const Result<v1::GetVersionReply> reply = client->version();
  if (as_json || session.json()) {
    Json coordinator;
    if (reply) {
      coordinator = {
          {"address", client->address()}, {"version", reply->version()}, {"schema", reply->schema_version()}};
    }
    session.print(json_text({{"oodml", build_info().version},
                             {"commit", build_info().commit},
                             {"build_type", build_info().type},
                             {"core", core_json(core)},
                             {"coordinator", coordinator}}));
  } else {
    session.print(own_line() + core_line(core) +
                  (reply ? "coordinator at " + client->address() + ": " + reply->version() + ", database schema " +
                               std::to_string(reply->schema_version()) + "\n"
                         : "coordinator: " + reply.error().message() + "\n"));
  }
  // Someone who named a coordinator wants to know whether it is there.
  return !reply && session.connection.given ? exit_code_of(reply.error().code()) : kExitDone;
}

}  // namespace

void add_version(CommandLine& line) {
  CLI::App* command = line.add("version",
                               "Version and commit of this program, of oodml-core beside it (with its LibTorch, FAISS "
                               "and CUDA) and, if it can be reached, of the coordinator",
                               "Service", {"oodml version", "oodml version --json"});
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "The same as -o json");
  line.on(command, [json](Session& session) { return print_version(session, *json); });
}

}  // namespace oodml::cli
