// Who is told /metrics, and what else stands on its port.
#include "tests/coordinator/web/web_fixture.h"

namespace oodml::coordinator::web {
namespace {

class MetricsTest : public WebTest {
 protected:
  void serve(const MonitoringOptions& monitoring, bool with_tokens = true) {
    WebOptions options{.listen = {.port = 0}, .security = {}, .page = {}, .monitoring = monitoring};
    if (with_tokens) options.security.tokens = folder_ / "tokens";
    options.monitoring.metrics = [] { return "oodml_slots 4\n"; };
    start(options);
  }
  int status_of(const std::string& path, const httplib::Headers& headers = {}) {
    return client().Get(path, headers)->status;
  }
};

TEST_F(MetricsTest, TheyAreNotThereUnlessAskedFor) { EXPECT_EQ(status_of("/metrics", bearing(kViewer)), 404); }

TEST_F(MetricsTest, AViewersTokenIsNeededAndEnough) {
  serve({});
  EXPECT_EQ(status_of("/metrics"), 401);
  EXPECT_EQ(status_of("/metrics", bearing("wrong-0123456789")), 401);
  EXPECT_EQ(status_of("/metrics", {{"Authorization", std::string("Basic ") + kViewer}}), 401);
  EXPECT_EQ(status_of("/metrics", bearing(kWorker)), 403);
  const auto reply = client().Get("/metrics", bearing(kViewer));
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "oodml_slots 4\n");
  EXPECT_EQ(reply->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(status_of("/metrics", {{"Cookie", logged_in(kViewer).cookie}}), 200) << "a browser may look, too";
}

TEST_F(MetricsTest, OpenOnesAskNobody) {
  serve({.metrics = {}, .is_open = true});
  EXPECT_EQ(status_of("/metrics"), 200);
  EXPECT_EQ(status_of("/session"), 401) << "nothing else is open";
}

TEST_F(MetricsTest, WithoutTokensThisMachineIsTold) {
  serve({}, /*with_tokens=*/false);
  EXPECT_EQ(status_of("/metrics"), 200);
  EXPECT_EQ(status_of("/metrics", {{"Host", "evil.example"}}), 403) << "a name of another site leads here";
}

TEST_F(MetricsTest, AloneThereIsNoPageAndNoCall) {
  serve({.metrics = {}, .is_open = false, .is_all = true});
  EXPECT_EQ(status_of("/metrics", bearing(kViewer)), 200);
  EXPECT_EQ(status_of("/metrics"), 401);
  EXPECT_EQ(status_of("/healthz"), 200);
  for (const char* path : {"/", "/session", "/api/v1/watch?all=1"}) {
    EXPECT_EQ(status_of(path, bearing(kViewer)), 404) << path;
  }
  EXPECT_EQ(post("/login", from_page(), nlohmann::json({{"token", kViewer}}).dump())->status, 404);
  EXPECT_EQ(post("/api/v1/SweepService/List", bearing(kViewer))->status, 404);
}

}  // namespace
}  // namespace oodml::coordinator::web
