#include "coordinator/rpc/tokens.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::rpc {
namespace {

constexpr const char* kFile =
    "# who may do what\n"
    "submitter 0123456789abcdef-s alice\n"
    "\n"
    "worker\t0123456789abcdef-w  # the cluster\r\n"
    "worker 0123456789abcdef-v";

std::string refusal(const std::string& text) {
  const auto tokens = Tokens::parse(text, "tokens.txt");
  return tokens.has_value() ? "accepted" : tokens.error().message();
}

TEST(TokensTest, HoldersAreKnownByNameOrRoleAndNumber) {
  const auto tokens = Tokens::parse(kFile, "tokens.txt");
  ASSERT_TRUE(tokens.has_value()) << tokens.error().text();
  EXPECT_EQ(tokens->size(), 3u);
  EXPECT_EQ(tokens->admit("0123456789abcdef-s", Role::kSubmitter)->name, "alice");
  EXPECT_EQ(tokens->admit("0123456789abcdef-w", Role::kWorker)->name, "worker-1");
  EXPECT_EQ(tokens->admit("0123456789abcdef-v", Role::kWorker)->name, "worker-2");
}

TEST(TokensTest, AWrongTokenAndAWrongRoleAreDifferentThings) {
  const auto tokens = Tokens::parse(kFile, "tokens.txt");
  ASSERT_TRUE(tokens.has_value());
  EXPECT_EQ(tokens->admit("0123456789abcdef-x", Role::kWorker).error(),
            Status(StatusCode::kUnauthenticated, "unknown token"));
  EXPECT_EQ(tokens->admit("", Role::kWorker).error().code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(tokens->admit("0123456789abcdef-w ", Role::kWorker).error().code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(tokens->admit(std::string(100'000, 'x'), Role::kWorker).error().code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(tokens->admit("0123456789abcdef-w", Role::kSubmitter).error(),
            Status(StatusCode::kPermissionDenied, "this token has the role worker; the role submitter is needed"));
}

TEST(TokensTest, TheRightToBringCodeStandsBesideTheRoleAndComesWithNone) {
  const auto tokens = Tokens::parse(
      "submitter+scripts 0123456789abcdef-a ann\nsubmitter 0123456789abcdef-b bob\n"
      "operator 0123456789abcdef-o olga\noperator+scripts 0123456789abcdef-p pia\n",
      "tokens.txt");
  ASSERT_TRUE(tokens.has_value()) << tokens.error().text();
  const auto may = [&](const char* letter) {
    return tokens->admit(std::string("0123456789abcdef-") + letter, Role::kSubmitter)->scripts;
  };
  EXPECT_TRUE(may("a") && may("p"));
  EXPECT_FALSE(may("b") || may("o"));
  EXPECT_EQ(tokens->admit("0123456789abcdef-p", Role::kOperator)->role, Role::kOperator);
  for (const char* role : {"viewer+scripts", "worker+scripts", "submitter+other", "submitter+"}) {
    EXPECT_NE(refusal(role + std::string(" 0123456789abcdef-x")).find("not a token line"), std::string::npos) << role;
  }
}

TEST(TokensTest, OneHolderMayHaveBothRoles) {
  const auto tokens = Tokens::parse("submitter 0123456789abcdef me\nworker 0123456789abcdef me\n", "tokens.txt");
  ASSERT_TRUE(tokens.has_value()) << tokens.error().text();
  EXPECT_TRUE(tokens->admit("0123456789abcdef", Role::kSubmitter).has_value());
  EXPECT_TRUE(tokens->admit("0123456789abcdef", Role::kWorker).has_value());
}

TEST(TokensTest, AWorkersTokenIsItsOwnAndOneOfWorkersIsNot) {
  const auto tokens =
      Tokens::parse("worker 0123456789abcdef-w\nworkers 0123456789abcdef-s rack\nsubmitter 0123456789abcdef-p", "t");
  ASSERT_TRUE(tokens.has_value()) << tokens.error().text();
  const std::string own = tokens->admit("0123456789abcdef-w", Role::kWorker)->token.value();
  EXPECT_EQ(tokens->of_one_worker(), std::set<std::string>{own});
  EXPECT_EQ(tokens->admit("0123456789abcdef-s", Role::kWorker)->token, "");
  EXPECT_EQ(tokens->admit("0123456789abcdef-s", Role::kWorker)->name, "rack");
  EXPECT_EQ(tokens->admit("0123456789abcdef-p", Role::kSubmitter)->token, "");
}

TEST(TokensTest, ALargerRoleOfPeopleMayDoWhatASmallerOneMay) {
  const auto tokens =
      Tokens::parse("viewer 0123456789abcdef-v\noperator 0123456789abcdef-o olga\nworker 0123456789abcdef-w", "t");
  ASSERT_TRUE(tokens.has_value()) << tokens.error().text();
  EXPECT_EQ(tokens->admit("0123456789abcdef-o", Role::kViewer)->role, Role::kOperator);
  EXPECT_EQ(tokens->admit("0123456789abcdef-o", Role::kSubmitter)->name, "olga");
  EXPECT_EQ(tokens->admit("0123456789abcdef-v", Role::kSubmitter).error(),
            Status(StatusCode::kPermissionDenied, "this token has the role viewer; the role submitter is needed"));
  EXPECT_EQ(tokens->admit("0123456789abcdef-o", Role::kWorker).error().code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(tokens->admit("0123456789abcdef-w", Role::kViewer).error().code(), StatusCode::kPermissionDenied);
}

TEST(TokensTest, APersonHasOneRoleByAToken) {
  EXPECT_EQ(refusal("viewer 0123456789abcdef vera\noperator 0123456789abcdef vera"),
            "tokens.txt:2: the same token as of vera; a larger role includes the smaller ones: leave out the line "
            "`viewer`");
  EXPECT_EQ(
      refusal("operator 0123456789abcdef\nsubmitter 0123456789abcdef"),
      "tokens.txt:2: the same token as of operator-1; a larger role includes the smaller ones: leave out the line "
      "`submitter`");
  EXPECT_EQ(refusal("submitter 0123456789abcdef-1 alice\nsubmitter 0123456789abcdef-2 alice"), "accepted")
      << "a person may have several tokens";
}

TEST(TokensTest, ANameOfAPersonCanStandInATable) {
  EXPECT_EQ(refusal("submitter 0123456789abcdef j\xc3\xbcrgen"), "accepted");
  EXPECT_EQ(refusal("submitter 0123456789abcdef a\x1b[2Jb"),
            "tokens.txt:1: the name 'a\\x1b[2Jb'; at most 64 bytes of UTF-8 without control characters wanted");
  EXPECT_EQ(refusal("submitter 0123456789abcdef " + std::string(65, 'a')).find("tokens.txt:1: the name 'aaa"), 0u);
}

TEST(TokensTest, AnOwnerWithoutANameIsWarnedOf) {
  const auto tokens = Tokens::parse(
      "submitter 0123456789abcdef\nviewer 0123456789abcdef-v\nworker 0123456789abcdef-w\n"
      "operator 0123456789abcdef-o olga\n",
      "tokens.txt");
  ASSERT_TRUE(tokens.has_value()) << tokens.error().text();
  EXPECT_EQ(tokens->warnings(),
            std::vector<std::string>{"tokens.txt:1: a token without a name: its sweeps belong to submitter-1, which is "
                                     "another token when lines before it come or go; give it a name"});
}

TEST(TokensTest, BadLinesAreRefusedByPlaceAndNeverShowTheToken) {
  EXPECT_EQ(
      refusal("\nadmin 0123456789abcdef"),
      "tokens.txt:2: not a token line; `ROLE TOKEN [name]` where ROLE is viewer, submitter[+scripts], operator[+scripts], worker or workers wanted");
  EXPECT_EQ(
      refusal("worker"),
      "tokens.txt:1: not a token line; `ROLE TOKEN [name]` where ROLE is viewer, submitter[+scripts], operator[+scripts], worker or workers wanted");
  EXPECT_EQ(
      refusal("worker 0123456789abcdef a b"),
      "tokens.txt:1: not a token line; `ROLE TOKEN [name]` where ROLE is viewer, submitter[+scripts], operator[+scripts], worker or workers wanted");
  EXPECT_EQ(refusal("worker 0123456789abcde"),
            "tokens.txt:1: the token has 15 bytes; 16 to 256 printable ASCII characters wanted");
  EXPECT_EQ(refusal("worker 0123456789abcdef a\nworker 0123456789abcdef b"),
            "tokens.txt:2: the same token as of a; each holder needs one of its own");
  EXPECT_EQ(refusal("# nothing\n").substr(0, 21), "tokens.txt: no tokens");
}

TEST(TokenFileTest, AFileThatOthersCanReadIsRefused) {
  const testing::TemporaryFolder folder;
  const std::filesystem::path file = folder / "tokens";
  testing::write_text(file, kFile);
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  const auto tokens = Tokens::load(file);
  ASSERT_FALSE(tokens.has_value());
  EXPECT_EQ(tokens.error().message(), "token file " + file.string() +
                                          " can be read or written by others (mode 0640); do `chmod 600 " +
                                          file.string() + "`");
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_EQ(Tokens::load(file)->size(), 3u);
}

TEST(TokenFileTest, AMissingFileIsNamed) {
  const testing::TemporaryFolder folder;
  const auto tokens = Tokens::load(folder / "none");
  EXPECT_EQ(tokens.error().code(), StatusCode::kNotFound);
  EXPECT_NE(tokens.error().message().find((folder / "none").string()), std::string::npos);
}

}  // namespace
}  // namespace oodml::coordinator::rpc
