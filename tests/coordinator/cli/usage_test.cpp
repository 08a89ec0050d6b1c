#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using UsageTest = CliTest;

TEST_F(UsageTest, AMistypedCommandOrOptionNamesTheNearest) {
  const Outcome command = run({"sumbit", "a.yaml"});
  EXPECT_EQ(command.code, 2);
  EXPECT_EQ(command.err, "oodml: unknown command 'sumbit'; did you mean 'submit'? See oodml --help\n");
  const Outcome option = run({"results", "smoke", "--metrics", "nmi"});
  EXPECT_EQ(option.code, 2);
  EXPECT_EQ(option.err, "oodml: unknown option '--metrics'; did you mean '--metric'? See oodml results --help\n");
}

TEST_F(UsageTest, MissingAndSurplusArgumentsPointToTheHelp) {
  const Outcome missing = run({"show"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_NE(missing.err.find("sweep is required; see oodml show --help"), std::string::npos) << missing.err;
  const Outcome surplus = run({"list", "everything"});
  EXPECT_EQ(surplus.code, 2);
  EXPECT_NE(surplus.err.find("'everything' is one argument too many; see oodml list --help"), std::string::npos)
      << surplus.err;
}

TEST_F(UsageTest, AWordInPlaceOfANumberIsQuoted) {
  const Outcome outcome = run({"priority", "smoke", "high"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "oodml: priority: 'high' is no number that it takes; see oodml priority --help\n");
  EXPECT_EQ(run({"delete", "smoke", "--yes=perhaps"}).err,
            "oodml: --yes: 'perhaps' is neither true nor false; see oodml delete --help\n");
  EXPECT_EQ(run({"watch", "smoke", "--timeout", "soon"}).err,
            "oodml: --timeout: Value soon not in range 0 to 1000000000; see oodml watch --help\n");
}

TEST_F(UsageTest, AnUnknownKindOfComponentsIsAnsweredWithThoseThereAre) {
  EXPECT_EQ(
      run({"components", "loses"}).err,
      "oodml: kinds: unknown kind 'loses'; known: criteria, miners, samplers, backbones, metrics, benchmarks, keys; "
      "see oodml components --help\n");
}

TEST_F(UsageTest, WhatWasSaidInTheWrongOrderIsSaidInTheRightOne) {
  const Outcome outcome = run({"sweep.yaml", "local"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("the command comes first: oodml local sweep.yaml"), std::string::npos) << outcome.err;
  EXPECT_NE(run({"show", "trial"}).err.find("as in: oodml show trial 17"), std::string::npos);
}

TEST_F(UsageTest, WithoutACommandTheHelpIsAUsageError) {
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("oodml local sweep.yaml"), std::string::npos);
}

TEST_F(UsageTest, EveryCommandHasHelpWithAnExample) {
  for (const char* command :
       {"submit", "plan",       "list",     "show",    "watch",      "logs",    "cancel", "pause",
        "resume", "retry",      "priority", "limit",   "whoami",     "results", "report", "artifacts",
        "fetch",  "diff",       "history",  "archive", "unarchive",  "delete",  "db",     "workers",
        "shares", "components", "version",  "local",   "completion", "top",     "scale"}) {
    const Outcome outcome = run({command, "--help"});
    EXPECT_EQ(outcome.code, 0) << command;
    EXPECT_NE(outcome.out.find("Examples:\n"), std::string::npos) << command;
  }
}

TEST_F(UsageTest, GlobalOptionsMayStandBeforeAndAfterTheCommand) {
  environment_.clear();
  EXPECT_EQ(run({"--coordinator", service_.address(), "-o", "json", "list"}).out,
            run({"list", "-o", "json", "--coordinator", service_.address()}).out);
}

TEST_F(UsageTest, AFormatThatACommandCannotPrintIsRefused) {
  const Outcome outcome = run({"list", "-o", "latex"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "oodml: this command cannot print latex; -o takes table, json\n");
}

TEST_F(UsageTest, AnAddressWithoutAPortIsRefused) {
  const Outcome outcome = run({"list", "--coordinator", "gpu1"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err.find("oodml: --coordinator 'gpu1': the port is missing; HOST:PORT wanted"), 0u) << outcome.err;
}

TEST_F(UsageTest, TheTokenGoesAlongAndIsNotSentReadablyToOtherMachines) {
  const std::string file = write("token", "  secret-1\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  EXPECT_EQ(run({"list", "--token-file", file}).code, 0);
  EXPECT_EQ(service_.authorization, "Bearer secret-1");
  environment_["OODML_TOKEN"] = "secret-2";
  run({"list"});
  EXPECT_EQ(service_.authorization, "Bearer secret-2");
  service_.authorization.clear();
  run({"list", "--token-file", ""});
  EXPECT_EQ(service_.authorization, "") << "an empty option stands for none";
  for (const char* far : {"far.example:7070", "127.evil.example:7070"}) {
    const Outcome outcome = run({"list", "--coordinator", far});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.err.find("give --tls-ca FILE"), std::string::npos) << outcome.err;
  }
}

TEST_F(UsageTest, ClientTomlSaysWhereTheCoordinatorIs) {
  environment_ = {{"XDG_CONFIG_HOME", folder_.path()}};
  std::filesystem::create_directories(folder_ / "oodml");
  const std::string file =
      write("oodml/client.toml", "coordinator = \"" + service_.address() + "\"\ntoken = \"secret-3\"\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(run({"list"}).code, 0);
  EXPECT_EQ(service_.authorization, "Bearer secret-3");
  write("oodml/client.toml", "coordinater = \"x\"\n");
  const Outcome outcome = run({"list"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err.find("oodml: " + file + ":1: unknown setting 'coordinater'"), 0u) << outcome.err;
}

TEST_F(UsageTest, TheHelpOfACommandThatThereIsNotIsAnError) {
  const Outcome outcome = run({"tokens", "--help"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "oodml: unknown command 'tokens'; see oodml --help\n");
  EXPECT_NE(run({"shwo", "--help"}).err.find("did you mean 'show'?"), std::string::npos);
  EXPECT_EQ(run({"--help"}).code, 0);
  EXPECT_NE(run({"--help"}).out.find("client.toml"), std::string::npos);
}

TEST_F(UsageTest, UsageErrorsAreJsonWhereJsonWasAskedFor) {
  const Outcome outcome = run({"-o", "json", "lst"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(Json::parse(outcome.out)["error"]["code"], "invalid_argument");
}

TEST_F(UsageTest, CommandsOfTheCoreAreHandedOverFirst) {
  const Outcome outcome = run({"--coordinator", "x:1", "probe"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "oodml: write probe first, before any option: oodml probe ...\n");
}

}  // namespace
}  // namespace oodml::cli
