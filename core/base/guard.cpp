#include "core/base/guard.h"

#include <new>
#include <stdexcept>
#include <system_error>

#include "core/base/print.h"

namespace oodml {

Status status_of_exception() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {StatusCode::kResourceExhausted, "out of memory"};
  } catch (const std::system_error& error) {  // of files and threads
    return {Status(system_failure("", error.code().value())).code(), error.what()};
  } catch (const std::invalid_argument& error) {
    return {StatusCode::kInvalidArgument, error.what()};
  } catch (const std::exception& error) {
    return {StatusCode::kInternal, error.what()};
  } catch (...) {
    return {StatusCode::kInternal, "something that is no std::exception was thrown"};
  }
}

int run_program(const char* name, const std::function<int()>& work) {
  try {
    return work();
  } catch (...) {
    const Status status = status_of_exception();
    print_note(std::string(name) + ": " + status.message() + "\n");
    return exit_code_here(status.code());
  }
}

}  // namespace oodml
