#include "coordinator/cli/top/top_frame.h"

#include <algorithm>
#include <span>

#include "coordinator/cli/connected.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/top/top_tables.h"
#include "core/base/clock.h"

namespace oodml::cli {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kFailures = 3, kOwners = 4;
constexpr std::size_t kFixedLines = 4;  // heading, blank line, keys, and room for what is wrong with the connection
constexpr std::size_t kLinesBesideRows = 2;  // of a section: its titles and a blank line

/// Which rows of a list are shown.
struct Shown {
  std::size_t first = 0, count = 0;
};

/// The page of a list that has `room` rows on it.
Shown page_of(std::size_t total, std::size_t room, std::size_t page) {
  if (total == 0 || room == 0) return {};
  const std::size_t first = std::min(page, (total - 1) / room) * room;
  return {.first = first, .count = std::min(room, total - first)};
}

std::string heading(const TopLook& look, const TopPlace& place, const Style& style) {
  std::int64_t running = 0, waiting = 0, slots = 0, busy = 0;
  for (const auto& sweep : look.sweeps.sweeps()) running += sweep.state() == "running" ? 1 : 0;
  for (const auto& share : look.shares.shares()) waiting += share.waiting();
  for (const auto& worker : look.workers.workers()) {
    if (!is_connected(worker)) continue;
    slots += worker.worker().slots_size();
    busy += std::min(worker.running_trials_size(), worker.worker().slots_size());
  }
  const std::string words = counted(running, "sweep") + (running == 1 ? " runs, " : " run, ") + std::to_string(busy) +
                            " of " + counted(slots, "slot") + " busy, " + counted(waiting, "trial") +
                            (waiting == 1 ? " waits" : " wait");
  const std::string time = to_iso8601(from_millis(look.at_millis)).substr(11, 8) + " UTC";
  return std::string(place.address) + style.separator() + time + style.separator() + words;
}

void add_section(Lines section, Lines& lines) {
  if (section.size() < 2) return;  // titles alone
  lines.push_back("");
  std::ranges::move(section, std::back_inserter(lines));
}

template <typename T>
std::vector<T> part(const std::vector<T>& all, Shown shown) {
  const std::span<const T> wanted = std::span(all).subspan(shown.first, shown.count);
  return {wanted.begin(), wanted.end()};
}

/// How many rows sweeps and workers have on a page: as many as there are, else the workers at most a third.
struct Room {
  std::size_t sweeps, workers;
};
Room room_for(std::size_t sweeps, std::size_t workers, std::size_t owners, std::size_t failures, std::size_t height) {
  if (height == 0) return {.sweeps = sweeps, .workers = workers};
  std::size_t used = kFixedLines;
  for (const std::size_t rows : {owners, failures}) used += rows == 0 ? 0 : rows + kLinesBesideRows;
  for (const std::size_t rows : {sweeps, workers}) used += rows == 0 ? 0 : kLinesBesideRows;
  const std::size_t left = height > used ? height - used : 0;
  const std::size_t for_workers = std::min(workers, std::max(left / 3, left - std::min(left, sweeps)));
  return {.sweeps = left - for_workers, .workers = for_workers};
}

std::string keys_line(const TopView& view, std::size_t pages, const Style& style) {
  std::string text = "q quits" + std::string(style.separator()) + "s sorts (" + to_text(view.order) + ")";
  if (pages > 1) {
    text += std::string(style.separator()) + "n and p turn pages (" +
            of_total(static_cast<std::int64_t>(std::min(view.page + 1, pages)), static_cast<std::int64_t>(pages)) + ")";
  }
  return text;
}

std::size_t pages_of(std::size_t total, std::size_t room) { return room == 0 ? 1 : (total + room - 1) / room; }

void add_sections(const TopModel& model, const TopView& view, const TopPlace& place, const Style& style, Lines& lines) {
  const TopLook& look = *model.look();
  const auto sweeps = sorted_sweeps(model, view.order);
  std::vector<const v1::WorkerSummary*> workers;
  for (const auto& worker : look.workers.workers()) workers.push_back(&worker);
  // A small window has no room for what is of least use.
  const bool is_small = place.height != 0 && place.height < 24;
  v1::ListSharesReply shares = look.shares;
  const auto owners = static_cast<std::size_t>(shares.shares_size());
  const std::size_t shown_owners = is_small ? 0 : place.height == 0 ? owners : std::min(owners, kOwners);
  shares.mutable_shares()->DeleteSubrange(static_cast<int>(shown_owners), static_cast<int>(owners - shown_owners));
  const std::size_t failures = is_small ? 0 : std::min(look.failures.size(), kFailures);

  const Room room = room_for(sweeps.size(), workers.size(), shown_owners, failures, place.height);
  const Shown some_sweeps = page_of(sweeps.size(), room.sweeps, view.page);
  const Shown some_workers = page_of(workers.size(), room.workers, view.page);
  add_section(sweep_lines(model, part(sweeps, some_sweeps), style), lines);
  add_section(worker_lines(part(workers, some_workers), style), lines);
  add_section(queue_lines(shares, style), lines);
  add_section(failure_lines(part(look.failures, {.first = 0, .count = failures}), place.now_millis, style), lines);
  if (place.height == 0) return;
  const std::size_t pages = std::max(pages_of(sweeps.size(), room.sweeps), pages_of(workers.size(), room.workers));
  lines.push_back("");
  lines.push_back(style.paint(Colour::kDim, keys_line(view, pages, style)));
}

}  // namespace

std::vector<std::string> top_frame(const TopModel& model, const TopView& view, const TopPlace& place,
                                   const Style& style) {
  const std::size_t width = style.width == 0 ? 1000 : style.width;
  const auto fitted = [&](const std::string& text) { return shortened(text, width, style); };
  Lines lines;
  lines.push_back(fitted(model.look() ? heading(*model.look(), place, style) : std::string(place.address)));
  if (!place.connection.empty()) lines.push_back(style.paint(Colour::kYellow, fitted(one_line(place.connection))));
  if (model.look()) add_sections(model, view, place, style, lines);
  if (model.look() && model.look()->sweeps.sweeps().empty()) {
    lines.insert(lines.begin() + 1, "No sweeps yet. Submit one with: oodml submit SWEEP.yaml");
  }
  if (place.height != 0 && lines.size() > place.height) lines.resize(place.height);
  return lines;
}

}  // namespace oodml::cli
