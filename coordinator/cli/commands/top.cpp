#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/top/full_screen.h"
#include "coordinator/cli/top/top_frame.h"
#include "coordinator/cli/top/top_looker.h"
#include "coordinator/cli/top/top_reader.h"

namespace oodml::cli {
namespace {

constexpr std::chrono::milliseconds kTopTick{200};
constexpr std::size_t kDetailsAtFirst = 20;

void show_once(const Session& session, const TopModel& model, const std::string& address) {
  std::string text;
  const TopPlace place{.address = address, .connection = "", .now_millis = session.now_millis(), .height = 0};
  for (const std::string& line : top_frame(model, TopView(), place, session.around.out_style)) text += line + "\n";
  session.print(text);
}

void draw(FullScreen& screen, const Session& session, const TopModel& model, const TopView& view,
          const std::string& connection) {
  const TerminalSize size = session.around.terminal_size();
  Style style = session.around.out_style;
  style.width = size.columns > 1 ? size.columns - 1 : 1;  // a full last column would wrap on some terminals
  screen.show(top_frame(model, view,
                        {.address = session.connection.address,
                         .connection = connection,
                         .now_millis = session.now_millis(),
                         .height = size.rows},
                        style));
}

Result<int> show_until_left(Session& session, TopModel& model, TopLooker looker) {
  OODML_ASSIGN_OR_RETURN(std::unique_ptr<Client> client, Client::open(session.connection, TopReader::kPatience));
  const int interrupts_before = session.around.interrupts();  // from here on a signal is ours to obey
  OODML_ASSIGN_OR_RETURN(const std::unique_ptr<FullScreen> screen, FullScreen::open(session.around.out));
  TopReader reader(std::move(client), std::move(looker), session.around.clock);
  TopView view;
  while (true) {
    TopReader::News news = reader.take();
    if (news.fatal) return failure(*news.fatal);
    if (news.look) model.apply(*std::move(news.look));
    draw(*screen, session, model, view, news.connection);
    const std::optional<std::string> keys = screen->keys(kTopTick);
    if (!keys || session.around.interrupts() > interrupts_before) return kExitInterrupted;
    view.press(*keys);
    if (view.over) return kExitDone;
  }
}

Result<int> top(Session& session, bool once) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  TopLooker looker;
  OODML_ASSIGN_OR_RETURN(TopLook look, looker.look(*client, session.now_millis(), kDetailsAtFirst));
  TopModel model;
  model.apply(std::move(look));
  if (!once && session.around.in_is_terminal && session.around.out_is_terminal) {
    return show_until_left(session, model, std::move(looker));
  }
  show_once(session, model, client->address());
  return kExitDone;
}

}  // namespace

void add_top(CommandLine& line) {
  CLI::App* command =
      line.add("top",
               "Sweeps with bars and speeds, workers, the queue by owner and the newest failures, live: "
               "q leaves, s sorts, n and p turn pages",
               "Service", {"oodml top", "oodml top --once"});
  auto once = std::make_shared<bool>(false);
  command->add_flag("--once", *once, "Print it once, all of it, and end; so does a pipe in the place of a terminal");
  line.on(command, [once](Session& session) { return top(session, *once); }, {});
}

}  // namespace oodml::cli
