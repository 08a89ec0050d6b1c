#include "coordinator/cli/output/sharing_text.h"

#include "coordinator/cli/output/table.h"
#include "coordinator/cli/output/text.h"

namespace oodml::cli {
namespace {

constexpr double kHour = 3600;

std::string owner_text(const std::string& owner) { return owner.empty() ? "-" : one_line(owner); }

std::string limit_text(std::int64_t limit) { return limit == 0 ? "none" : std::to_string(limit); }

std::string number_text(double value) {
  std::string text = fixed_text(value, 3);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

Json share_json(const v1::Share& share) {
  return {{"owner", share.owner()},     {"weight", share.weight()},   {"max_parallel", share.max_parallel()},
          {"running", share.running()}, {"waiting", share.waiting()}, {"used", share.used()}};
}

}  // namespace

std::string shares_text(const v1::ListSharesReply& reply, const Style& style) {
  if (reply.shares().empty() && reply.labels().empty()) {
    return "Nobody has trials that wait or run, and no weight or limit is set.\n";
  }
  std::string text;
  if (!reply.shares().empty()) {
    Table table({{"OWNER"},
                 {"WEIGHT", Align::kRight},
                 {"LIMIT", Align::kRight},
                 {"RUNNING", Align::kRight},
                 {"WAITING", Align::kRight},
                 {"USED, H", Align::kRight}});
    for (const v1::Share& share : reply.shares()) {
      table.add({owner_text(share.owner()), number_text(share.weight()), limit_text(share.max_parallel()),
                 std::to_string(share.running()), std::to_string(share.waiting()),
                 fixed_text(share.used() / kHour, 1)});
    }
    text +=
        table.text(style) +
        "\nUsed: slot hours lately by weight, fading by half in a day, and two more for each that runs. Who has least "
        "goes first.\n";
  }
  if (!reply.labels().empty()) {
    Table table({{"LABEL"}, {"LIMIT", Align::kRight}, {"RUNNING", Align::kRight}});
    for (const v1::LabelLimit& limit : reply.labels()) {
      table.add({one_line(limit.axis() + "=" + limit.label()), limit_text(limit.max_parallel()),
                 std::to_string(limit.running())});
    }
    text += (text.empty() ? "" : "\n") + table.text(style);
  }
  return text;
}

Json json_of(const v1::ListSharesReply& reply) {
  Json shares = Json::array(), labels = Json::array();
  for (const v1::Share& share : reply.shares()) shares.push_back(share_json(share));
  for (const v1::LabelLimit& limit : reply.labels()) {
    labels.push_back({{"axis", limit.axis()},
                      {"label", limit.label()},
                      {"max_parallel", limit.max_parallel()},
                      {"running", limit.running()}});
  }
  return {{"shares", shares}, {"labels", labels}};
}

std::string order_text(const v1::ExplainOrderReply& order) {
  std::string text =
      "\nBefore it: " + (order.trials_ahead() == 0 ? "nothing" : counted(order.trials_ahead(), "trial")) + "\n";
  for (const v1::Ahead& ahead : order.ahead()) {
    text += "  " + std::to_string(ahead.trials()) + " of sweep " + std::to_string(ahead.sweep_id()) + " " +
            one_line(ahead.sweep_name()) + (ahead.owner().empty() ? "" : " of " + one_line(ahead.owner())) + ": " +
            one_line(ahead.why()) + "\n";
  }
  for (const std::string& note : order.notes()) text += "Note: " + one_line(note) + "\n";
  return text;
}

Json json_of(const v1::ExplainOrderReply& order) {
  Json ahead = Json::array(), notes = Json::array(), shares = Json::array();
  for (const v1::Ahead& one : order.ahead()) {
    ahead.push_back({{"owner", one.owner()},
                     {"sweep_id", one.sweep_id()},
                     {"sweep_name", one.sweep_name()},
                     {"trials", one.trials()},
                     {"why", one.why()}});
  }
  for (const std::string& note : order.notes()) notes.push_back(note);
  for (const v1::Share& share : order.shares()) shares.push_back(share_json(share));
  return {{"trials_ahead", order.trials_ahead()}, {"ahead", ahead}, {"notes", notes}, {"shares", shares}};
}

std::string marked_text(const std::string& worker, const std::string& done, const v1::MarkWorkerReply& reply) {
  std::string text = one_line(worker) + " is " + done + ": " + counted(reply.workers(), "worker");
  if (done == "drained") text += ", " + counted(reply.trials_stopped(), "running trial") + " told to stop";
  return text + ".\n";
}

Json json_of(const v1::MarkWorkerReply& reply) {
  return {{"workers", reply.workers()}, {"trials_stopped", reply.trials_stopped()}};
}

}  // namespace oodml::cli
