// The table as `oodml results -o csv` writes it (coordinator/cli/output/results_csv.cpp).
import {h} from "../base/dom.js";
import {int, labelOf, list, real} from "../service/wire.js";

const kHead =
  "set,metric,n,n_expected,best_mean,best_sd,best_half_width,best_epoch_mean,last_mean,last_sd," +
  "last_half_width,selected_n,selected_mean,selected_sd,selected_half_width,mixes";

const field = (text) => (/[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/// The shortest text that reads back as the same double, in the form of C++'s to_chars.
function number(value) {
  if (!Number.isFinite(value)) return "";
  const plain = String(value);
  const exponent = value.toExponential();
  const padded = exponent.replace(/e([+-])(\d)$/, "e$10$2");
  const full = plain.includes("e") ? padded : plain;
  return padded.length < full.length ? padded : full;
}
const spread = (n, ...values) => values.map((value) => (n === 0 ? "" : number(real(value))));

export function resultsCsv(reply) {
  const lines = [[...list(reply.by).map(field), kHead].join(",")];
  for (const row of reply.rows) {
    const start = list(reply.by).map((axis) => field(labelOf(row.labels, axis)));
    const mixes = field([...list(row.mixes), ...list(reply.notes).map((note) => `rows of ${note}`)].join("; "));
    if (list(row.statistics).length === 0) {
      lines.push(
        [...start, "", "", int(row.n), int(row.nExpected), "", "", "", "", "", "", "", 0, "", "", "", mixes].join(","),
      );
    }
    for (const s of list(row.statistics)) lines.push([...start, ...statisticFields(s, reply.over), mixes].join(","));
  }
  return lines.join("\n") + "\n";
}

function statisticFields(s, over) {
  const n = int(s.n);
  const selected = int(s.selectedN);
  return [
    field(s.set ?? ""),
    field(over ? `AGS(${s.metric})` : s.metric),
    n,
    int(s.nExpected),
    ...spread(n, s.bestMean, s.bestSd, s.bestHalfWidth, s.bestEpochMean),
    ...spread(n, s.lastMean, s.lastSd, s.lastHalfWidth),
    selected,
    ...spread(selected, s.selectedMean, s.selectedSd, s.selectedHalfWidth),
  ];
}

/// Hands the person a file.
export function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], {type}));
  const link = h("a", {href: address, download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
