// Numbers and times in the words of the command line (coordinator/cli/output/text.cpp).

/// As printf("%.*f"), which rounds a tie to the even digit where toFixed takes the larger one; "-" for NaN.
export function fixedText(value, decimals) {
  if (Number.isNaN(value)) return "-";
  const size = Math.abs(value);
  const scaled = size * 2 ** (decimals + 1);
  const isTie = Number.isInteger(scaled) && scaled % 2 === 1 && size < 1e9;
  if (!isTie) return value.toFixed(decimals);
  const below = Math.floor(size * 10 ** decimals);
  const even = (below % 2 === 0 ? below : below + 1) / 10 ** decimals;
  return (value < 0 ? "-" : "") + even.toFixed(decimals);
}

/// "12 s", "3 min 05 s", "2 h 07 min", "4 d 3 h"; nothing for an unknown time.
export function durationText(seconds) {
  if (!(seconds >= 0)) return "";
  const whole = Math.floor(seconds + 0.5);
  const two = (number) => String(number).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor(whole / 3600) % 24} h`;
}

export function agoText(millis, now = Date.now()) {
  if (!millis) return "";
  const seconds = (now - millis) / 1000;
  return seconds < 5 ? "just now" : `${durationText(seconds)} ago`;
}

/// "2026-11-29 23:15:07 UTC", as everywhere in oodml.
export function timeText(millis) {
  return millis ? new Date(millis).toISOString().slice(0, 19).replace("T", " ") + " UTC" : "";
}

/// "3.2 GiB".
export function bytesText(bytes) {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    ++unit;
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

/// "1 trial", "12 trials".
export function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
