#include "coordinator/telling/hooks.h"

#include <gtest/gtest.h>

namespace oodml::coordinator::telling {
namespace {

std::string refusal(const std::string& text) {
  const auto hooks = parse_hooks(text, "hooks.txt");
  return hooks.has_value() ? "" : hooks.error().message();
}

Hook one(const std::string& text) { return parse_hooks(text, "hooks.txt").value().at(0); }

TEST(HooksTest, ALineHasANameSweepsEventsAFormatAndAPlace) {
  const auto hooks = parse_hooks(
      "# who is told\n"
      "lab * finished,worker_lost slack https://hooks.slack.com/services/T/B/x   # the room\n"
      "\n"
      "ann ood* all json http://[::1]:8080/in?a=b#c 0123456789abcdef\n",
      "hooks.txt");
  ASSERT_TRUE(hooks.has_value()) << hooks.error().text();
  ASSERT_EQ(hooks->size(), 2u);
  EXPECT_EQ(hooks->at(0).kinds, (std::set<NewsKind>{NewsKind::kFinished, NewsKind::kWorkerLost}));
  EXPECT_EQ(hooks->at(0).format, Format::kSlack);
  EXPECT_EQ(hooks->at(1).kinds.size(), std::size(kAllNews));
  EXPECT_EQ(hooks->at(1).url, "http://[::1]:8080/in?a=b#c");
  EXPECT_EQ(hooks->at(1).secret, "0123456789abcdef");
}

TEST(HooksTest, SweepsAreChosenByAPatternOrTheirOwner) {
  const News news = finished({.id = {7}, .name = "oodml-zero-shot", .owner = "ann"});
  EXPECT_TRUE(one("a * all json http://x").wants(news));
  EXPECT_TRUE(one("a oodml-* all json http://x").wants(news));
  EXPECT_FALSE(one("a pads all json http://x").wants(news));
  EXPECT_TRUE(one("a @ann all json http://x").wants(news));
  EXPECT_FALSE(one("a @bob all json http://x").wants(news));
  EXPECT_FALSE(one("a * first_failure json http://x").wants(news));
}

TEST(HooksTest, WorkersAndDisksAreOfEverySweep) {
  const News news = worker_lost("gpu-1", {});
  EXPECT_TRUE(one("a * worker_lost json http://x").wants(news));
  EXPECT_FALSE(one("a ood* worker_lost json http://x").wants(news));
}

TEST(HooksTest, BadLinesAreRefusedByPlaceAndNeverShowUrlOrSecret) {
  EXPECT_EQ(refusal("\nlab * finished slack"),
            "hooks.txt:2: not a line of a hook; `NAME SWEEPS EVENTS FORMAT URL [SECRET]` wanted");
  EXPECT_EQ(refusal("lab * finised slack https://secret"),
            "hooks.txt:1: the event 'finised' is none of finished, first_failure, paused, worker_lost, disk_low, all");
  EXPECT_EQ(refusal("lab * all xml https://secret"), "hooks.txt:1: the format 'xml' is neither json nor slack");
  for (const char* url : {"secret", "ftp://secret", "https://", "https:///secret"}) {
    EXPECT_EQ(refusal(std::string("lab * all json ") + url),
              "hooks.txt:1: the fifth word is no URL that begins with https:// or http:// and names a host");
  }
  EXPECT_EQ(refusal("lab * all json https://x short"), "hooks.txt:1: the secret has 5 bytes; 16 or more wanted");
  EXPECT_EQ(refusal("lab * all json https://x\nlab * all json https://y"),
            "hooks.txt:2: a second hook lab; each needs a name of its own");
}

}  // namespace
}  // namespace oodml::coordinator::telling
