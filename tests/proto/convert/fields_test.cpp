#include "proto/convert/fields.h"

#include <gtest/gtest.h>

namespace oodml::convert {
namespace {

std::string error_of(const auto& result) { return result.has_value() ? "accepted" : result.error().message(); }

TEST(FieldsTest, WorkerIdIsOneTo128OfAShortAlphabet) {
  EXPECT_EQ(worker_id("worker_id", "gpu-07.lab_A")->value, "gpu-07.lab_A");
  EXPECT_TRUE(worker_id("worker_id", std::string(128, 'a')).has_value());
  EXPECT_EQ(error_of(worker_id("worker_id", "")), "worker_id: ''; 1 to 128 of [A-Za-z0-9._-] wanted");
  EXPECT_EQ(error_of(worker_id("worker_id", "a b\n")), "worker_id: 'a b?'; 1 to 128 of [A-Za-z0-9._-] wanted");
  EXPECT_FALSE(worker_id("worker_id", std::string(129, 'a')).has_value());
}

TEST(FieldsTest, AHostileValueIsShownShortAndOnOneLine) {
  const std::string message = error_of(worker_id("worker_id", std::string(100'000, '\n')));
  EXPECT_LT(message.size(), 200u);
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(FieldsTest, LeaseIdIs32LowerCaseHexadecimalDigits) {
  const std::string id = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(lease_id("lease_id", id)->value, id);
  EXPECT_EQ(error_of(lease_id("lease_id", "xyz")), "lease_id: 'xyz'; 32 lower-case hexadecimal digits wanted");
  EXPECT_FALSE(lease_id("lease_id", "0123456789ABCDEF0123456789ABCDEF").has_value());
  EXPECT_FALSE(lease_id("lease_id", id + "0").has_value());
}

TEST(FieldsTest, RequestIdIsOneTo64Bytes) {
  EXPECT_TRUE(request_id("request_id", std::string(64, 'x')).has_value());
  EXPECT_EQ(error_of(request_id("request_id", "")),
            "request_id: empty; 1 to 64 bytes without control characters wanted");
  EXPECT_EQ(error_of(request_id("request_id", std::string(65, 'x'))),
            "request_id: 65 bytes; 1 to 64 bytes without control characters wanted");
  EXPECT_FALSE(request_id("request_id", "a\tb").has_value());
}

TEST(FieldsTest, NumbersAndTimesHaveBounds) {
  EXPECT_EQ(*at_least("attempt", 1, 1), 1);
  EXPECT_EQ(error_of(at_least("attempt", 0, 1)), "attempt: 0; 1 or more wanted");
  EXPECT_TRUE(time("time_millis", 253'402'300'799'999).has_value());
  EXPECT_FALSE(time("time_millis", 253'402'300'800'000).has_value());
  EXPECT_FALSE(time("time_millis", -1).has_value());
  EXPECT_TRUE(check_count("slots", 2, 2).ok());
  EXPECT_EQ(check_count("slots", 3, 2).message(), "slots: 3 entries; at most 2 wanted");
}

TEST(FieldsTest, WireTextKeepsValidUtf8AndReplacesTheRest) {
  EXPECT_EQ(wire_text("plain"), "plain");
  EXPECT_EQ(wire_text("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(wire_text("a\xff"
                      "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(wire_text("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd");          // a sequence torn at the end
  EXPECT_EQ(wire_text("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");          // overlong
  EXPECT_EQ(wire_text("\xed\xa0\x80").find('\xed'), std::string::npos);  // half of a surrogate pair
}

TEST(FieldsTest, WireTextCutsAtACharacterAndSaysSo) {
  EXPECT_EQ(wire_text("0123456789", 10), "0123456789");
  EXPECT_EQ(wire_text("0123456789ab", 11), "01... [cut]");
  EXPECT_EQ(wire_text("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 11), "\xc3\xa9... [cut]");
  EXPECT_EQ(wire_text("0123456789", 4).size(), 4u);
}

}  // namespace
}  // namespace oodml::convert
