// The first view: sweeps, newest first, and the workers below them.
import {h} from "../base/dom.js";
import {sweepsSection} from "./sweeps.js";
import {workersSection} from "./workers.js";

export async function overview(route, page) {
  page.title("");
  const sweeps = sweepsSection(route, page);
  const workers = workersSection(page);
  page.root.append(h("h1", {class: "unseen"}, "Sweeps and workers"), sweeps.section, workers.section);
  await Promise.all([sweeps.begin(), workers.load()]);
}
