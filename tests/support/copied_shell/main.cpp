// copied_shell: `template` waits to be copied, `shell SCRIPT` becomes /bin/sh with that script, `pause WORD` says so on
// descriptor 3 and stays.

#include <unistd.h>

#include <string>
#include <vector>

#include "core/warm/serve.h"

namespace {

int be(std::vector<std::string> words) {
  const std::string verb = words.size() > 1 ? words[1] : "";
  if (verb == "template") {
    auto asked = oodml::warm::serve();
    return asked ? be(std::move(*asked)) : 0;
  }
  if (verb == "shell" && words.size() > 2) ::execl("/bin/sh", "sh", "-c", words[2].c_str(), nullptr);
  if (verb == "pause") {
    if (::write(3, "here\n", 5) != 5) return 1;
    while (true) ::pause();
  }
  return 2;
}

}  // namespace

int main(int argc, char** argv) { return be({argv, argv + argc}); }
