import {fixedText} from "../base/text.js";
import {shownInPercent} from "./metrics.js";

/// By which values are multiplied where they are drawn: shares are in percent.
export const factorOf = (metric) => (shownInPercent(metric) ? 100 : 1);

/// Texts of drawn values: as on an axis, and as in a table.
export function axisText(metric) {
  const decimals = shownInPercent(metric) ? 2 : 4;
  return {short: (value) => String(Number(value.toPrecision(6))), full: (value) => fixedText(value, decimals)};
}
