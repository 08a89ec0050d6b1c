// The colours of core/figures: Okabe and Ito's for series, which people with any of the usual kinds of colour blindness
// tell apart, and cividis for amounts.

const kSeries = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"];
const kAmounts = [
  [0x00, 0x22, 0x4e],
  [0x43, 0x4e, 0x6c],
  [0x7d, 0x7c, 0x78],
  [0xbc, 0xaf, 0x6f],
  [0xfe, 0xe8, 0x38],
];

export const kColours = kSeries.length;

export const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

/// Of the series with this number; black would not be seen in the dark.
export function seriesColour(number) {
  const colour = kSeries[number % kColours];
  return colour === "#000000" && isDark() ? "#ffffff" : colour;
}

/// The dashes of a series, which tell rounds through the colours apart; none at first.
export function seriesDash(number) {
  return [[], [8, 4], [2, 3], [8, 3, 2, 3]][Math.floor(number / kColours) % 4];
}

/// Background and text of a share in [0, 1] of the range: the text has a contrast of 4.5 at least.
export function amountColours(share) {
  const place = Math.min(Math.max(share, 0), 1) * (kAmounts.length - 1);
  const low = Math.min(Math.floor(place), kAmounts.length - 2);
  const rgb = kAmounts[low].map((from, i) => Math.round(from + (kAmounts[low + 1][i] - from) * (place - low)));
  return {background: `rgb(${rgb.join(", ")})`, text: luminance(rgb) > 0.179 ? "#000000" : "#ffffff"};
}

/// Of WCAG 2: 0.179 is where black and white have the same contrast.
function luminance(rgb) {
  const [r, g, b] = rgb.map((byte) => {
    const share = byte / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
