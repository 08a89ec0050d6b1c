#include <utility>

#include "coordinator/rpc/reply_budget.h"
#include "coordinator/rpc/sweep_messages.h"
#include "coordinator/service/course_page.h"
#include "proto/convert/fields.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::wire_text;

v1::TrialCourses trial_courses(const TrialCourses& courses) {
  v1::TrialCourses message;
  message.set_trial_id(courses.trial.id.value);
  for (const auto& [axis, text] : courses.trial.labels) {
    v1::Label& label = *message.add_labels();
    label.set_axis(axis);
    label.set_label(wire_text(text));
  }
  message.set_state(job::to_text(courses.trial.state));
  const auto text = [&](const char* key) { return wire_text(courses.spec.values.value_or<std::string>(key, "")); };
  message.set_benchmark(text("benchmark"));
  message.set_split(text("split"));
  message.set_criterion(text("criterion"));
  message.set_group(text("group"));
  message.set_recipe(text("recipe"));
  message.set_seed(courses.spec.values.value_or<std::int64_t>("seed", 0));
  message.set_epochs(courses.spec.values.value_or<std::int64_t>("epochs", 0));
  for (const CourseView& course : courses.courses) {
    v1::Course& entry = *message.add_courses();
    entry.set_figure(static_cast<std::int32_t>(course.figure));
    entry.mutable_epochs()->Assign(course.epochs.begin(), course.epochs.end());
    entry.mutable_values()->Assign(course.values.begin(), course.values.end());
  }
  return message;
}

}  // namespace

v1::ReadCoursesReply to_proto(const CoursePage& page) {
  v1::ReadCoursesReply message;
  *message.mutable_sweep() = to_proto(page.sweep);
  for (const std::string& axis : page.axes) message.add_axes(axis);
  for (const std::string& figure : page.figures) message.add_figures(wire_text(figure));
  message.set_next_after_trial_id(page.next_after);
  ReplyBudget budget(message);
  for (const TrialCourses& trial : page.trials) {
    v1::TrialCourses entry = trial_courses(trial);
    // A page has at least one trial, however long its courses are: there is no way to cut it.
    if (!budget.take(entry) && message.trials_size() > 0) {
      message.set_next_after_trial_id(message.trials().rbegin()->trial_id());
      break;
    }
    *message.add_trials() = std::move(entry);
  }
  return message;
}

}  // namespace oodml::coordinator::rpc
