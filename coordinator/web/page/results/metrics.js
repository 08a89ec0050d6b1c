// How a metric is shown: the rules of coordinator/cli/output/metric_text.cpp and core/catalogue/best_epoch.cpp. A test
// holds kShares against `oodml components`.
import {fixedText} from "../base/text.js";

/// The catalogue's metrics of which more is better: shares, which people read in percent.
export const kShares = [
  "e_recall",
  "c_recall",
  "a_recall",
  "nmi",
  "f1",
  "c_nmi",
  "c_f1",
  "mAP",
  "mAP_1000",
  "mAP_c",
  "mAP_lim",
  "c_mAP",
  "c_mAP_1000",
  "c_mAP_c",
  "c_mAP_lim",
];

const kFewShot = {
  "zero_shot.": "mean",
  "few_shot.": "mean",
  "zero_shot_conf.": "half-width",
  "few_shot_conf.": "half-width",
  "gain.": "relative",
};

/// {kind, metric} of a figure over few-shot episodes; null of others.
export function fewShotFigure(name) {
  for (const [beginning, kind] of Object.entries(kFewShot)) {
    if (name.startsWith(beginning)) return {kind, metric: name.slice(beginning.length)};
  }
  return null;
}

export function shownInPercent(metric) {
  const figure = fewShotFigure(metric);
  if (figure) return figure.kind === "relative" || shownInPercent(figure.metric);
  return kShares.includes(metric.split("@")[0]);
}

/// Trials do not measure it: the FID of their split is as its file gives it.
export const isGiven = (metric) => metric === "fid";

/// "65.23" of a share of 0.6523, "0.4123" of anything else; "-" for NaN.
export function valueText(metric, value) {
  return shownInPercent(metric) ? fixedText(100 * value, 2) : fixedText(value, 4);
}

/// "e_recall@1", or "train:nmi" of a set other than test.
export const metricTitle = (set, metric) => (!set || set === "test" ? metric : `${set}:${metric}`);

/// With its unit: "e_recall@1, %".
export const titleInUnit = (set, metric) => metricTitle(set, metric) + (shownInPercent(metric) ? ", %" : "");

/// {set, metric} of "train:nmi" or "e_recall@1".
export function metricOf(title) {
  const colon = title.indexOf(":");
  return colon < 0 ? {set: "test", metric: title} : {set: title.slice(0, colon), metric: title.slice(colon + 1)};
}
