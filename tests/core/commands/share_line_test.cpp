#include "core/commands/share_line.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/fake_clock.h"

namespace oodml::commands {
namespace {

using namespace std::chrono_literals;

/// A line on a file in memory.
class ShareLineTest : public ::testing::Test {
 protected:
  std::string written() {
    std::fflush(out_);
    return {text_, size_};
  }
  ~ShareLineTest() override {
    std::fclose(out_);
    std::free(text_);
  }

  oodml::testing::FakeClock clock_;
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* out_ = ::open_memstream(&text_, &size_);
};

TEST_F(ShareLineTest, ATerminalHasOneLineThatIsRedrawnAndTakenAway) {
  {
    ShareLine line(out_, /*is_terminal=*/true, clock_);
    line.show("forward run", 0.0);
    line.show("forward run", 0.1);
    EXPECT_EQ(written(), "\r\x1b[Kforward run") << "not drawn more often than the eye sees";
    clock_.advance(10s);
    line.show("forward run", 0.5);
    EXPECT_TRUE(written().ends_with("\r\x1b[Kforward run  50 %  10 s left")) << written();
  }
  EXPECT_TRUE(written().ends_with("left\r\x1b[K"));
}

TEST_F(ShareLineTest, ElsewhereALineOfItsOwnComesNowAndThenAndNoneOfShortWork) {
  ShareLine line(out_, /*is_terminal=*/false, clock_);
  line.show("reading", 0.0);
  clock_.advance(14s);
  line.show("forward run", 0.0);
  EXPECT_EQ(written(), "");
  clock_.advance(1s);
  line.show("forward run", 0.5);
  line.show("forward run", 0.6);
  clock_.advance(14s);
  line.show("forward run", 0.7);
  EXPECT_EQ(written(), "forward run  50 %\n");
  clock_.advance(1s);
  line.show("removal run", 0.0);
  line.close();
  EXPECT_EQ(written(), "forward run  50 %\nremoval run\n");
}

}  // namespace
}  // namespace oodml::commands
