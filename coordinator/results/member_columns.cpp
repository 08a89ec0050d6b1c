#include "coordinator/results/member_columns.h"

#include "coordinator/store/label_text.h"

namespace oodml::coordinator::results {

MemberColumns::MemberColumns(store::Connection& database, SweepId sweep, const std::vector<job::Axis>& axes) {
  for (const job::Axis& axis : axes) labels_.push_back({.axis = axis.name, .labels = {""}, .codes = {}});
  codes_.resize(axes.size());
  store::read_result_members(database, sweep, [this](const store::ResultMember& member) { add(member); });
}

void MemberColumns::add(const store::ResultMember& member) {
  trials_.push_back(member.trial);
  sources_.push_back(member.source);
  figures_.append(member.figures);
  ends_.push_back(figures_.size());
  for (LabelColumn& column : labels_) column.codes.push_back(0);
  store::for_each_label(member.labels,
                        [this](std::string_view axis, std::string_view label) { put_label(axis, label); });
}

/// Sweeps have a handful of axes.
void MemberColumns::put_label(std::string_view axis, std::string_view label) {
  for (std::size_t column = 0; column < labels_.size(); ++column) {
    if (labels_[column].axis == axis) labels_[column].codes.back() = code_of(column, label);
  }
}

std::uint32_t MemberColumns::code_of(std::size_t column, std::string_view label) {
  const auto known = codes_[column].find(label);
  if (known != codes_[column].end()) return known->second;
  LabelColumn& mine = labels_[column];
  if (label.empty()) return 0;
  const auto code = static_cast<std::uint32_t>(mine.labels.size());
  mine.labels.emplace_back(label);
  codes_[column].emplace(label, code);
  return code;
}

void MemberColumns::read_figures(std::size_t member, std::vector<store::Figures>& figures) const {
  figures.clear();
  if (!is_complete(member)) return;
  const std::size_t begin = member == 0 ? 0 : ends_[member - 1];
  const std::string_view bytes = std::string_view(figures_).substr(begin, ends_[member] - begin);
  if (Status read = store::unpack_figures(bytes, figures); !read.ok()) throw store::SqliteError(std::move(read));
}

}  // namespace oodml::coordinator::results
