// The files that the trial's attempts left, and their bytes where they were uploaded.
import {fill, h, heading, scrolling} from "../base/dom.js";
import {bytesText, counted} from "../base/text.js";
import {download} from "../results/csv.js";
import {bytesOf, int, list} from "../service/wire.js";

const kMostBytes = 256 << 20; // that go through the page; larger ones are for oodml fetch

export function filesSection(page, id) {
  const body = h("tbody");
  const note = h("p", {class: "note", role: "status"});
  const table = scrolling(
    "Files",
    h("table", {}, heading(["File", "Kind", "Attempt", "Size", "SHA-256", "Download"], ["Attempt", "Size"]), body),
  );
  table.hidden = true;
  const section = h("section", {"aria-labelledby": "files"}, h("h2", {id: "files"}, "Files"), note, table);

  async function load() {
    const reply = await page.callIfThere("ArtifactService", "ListArtifacts", {trialId: id}, null);
    if (reply === null) return fill(note, "This coordinator keeps no files of trials.");
    const rows = list(reply.trials).flatMap((left) => list(left.files).map((file) => fileRow(file, int(left.attempt))));
    fill(
      note,
      [
        rows.length === 0
          ? "None are stored."
          : ["On the command line: ", h("code", {}, `oodml fetch ${id} -o DIR`)],
        int(reply.filesGone) > 0 && ` Let go of since, as the trial is old: ${counted(int(reply.filesGone), "file")}.`,
      ],
    );
    table.hidden = rows.length === 0;
    fill(body, rows);
  }

  function fileRow(file, attempt) {
    const bytes = int(file.bytes);
    const name = file.path.split("/").at(-1);
    const take = () => fetchFile(file, name).catch((error) => fill(note, h("span", {class: "error"}, error.message)));
    return h(
      "tr",
      {},
      h("th", {scope: "row"}, file.path),
      h("td", {}, file.kind ?? ""),
      h("td", {class: "number"}, String(attempt)),
      h("td", {class: "number"}, bytesText(bytes)),
      h("td", {}, h("code", {title: file.sha256}, file.sha256.slice(0, 12))),
      h(
        "td",
        {},
        bytes <= kMostBytes ? h("button", {type: "button", onclick: take}, `Download ${name}`) : "with oodml fetch",
      ),
    );
  }

  async function fetchFile(file, name) {
    const bytes = int(file.bytes);
    const parts = [];
    for (let offset = 0; offset < bytes;) {
      fill(note, `${name}: ${bytesText(offset)} of ${bytesText(bytes)}`);
      const reply = await page.call("ArtifactService", "ReadArtifact", {trialId: id, sha256: file.sha256, offset});
      const part = bytesOf(reply.data);
      if (part.length === 0) throw new Error(`${name} ends after ${offset} of ${bytes} bytes`);
      parts.push(part);
      offset += part.length;
    }
    fill(note, `${name}: ${bytesText(bytes)} are there.`);
    download(name, new Blob(parts), "application/octet-stream");
  }
  return {section, load: () => load().catch((error) => fill(note, error.message))};
}
