#pragma once

#include "coordinator/service/course_page.h"
#include "coordinator/store/sqlite.h"
#include "core/base/result.h"

namespace oodml::coordinator::results {

/// The courses of a sweep's trials, whatever their states, in pages that a reply has room for; the first trial of a
/// page comes whole. kNotFound: there is no such sweep. A figure that nobody measured is none of the reply's figures.
Result<CoursePage> query_courses(store::Connection& database, const CourseQuery& query);

}  // namespace oodml::coordinator::results
