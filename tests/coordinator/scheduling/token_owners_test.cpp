#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class TokenOwnersTest : public ServiceTest {
 protected:
  StatusCode claim(const std::string& token, const std::string& worker) {
    Answer<std::monostate> answer;
    service->token_owners().claim(token, worker, answer.reply());
    const auto result = answer.get();
    return result ? StatusCode::kOk : result.error().code();
  }
  StatusCode check(const std::string& token, const std::string& worker) {
    return service->token_owners().check(token, worker).code();
  }
};

TEST_F(TokenOwnersTest, ATokenBelongsToTheFirstNameOverRestarts) {
  EXPECT_EQ(check("t1", "a"), StatusCode::kOk) << "nobody has it yet";
  EXPECT_EQ(claim("t1", "a"), StatusCode::kOk);
  for (const bool restarted : {false, true}) {
    if (restarted) restart();
    EXPECT_EQ(claim("t1", "a"), StatusCode::kOk);
    EXPECT_EQ(claim("t1", "b"), StatusCode::kPermissionDenied);
    EXPECT_EQ(check("t1", "b"), StatusCode::kPermissionDenied);
    EXPECT_EQ(check("t2", "a"), StatusCode::kPermissionDenied) << "the name is the other token's";
    EXPECT_EQ(check("", "a"), StatusCode::kPermissionDenied) << "also for a token that several share";
    EXPECT_EQ(check("", "b"), StatusCode::kOk);
  }
  const std::string said = service->token_owners().check("t1", "b").message();
  EXPECT_NE(said.find("this token belongs to the worker a, which registered with it; give b one of its own"),
            std::string::npos)
      << said;
}

TEST_F(TokenOwnersTest, ASharedTokenIsNobodys) {
  EXPECT_EQ(claim("", "a"), StatusCode::kOk);
  EXPECT_EQ(claim("", "b"), StatusCode::kOk);
  EXPECT_EQ(claim("t1", "a"), StatusCode::kOk);
}

TEST_F(TokenOwnersTest, ATokenThatTheFileNoLongerHasIsReleased) {
  EXPECT_EQ(claim("t1", "a"), StatusCode::kOk);
  EXPECT_EQ(claim("t2", "b"), StatusCode::kOk);
  service->token_owners().keep_only({"t2"});
  for (const bool restarted : {false, true}) {
    if (restarted) restart();
    EXPECT_EQ(check("t1", "c"), StatusCode::kOk);
    EXPECT_EQ(check("t3", "a"), StatusCode::kOk);
    EXPECT_EQ(check("t2", "c"), StatusCode::kPermissionDenied);
  }
}

TEST_F(TokenOwnersTest, OfTwoAtOnceOneIsFirst) {
  Answer<std::monostate> first, second;
  service->token_owners().claim("t1", "a", first.reply());
  service->token_owners().claim("t1", "b", second.reply());
  EXPECT_TRUE(first.get().has_value());
  const auto refused = second.get();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(check("t1", "b"), StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace oodml::coordinator::testing
