import {field, h, setText} from "./base/dom.js";
import {logIn} from "./service/session.js";

/// Asks for a token, as the coordinator's token file has them; it is sent once and kept nowhere in the page. `why`: what
/// the coordinator has to say to it, as that a session has ended.
export function logInForm(why, done) {
  const token = h("input", {
    type: "password",
    name: "token",
    autocomplete: "current-password",
    required: true,
    autofocus: true,
    "aria-describedby": "log-in-error",
  });
  const error = h("p", {id: "log-in-error", class: "error", role: "alert"});
  const send = async (event) => {
    event.preventDefault();
    const wrong = await logIn(token.value).catch(() => "The coordinator cannot be reached.");
    token.value = "";
    if (!wrong) return done();
    setText(error, wrong);
    token.focus();
  };
  return h(
    "form",
    {class: "log-in", onsubmit: send},
    h("h1", {}, "Log in"),
    why && h("p", {class: "why", role: "status"}, why),
    h("p", {}, "With a token of this coordinator: the one that the command line uses, or one for looking alone."),
    field("Token", token),
    error,
    h("button", {class: "main"}, "Log in"),
  );
}
