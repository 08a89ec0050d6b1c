#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/service/results.h"
#include "coordinator/service/selections.h"
#include "coordinator/service/sweep_detail.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/service/watch_item.h"
#include "coordinator/service/worker_view.h"

/// Rows of the table that scale_bench prints, and what people look at.
namespace oodml::coordinator {

using std::chrono::steady_clock;

inline double milliseconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - start).count();
}

/// From /proc/self/status: VmRSS, VmHWM.
inline double mebibytes(const std::string& what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what + ":")) return std::atof(line.c_str() + what.size() + 1) / 1024;
  }
  return 0;
}

inline void row(const std::string& what, const char* format, double value, const char* unit) {
  std::printf("| %s | ", what.c_str());
  std::printf(format, value);
  std::printf(" %s |\n", unit);
  std::fflush(stdout);
}

/// What a look takes, and of that on the processors: what an idle machine needs at least. Medians of three.
inline void view(const std::string& what, const std::function<bool()>& look) {
  std::vector<double> times, processors;
  for (int i = 0; i < 3; ++i) {
    const auto start = steady_clock::now();
    const std::clock_t before = std::clock();
    if (!look()) std::abort();
    times.push_back(milliseconds_since(start));
    processors.push_back(1e3 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  }
  std::ranges::sort(times);
  std::ranges::sort(processors);
  std::printf("| %s | %.0f ms (%.0f ms of CPU) |\n", what.c_str(), times[1], processors[1]);
  std::fflush(stdout);
}

inline bool watch_begins(Sweeps& sweeps) {
  auto first = std::make_shared<std::promise<void>>();
  auto told = std::make_shared<std::atomic<bool>>(false);
  const auto subscription = sweeps.watch({.name = "scale"}, {}, [first, told](const WatchItem&) {
    if (!told->exchange(true)) first->set_value();
  });
  if (subscription) first->get_future().wait();
  return subscription.has_value();
}

inline void print_views(Sweeps& sweeps, const std::string& when) {
  const ResultsQuery usual{.sweep = {.name = "scale"}};
  ResultsQuery by_three = usual;
  by_three.by = {"data", "criterion", "split"};
  const auto get = [&](std::int64_t limit) { return sweeps.get({.sweep = {.name = "scale"}, .limit = limit}); };
  view("`oodml list`, " + when, [&] { return sweeps.list({}).has_value(); });
  view("`oodml show`, " + when, [&] { return get(50).has_value(); });
  view("a page of 1 000 trials, " + when,
       [&] { return sweeps.get({.sweep = {.name = "scale"}, .after_trial = 20'000}).has_value(); });
  view("`oodml results`, " + when, [&] { return sweeps.results(usual).has_value(); });
  view("`oodml results --by` three axes, " + when, [&] { return sweeps.results(by_three).has_value(); });
  view("`oodml watch`, first picture, " + when, [&] { return get(1).has_value() && watch_begins(sweeps); });
  view("the page's first view, " + when, [&] {
    auto table = std::async(std::launch::async, [&] { return sweeps.results(usual).has_value(); });
    const bool is_there = get(200).has_value();
    return table.get() && is_there;
  });
}

}  // namespace oodml::coordinator
